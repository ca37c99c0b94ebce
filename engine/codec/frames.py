"""The trace on its way out of the process that replays: a stream of frames. Lives here: writer and reader.

A frame is a tag byte, a length of four bytes, and msgpack. The writer copies every value as it comes, so nothing that
the function changes later can show; the reader trusts nothing, and a stream that was cut off still gives all before it.
"""

import struct
from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec

from engine.codec.assembly import Assembly
from engine.codec.caps import (
    MAX_CALL_BYTES,
    MAX_CALLS,
    MAX_COLUMNS,
    MAX_DEPTH,
    MAX_OPERATIONS,
    MAX_OUTPUT_ROWS,
    MAX_PROBLEMS,
    ROW_NUMBER_BYTES,
    CheckedCall,
    check_call,
    is_too_deep,
    most_bytes,
    most_kept_bytes,
)
from engine.codec.plain import plain
from engine.codec.records import (
    TAGS,
    BatchBegan,
    BatchEnded,
    CallsPlanned,
    Ended,
    EntriesRemoved,
    Loaded,
    Refused,
)
from engine.codec.shortened import short_record, with_a_line_each, with_first_rows, with_short_values
from engine.codec.unreadable import DECODING_ERRORS, Unreadable, unreadable_record
from engine.model.collecting import without_collecting
from engine.model.problems import Problem
from engine.model.scenario import Scenario
from engine.model.trace import (
    Ending,
    EntryRemoved,
    ErrorRecord,
    ExpiryClock,
    FunctionCalled,
    Key,
    Reason,
    RowsAs,
    StateShape,
    Trace,
)
from engine.model.user_objects import LimitReached

_HEADER: Final = struct.Struct("<cI")
_CALL: Final = b"C"
#: What has something for every row or key.
_OF_MANY: Final = (b"B", b"S", b"R")
#: What has texts that may be as long as the user's source: a class, a line, a name.
_OF_TEXTS: Final = (b"L", b"X")
#: A plan stays bytes, and is flat where somebody reads it (Assembly.running): to look at it took a third of all reading.
_KEPT_AS_BYTES: Final = b"S"
_decode_call: Final = msgspec.msgpack.Decoder(CheckedCall).decode
_LARGE_FRAME: Final = 256 * 1024
_LIMITS: Final = (LimitReached, MemoryError)


class FrameWriter:
    """A Recorder that writes frames into a sink; `write(frame)` raises whatever the sink does when it is full."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._encoder = msgspec.msgpack.Encoder(enc_hook=plain)

    def loaded(
        self,
        printed: str,
        expires_by: ExpiryClock,
        function_name: str = "",
        rows_as: RowsAs = "list",
        state_shape: StateShape = "group_state",
    ) -> None:
        self.frame(b"L", Loaded(printed, expires_by, function_name, rows_as, state_shape))

    def refused(self, problems: list[Problem]) -> None:
        self.frame(b"P", Refused(problems))

    def batch_began(self, **numbers: Any) -> None:
        self.frame(b"B", BatchBegan(**numbers))

    def calls_planned(self, reason: Reason, partition: int, calls: list[tuple[Key, list[int]]]) -> None:
        self.frame(b"S", CallsPlanned(reason, partition, msgspec.Raw(self._encoded(calls))))

    def called(self, call: FunctionCalled) -> None:
        if len(call.operation_lines) != len(call.operations) or len(call.operations) > MAX_OPERATIONS:
            call = with_a_line_each(call)
        if len(call.output) > MAX_OUTPUT_ROWS:
            call = with_first_rows(call, MAX_OUTPUT_ROWS - 1)
        try:
            body = self._encode(call)
        except _LIMITS:
            raise
        except BaseException:  # too large a number, too deep, or the user's own code in it, such as a time zone
            body = b""
        if not body or (len(body) > MAX_DEPTH and (len(body) > _LARGE_FRAME or is_too_deep(body))):
            body = self._encode_short(with_short_values(call))
        self._write(_HEADER.pack(_CALL, len(body)) + body)

    def _encode_short(self, call: FunctionCalled) -> bytes:
        """The call, with only the first of its output rows when all are more than a call may be."""
        most, count = MAX_CALL_BYTES + ROW_NUMBER_BYTES * len(call.row_indexes), len(call.output)
        while len(body := self._encode(with_first_rows(call, count))) > most and count:
            count //= 2
        return body

    def entries_removed(self, removed: list[EntryRemoved]) -> None:
        self.frame(b"R", EntriesRemoved(removed))

    def batch_ended(self, metrics: dict[str, int], committed: bool) -> None:
        self.frame(b"E", BatchEnded(metrics, committed))

    def ended(self, ending: Ending, error: ErrorRecord | None, output_names: tuple[str, ...]) -> None:
        self.frame(b"X", Ended(ending, error, output_names[:MAX_COLUMNS]))

    def frame(self, tag: bytes, record: Any) -> int:
        """Write any record under a tag; the bytes of the frame."""
        body = self._encoded(record)
        if tag in _OF_TEXTS and len(body) > MAX_CALL_BYTES:
            body = self._encode(short_record(record))
        self._write(_HEADER.pack(tag, len(body)) + body)
        return _HEADER.size + len(body)

    def _encode(self, record: Any) -> bytes:
        """Not by `encode`: where the system refuses memory to that, msgspec 0.22 crashes; here it raises MemoryError."""
        body = bytearray()
        self._encoder.encode_into(record, body)
        return bytes(body)

    def _encoded(self, record: Any) -> bytes:
        try:
            return self._encode(record)
        except _LIMITS:
            raise
        except BaseException:  # as above
            return self._encode(short_record(record))


def read_trace(
    data: bytes, scenario: Scenario, otherwise: ErrorRecord, ending: Ending = "worker_died"
) -> Trace | list[Problem]:
    """The trace in the frames, or the problems for which the scenario was refused. Never raises.

    `otherwise` and `ending` are how the trace ends when the frames do not say (the process died, or wrote nonsense).
    """
    assembly = Assembly(scenario)
    with without_collecting():
        try:
            _read_frames(data, assembly)
        except Unreadable as unreadable:  # the trace ends there, however its process says that it ended
            otherwise, ending = unreadable_record(data, unreadable), "worker_died"
        return assembly.refused.problems[:MAX_PROBLEMS] if assembly.refused else assembly.trace(data, otherwise, ending)


def _read_frames(data: bytes, assembly: Assembly) -> None:
    """Read frames until the ending, or until the stream breaks off. Raises Unreadable at one that makes no sense."""
    decoders: dict[bytes, Callable[[bytes], Any]] = {
        tag: msgspec.msgpack.Decoder(kind).decode for tag, kind in TAGS.items()
    }
    most_rows = max((len(batch.rows) for batch in assembly.scenario.batches), default=0)
    most, most_of_many = most_bytes(most_rows, False), most_bytes(most_rows, True)
    position, kept_bytes_left = 0, most_kept_bytes(assembly.scenario)
    while assembly.ended is None and assembly.refused is None:
        frame = position = _read_calls(data, position, assembly, most)
        if frame == len(data):
            return
        try:
            tag, start, position = _frame_at(data, frame)
            if tag not in decoders or position - start > (most_of_many if tag in _OF_MANY else most):
                raise ValueError("it is of another kind, or too long")
            body = data[start:position]
            if tag != _KEPT_AS_BYTES:
                kept_bytes_left -= len(body)
                if kept_bytes_left < 0 or is_too_deep(body):
                    raise ValueError("it is too deep, or more than anybody looks at")
            assembly.add(decoders[tag](body))
        except DECODING_ERRORS as error:
            raise Unreadable(frame, str(error)) from error


def _read_calls(data: bytes, position: int, assembly: Assembly, most: int) -> int:
    """Read the calls that follow one another; the place of the frame after them. Raises Unreadable.

    This runs once for each call of a trace: what can be looked up or asked before the loop is, and has a local name.
    """
    unpack_header, header_size, size = _HEADER.unpack_from, _HEADER.size, len(data)
    add_start, add_end = assembly.starts.append, assembly.ends.append
    batch_index, row_count, initial_row_count = assembly.batch_index, assembly.row_count, assembly.initial_row_count
    frame = position
    try:
        for _ in range(MAX_CALLS - len(assembly.starts) + 1):  # and the frame after them
            if frame == size:
                return frame
            tag, length = unpack_header(data, frame)
            if tag != _CALL:
                return frame
            start = frame + header_size
            end = start + length
            body = data[start:end]
            if end > size or length > most or (length > MAX_DEPTH and is_too_deep(body)):
                raise ValueError("it is cut off, too long or too deep")
            call = _decode_call(body)
            if call.batch_index != batch_index:
                raise ValueError("a call outside its batch")
            check_call(call, initial_row_count if call.reason == "initial_state" else row_count)
            add_start(start)
            add_end(end)
            frame = end
        raise ValueError("more calls than anybody looks at")
    except DECODING_ERRORS as error:
        raise Unreadable(frame, str(error)) from error


def frames_in(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The tag of each frame, and where its body starts and ends. Raises Unreadable at one that is cut off."""
    frame, size = 0, len(data)
    while frame < size:
        try:
            tag, start, end = _frame_at(data, frame)
        except DECODING_ERRORS as error:
            raise Unreadable(frame, str(error)) from error
        yield tag, start, end
        frame = end


def _frame_at(data: bytes, position: int) -> tuple[bytes, int, int]:
    """Its tag, and where its body starts and ends. Raises struct.error or ValueError when it is cut off."""
    tag, length = _HEADER.unpack_from(data, position)
    start = position + _HEADER.size
    if start + length > len(data):
        raise ValueError("it is cut off")
    return tag, start, start + length
