"""The call log and the output log. Lives here: their rows as frames, page by page; how they are drawn does not."""

import csv
import io
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
import pandas as pd

from engine.debugger.steps import Step
from engine.model.state import KeyState
from engine.model.trace import DRIVER, BatchRan, FunctionCalled, Trace
from engine.views.call_table import call_table
from engine.views.once import once_per_trace
from engine.views.pages import Page, rows_of_page
from engine.views.state_words import state_text
from engine.views.variables import with_names
from engine.views.words import cell_text, key_text, moment_text, value_text, visible

#: What a spreadsheet reads as the beginning of a formula; the wide signs too, where people write them.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_CALL_COLUMNS: Final = ("call", "batch", "key", "why", "rows in", "before", "after", "due", "rows out", "error")
_OUR_COLUMNS: Final = ("", "call", "batch", "for key")


class CallSelection(msgspec.Struct, frozen=True):
    """Which calls the call log shows: all, or those of one key; in the order in which they were made."""

    indexes: Sequence[int]

    def row_of(self, call_index: int) -> int:
        """The row at which the call stands, or would stand."""
        return max(0, bisect_right(self.indexes, call_index) - 1)


def all_calls(trace: Trace) -> CallSelection:
    return CallSelection(range(len(trace.calls)))


def calls_with_the_key_of(trace: Trace, call_index: int) -> CallSelection:
    """The calls with the same key as this one; none for -1."""
    if call_index < 0:
        return CallSelection(())
    table = call_table(trace)
    lane = table.lane_of_call[call_index]
    return CallSelection(table.lanes[lane].calls if lane >= 0 else [call_index])


def last_call_at(trace: Trace, step: Step | None) -> int:
    """The call of the step; at a step without one the last call before it, -1 when there is none."""
    if step is None:
        return -1
    if step.call_index is not None:
        return step.call_index
    place = bisect_right(trace.batches, step.trigger, key=lambda batch: batch.trigger)
    return trace.batches[place - 1].call_indexes.stop - 1 if place else -1


def call_page(trace: Trace, selection: CallSelection, number: int) -> Page:
    """A page of the call log: what each call was given, what it left, what it returned."""
    rows = rows_of_page(number, len(selection.indexes))
    indexes = tuple(selection.indexes[rows])
    frame = pd.DataFrame([_call_row(trace, index) for index in indexes], columns=["", *_CALL_COLUMNS])
    return Page(frame, indexes, rows.start, len(selection.indexes))


def _call_row(trace: Trace, index: int) -> tuple[Any, ...]:
    call = with_names(trace, trace.calls[index])
    batch = trace.batch_of(call)
    return (
        "",
        index + 1,
        batch.batch_id + 1,
        key_text(call.key),
        _why(trace, call),
        len(call.row_indexes),
        state_text(call.before),
        state_text(call.after),
        _due(call.after, batch),
        len(call.output),
        visible(call.error.error_class) if call.error else "" if batch.committed else "lost with its batch",
    )


def _why(trace: Trace, call: FunctionCalled) -> str:
    """Why the call was made; where, for one without a key, which is made in several places."""
    if call.key is not None:
        return call.reason
    if call.partition == DRIVER:
        return f"{call.reason} (driver)"
    return f"{call.reason} ({call.partition})" if trace.scenario.shuffle_partitions > 1 else call.reason


def _due(state: KeyState, batch: BatchRan) -> str:
    """The timeout, or the first of several timers."""
    if not state.timers_ms:
        return ""
    more = f" +{len(state.timers_ms) - 1:,}" if len(state.timers_ms) > 1 else ""
    return f"{moment_text(min(state.timers_ms), batch.processing_time_ms)}{more}"


class _OutputIndex(msgspec.Struct, frozen=True):
    """The calls that returned rows in batches that were committed, and the row at which each begins."""

    calls: "array[int]"
    starts: "array[int]"


@once_per_trace
def _output_index(trace: Trace) -> _OutputIndex:
    calls, starts, rows = array("Q"), array("Q", [0]), 0
    for batch in trace.batches:
        for index in batch.call_indexes if batch.committed else ():
            returned = len(trace.calls[index].output)
            if returned:
                rows += returned
                calls.append(index)
                starts.append(rows)
    return _OutputIndex(calls, starts)


def output_count(trace: Trace) -> int:
    """How many rows the query wrote; a batch that failed wrote none."""
    return _output_index(trace).starts[-1]


def output_row_of(trace: Trace, call_index: int) -> int:
    """The first output row of the call, or of the last call before it that returned any."""
    index = _output_index(trace)
    return index.starts[max(0, bisect_right(index.calls, call_index) - 1)]


def output_page(trace: Trace, number: int) -> Page:
    """A page of the output log: each row under the output's own columns, with the call that returned it."""
    rows = rows_of_page(number, output_count(trace))
    shown = list(_output_rows(trace, rows.start, rows.stop))
    calls = tuple(call_index for call_index, _, _ in shown)
    columns = _column_names(trace)
    cells = [
        ("", index + 1, call.batch_index + 1, key_text(call.key), *_cells(row, columns)) for index, call, row in shown
    ]
    return Page(pd.DataFrame(cells, columns=columns), calls, rows.start, output_count(trace))


def _output_rows(trace: Trace, first: int, end: int) -> Iterable[tuple[int, FunctionCalled, list[Any]]]:
    """Call index, call and cells of the output rows from `first` up to `end`; only their calls are decoded."""
    index = _output_index(trace)
    place = bisect_right(index.starts, first) - 1
    while first < end:
        call = trace.calls[index.calls[place]]
        for row in call.output[first - index.starts[place] : end - index.starts[place]]:
            yield index.calls[place], call, row
        place += 1
        first = index.starts[place]


def _column_names(trace: Trace) -> list[str]:
    """Ours, then the output's own."""
    return [*_OUR_COLUMNS, *distinct_names(trace.output_names, _OUR_COLUMNS, "(output)")]


def distinct_names(names: Sequence[str], taken: Sequence[str], told: str) -> list[str]:
    """A stranger's column names beside ours: a name that is taken says so, as a frame needs each name once."""
    shown: dict[str, None] = {}
    for name in names:
        distinct = visible(name) or "(no name)"
        while distinct in shown or distinct in taken:
            distinct += f" {told}"
        shown[distinct] = None
    return list(shown)


def _cells(row: list[Any], columns: list[str]) -> list[str]:
    count = len(columns) - len(_OUR_COLUMNS)
    return [cell_text(row[i]) if i < len(row) else "None" for i in range(count)]


def output_csv(trace: Trace) -> str:
    """All output rows as CSV with a head. A cell that a spreadsheet would run as a formula gets an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_harmless(name) for name in trace.output_names])
    for _, _, row in _output_rows(trace, 0, output_count(trace)):
        padded = [*row, *[None] * (len(trace.output_names) - len(row))]
        writer.writerow([_harmless(cell) for cell in padded])
    return text.getvalue()


def _harmless(cell: Any) -> Any:
    """The cell for a spreadsheet: numbers stay numbers, NULL is empty, nested values are written as text."""
    if cell is None or isinstance(cell, (int, float)):
        return cell
    text = cell if isinstance(cell, str) else value_text(cell, 10_000)
    text = text.encode("utf-8", "backslashreplace").decode()
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
