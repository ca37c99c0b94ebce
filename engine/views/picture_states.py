"""The upper lane of a key: what it remembers, for how long, and how that ended. Lives here: those frames, no colours."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from engine.model.state import KeyState
from engine.views.call_table import CallTable, Lane, number_of
from engine.views.scene import Scene, frame, remembered, remembered_shortly
from engine.views.timeouts import EXPIRY_REASONS
from engine.views.words import key_text

BAR_COLUMNS: Final = {
    "row": "int64",
    "call": "int64",
    "since": "str",
    "label": "str",
    "title": "str",
    "x": "float64",
    "x2": "float64",
    "kind": "str",
    "shade": "float64",
    "until": "str",
}
END_COLUMNS: Final = {
    "row": "int64",
    "x": "float64",
    "x2": "float64",
    "kind": "str",
    "call": "int64",
    "title": "str",
    "state": "str",
}

_LABEL_LIMIT: Final = 90
_NAME_LIMIT: Final = 30
#: Values that are no number change between two shades, so that one sees where one ends.
_STEADY_SHADES: Final = (0.25, 0.4)


def bars(scene: Scene) -> pd.DataFrame:
    """One row for each stretch of time in which a key remembers one thing.

    `kind`: value; no_value (a stored row with a timeout only); lost (its batch died, so that it was never stored).
    `shade`: from 0 for the least number of the whole trace to 1 for the most; `call` is the one that stored it.
    """
    rows = [
        bar for row, lane in enumerate(scene.lanes) for bar in (*_stored(scene, row, lane), *_lost(scene, row, lane))
    ]
    return frame(rows, BAR_COLUMNS)


def ends(scene: Scene) -> pd.DataFrame:
    """The marks in the upper lane: `timed_out` where a timeout was fired, `removed` where a key was forgotten.

    `x2` is where the next value begins: until there is room.
    """
    return frame([end for row, lane in enumerate(scene.lanes) for end in _ends(scene, row, lane)], END_COLUMNS)


def _stored(scene: Scene, row: int, lane: Lane) -> Iterator[tuple[Any, ...]]:
    """The committed stretches; the first one may have begun before the window."""
    begin = max(0, bisect_left(lane.changes, scene.first_call) - 1)
    end = bisect_left(lane.changes, scene.end_call)
    for place in range(begin, end):
        state = scene.call(lane.changes[place]).after
        until = lane.changes[place + 1] if place + 1 < len(lane.changes) else None
        x2 = scene.x(until) if until is not None else scene.clip(scene.axis.reached)
        if state.stored and x2 > scene.begin:
            kind = "value" if state.exists else "no_value"
            shade = _shade(scene.table, state, place)
            yield (row, *_begun(scene, lane.changes[place]), x2, kind, shade, _until(scene, until))


def _lost(scene: Scene, row: int, lane: Lane) -> Iterator[tuple[Any, ...]]:
    """What calls of a batch that died would have stored."""
    for index in scene.shown(lane.calls):
        call, batch = scene.call(index), scene.batch(index)
        if not batch.committed and call.after.exists and call.after.entries != call.before.entries:
            x2 = scene.clip(batch.trigger + 1)
            yield (row, *_begun(scene, index), x2, "lost", 0.0, "never stored: the batch failed")


def _begun(scene: Scene, index: int) -> tuple[Any, ...]:
    """Where the call began a stretch, and what is remembered in it, in words."""
    call = scene.call(index)
    title = f"{key_text(call.key, _NAME_LIMIT)}: {remembered(call.after)}"
    return (index, scene.place(index), remembered_shortly(call.after, _LABEL_LIMIT), title, scene.x(index))


def _until(scene: Scene, index: int | None) -> str:
    if index is None:
        return "the end of the trace"
    call = scene.call(index)
    timed_out = ["timed out"] if call.reason in EXPIRY_REASONS else []
    forgotten = [] if call.after.stored else ["forgotten"]
    return ": ".join([scene.place(index), *([" and ".join(timed_out + forgotten)] if timed_out or forgotten else [])])


def _shade(table: CallTable, state: KeyState, place: int) -> float:
    """Where the number stands between the least and the most of the trace; on a logarithmic scale, as counts grow."""
    number = number_of(state)
    if number is None or table.least is None or table.most is None:
        return _STEADY_SHADES[place % 2]
    span = table.most - table.least
    return math.log1p(number - table.least) / math.log1p(span) if span else _STEADY_SHADES[0]


def _ends(scene: Scene, row: int, lane: Lane) -> Iterator[tuple[Any, ...]]:
    name = key_text(lane.key, _NAME_LIMIT)
    for index in scene.shown(lane.calls):
        call = scene.call(index)
        place = (row, scene.x(index), _next_change(scene, lane, index))
        state = f"{remembered(call.before)} → {remembered(call.after)}"
        if call.reason in EXPIRY_REASONS:
            yield (*place, "timed_out", index, f"{name} timed out, {scene.axis.place(index)}", state)
        if call.before.stored and not call.after.stored and scene.batch(index).committed:
            yield (*place, "removed", index, f"{name} is forgotten, {scene.axis.place(index)}", state)


def _next_change(scene: Scene, lane: Lane, index: int) -> float:
    following = bisect_right(lane.changes, index)
    return scene.x(lane.changes[following]) if following < len(lane.changes) else float(scene.end)
