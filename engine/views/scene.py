"""The part of a trace that one picture shows: its calls, decoded once, and where they stand. What is drawn does not live here."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

import pandas as pd

from engine.debugger.steps import Steps
from engine.model.state import NO_STATE, KeyState, StateEntry
from engine.model.trace import BatchRan, FunctionCalled, Trace
from engine.views.axis import TriggerAxis
from engine.views.call_table import call_table
from engine.views.lane_story import LaneStory, lane_story
from engine.views.variables import bare, variables_of, with_names
from engine.views.window import Window
from engine.views.words import Times, call_name, cell_text, joined_text, value_text, visible

_STATE_LIMIT: Final = 120
#: More than these fields no bar has room for.
_MOST_FIELDS: Final = 50


class Scene:
    """A window on a trace; `places` are the lanes to choose from, in order (`chosen_lanes`).

    `lanes` are those in the window. Calls from `first_call` up to `end_call` were made at its triggers. x coordinates
    are in triggers, and never outside of the window.
    """

    def __init__(self, trace: Trace, steps: Steps, window: Window, places: Sequence[int]) -> None:
        self.trace = trace
        self.axis = TriggerAxis(trace, steps)
        self.table = call_table(trace)
        self.window = window
        shown = places[window.first_key : window.first_key + window.key_count]
        self.lanes: list[LaneStory] = [lane_story(trace, place) for place in shown]
        self.begin, self.end = window.first_trigger, min(window.end_trigger, self.axis.end)
        self.first_call, self.end_call = self.axis.first_call_from(self.begin), self.axis.first_call_from(self.end)
        self._calls: dict[int, FunctionCalled] = {}
        self._told: dict[int, tuple[KeyState, str]] = {}

    def call(self, index: int) -> FunctionCalled:
        """A call, decoded once, with the names of the fields that it remembers."""
        if index not in self._calls:
            self._calls[index] = with_names(self.trace, self.trace.calls[index])
        return self._calls[index]

    def remembered(self, state: KeyState) -> str:
        """All that is remembered, with the moments of numbers that are times; told once for a state that is still held."""
        if id(state) not in self._told:
            self._told[id(state)] = (state, remembered(state, _STATE_LIMIT, self.axis.with_moment))
        return self._told[id(state)][1]

    def batch(self, index: int) -> BatchRan:
        """The batch of a call."""
        return self.trace.batch_of(self.call(index))

    def shown(self, calls: "array[int]") -> "array[int]":
        """Those of some calls (in order) that were made in the window."""
        return calls[bisect_left(calls, self.first_call) : bisect_left(calls, self.end_call)]

    def x(self, index: int) -> float:
        """Where a call stands, or the edge of the window beyond which it does."""
        return self.clip(self.axis.x_of_call(index))

    def clip(self, x: float) -> float:
        return min(max(x, float(self.begin)), float(self.end))

    def place(self, index: int) -> str:
        """A call and where it stands, in words: "batch 2, +1 min (call 3)"."""
        return f"{self.axis.place(index)} ({call_name(index)})"


def remembered(state: KeyState, limit: int = 60, times: Times = None) -> str:
    """All that is remembered, on one line; "no value" for a row with a timeout only, "nothing" without a row.

    State variables have their names: `count = 3, seen = [1, 2], prices = {"a": 3}`.
    """
    if not state.exists:
        return "no value" if state.stored else "nothing"
    variables = variables_of(state)
    return _by_name(variables, lambda name, room: value_text(variables[name], room, times), limit)


class Short(NamedTuple):
    """What is remembered, for a narrow place; and its values alone, for where names leave no room for them."""

    label: str
    values: str


def remembered_shortly(
    state: KeyState, limit: int = 60, named: bool = False, was: KeyState = NO_STATE, times: Times = None
) -> Short:
    """As `remembered`, without the signs of Python: "3, open" for a list, "count=3, last=open" for a dict.

    A state variable that is the only one goes without its name, unless it is to be `named` all the same. What is not as
    it `was` stands first: the rest may be cut.
    """
    now, before = variables_of(state), variables_of(was)
    if not now:
        return _nameless(remembered(state, limit))
    if len(now) == 1 and not named:
        ((name, value),) = now.items()
        return _shortly(value, limit, before.get(name), times)
    share = max(12, limit // len(now))
    return _fields(now, before, " = ", limit, lambda name: _shortly(now[name], share, before.get(name), times).label)


def _by_name(names: Collection[str], text: Callable[[str, int], str], limit: int) -> str:
    if list(names) == [""]:
        return text("", limit)
    share = max(12, limit // len(names))
    return joined_text((f"{visible(name)} = {text(name, share)}" for name in names), len(names), limit)


def _shortly(value: Any, limit: int, was: Any, times: Times) -> Short:
    if isinstance(value, Mapping) and value:
        before = was if isinstance(was, Mapping) else {}
        return _fields(value, before, "=", limit, lambda name: cell_text(value[name], limit, times))
    if isinstance(value, list) and value:
        return _nameless(joined_text((cell_text(cell, limit, times) for cell in value), len(value), limit))
    return _nameless(cell_text(value, limit, times))


def _nameless(text: str) -> Short:
    return Short(text, text)


def _fields(now: Mapping[Any, Any], was: Mapping[Any, Any], sign: str, limit: int, text: Callable[[Any], str]) -> Short:
    told = [(f"{cell_text(name, limit)}{sign}", text(name)) for name in _changed_first(now, was)]
    label = joined_text((name + value for name, value in told), len(now), limit)
    return Short(label, joined_text((value for _, value in told), len(now), limit))


def _changed_first(now: Mapping[Any, Any], was: Mapping[Any, Any]) -> list[Any]:
    """The names, those whose value is not what it was before the others; of a long mapping the first, in their order."""
    if len(now) > _MOST_FIELDS:
        return list(islice(now, _MOST_FIELDS))
    return sorted(now, key=lambda name: name in was and was[name] == now[name])


def entry_text(entry: StateEntry, limit: int = 40) -> str:
    """One stored value with its place: `seen[3]`, or `count = 3`; items of a list have no name of their own."""
    name = visible(entry.variable)
    if entry.kind == "map":
        return f"{name}[{value_text(bare(entry.user_key), limit)}]"
    return f"{name} = {value_text(bare(entry.value), limit)}" if name else value_text(entry.value, limit)


def frame(rows: Sequence[Sequence[Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    """The rows as a frame; `columns` are names and dtypes, so that a frame without rows has the same ones."""
    data = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    return pd.DataFrame(
        {name: pd.Series(list(cells), dtype=kind) for cells, (name, kind) in zip(data, columns.items(), strict=True)}
    )
