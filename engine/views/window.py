"""What part of a trace the picture shows. Lives here: windows, and which lanes in which order; nothing is drawn here."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, Literal

import msgspec

from engine.debugger.steps import Steps
from engine.model.trace import Trace
from engine.views.axis import axis_end
from engine.views.call_table import Lane, call_table
from engine.views.lane_story import lane_story
from engine.views.words import key_text

LaneOrder = Literal["first call", "name", "most calls", "last change"]
LaneFilter = Literal["all keys", "remembered", "forgotten", "timed out", "waiting", "failed"]

#: What can be read at once on a laptop; more is paged through.
MAX_TRIGGERS: Final = 40
MAX_KEYS: Final = 24
#: A new window begins this part of itself before the trigger that it has to show.
_BEFORE: Final = 4


class Window(msgspec.Struct, frozen=True):
    """The triggers `first_trigger` and following, the lanes `first_key` and following (of those chosen, in order)."""

    first_trigger: int = 0
    trigger_count: int = MAX_TRIGGERS
    first_key: int = 0
    key_count: int = MAX_KEYS

    @property
    def end_trigger(self) -> int:
        return self.first_trigger + self.trigger_count


def first_window(trace: Trace, steps: Steps) -> Window:
    """The window with which a trace is shown first: all of it when it fits, else its beginning."""
    return Window(0, min(MAX_TRIGGERS, axis_end(trace, steps)))


def window_at(trace: Trace, steps: Steps, window: Window, trigger: int) -> Window:
    """The same window when the trigger is in it, else one of the same size that shows it; never beyond the trace."""
    end = axis_end(trace, steps)
    count = min(window.trigger_count, end)
    first = min(window.first_trigger, end - count)
    if not first <= trigger < first + count:
        first = max(0, min(trigger - count // _BEFORE, end - count))
    return msgspec.structs.replace(window, first_trigger=first, trigger_count=count)


def chosen_lanes(
    trace: Trace, order: LaneOrder = "first call", shown: LaneFilter = "all keys", search: str = ""
) -> tuple[int, ...]:
    """The places (in `call_table(trace).lanes`) of the lanes to show, in order; `search` is part of a key's name."""
    passes, sort_key, wanted = _FILTERS[shown], _ORDERS[order], search.strip().casefold()
    places = [
        place
        for place, lane in enumerate(call_table(trace).lanes)
        if (not wanted or wanted in key_text(lane.key).casefold()) and (passes is None or passes(trace, place))
    ]
    return tuple(places if sort_key is None else sorted(places, key=partial(sort_key, trace)))


def key_page_at(trace: Trace, places: Sequence[int], call_index: int, key_count: int) -> int:
    """The page of keys, from 1, with the key of this call. `places` are the lanes chosen, `key_count` of them a page.

    When that key is not among them, or the call has none, the one with the last call before it; the first without one.
    """
    table = call_table(trace)
    place_of_call = table.lane_of_call[call_index] if call_index >= 0 else -1
    if place_of_call in places:
        return places.index(place_of_call) // key_count + 1
    last_calls = [_last_call_at(table.lanes[place], call_index) for place in places]
    return max(range(len(last_calls)), key=last_calls.__getitem__, default=0) // key_count + 1


def _last_call_at(lane: Lane, call_index: int) -> int:
    count = bisect_right(lane.calls, call_index)
    return lane.calls[count - 1] if count else -1


def _by_name(trace: Trace, place: int) -> Sequence[Any]:
    """Numbers before text, numbers by value, text without regard to case; NULL first."""
    return [_cell_order(cell) for cell in _lane(trace, place).key or ()]


def _cell_order(cell: Any) -> tuple[int, float, str]:
    if cell is None:
        return (0, 0.0, "")
    if isinstance(cell, (int, float)) and cell == cell:  # noqa: PLR0124 (NaN is not itself, and has no order)
        return (1, float(cell), "")
    return (2, 0.0, str(cell).casefold())


def _by_last_change(trace: Trace, place: int) -> int:
    changes = lane_story(trace, place).changes
    return -changes[-1] if changes else 1


def _is_waiting(trace: Trace, place: int) -> bool:
    return any(timeout.fate == "pending" for timeout in lane_story(trace, place).timeouts)


def _lane(trace: Trace, place: int) -> Lane:
    return call_table(trace).lanes[place]


#: Only what needs the story of each key asks for it: the first picture of a trace has neither order nor filter.
_ORDERS: Final[dict[LaneOrder, Callable[[Trace, int], Any] | None]] = {
    "first call": None,
    "name": _by_name,
    "most calls": lambda trace, place: -len(_lane(trace, place).calls),
    "last change": _by_last_change,
}
_FILTERS: Final[dict[LaneFilter, Callable[[Trace, int], bool] | None]] = {
    "all keys": None,
    "remembered": lambda trace, place: lane_story(trace, place).remembered,
    "forgotten": lambda trace, place: not lane_story(trace, place).remembered,
    "timed out": lambda trace, place: _lane(trace, place).timed_out > 0,
    "waiting": _is_waiting,
    "failed": lambda trace, place: _lane(trace, place).failed,
}
