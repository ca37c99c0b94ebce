"""The whole of a large trace as a heat map. Lives here: its cells; what a window shows is in picture.py."""

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, Final

import msgspec
import pandas as pd

from engine.debugger.steps import Steps
from engine.model.trace import Trace
from engine.views.axis import TriggerAxis
from engine.views.call_table import CallTable, Lane, call_table
from engine.views.scene import frame
from engine.views.words import count_text, due_name, key_text

MAX_ROWS: Final = 60
MAX_COLUMNS: Final = 120
CELL_COLUMNS: Final = {
    "x": "float64",
    "x2": "float64",
    "row": "float64",
    "row2": "float64",
    "keys": "category",
    "triggers": "category",
    "part": "float64",
    "timed_out": "float64",
    "failed": "bool",
    "call": "int64",
    "title": "category",
}
_NAME_LIMIT: Final = 24
_WOKEN: Final = {"timeout": "timed out", "timer": "by timers"}


class Overview(msgspec.Struct, frozen=True):
    """The calls of all chosen lanes, counted in at most 60 × 120 cells; empty cells are left out.

    A cell takes the triggers from `x` to `x2` and the lanes from `row` to `row2`; `call` is its first one that failed,
    else its first one. `part` is its number of calls as a part of the largest one, `timed_out` the part of its calls that
    timeouts made.
    """

    end: int
    rows: int
    cells: pd.DataFrame


class _Grid(msgspec.Struct, frozen=True, dict=True):
    """How many lanes and triggers a cell takes, the chosen lanes, and what a call without data is called."""

    axis: TriggerAxis
    lanes: Sequence[Lane]
    height: int
    width: int
    woken: str

    def cell(self, row: int, column: int) -> tuple[Any, ...]:
        """Where a cell is, and the names of the lanes and triggers in it."""
        (x, x2, moments), (y, y2, names) = self._columns[column], self._rows[row]
        return (x, x2, y, y2, names, moments)

    @cached_property
    def _rows(self) -> list[tuple[int, int, str]]:
        """The lanes of each row, and what they are called."""
        keys = [lane.key for lane in self.lanes]
        return [
            (begin, end, _span(key_text(keys[place], _NAME_LIMIT) for place in (begin, end - 1)))
            for begin, end in _cuts(len(keys), self.height)
        ]

    @cached_property
    def _columns(self) -> list[tuple[int, int, str]]:
        """The triggers of each column, and when they fired."""
        moment = self.axis.trigger_moment
        return [(begin, end, _span(map(moment, (begin, end - 1)))) for begin, end in _cuts(self.axis.end, self.width)]


def overview(trace: Trace, steps: Steps, places: Sequence[int]) -> Overview:
    """The overview of some lanes, in their order (`chosen_lanes`). Arrays only: no call is decoded."""
    axis, table = TriggerAxis(trace, steps), call_table(trace)
    lanes = [table.lanes[place] for place in places]
    grid = _Grid(axis, lanes, _bin(len(lanes), MAX_ROWS), _bin(axis.end, MAX_COLUMNS), _WOKEN[due_name(trace)])
    counted = _counted(trace, table, places, grid)
    most = counted["calls"].max() if len(counted) else 1
    rows = [_cell(grid, cell, int(most)) for cell in counted.itertuples(index=False, name="Cell")]
    return Overview(axis.end, len(places), frame(rows, CELL_COLUMNS))


def _bin(count: int, most: int) -> int:
    return max(1, math.ceil(count / most))


def _counted(trace: Trace, table: CallTable, places: Sequence[int], grid: _Grid) -> pd.DataFrame:
    """The cells in which there were calls: `row` and `column` of the grid, the number of `calls`, the `first` one.

    `timed_out` and `failed` are how many of them did; `first_failed` is NaN where none did.
    """
    columns = _bin(grid.axis.end, grid.width)
    cells = _cell_of_call(trace, table, places, grid, columns)
    timed_out, failed = (cells[cells.index.isin(calls)] for calls in (table.timed_out, table.failed))
    counted = pd.DataFrame({"calls": cells.value_counts(), "first": _first_call(cells)})
    counted["timed_out"] = timed_out.value_counts()
    counted["failed"] = failed.value_counts()
    counted["first_failed"] = _first_call(failed)
    counted = counted.fillna({"timed_out": 0, "failed": 0}).astype({"timed_out": "int64", "failed": "int64"})
    counted = counted.sort_index()
    return counted.assign(row=counted.index // columns, column=counted.index % columns)


def _cell_of_call(trace: Trace, table: CallTable, places: Sequence[int], grid: _Grid, columns: int) -> "pd.Series[int]":
    """The number of the cell in which a call is, row by row, for the calls of the chosen lanes."""
    first_cells = [-1] * (len(table.lanes) + 1)  # the last one is that of calls without a lane
    for row, place in enumerate(places):
        first_cells[place] = row // grid.height * columns
    of_lane = pd.Series(first_cells).take(table.lane_of_call).reset_index(drop=True)
    column_of_batch = pd.Series([batch.trigger // grid.width for batch in trace.batches], dtype="int64")
    of_trigger = column_of_batch.repeat([batch.call_count for batch in trace.batches]).reset_index(drop=True)
    return (of_lane + of_trigger)[of_lane >= 0]


def _first_call(cells: "pd.Series[int]") -> "pd.Series[int]":
    """By cell its first call."""
    firsts = cells.drop_duplicates()
    return pd.Series(firsts.index, index=firsts)


def _cell(grid: _Grid, cell: Any, most: int) -> tuple[Any, ...]:
    return (
        *grid.cell(int(cell.row), int(cell.column)),
        cell.calls / most,
        cell.timed_out / cell.calls,
        cell.failed > 0,
        cell.first_failed if cell.failed else cell.first,
        _title(cell.calls, cell.timed_out, cell.failed, grid.woken),
    )


def _title(calls: int, timed_out: int, failed: int, woken: str) -> str:
    marked = [f"{number:,} {words}" for number, words in ((timed_out, woken), (failed, "failed")) if number]
    return ", ".join([count_text(calls, "call"), *marked])


def _cuts(count: int, size: int) -> Iterator[tuple[int, int]]:
    return ((begin, min(begin + size, count)) for begin in range(0, count, size))


def _span(ends: Iterable[str]) -> str:
    first, last = ends
    return first if first == last else f"{first} to {last}"
