"""An answer of a worker that nobody can read: where it stops making sense, and how a trace says so. Reading is elsewhere."""

import struct
from typing import Final

import msgspec

from engine.model.trace import ErrorRecord

#: What decoding raises for bytes that no recorder wrote.
DECODING_ERRORS: Final = (msgspec.DecodeError, ValueError, RecursionError, struct.error)
_MOST_TOLD: Final = 200
#: By its tag, what a frame says that it is.
_KINDS: Final = {
    b"L": "what loading the function gave",
    b"P": "why the scenario was refused",
    b"B": "the beginning of a batch",
    b"S": "the calls that come next",
    b"C": "a call",
    b"R": "the state that was removed",
    b"E": "the end of a batch",
    b"X": "the ending",
    b"l": "a line",
    b"c": "the end of the traced call",
    b"h": "a breakpoint that was reached",
    b"v": "the value of a watch",
    b"b": "an expression that is none",
    b"w": "the end of watching",
    b"x": "how the replay ended",
    b"j": "what the job says",
}


class Unreadable(ValueError):
    """The frame that begins at this byte is none that a recorder wrote."""

    def __init__(self, position: int, why: str) -> None:
        super().__init__(why)
        self.position = position


def unreadable_record(data: bytes, unreadable: Unreadable) -> ErrorRecord:
    """What the trace says instead of how its process ended: that was its word too."""
    start = unreadable.position
    kind = _KINDS.get(data[start : start + 1], "of no kind that there is")
    why = str(unreadable)[:_MOST_TOLD]
    return ErrorRecord(
        "UnreadableAnswer",
        f"what the process of the replay left cannot be read from byte {start:,} on: the frame there ({kind}) makes no "
        f"sense: {why}",
        advice="The replay writes no such frame: the function has changed what records it. If it changes nothing of "
        "Python's own, please report it",
    )
