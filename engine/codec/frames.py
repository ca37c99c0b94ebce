"""The trace on its way out of the process that replays: a stream of frames. Lives here: writer and reader.

A frame is a tag byte, a length of four bytes, and msgpack. The writer copies every value as it comes, so nothing that
the function changes later can show; the reader trusts nothing, and a stream that was cut off still gives all before it.
"""

import struct
from array import array
from collections.abc import Callable
from typing import Any, Final

import msgspec

from engine.codec.plain import abbreviated, plain
from engine.model.problems import Problem
from engine.model.scenario import Scenario
from engine.model.trace import (
    BatchRan,
    CallLog,
    DroppedRow,
    Ending,
    ErrorRecord,
    ExpiryClock,
    FunctionCalled,
    Key,
    Reason,
    Trace,
)

_HEADER: Final = struct.Struct("<cI")
_LARGE_FRAME: Final = 256 * 1024
_ENCODING_ERRORS: Final = (TypeError, ValueError, OverflowError, RecursionError)


class BatchBegan(msgspec.Struct, frozen=True):
    batch_id: int
    trigger: int
    processing_time_ms: int
    watermark_ms: int
    late_watermark_ms: int
    input_rows: int
    dropped: list[DroppedRow]


class CallBegan(msgspec.Struct, frozen=True, array_like=True):
    key: Key
    reason: Reason


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


class Refused(msgspec.Struct, frozen=True):
    problems: list[Problem]


_TAGS: Final[dict[bytes, type]] = {
    b"L": Loaded,
    b"B": BatchBegan,
    b"S": CallBegan,
    b"C": FunctionCalled,
    b"E": BatchEnded,
    b"X": Ended,
    b"P": Refused,
}


class FrameWriter:
    """A Recorder that writes frames into a sink; `write(frame)` raises whatever the sink does when it is full."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._encode = msgspec.msgpack.Encoder(enc_hook=plain).encode

    def loaded(self, printed: str, expires_by: ExpiryClock) -> None:
        self._frame(b"L", Loaded(printed, expires_by))

    def refused(self, problems: list[Problem]) -> None:
        self._frame(b"P", Refused(problems))

    def batch_began(self, **numbers: Any) -> None:
        self._frame(b"B", BatchBegan(**numbers))

    def call_began(self, key: Key, reason: Reason) -> None:
        self._frame(b"S", CallBegan(key, reason))

    def called(self, call: FunctionCalled) -> None:
        try:
            body = self._encode(call)
        except _ENCODING_ERRORS:
            body = b""
        if not body or len(body) > _LARGE_FRAME:
            body = self._encode(_with_short_values(call))
        self._write(_HEADER.pack(b"C", len(body)) + body)

    def batch_ended(self, metrics: dict[str, int], committed: bool) -> None:
        self._frame(b"E", BatchEnded(metrics, committed))

    def ended(self, ending: Ending, error: ErrorRecord | None, output_names: tuple[str, ...]) -> None:
        self._frame(b"X", Ended(ending, error, output_names))

    def _frame(self, tag: bytes, record: Any) -> None:
        try:
            body = self._encode(record)
        except _ENCODING_ERRORS:
            body = self._encode(_short_record(record))
        self._write(_HEADER.pack(tag, len(body)) + body)


def _with_short_values(call: FunctionCalled) -> FunctionCalled:
    """The call with its long values cut; rows and the number of output rows stay whole."""
    return msgspec.structs.replace(
        call,
        key=abbreviated(call.key),
        before=_short_record(call.before),
        after=_short_record(call.after),
        operations=[[abbreviated(part) for part in operation] for operation in call.operations],
        output=[[abbreviated(cell) for cell in row] for row in call.output],
        printed=abbreviated(call.printed),
        error=_short_record(call.error) if call.error else None,
    )


def _short_record(record: Any) -> Any:
    return msgspec.convert(abbreviated(msgspec.to_builtins(record, enc_hook=plain)), type(record))


class _Assembly:
    """The trace while its frames come in."""

    def __init__(self) -> None:
        self.began: BatchBegan | None = None
        self.first_call = 0
        self.batches: list[BatchRan] = []
        self.calls = bytearray()
        self.offsets = array("Q", [0])
        self.running: CallBegan | None = None
        self.loaded = Loaded("", None)
        self.ended: Ended | None = None
        self.refused: Refused | None = None

    def add(self, record: Any, body: memoryview) -> None:
        match record:
            case CallBegan():
                self.running = record
            case FunctionCalled():
                self.calls += body
                self.offsets.append(len(self.calls))
                self.running = None
            case BatchBegan():
                self.began, self.first_call = record, len(self.offsets) - 1
            case BatchEnded():
                self.end_batch(record)
            case Loaded():
                self.loaded = record
            case Ended():
                self.ended = record
            case Refused():
                self.refused = record

    def end_batch(self, ended: BatchEnded) -> None:
        if self.began is None:
            return
        began = msgspec.structs.asdict(self.began)
        call_count = len(self.offsets) - 1 - self.first_call
        ran = BatchRan(**began, first_call=self.first_call, call_count=call_count, **msgspec.structs.asdict(ended))
        self.batches.append(ran)
        self.began = None

    def trace(self, scenario: Scenario, otherwise: ErrorRecord, ending: Ending) -> Trace:
        """The trace so far; when the stream broke off it ends as told, in the batch and call that were running."""
        batch_id = self.began.batch_id if self.began else None
        self.end_batch(BatchEnded({}, committed=False))
        ended = self.ended
        if ended is None:
            key = self.running.key if self.running else None
            error = msgspec.structs.replace(otherwise, batch_id=batch_id, key=key)
            ended = Ended(ending, error, ())
        return Trace(
            scenario=scenario,
            ending=ended.ending,
            error=ended.error,
            batches=tuple(self.batches),
            calls=CallLog(bytes(self.calls), self.offsets),
            output_names=ended.output_names,
            printed_at_load=self.loaded.printed,
            expires_by=self.loaded.expires_by,
        )


def read_trace(
    data: bytes | memoryview, scenario: Scenario, otherwise: ErrorRecord, ending: Ending = "worker_died"
) -> Trace | list[Problem]:
    """The trace in the frames, or the problems for which the scenario was refused. Never raises.

    `otherwise` and `ending` are how the trace ends when the frames do not say (the process died, or wrote nonsense).
    """
    assembly = _Assembly()
    decoders: dict[bytes, Callable[[memoryview], Any]] = {
        tag: msgspec.msgpack.Decoder(kind).decode for tag, kind in _TAGS.items()
    }
    view, position = memoryview(data), 0
    while position + _HEADER.size <= len(view) and assembly.ended is None:
        tag, length = _HEADER.unpack_from(view, position)
        body = view[position + _HEADER.size : position + _HEADER.size + length]
        if len(body) < length or tag not in decoders:
            break
        try:
            record = decoders[tag](body)
            _check(record, assembly, scenario)
        except (msgspec.DecodeError, ValueError, RecursionError):
            break
        assembly.add(record, body)
        position += _HEADER.size + length
    return assembly.refused.problems if assembly.refused else assembly.trace(scenario, otherwise, ending)


def _check(record: Any, assembly: _Assembly, scenario: Scenario) -> None:
    """Numbers that point somewhere must point inside; raises ValueError."""
    if isinstance(record, BatchBegan):
        if record.batch_id != len(assembly.batches) or not 0 <= record.trigger < len(scenario.batches):
            raise ValueError("a batch out of order")
        _check_indexes([row.row_index for row in record.dropped], len(scenario.batches[record.trigger].rows))
    if isinstance(record, FunctionCalled):
        if assembly.began is None or record.batch_index != assembly.began.batch_id:
            raise ValueError("a call outside its batch")
        _check_indexes(record.row_indexes, len(scenario.batches[assembly.began.trigger].rows))


def _check_indexes(indexes: list[int], count: int) -> None:
    if indexes and not (min(indexes) >= 0 and max(indexes) < count):
        raise ValueError("a row that is not there")
