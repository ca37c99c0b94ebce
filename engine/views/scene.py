"""The part of a trace that one picture shows: its calls, decoded once, and where they stand. What is drawn does not live here."""

from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from engine.debugger.steps import Steps
from engine.model.state import KeyState
from engine.model.trace import BatchRan, FunctionCalled, Trace
from engine.views.axis import TriggerAxis
from engine.views.call_table import call_table
from engine.views.lane_story import LaneStory, lane_story
from engine.views.state_words import remembered
from engine.views.variables import with_names
from engine.views.window import Window
from engine.views.words import call_name

_STATE_LIMIT: Final = 120


class Scene:
    """A window on a trace; `places` are the lanes to choose from, in order (`chosen_lanes`).

    `lanes` are those in the window. Calls from `first_call` up to `end_call` were made at its triggers. x coordinates
    are in triggers, and never outside of the window.
    """

    def __init__(self, trace: Trace, steps: Steps, window: Window, places: Sequence[int]) -> None:
        self.trace = trace
        self.axis = TriggerAxis(trace, steps)
        self.table = call_table(trace)
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


def frame(rows: Sequence[Sequence[Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    """The rows as a frame; `columns` are names and dtypes, so that a frame without rows has the same ones."""
    data = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    return pd.DataFrame(
        {name: pd.Series(list(cells), dtype=kind) for cells, (name, kind) in zip(data, columns.items(), strict=True)}
    )
