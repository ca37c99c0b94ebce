"""Breakpoints and watches after all calls were looked at: where to stop next, and what an expression was worth in each call.

Lives here: those words and rows; asking is done elsewhere. A trace counts from 0, people from 1.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec
import pandas as pd

from engine.model.lines import Hit, Raised, Shown, WatchedAnswer, WatchedCalls
from engine.model.trace import Trace
from engine.views.pages import Page, rows_of_page
from engine.views.tables import distinct_names
from engine.views.words import call_name, count_text, cut, key_text, visible

_VALUE_LIMIT: Final = 120
_SEPARATOR: Final = " · "
_COLUMNS: Final = ("", "call", "batch", "key")


class Stop(msgspec.Struct, frozen=True):
    """A place to stop: the `visit`-th time (from 1) that `line` runs in this call."""

    call_index: int
    line: int
    visit: int


def stops(question: WatchedCalls, answer: WatchedAnswer) -> tuple[Stop, ...]:
    """All places where a breakpoint's condition held, in the order in which they were reached, each once."""
    found = (_stop(question, hit) for hit in answer.hits if hit.error is None)
    return tuple(dict.fromkeys(found))


def next_stop(all_stops: tuple[Stop, ...], call_index: int) -> Stop | None:
    """The first stop in a later call; None when there is none."""
    return next((stop for stop in all_stops if stop.call_index > call_index), None)


def previous_stop(all_stops: tuple[Stop, ...], call_index: int) -> Stop | None:
    """The first stop in the nearest earlier call that has one; None when there is none."""
    calls = [stop.call_index for stop in all_stops if stop.call_index < call_index]
    return next_stop(all_stops, calls[-1] - 1) if calls else None


def breakpoint_words(question: WatchedCalls, answer: WatchedAnswer, number: int) -> str:
    """What came of a breakpoint: "3 stops in 2 calls", "never reached", and what its condition failed of."""
    bad = next((bad for bad in answer.bad if (bad.of, bad.number) == ("breakpoint", number)), None)
    if bad is not None:
        return _raised_text(bad.error)
    mine = [hit for hit in answer.hits if hit.breakpoint == number]
    held = [hit for hit in mine if hit.error is None]
    calls = len({hit.call_index for hit in held})
    where = f"{count_text(len(held), 'stop')} in {count_text(calls, 'call')}" if held else _no_stop(question, number)
    return _SEPARATOR.join([where, *_failures([hit for hit in mine if hit.error is not None])])


def watch_page(question: WatchedCalls, answer: WatchedAnswer, trace: Trace, number: int) -> Page:
    """A page of what every watch was worth, call by call; a call in which none was asked has no row."""
    values = _values_by_call(answer)
    rows = rows_of_page(number, len(values))
    calls = tuple(call for call in list(values)[rows] if call < len(trace.calls))
    names = [visible(watch.expression) + (f" at line {watch.line}" if watch.line else "") for watch in question.watches]
    columns = [*_COLUMNS, *distinct_names(names, _COLUMNS, "(watch)")]
    cells = [_row(trace, call, [values[call].get(watch, "") for watch in range(len(names))]) for call in calls]
    return Page(pd.DataFrame(cells, columns=columns), calls, rows.start, len(values))


def watched_row_of(answer: WatchedAnswer, call_index: int) -> int:
    """The row of a call; of the nearest one before it when it has none."""
    return max(0, bisect_right(list(_values_by_call(answer)), call_index) - 1)


def watched_count(answer: WatchedAnswer) -> int:
    """In how many calls a watch was worth something, or failed."""
    return len(_values_by_call(answer))


def watch_notes(question: WatchedCalls, answer: WatchedAnswer) -> tuple[str, ...]:
    """What has to be said about all that was found: expressions that are none, where it was cut, how it ended."""
    return tuple(_notes(question, answer))


def _stop(question: WatchedCalls, hit: Hit) -> Stop:
    return Stop(hit.call_index, question.breakpoints[hit.breakpoint].line, hit.hit)


def _no_stop(question: WatchedCalls, number: int) -> str:
    return "its condition never held" if question.breakpoints[number].condition.strip() else "never reached"


def _failures(failed: list[Hit]) -> Iterable[str]:
    if failed and failed[0].error is not None:
        times = count_text(len(failed), "time")
        yield f"failed {times}, first in {call_name(failed[0].call_index)}: {_raised_text(failed[0].error)}"


def _row(trace: Trace, call_index: int, values: list[str]) -> tuple[object, ...]:
    call = trace.calls[call_index]
    return ("", call_index + 1, call.batch_index + 1, key_text(call.key), *values)


def _values_by_call(answer: WatchedAnswer) -> dict[int, dict[int, str]]:
    rows: dict[int, dict[int, str]] = {}
    for value in answer.values:
        rows.setdefault(value.call_index, {})[value.watch] = _cell(value.value, value.error)
    return rows


def _cell(value: Shown | None, error: Raised | None) -> str:
    if error is not None:
        return f"✕ {_raised_text(error)}"
    return cut(visible(value.text), _VALUE_LIMIT) if value is not None else ""


def _raised_text(raised: Raised) -> str:
    return cut(visible(f"{raised.error_class}: {raised.message}"), _VALUE_LIMIT)


def _notes(question: WatchedCalls, answer: WatchedAnswer) -> Iterator[str]:
    for bad in answer.bad:
        if bad.of == "watch":
            yield f"{visible(question.watches[bad.number].expression)}: {_raised_text(bad.error)}"
    if answer.cut:
        yield f"Cut here: {answer.cut} ({count_text(answer.call_count, 'call')} looked at)."
    if answer.error is not None:
        yield f"This replay ended early: {visible(answer.error.error_class)}: {visible(answer.error.message)}"
