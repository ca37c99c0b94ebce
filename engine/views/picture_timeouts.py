"""The lower lane of a key: its timeouts, from where they were set to what became of them. Lives here: those frames."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Final

import msgspec
import pandas as pd

from engine.views.lane_story import LaneStory
from engine.views.scene import Scene, frame
from engine.views.timeouts import Fate, TimeoutFate, expiry_clock_ms, line_that_set
from engine.views.words import due_name, key_text, short_duration_text, waits_for_text

TIMEOUT_WORDS: Final = {"title": "str", "set": "str", "due": "str", "outcome": "str"}
LINE_COLUMNS: Final = {
    "row": "int64",
    "x": "float64",
    "x2": "float64",
    "fate": "str",
    "part": "str",
    "call": "int64",
    **TIMEOUT_WORDS,
}
MARK_COLUMNS: Final = {
    "row": "int64",
    "x": "float64",
    "after": "float64",
    "fate": "str",
    "mark": "str",
    "call": "int64",
    **TIMEOUT_WORDS,
}
WAIT_COLUMNS: Final = {"row": "int64", "x": "float64", "x2": "float64", "label": "str", "short_label": "str"}

_NAME_LIMIT: Final = 30
#: Of one lane, those that were set first: more lines lie on each other, and each has its words.
_MOST_DRAWN: Final = 200
_FATES: Final[dict[Fate, str]] = {
    "fired": "fired",
    "replaced": "replaced by a new one",
    "cancelled": "lost: a call did not set it again",
    "deleted": "deleted by a call",
    "removed": "gone with its state",
    "pending": "waits",
    "not_committed": "never stored: the batch failed",
}


class TimeoutFrames(msgspec.Struct, frozen=True):
    """What is drawn of timeouts, or of timers: `name` says which.

    `lines`: `part` is "set" from the call that set it to where it was due or ended, "overdue" from there to the call
    that it fired, "lost" from the call that lost it to where it would have been due. `marks`: "due" where it is
    due (not for one that ended before), `after` is the call before that; "lost" at the call that lost or deleted it.
    `waits`: what the first pending one of a key waits for, with the room from `x` to `x2` to say so. `call` of a line is
    the one that set it, of a mark the one that ended it.
    """

    name: str
    lines: pd.DataFrame
    marks: pd.DataFrame
    waits: pd.DataFrame


def timeouts(scene: Scene) -> TimeoutFrames:
    """The timeouts of the lanes in the window; of a lane with very many the first are drawn, and all are counted."""
    standing = [list(_in_window(scene, lane)) for lane in scene.lanes]
    drawn = [_Drawn(scene, row, timeout) for row, of_lane in enumerate(standing) for timeout in of_lane[:_MOST_DRAWN]]
    return TimeoutFrames(
        due_name(scene.trace),
        frame([line for one in drawn for line in one.lines()], LINE_COLUMNS),
        frame([mark for one in drawn for mark in one.marks()], MARK_COLUMNS),
        frame([one.waits(more) for one, more in _first_pending(scene, standing)], WAIT_COLUMNS),
    )


def _in_window(scene: Scene, lane: LaneStory) -> Iterator[TimeoutFate]:
    """Those that stand in the window; a lost one leaves a trace until it would have been due."""
    for timeout in lane.timeouts:
        if timeout.set_by >= scene.end_call:
            return
        if timeout.ended_by is None or timeout.ended_by >= scene.first_call or timeout.fate == "cancelled":
            yield timeout


def _first_pending(scene: Scene, standing: Sequence[Sequence[TimeoutFate]]) -> "Iterator[tuple[_Drawn, int]]":
    """For each lane the pending one that is due first, and how many others wait: their words would lie on each other."""
    if scene.trace.ending != "completed" or scene.end < scene.axis.reached:
        return  # nothing comes of any, or not here
    for row, of_lane in enumerate(standing):
        waiting = [timeout for timeout in of_lane if timeout.fate == "pending" and not timeout.kept_by]
        if waiting:
            yield _Drawn(scene, row, min(waiting, key=lambda timeout: timeout.due_ms)), len(waiting) - 1


class _Drawn:
    """One timeout in the window."""

    def __init__(self, scene: Scene, row: int, timeout: TimeoutFate) -> None:
        self._scene = scene
        self.row = row
        self.due_ms = timeout.due_ms
        self._timeout = timeout
        self._set_x = scene.axis.x_of_call(timeout.set_by)
        self._end_x = self._end()
        self._ended_early = self._ends_early()
        self._after = self._end_x if self._ended_early else self._set_x
        self._due_x = scene.axis.x_of_due(timeout.due_ms, self._after)

    def _end(self) -> float:
        timeout, axis = self._timeout, self._scene.axis
        if timeout.ended_by is not None:
            return axis.x_of_call(timeout.ended_by)
        if timeout.fate == "not_committed":
            return float(self._scene.batch(timeout.set_by).trigger + 1)
        return float(axis.reached)

    def _ends_early(self) -> bool:
        """Whether a call ended it when it was not yet due."""
        timeout, scene = self._timeout, self._scene
        if timeout.ended_by is None or timeout.fate == "fired":
            return False
        return expiry_clock_ms(scene.trace.expires_by, scene.batch(timeout.ended_by)) <= timeout.due_ms

    def lines(self) -> Iterator[tuple[Any, ...]]:
        due_x = self._end_x if self._due_x is None else self._due_x
        yield from self._line("set", self._set_x, min(due_x, self._end_x))
        if self._timeout.fate in ("fired", "pending"):
            yield from self._line("overdue", due_x, self._end_x)
        if self._timeout.fate == "cancelled":
            lost_until = float(self._scene.axis.reached) if self._due_x is None else self._due_x
            yield from self._line("lost", self._end_x, lost_until)

    def _line(self, part: str, x: float, x2: float) -> Iterator[tuple[Any, ...]]:
        x, x2 = self._scene.clip(x), self._scene.clip(x2)
        if x < x2:
            yield (self.row, x, x2, self._timeout.fate, part, self._timeout.set_by, *self._words)

    def marks(self) -> Iterator[tuple[Any, ...]]:
        if self._due_x is not None and (self._timeout.fate == "cancelled" or not self._ended_early):
            yield from self._mark("due", self._due_x)
        if self._timeout.fate in ("cancelled", "deleted"):
            yield from self._mark("lost", self._end_x)

    def _mark(self, mark: str, x: float) -> Iterator[tuple[Any, ...]]:
        timeout = self._timeout
        if self._scene.begin <= x <= self._scene.end:
            call = timeout.set_by if timeout.ended_by is None else timeout.ended_by
            yield (self.row, x, self._scene.clip(self._after), timeout.fate, mark, call, *self._words)

    def waits(self, more: int) -> tuple[Any, ...]:
        """What it waits for; `more` others of the key wait too."""
        begin = self._set_x if self._due_x is None else self._due_x
        others = f", and {more:,} more" if more else ""
        words = (f"{text}{others}" for text in self._waits_for())
        return (self.row, self._scene.clip(begin), self._scene.clip(self._end_x), *words)

    def _waits_for(self) -> tuple[str, str]:
        """In words, and in few of them."""
        scene, due_ms = self._scene, self._timeout.due_ms
        clock = "watermark" if scene.trace.expires_by == "watermark" else "trigger"
        waits = waits_for_text(scene.trace, due_ms, scene.batch(self._timeout.set_by).processing_time_ms)
        return (
            f"waits for {waits}",
            f"{clock} {'≥' if scene.trace.has_variables else '>'} {scene.axis.moment(due_ms)}",
        )

    @cached_property
    def _words(self) -> tuple[str, ...]:
        scene, timeout = self._scene, self._timeout
        batch = scene.batch(timeout.set_by)
        line = line_that_set(scene.call(timeout.set_by), timeout.due_ms, scene.trace)
        is_watermark = scene.trace.expires_by == "watermark"
        ahead = short_duration_text(timeout.due_ms - (batch.watermark_ms if is_watermark else batch.processing_time_ms))
        since = "ahead of the watermark" if is_watermark else "later"
        return (
            f"{due_name(scene.trace)} of {key_text(timeout.key, _NAME_LIMIT)}: {_FATES[timeout.fate]}",
            f"{scene.place(timeout.set_by)}{f', line {line}' if line else ''}",
            f"{scene.axis.moment(timeout.due_ms)}, {ahead} {since}",
            self._outcome(),
        )

    def _outcome(self) -> str:
        timeout = self._timeout
        if timeout.ended_by is not None:
            return f"{_FATES[timeout.fate]}, {self._scene.place(timeout.ended_by)}"
        if timeout.fate != "pending":
            return _FATES[timeout.fate]
        if self._scene.trace.ending != "completed":
            return "still stored, but the query has died"
        return "fires again in every batch" if timeout.kept_by else self._waits_for()[0]
