"""Why a timeout fired, or did not. Lives here: the sentences for its fate, and the page of all of them; the fold does not."""

from bisect import bisect_right
from collections.abc import Sequence
from operator import attrgetter
from typing import Any, Final

import msgspec
import pandas as pd

from engine.model.intervals import Interval, NotAnInterval
from engine.model.rules import RULES
from engine.model.trace import BatchRan, FunctionCalled, Trace
from engine.views.call_table import call_table
from engine.views.lane_story import lane_story, timeout_fates
from engine.views.pages import Page, rows_of_page
from engine.views.timeouts import Fate, TimeoutFate, expiry_clock_ms, setting_line
from engine.views.words import (
    batch_name,
    call_name,
    count_text,
    due_name,
    key_text,
    moment_text,
    short_duration_text,
    waits_for_text,
)

_COLUMNS: Final = ("", "key", "set by", "line", "due", "fate", "ended by", "why")
_MOST_TOLD: Final = 20
_FATES: Final[dict[Fate, str]] = {
    "fired": "▼ fired",
    "replaced": "↻ replaced",
    "cancelled": "✕ lost",
    "deleted": "✕ deleted",
    "removed": "✕ gone with its state",
    "pending": "◇ waits",
    "not_committed": "never stored",
}


class TimeoutSelection(msgspec.Struct, frozen=True):
    """Which timeouts are shown: all, or those of one key; in the order in which they were set."""

    timeouts: Sequence[TimeoutFate]

    def row_of(self, call_index: int) -> int:
        """The row of the last timeout that was set up to this call."""
        return max(0, bisect_right(self.timeouts, call_index, key=attrgetter("set_by")) - 1)


def all_timeouts(trace: Trace) -> TimeoutSelection:
    return TimeoutSelection(timeout_fates(trace))


def timeouts_with_the_key_of(trace: Trace, call_index: int) -> TimeoutSelection:
    """The timeouts of the key that this call is for; none for -1."""
    lane = call_table(trace).lane_of_call[call_index] if call_index >= 0 else -1
    return TimeoutSelection(lane_story(trace, lane).timeouts if lane >= 0 else ())


def timeout_page(trace: Trace, selection: TimeoutSelection, number: int) -> Page:
    """A page of timeouts: who set each, when it is due, what became of it and why. A row belongs to the call that set it."""
    rows = rows_of_page(number, len(selection.timeouts))
    shown = selection.timeouts[rows]
    frame = pd.DataFrame([_row(trace, timeout) for timeout in shown], columns=list(_COLUMNS))
    set_by = tuple(timeout.set_by for timeout in shown)
    ended_by = tuple(timeout.set_by if timeout.ended_by is None else timeout.ended_by for timeout in shown)
    return Page(frame, set_by, rows.start, len(selection.timeouts), {"fate": ended_by, "ended by": ended_by})


def _row(trace: Trace, timeout: TimeoutFate) -> tuple[Any, ...]:
    line = setting_line(trace, timeout)
    return (
        "",
        key_text(timeout.key),
        call_name(timeout.set_by),
        str(line) if line else "",
        moment_text(timeout.due_ms, _batch(trace, timeout.set_by).processing_time_ms),
        _FATES[timeout.fate],
        "" if timeout.ended_by is None else call_name(timeout.ended_by),
        why_so(trace, timeout),
    )


def timeouts_of_call(trace: Trace, call_index: int) -> tuple[str, ...]:
    """One text for each timeout that the call set or ended: whose it is, when it is due, and why it ended as it did.

    Of very many the first are told, and how many more there are: each asks the call that set it and the one that ended it.
    """
    of_key = timeouts_with_the_key_of(trace, call_index).timeouts
    concerned = [timeout for timeout in of_key if call_index in (timeout.set_by, timeout.ended_by)]
    told = tuple(f"{_opening(trace, timeout)} {why_so(trace, timeout)}" for timeout in concerned[:_MOST_TOLD])
    more = len(concerned) - _MOST_TOLD
    return (*told, f"… {count_text(more, f'more {due_name(trace)}')}") if more > 0 else told


def _opening(trace: Trace, timeout: TimeoutFate) -> str:
    line = setting_line(trace, timeout)
    due = moment_text(timeout.due_ms, _batch(trace, timeout.set_by).processing_time_ms)
    return (
        f"The {due_name(trace)} set by {call_name(timeout.set_by)}{f' on line {line}' if line else ''} is due at {due}."
    )


def why_so(trace: Trace, timeout: TimeoutFate) -> str:
    """Why it fired, was lost, or still waits, in a sentence or two."""
    if timeout.fate == "not_committed":
        return "Its batch failed, so Spark stored nothing of it."
    if timeout.ended_by is None:
        return _why_it_stands(trace, timeout)
    ending = trace.calls[timeout.ended_by]
    return {
        "fired": _why_it_fired,
        "replaced": _why_replaced,
        "cancelled": _why_lost,
        "deleted": _why_deleted,
        "removed": _why_removed,
    }[timeout.fate](trace, timeout, ending)


def _why_it_fired(trace: Trace, timeout: TimeoutFate, ending: FunctionCalled) -> str:
    batch = trace.batch_of(ending)
    relation = "at or past" if ending.reason == "timer" else "past"
    again = f" It had fired {count_text(len(timeout.kept_by), 'time')} before." if timeout.kept_by else ""
    if ending.reason == "timer" and _was_due_when_set(trace, timeout):
        return f"{_clock(trace, batch)}: it was set for a time that had already come, which Spark allows for timers."
    return f"{_clock(trace, batch)} in {batch_name(batch.batch_id)}, the first batch {relation} that.{again}"


def _why_replaced(trace: Trace, timeout: TimeoutFate, ending: FunctionCalled) -> str:
    due = moment_text(min(ending.after.timers_ms), trace.batch_of(ending).processing_time_ms)
    return f"{_ender(timeout)} set another one, due at {due}, before this one had fired."


def _why_lost(trace: Trace, timeout: TimeoutFate, ending: FunctionCalled) -> str:
    rule = RULES.get(ending.state_rule)
    return f"{_ender(timeout)} set no timeout. {rule.sentence if rule else 'The state stays without one.'}"


def _why_deleted(trace: Trace, timeout: TimeoutFate, ending: FunctionCalled) -> str:
    if timeout.due_ms <= expiry_clock_ms(trace.expires_by, trace.batch_of(ending)):
        return f"{_ender(timeout)} deleted it in the batch in which it was due: keys with data are called before timers fire."
    return f"{_ender(timeout)} called deleteTimer for it before it was due. Only that ends a timer: clear() does not."


def _was_due_when_set(trace: Trace, timeout: TimeoutFate) -> bool:
    return timeout.due_ms <= expiry_clock_ms(trace.expires_by, _batch(trace, timeout.set_by))


def _why_removed(trace: Trace, timeout: TimeoutFate, ending: FunctionCalled) -> str:
    return f"{_ender(timeout)} ended the state, and its timeout with it."


def _ender(timeout: TimeoutFate) -> str:
    return call_name(timeout.ended_by or 0).capitalize()


def _why_it_stands(trace: Trace, timeout: TimeoutFate) -> str:
    if trace.ending != "completed":
        return "It is stored, but the query died: nothing fires any more."
    if timeout.kept_by:
        last = call_name(timeout.kept_by[-1])
        return f"It fired, last in {last}, but the calls touched nothing, so PySpark keeps it: it fires in every batch."
    last_batch = trace.batches[-1]
    waits = waits_for_text(trace, timeout.due_ms, last_batch.processing_time_ms)
    return f"It waits for {waits}. {_clock(trace, last_batch)} in the last batch.{_what_would_move_it(trace, timeout)}"


def _clock(trace: Trace, batch: BatchRan) -> str:
    if trace.expires_by != "watermark":
        return f"The clock stood at {moment_text(batch.processing_time_ms, batch.processing_time_ms)}"
    now = moment_text(batch.watermark_ms, batch.processing_time_ms) if batch.watermark_ms else "1970, not set yet,"
    return f"The watermark stood at {now}"


def _what_would_move_it(trace: Trace, timeout: TimeoutFate) -> str:
    """The event that would bring the watermark past the timeout: watermark = latest event time - delay (SEMANTICS 0.7)."""
    watermark = trace.scenario.watermark
    if trace.expires_by != "watermark" or watermark is None:
        return ""
    try:
        delay_ms = Interval.parse(watermark.delay).ms
    except NotAnInterval:
        return ""
    needed = moment_text(timeout.due_ms + delay_ms, trace.batches[-1].processing_time_ms)
    delay = f" (the delay is {short_duration_text(delay_ms)})" if delay_ms else ""
    return f" An event later than {needed} moves it there{delay}, and the batch after that one makes the call."


def _batch(trace: Trace, call_index: int) -> BatchRan:
    return trace.batches[trace.batch_index_at(call_index)]
