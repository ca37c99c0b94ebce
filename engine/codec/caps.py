"""What a frame of a trace may be at most, and what must fit together in it. Lives here: those rules; frames are read elsewhere.

A worker's memory is a stranger's claim. The writer keeps these rules for honest values, so the reader may refuse what does
not: views then never meet a key that cannot be looked up, or a value so deep that looking at it breaks them.
"""

from collections.abc import Iterable
from itertools import chain
from typing import Any, Final

import msgspec

from engine.model.key_cells import has_too_many_parts
from engine.model.scenario import Scenario
from engine.model.trace import FunctionCalled, Key

#: A call, less its row numbers. As Python objects it takes up to 70 times as much, for a moment.
MAX_CALL_BYTES: Final = 4 * 1024 * 1024
#: What a row number takes at most.
ROW_NUMBER_BYTES: Final = 9
#: A plan, which has a key for every call, or the beginning of a batch, which has all rows that were dropped.
MAX_FRAME_BYTES: Final = 32 * 1024 * 1024
MAX_CALLS: Final = 2_000_000
#: Of an answer about lines: steps, hits, values. Its writers have enough sooner (engine.lines).
MAX_PARTS: Final = 120_000
MAX_PARTS_BYTES: Final = 20 * 1024 * 1024
#: A call in such an answer: one of a million rows is a million row numbers longer than any other.
MAX_ASKED_CALL_BYTES: Final = 8 * 1024 * 1024
MAX_OPERATIONS: Final = 2_000
#: Of a call's output. A function returns fewer in a list; frames may have more rows, of which the first are kept.
MAX_OUTPUT_ROWS: Final = 200_000
MAX_PROBLEMS: Final = 1_000
MAX_DEPTH: Final = 200
#: Of the rows of a scenario, over all of its triggers.
MAX_COLUMNS: Final = 2_000

#: All of a trace but its calls and plans: that is kept as Python objects, of up to 70 times the size.
_MAX_KEPT_BYTES: Final = 8 * 1024 * 1024
_KEPT_BYTES_OF_A_ROW: Final = 64
_KEPT_BYTES_OF_A_TRIGGER: Final = 2 * 1024

#: The bytes that may begin a list or a map in msgpack.
_CONTAINERS: Final = bytes((*range(0x80, 0xA0), *range(0xDC, 0xE0)))


def is_too_deep(body: bytes) -> bool:
    """Whether lists and maps stand in one another more than MAX_DEPTH deep; nearly always the bytes alone tell."""
    if len(body) <= MAX_DEPTH or len(body) - len(body.translate(None, _CONTAINERS)) <= MAX_DEPTH:
        return False
    level = [msgspec.msgpack.decode(body)]
    for _ in range(MAX_DEPTH):
        level = list(chain.from_iterable(_parts(item) for item in level if type(item) in (list, tuple, dict)))
        if not level:
            return False
    return True


def _parts(container: Any) -> Iterable[Any]:
    return chain(container, container.values()) if type(container) is dict else container


def most_bytes(row_count: int, is_of_many: bool) -> int:
    """How long a frame may be that is written for triggers of at most so many rows."""
    return (MAX_FRAME_BYTES if is_of_many else MAX_CALL_BYTES) + ROW_NUMBER_BYTES * row_count


def most_kept_bytes(scenario: Scenario) -> int:
    """How long all frames of a trace may be together that are kept as objects: a batch has its numbers, a row may be late."""
    row_count = sum(len(batch.rows) for batch in scenario.batches)
    triggers_bytes = _KEPT_BYTES_OF_A_TRIGGER * len(scenario.batches)
    return _MAX_KEPT_BYTES + _KEPT_BYTES_OF_A_ROW * row_count + triggers_bytes


class _Raised(msgspec.Struct, frozen=True, rename={"error_class": "class"}):
    error_class: str
    message: str


class _Refusal(msgspec.Struct, frozen=True):
    raises: _Raised


class _Operation(msgspec.Struct, frozen=True, array_like=True, gc=False, forbid_unknown_fields=True):
    name: str
    arguments: list[Any]
    refusal: _Refusal | msgspec.UnsetType = msgspec.UNSET


class CheckedCall(FunctionCalled, frozen=True, array_like=True, gc=False):
    """A call as it is decoded at the door, where types say what an operation looks like; views get lists."""

    operations: list[_Operation]  # type: ignore[assignment]  # the same bytes, read more strictly


def check_call(call: CheckedCall, row_count: int) -> None:
    """Raises ValueError for a call that no recorder wrote, in a trigger of so many rows."""
    rows = call.row_indexes
    if rows and (len(rows) > row_count or max(rows) >= row_count):
        raise ValueError("a row that is not there")
    if len(call.output) > MAX_OUTPUT_ROWS:
        raise ValueError("more rows of output than are kept of a call")
    check_key(call.key)
    if call.state_key is not None:
        check_key(call.state_key)
    if len(call.operations) != len(call.operation_lines) or len(call.operations) > MAX_OPERATIONS:
        raise ValueError("an operation without its line")


def check_key(key: Key) -> None:
    """Raise ValueError for a key of more parts than any that is called for. By its type it can be looked up by."""
    if key and has_too_many_parts(key):
        raise ValueError("a key of more parts than anybody looks at")
