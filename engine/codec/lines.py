"""Questions about the lines of calls, or about a job, on their way to the process that replays, and answers on their way back.

Lives here: both formats. Frames are those of engine.codec.frames; the reader trusts nothing, and an answer that was cut
off still gives all before it.
"""

import struct
from collections.abc import Callable
from typing import Any, Final

import msgspec

from engine.codec.caps import (
    MAX_ASKED_CALL_BYTES,
    MAX_CALL_BYTES,
    MAX_CALLS,
    MAX_PARTS,
    MAX_PARTS_BYTES,
    is_too_deep,
)
from engine.codec.frames import FrameWriter, frames_in
from engine.codec.scenario_json import scenario_from_wire, scenario_to_wire
from engine.codec.unreadable import DECODING_ERRORS, Unreadable, unreadable_record
from engine.model.collecting import without_collecting
from engine.model.job import JobRead, ReadJob
from engine.model.lines import (
    Answer,
    BadExpression,
    CallLines,
    Hit,
    LinesOfCall,
    LineStep,
    Question,
    WatchedAnswer,
    WatchedCalls,
    WatchValue,
)
from engine.model.scenario import Scenario
from engine.model.trace import Ending, ErrorRecord, FunctionCalled

_LENGTH: Final = struct.Struct("<Q")
_TICK: Final = b"t"
_CALL: Final = b"C"
#: What only tells how far the replay is.
_PROGRESS: Final = (_TICK, b"E")


class CallEnded(msgspec.Struct, frozen=True):
    """The traced call is over; as in CallLines."""

    caught: frozenset[int]
    cut: str


class WatchEnded(msgspec.Struct, frozen=True):
    """All calls have been looked at, or `cut`; as in WatchedAnswer."""

    line_counts: dict[int, int] | None
    call_count: int
    cut: str


class ReplayEnded(msgspec.Struct, frozen=True):
    """How this replay ended; not told when the answer was found before."""

    ending: Ending
    error: ErrorRecord | None


#: What an answer consists of, each in a frame with this tag.
Part = LineStep | CallEnded | Hit | WatchValue | BadExpression | WatchEnded | ReplayEnded | JobRead
_TAGS: Final[dict[type, bytes]] = {
    LineStep: b"l",
    CallEnded: b"c",
    Hit: b"h",
    WatchValue: b"v",
    BadExpression: b"b",
    WatchEnded: b"w",
    ReplayEnded: b"x",
    JobRead: b"j",
}


def request_to_wire(scenario: Scenario, question: Question | None) -> bytes:
    """What a process is to replay, and the question if there is one: then it answers that instead of with a trace."""
    wire = scenario_to_wire(scenario)
    return _LENGTH.pack(len(wire)) + wire + msgspec.msgpack.encode(question)


def request_from_wire(data: bytes | memoryview) -> tuple[Scenario, Question | None]:
    """Raises msgspec.ValidationError, DecodeError or struct.error for bytes that are no request."""
    (length,) = _LENGTH.unpack_from(data)
    end = _LENGTH.size + length
    scenario = scenario_from_wire(data[_LENGTH.size : end])
    return scenario, msgspec.msgpack.decode(data[end:], type=Question | None)


class AnswerWriter:
    """Writes the parts of an answer as frames."""

    def __init__(self, frames: FrameWriter) -> None:
        self._frames = frames

    def tell(self, part: Part) -> int:
        """Write a part; its bytes."""
        return self._frames.frame(_TAGS[type(part)], part)

    def tick(self) -> None:
        """Another call is over: who watches over the process sees that it goes on."""
        self._frames.frame(_TICK, None)

    def batch_ended(self) -> None:
        """Another batch is over: who waits for the answer sees how far it is."""
        self._frames.batch_ended({}, committed=True)

    def called(self, call: FunctionCalled) -> None:
        """The call that was asked about, in the bytes in which a trace has it."""
        self._frames.called(call)


def read_answer(data: bytes, question: Question, otherwise: ErrorRecord, ending: Ending) -> Answer:
    """The answer in the frames; `otherwise` and `ending` tell how it ended when they do not. Never raises."""
    parts: dict[type, list[Any]] = {kind: [] for kind in (*_TAGS, bytes)}
    try:
        with without_collecting():
            _read_parts(data, parts)
    except Unreadable as unreadable:
        otherwise, ending = unreadable_record(data, unreadable), "worker_died"
    match question:
        case LinesOfCall(call_index):
            return _call_lines(call_index, parts, otherwise)
        case WatchedCalls():
            return _watched(question, parts, otherwise, ending)
        case ReadJob():
            return parts[JobRead][-1] if parts[JobRead] else JobRead()


def _read_parts(data: bytes, parts: dict[type, list[Any]]) -> None:
    """Raises Unreadable at a frame that makes no sense."""
    decoders: dict[bytes, tuple[type, Callable[[bytes], Any]]] = {
        tag: (kind, msgspec.msgpack.Decoder(kind).decode) for kind, tag in _TAGS.items()
    }
    decoders[_CALL] = (bytes, _checked_call)
    part_count = part_bytes = frame = 0
    for count, (tag, start, end) in enumerate(frames_in(data)):
        try:
            if tag not in _PROGRESS:
                part_count, part_bytes = part_count + 1, part_bytes + end - start
            if count >= MAX_CALLS + MAX_PARTS or part_count > MAX_PARTS or part_bytes > MAX_PARTS_BYTES:
                raise ValueError("more than anybody looks at")
            if tag not in _PROGRESS:
                kind, decode = decoders[tag] if tag in decoders else _no_such(tag)
                parts[kind].append(decode(_small_enough(data[start:end], kind is bytes)))
        except DECODING_ERRORS as error:
            raise Unreadable(frame, str(error)) from error
        frame = end


def _no_such(tag: bytes) -> Any:
    raise ValueError(f"there is no frame {tag!r}")


def _small_enough(body: bytes, is_call: bool) -> bytes:
    """The bytes of a part, when they may be that many, that deep."""
    if len(body) > (MAX_ASKED_CALL_BYTES if is_call else MAX_CALL_BYTES) or is_too_deep(body):
        raise ValueError("a part that nobody wrote")
    return body


def _checked_call(body: bytes) -> bytes:
    """The bytes, when they are those of a call."""
    msgspec.msgpack.decode(body, type=FunctionCalled)
    return body


def _call_lines(call_index: int, parts: dict[type, list[Any]], otherwise: ErrorRecord) -> CallLines:
    steps, ended, calls, over = (parts[kind] for kind in (LineStep, CallEnded, bytes, ReplayEnded))
    last = ended[-1] if ended else CallEnded(frozenset(), "")
    error = None if calls else over[-1].error if over else otherwise
    return CallLines(call_index, tuple(steps), last.caught, last.cut, calls[-1] if calls else b"", error)


def _watched(
    question: WatchedCalls, parts: dict[type, list[Any]], otherwise: ErrorRecord, ending: Ending
) -> WatchedAnswer:
    """What is told of a breakpoint or watch that nobody asked for is left out."""
    over = parts[ReplayEnded][-1] if parts[ReplayEnded] else ReplayEnded(ending, otherwise)
    last = parts[WatchEnded][-1] if parts[WatchEnded] else WatchEnded(None, 0, "")
    lengths = {"breakpoint": len(question.breakpoints), "watch": len(question.watches)}
    return WatchedAnswer(
        hits=tuple(hit for hit in parts[Hit] if hit.breakpoint < lengths["breakpoint"]),
        values=tuple(value for value in parts[WatchValue] if value.watch < lengths["watch"]),
        bad=tuple(bad for bad in parts[BadExpression] if bad.number < lengths[bad.of]),
        line_counts=last.line_counts,
        call_count=last.call_count,
        cut=last.cut,
        ending=over.ending,
        error=over.error,
    )
