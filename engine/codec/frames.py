"""The trace on its way out of the process that replays: a stream of frames. Lives here: writer and reader.

A frame is a tag byte, a length of four bytes, and msgpack. The writer copies every value as it comes, so nothing that
the function changes later can show; the reader trusts nothing, and a stream that was cut off still gives all before it.
"""

import struct
from array import array
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

import msgspec

from engine.codec.caps import (
    MAX_CALL_BYTES,
    MAX_CALLS,
    MAX_COLUMNS,
    MAX_OPERATIONS,
    MAX_PROBLEMS,
    ROW_NUMBER_BYTES,
    check_call,
    check_key,
    is_too_deep,
    most_bytes,
)
from engine.codec.plain import plain
from engine.codec.shortened import short_record, with_a_line_each, with_first_rows, with_short_values
from engine.model.problems import Problem
from engine.model.scenario import Scenario
from engine.model.state import NO_STATE, KeyState
from engine.model.trace import (
    BatchRan,
    CallLog,
    DroppedRow,
    Ending,
    EntryRemoved,
    ErrorRecord,
    EventTimes,
    ExpiryClock,
    FunctionCalled,
    Key,
    Reason,
    RowIndex,
    RowsAs,
    StateShape,
    Trace,
)
from engine.model.user_objects import LimitReached

_HEADER: Final = struct.Struct("<cI")
_CALL: Final = b"C"
#: What has something for every row or key.
_OF_MANY: Final = (b"B", b"S", b"R")
_LARGE_FRAME: Final = 256 * 1024
_LIMITS: Final = (LimitReached, MemoryError)
_DECODING_ERRORS: Final = (msgspec.DecodeError, ValueError, RecursionError)


class BatchBegan(msgspec.Struct, frozen=True):
    batch_id: int
    trigger: int
    processing_time_ms: int
    watermark_ms: int
    late_watermark_ms: int
    input_rows: int
    dropped: list[DroppedRow]
    rule: str = ""
    event_times: EventTimes | None = None


class PlannedCall(msgspec.Struct, frozen=True, array_like=True, gc=False):
    key: Key
    row_indexes: list[RowIndex]


class CallsPlanned(msgspec.Struct, frozen=True):
    """The calls that come next, in this order: when one never comes back, this tells which it was.

    `calls` are the bytes of a list of PlannedCall: nearly all calls come back, and then nobody reads them.
    """

    reason: Reason
    partition: int
    calls: msgspec.Raw


class EntriesRemoved(msgspec.Struct, frozen=True):
    entries: list[EntryRemoved]


class BatchEnded(msgspec.Struct, frozen=True):
    metrics: dict[str, int]
    committed: bool


class Ended(msgspec.Struct, frozen=True):
    ending: Ending
    error: ErrorRecord | None
    output_names: tuple[str, ...]


class Loaded(msgspec.Struct, frozen=True):
    printed: str
    expires_by: ExpiryClock
    function_name: str = ""
    rows_as: RowsAs = "list"
    state_shape: StateShape = "group_state"


class Refused(msgspec.Struct, frozen=True):
    problems: list[Problem]


_TAGS: Final[dict[bytes, type]] = {
    b"L": Loaded,
    b"B": BatchBegan,
    b"S": CallsPlanned,
    b"R": EntriesRemoved,
    b"E": BatchEnded,
    b"X": Ended,
    b"P": Refused,
}


class FrameWriter:
    """A Recorder that writes frames into a sink; `write(frame)` raises whatever the sink does when it is full."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._encode = msgspec.msgpack.Encoder(enc_hook=plain).encode

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
        try:
            body = self._encode(call)
        except _LIMITS:
            raise
        except BaseException:  # too large a number, too deep, or the user's own code in it, such as a time zone
            body = b""
        if not body or len(body) > _LARGE_FRAME or is_too_deep(body):
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
        self._write(_HEADER.pack(tag, len(body)) + body)
        return _HEADER.size + len(body)

    def _encoded(self, record: Any) -> bytes:
        try:
            return self._encode(record)
        except _LIMITS:
            raise
        except BaseException:  # as above
            return self._encode(short_record(record))


class _Assembly:
    """The trace while its frames come in."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.began: BatchBegan | None = None
        self.batch_index: int | None = None
        self.first_call = 0
        self.batches: list[BatchRan] = []
        self.starts = array("Q")
        self.ends = array("Q")
        self.planned = CallsPlanned("data", 0, msgspec.Raw(b"\x90"))
        self.planned_at = 0
        self.loaded = Loaded("", None)
        self.ended: Ended | None = None
        self.refused: Refused | None = None
        self.row_count = 0
        self.removed: list[EntryRemoved] = []

    def add_call(self, call: FunctionCalled, start: int, end: int) -> None:
        """A call counts when it stands in the batch that runs and its rows are there; raises ValueError."""
        if call.batch_index != self.batch_index:
            raise ValueError("a call outside its batch")
        if len(self.starts) >= MAX_CALLS:
            raise ValueError("more calls than anybody looks at")
        check_call(call, self.rows_for(call.reason))
        self.starts.append(start)
        self.ends.append(end)

    def rows_for(self, reason: Reason) -> int:
        """How many rows a call for this reason can point to."""
        initial = self.scenario.initial_state
        return self.row_count if reason != "initial_state" else len(initial.rows) if initial else 0

    def add(self, record: Any) -> None:
        """Any other frame; raises ValueError when it is out of order."""
        match record:
            case CallsPlanned():
                self.planned, self.planned_at = record, len(self.starts)
            case BatchBegan():
                self.begin_batch(record)
            case EntriesRemoved():
                self.removed = record.entries
                for entry in self.removed:
                    check_key(entry.key)
            case BatchEnded():
                self.end_batch(record)
            case Loaded():
                self.loaded = record
            case Ended():
                if len(record.output_names) > MAX_COLUMNS:
                    raise ValueError("more columns than anybody looks at")
                self.ended = record
            case Refused():
                self.refused = record

    def begin_batch(self, began: BatchBegan) -> None:
        last_trigger = self.batches[-1].trigger if self.batches else -1
        if self.began is not None or began.batch_id != len(self.batches):
            raise ValueError("a batch out of order")
        if not last_trigger < began.trigger < len(self.scenario.batches):
            raise ValueError("a trigger out of order")
        self.row_count = len(self.scenario.batches[began.trigger].rows)
        if len(began.dropped) > self.row_count or any(row.row_index >= self.row_count for row in began.dropped):
            raise ValueError("a row that is not there")
        self.began, self.batch_index, self.first_call = began, began.batch_id, len(self.starts)

    def end_batch(self, ended: BatchEnded) -> None:
        if self.began is None:
            return
        began = msgspec.structs.asdict(self.began)
        call_count = len(self.starts) - self.first_call
        removed, self.removed = self.removed, []
        numbers = msgspec.structs.asdict(ended)
        ran = BatchRan(**began, first_call=self.first_call, call_count=call_count, **numbers, removed=removed)
        self.batches.append(ran)
        self.began = self.batch_index = None

    def running(self) -> PlannedCall | None:
        """The call that had been planned next when the stream broke off."""
        if self.began is None:
            return None
        with suppress(*_DECODING_ERRORS, IndexError):  # a plan that makes no sense, or is done, names no call
            planned = msgspec.msgpack.decode(self.planned.calls, type=list[PlannedCall])
            running = planned[len(self.starts) - self.planned_at]
            check_key(running.key)
            return running
        return None

    def broken_off(self, data: bytes, error: ErrorRecord) -> tuple[bytes, ErrorRecord]:
        """The data with the call that was running as its last call, and the error with its place."""
        running = self.running()
        if self.began is None:
            return data, error
        placed = msgspec.structs.replace(error, batch_id=self.began.batch_id, key=running.key if running else None)
        if running is None:
            return data, placed
        body = msgspec.msgpack.encode(self._failed(running, self.last_state(data, running.key), placed))
        self.starts.append(len(data))
        self.ends.append(len(data) + len(body))
        return data + body, placed

    def last_state(self, data: bytes, key: Key) -> KeyState:
        """What the last call of the key left; the call that never came back was given it."""
        calls = CallLog(data, self.starts, self.ends)
        return next((call.after for call in reversed(calls) if call.stored_under == key), NO_STATE)

    def _failed(self, running: PlannedCall, before: KeyState, error: ErrorRecord) -> FunctionCalled:
        """What is known of a call that never came back."""
        rows = [index for index in running.row_indexes if index < self.rows_for(self.planned.reason)]
        chunks = [len(rows)] if rows else []
        batch_index = self.batch_index or 0
        planned = self.planned
        return FunctionCalled(
            batch_index,
            running.key,
            planned.partition,
            planned.reason,
            rows,
            chunks,
            before,
            [],
            [],
            before,
            [],
            error=error,
        )

    def trace(self, data: bytes, otherwise: ErrorRecord, ending: Ending) -> Trace:
        """The trace so far; when the stream broke off it ends as told, in the batch and call that were running."""
        ended = self.ended
        if ended is None:
            data, error = self.broken_off(data, otherwise)
            ended = Ended(ending, error, ())
        self.end_batch(BatchEnded({}, committed=False))
        return Trace(
            scenario=self.scenario,
            ending=ended.ending,
            error=ended.error,
            batches=tuple(self.batches),
            calls=CallLog(data, self.starts, self.ends),
            output_names=ended.output_names,
            printed_at_load=self.loaded.printed,
            expires_by=self.loaded.expires_by,
            function_name=self.loaded.function_name,
            rows_as=self.loaded.rows_as,
            state_shape=self.loaded.state_shape,
        )


def read_trace(
    data: bytes, scenario: Scenario, otherwise: ErrorRecord, ending: Ending = "worker_died"
) -> Trace | list[Problem]:
    """The trace in the frames, or the problems for which the scenario was refused. Never raises.

    `otherwise` and `ending` are how the trace ends when the frames do not say (the process died, or wrote nonsense).
    """
    assembly = _Assembly(scenario)
    # Where reading fails the trace ends; `otherwise` says that it broke off.
    with suppress(*_DECODING_ERRORS, struct.error):
        _read_frames(data, assembly)
    return assembly.refused.problems[:MAX_PROBLEMS] if assembly.refused else assembly.trace(data, otherwise, ending)


def _read_frames(data: bytes, assembly: _Assembly) -> None:
    """Read frames until the ending, or until one is cut off or makes no sense (raises)."""
    decode_call = msgspec.msgpack.Decoder(FunctionCalled).decode
    decoders: dict[bytes, Callable[[bytes], Any]] = {
        tag: msgspec.msgpack.Decoder(kind).decode for tag, kind in _TAGS.items()
    }
    most_rows = max((len(batch.rows) for batch in assembly.scenario.batches), default=0)
    most, most_of_many = most_bytes(most_rows, False), most_bytes(most_rows, True)
    for tag, start, end in frames_in(data):
        if end - start > (most_of_many if tag in _OF_MANY else most):
            return
        body = data[start:end]
        if is_too_deep(body):
            return
        if tag == _CALL:
            assembly.add_call(decode_call(body), start, end)
            continue
        if tag not in decoders:
            return
        assembly.add(decoders[tag](body))
        if assembly.ended is not None:
            return


def frames_in(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The tag of each complete frame, and where its body starts and ends. Raises struct.error at half a header."""
    unpack_header, header_size, size = _HEADER.unpack_from, _HEADER.size, len(data)
    position = 0
    while position < size:
        tag, length = unpack_header(data, position)
        start = position + header_size
        position = start + length
        if position > size:
            return
        yield tag, start, position
