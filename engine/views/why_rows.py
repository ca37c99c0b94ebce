"""The fate of every event: which call was given it, or why none was. Lives here: the page of them, in order of arrival."""

from bisect import bisect_right
from itertools import accumulate
from typing import Any, Final

import msgspec
import pandas as pd

from engine.model.trace import BatchRan, Trace
from engine.views.once import once_per_trace
from engine.views.pages import Page, rows_of_page
from engine.views.quiet_steps import watermark_text
from engine.views.state_words import state_text
from engine.views.tables import distinct_names
from engine.views.variables import with_names
from engine.views.words import call_name, cell_text, count_text

_BEFORE: Final = ("", "event", "batch")
_AFTER: Final = ("fate", "why")
_CELL_LIMIT: Final = 40


class _Arrivals(msgspec.Struct, frozen=True):
    """`starts[t]` is the first event of trigger t, counted over the whole stream; `batches[t]` its batch, if one ran.

    `calls[t]` has the call that was given each row of trigger t, for the triggers that were looked at so far.
    """

    starts: list[int]
    batches: dict[int, BatchRan]
    calls: dict[int, dict[int, int]]


@once_per_trace
def _arrivals(trace: Trace) -> _Arrivals:
    starts = [0, *accumulate(len(batch.rows) for batch in trace.scenario.batches)]
    return _Arrivals(starts, {batch.trigger: batch for batch in trace.batches}, {})


def event_count(trace: Trace) -> int:
    """How many events the stream has."""
    return _arrivals(trace).starts[-1]


def event_of_call(trace: Trace, call_index: int) -> int:
    """The first event that the call was given; without one the first of its trigger, 0 for call -1."""
    if call_index < 0:
        return 0
    call = trace.calls[call_index]
    return _arrivals(trace).starts[trace.batch_of(call).trigger] + min(call.event_indexes, default=0)


def event_page(trace: Trace, number: int) -> Page:
    """A page of events with what became of each. A row belongs to the call that was given it, to none if it was dropped."""
    rows = rows_of_page(number, event_count(trace))
    events = [_Event(trace, event) for event in range(rows.start, rows.stop)]
    names = trace.scenario.column_names
    columns = [*_BEFORE, *distinct_names(names, (*_BEFORE, *_AFTER), "(event)"), *_AFTER]
    frame = pd.DataFrame([event.cells(names) for event in events], columns=columns)
    return Page(frame, tuple(event.call_index for event in events), rows.start, event_count(trace))


class _Event:
    """One event of the stream, by its number."""

    def __init__(self, trace: Trace, number: int) -> None:
        arrivals = _arrivals(trace)
        self._trace = trace
        self._number = number
        self._trigger = bisect_right(arrivals.starts, number) - 1
        self._row_index = number - arrivals.starts[self._trigger]
        self._batch = arrivals.batches.get(self._trigger)
        given = _calls_by_row(trace, self._batch) if self._batch else {}
        self.call_index = given.get(self._row_index, -1)

    def cells(self, names: tuple[str, ...]) -> tuple[Any, ...]:
        rows = self._trace.scenario.batches[self._trigger].rows
        own = (cell_text(rows.column(name)[self._row_index], _CELL_LIMIT) for name in names)
        batch = str(self._batch.batch_id + 1) if self._batch else ""
        return ("", self._number + 1, batch, *own, *self._fate())

    def _fate(self) -> tuple[str, str]:
        """What became of it, and why."""
        if self._batch is None:
            return ("never read", "The query had already ended.")
        if self.call_index >= 0:
            return _given_to(self._trace, self._batch, self.call_index)
        if any(dropped.row_index == self._row_index for dropped in self._batch.dropped):
            return ("✕ dropped", _why_late(self._batch))
        return ("not reached", "The batch failed before the call that would have been given this event.")


def _calls_by_row(trace: Trace, batch: BatchRan) -> dict[int, int]:
    known = _arrivals(trace).calls
    if batch.trigger not in known:
        known[batch.trigger] = {row: index for index in batch.call_indexes for row in trace.calls[index].event_indexes}
    return known[batch.trigger]


def _given_to(trace: Trace, batch: BatchRan, call_index: int) -> tuple[str, str]:
    call = with_names(trace, trace.calls[call_index])
    if call.error is not None:
        return (f"given to {call_name(call_index)}", "The call failed: Spark keeps nothing of this batch.")
    if not batch.committed:
        return (f"given to {call_name(call_index)}", "A later call failed: Spark keeps nothing of this batch.")
    changed = f"{state_text(call.before) or 'nothing'} → {state_text(call.after) or 'nothing'}"
    return (f"given to {call_name(call_index)}", f"state {changed}, {count_text(len(call.output), 'row')} out")


def _why_late(batch: BatchRan) -> str:
    """Rows are compared with the watermark of the batch before (SEMANTICS 0.12)."""
    now_ms = batch.processing_time_ms
    late, own = watermark_text(batch.late_watermark_ms, now_ms), watermark_text(batch.watermark_ms, now_ms)
    return f"late: at or before {late}, the watermark of the batch before (this batch's own is {own})"
