"""The upper lane of a key: what it remembers, for how long, and how that ended. Lives here: those frames, no colours."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Any, Final, Literal

import msgspec
import pandas as pd

from engine.model import rules
from engine.model.state import KeyState, StateEntry
from engine.views.call_table import CallTable, number_of
from engine.views.lane_story import LaneStory
from engine.views.scene import Scene, frame
from engine.views.state_words import entry_text, remembered_shortly
from engine.views.timeouts import EXPIRY_REASONS
from engine.views.variables import declared_variables, entry_with_names
from engine.views.words import joined_text, key_text

BAR_COLUMNS: Final = {
    "row": "int64",
    "call": "int64",
    "since": "str",
    "label": "str",
    "values": "str",
    "title": "str",
    "x": "float64",
    "x2": "float64",
    "kind": "str",
    "shade": "float64",
    "fades": "bool",
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
_GONE_LIMIT: Final = 60
_ENDINGS: Final = {"expired": "is over, its time to live ends", "deleted": "is deleted with its variable"}
_WOKEN: Final = {"timeout": "timed out", "timer": "a timer fired"}
_TITLES: Final = {"timeout": " timed out", "timer": ": a timer fired"}
#: Values that are no number change between two shades, so that one sees where one ends.
_STEADY_SHADES: Final = (0.25, 0.4)


def bars(scene: Scene) -> pd.DataFrame:
    """One row for each stretch of time in which a key remembers the same things.

    `kind`: value; no_value (a stored row with a timeout only); lost (its batch died, so that it was never stored).
    `shade`: from 0 for the least number of the whole trace to 1 for the most; `call` is the one that stored it. It `fades`
    when its time to live ends it. `values` is the label without names, where it has any.
    """
    rows = [
        bar for row, lane in enumerate(scene.lanes) for bar in (*_stored(scene, row, lane), *_lost(scene, row, lane))
    ]
    return frame(rows, BAR_COLUMNS)


def ends(scene: Scene) -> pd.DataFrame:
    """The marks in the upper lane: `timed_out` where a timeout or timer fired, `removed` where a key was forgotten,
    `expired` where a value was over by its time to live, `deleted` where its variable was deleted.

    `x2` is where the next value begins: until there is room.
    """
    return frame([end for row, lane in enumerate(scene.lanes) for end in _ends(scene, row, lane)], END_COLUMNS)


class _Stretch(msgspec.Struct, frozen=True):
    """What a key remembers from `x` to `x2`, and how that ends: "" by a call, else by the values `gone` then."""

    call: int
    state: KeyState
    x: float
    x2: float
    ends: Literal["", "expired", "deleted"] = ""
    gone: tuple[StateEntry, ...] = ()


def _stored(scene: Scene, row: int, lane: LaneStory) -> Iterator[tuple[Any, ...]]:
    """The committed stretches; the first one may have begun before the window."""
    for place, until in _places(scene, lane):
        for number, stretch in enumerate(_stretches(scene, lane, lane.changes[place], until)):
            x, x2 = scene.clip(stretch.x), scene.clip(stretch.x2)
            if stretch.state.stored and x2 > scene.begin and x < x2:
                kind = "value" if stretch.state.exists else "no_value"
                shade = _shade(scene.table, stretch.state, place + number)
                fades = stretch.ends == "expired"
                ending = _ending(scene, stretch) or _until(scene, until)
                yield (row, *_begun(scene, stretch.call, stretch.state, x), x2, kind, shade, fades, ending)


def _places(scene: Scene, lane: LaneStory) -> Iterator[tuple[int, int | None]]:
    """The changes that are seen in the window, each with the call of the next one."""
    begin = max(0, bisect_left(lane.changes, scene.first_call) - 1)
    end = bisect_left(lane.changes, scene.end_call)
    for place in range(begin, end):
        yield place, lane.changes[place + 1] if place + 1 < len(lane.changes) else None


def _stretches(scene: Scene, lane: LaneStory, call_index: int, until: int | None) -> Iterator[_Stretch]:
    """What a call left, until another one changes it: less and less, as values expire or are taken out by a batch."""
    state, x = scene.call(call_index).after, scene.axis.x_of_call(call_index)
    end = float(scene.axis.reached) if until is None else scene.axis.x_of_call(until)
    for x2, ends, gone in _losses(scene, lane, call_index, until):
        if x2 < end:
            yield _Stretch(call_index, state, x, x2, ends, gone)
            state, x = state.without(gone), x2
    yield _Stretch(call_index, state, x, end)


def _losses(
    scene: Scene, lane: LaneStory, call_index: int, until: int | None
) -> list[tuple[float, Literal["expired", "deleted"], tuple[StateEntry, ...]]]:
    """What goes between two calls, where and why; values that go at one moment go together."""
    axis, x = scene.axis, scene.axis.x_of_call(call_index)
    until_ms = math.inf if until is None else scene.batch(until).processing_time_ms
    by_expiry: dict[int, list[StateEntry]] = {}
    for entry in scene.call(call_index).after.entries:
        if entry.expires_ms is not None and entry.expires_ms <= until_ms:  # else the next call still found it
            by_expiry.setdefault(entry.expires_ms, []).append(entry)
    losses: list[tuple[float, Literal["expired", "deleted"], tuple[StateEntry, ...]]]
    places = ((axis.x_of_due(expires_ms, x), gone) for expires_ms, gone in by_expiry.items())
    losses = [(place, "expired", tuple(gone)) for place, gone in places if place is not None]
    deleted = _deleted(scene, lane, call_index, until)
    losses += [(float(scene.trace.batches[number].trigger), "deleted", tuple(gone)) for number, gone in deleted.items()]
    return sorted(losses, key=lambda loss: loss[0])


def _deleted(scene: Scene, lane: LaneStory, call_index: int, until: int | None) -> dict[int, list[StateEntry]]:
    """By batch, what went with its variable between two calls: `init` deletes before the calls of its batch."""
    first = scene.call(call_index).batch_index
    last = len(scene.trace.batches) if until is None else scene.call(until).batch_index
    deleted: dict[int, list[StateEntry]] = {}
    for number, removed in lane.removed:
        if first < number <= last and removed.rule == rules.VARIABLE_DELETED.id:
            deleted.setdefault(number, []).append(entry_with_names(scene.trace, removed.entry))
    return deleted


def _lost(scene: Scene, row: int, lane: LaneStory) -> Iterator[tuple[Any, ...]]:
    """What calls of a batch that died would have stored."""
    for index in scene.shown(lane.calls):
        call, batch = scene.call(index), scene.batch(index)
        if not batch.committed and call.after.exists and call.after.entries != call.before.entries:
            begun = _begun(scene, index, call.after, scene.x(index))
            yield (row, *begun, scene.clip(batch.trigger + 1), "lost", 0.0, False, "never stored: the batch failed")


def _begun(scene: Scene, index: int, state: KeyState, x: float) -> tuple[Any, ...]:
    """The call that stored a stretch, and what is remembered in it, in words."""
    named = len(declared_variables(scene.trace)) > 1
    call = scene.call(index)
    short = remembered_shortly(state, _LABEL_LIMIT, named, call.before, scene.axis.moment)
    title = f"{key_text(call.stored_under, _NAME_LIMIT)}: {scene.remembered(state)}"
    return (index, scene.place(index), short.label, short.values, title, x)


def _ending(scene: Scene, stretch: _Stretch) -> str:
    """How a stretch ended without a call; "" when it did not."""
    if not stretch.ends:
        return ""
    rest = stretch.state.without(stretch.gone)
    what = (
        "all of it" if not rest.exists else joined_text(map(entry_text, stretch.gone), len(stretch.gone), _GONE_LIMIT)
    )
    return f"{_when(scene, stretch)}: {what} {_ENDINGS[stretch.ends]}"


def _when(scene: Scene, stretch: _Stretch) -> str:
    expires_ms = stretch.gone[0].expires_ms
    if stretch.ends == "expired" and expires_ms is not None:
        return scene.axis.moment(expires_ms)
    return scene.axis.trigger_moment(int(stretch.x2))


def _until(scene: Scene, index: int | None) -> str:
    if index is None:
        return "the end of the trace"
    call = scene.call(index)
    woken = [_WOKEN[call.reason]] if call.reason in EXPIRY_REASONS else []
    forgotten = [] if call.after.stored else ["forgotten"]
    return ": ".join([scene.place(index), *([" and ".join(woken + forgotten)] if woken or forgotten else [])])


def _shade(table: CallTable, state: KeyState, place: int) -> float:
    """Where the number stands between the least and the most of the trace; on a logarithmic scale, as counts grow."""
    number = number_of(state)
    if number is None or table.least is None or table.most is None:
        return _STEADY_SHADES[place % 2]
    span = table.most - table.least
    above = min(max(number - table.least, 0.0), span)  # what is left when a part expires is no call's own number
    return math.log1p(above) / math.log1p(span) if span else _STEADY_SHADES[0]


def _ends(scene: Scene, row: int, lane: LaneStory) -> Iterator[tuple[Any, ...]]:
    name = key_text(lane.key, _NAME_LIMIT)
    for index in scene.shown(lane.calls):
        call = scene.call(index)
        place = (row, scene.x(index), _next_change(scene, lane, index))
        state = f"{scene.remembered(call.before)} → {scene.remembered(call.after)}"
        if call.reason in EXPIRY_REASONS:
            title = f"{name}{_TITLES[call.reason]}, {scene.axis.place(index)}"
            yield (*place, "timed_out", index, title, state)
        if call.before.stored and not call.after.stored and scene.batch(index).committed:
            yield (*place, "removed", index, f"{name} is forgotten, {scene.axis.place(index)}", state)
    yield from _worn_out(scene, row, lane)


def _worn_out(scene: Scene, row: int, lane: LaneStory) -> Iterator[tuple[Any, ...]]:
    """Where values were over without a call: by their time to live, or because their variable was deleted."""
    name = key_text(lane.key, _NAME_LIMIT)
    for place, until in _places(scene, lane):
        for stretch in _stretches(scene, lane, lane.changes[place], until):
            if stretch.ends and scene.begin <= stretch.x2 <= scene.end:
                state = f"{scene.remembered(stretch.state)} → {scene.remembered(stretch.state.without(stretch.gone))}"
                next_x = _next_change(scene, lane, lane.changes[place])
                title = f"{name}, {_ending(scene, stretch)}"
                yield (row, stretch.x2, next_x, stretch.ends, stretch.call, title, state)


def _next_change(scene: Scene, lane: LaneStory, index: int) -> float:
    following = bisect_right(lane.changes, index)
    return scene.x(lane.changes[following]) if following < len(lane.changes) else float(scene.end)
