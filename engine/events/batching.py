"""From a table to the batches of a stream, by the choices that a person makes. Lives here: the choices, and the cutting."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, Final

import msgspec

from engine.events.lines import short
from engine.events.marks import FIRST_CLOCK_MS, STEP_MS
from engine.events.table import Table
from engine.events.times import NotATime, filled, iso_time
from engine.model.problems import Problem
from engine.model.rows import Rows
from engine.model.scenario import NO_ROWS, Batch
from engine.model.schema import TIMESTAMP, Field, Schema, ddl_of

#: A stream of more batches is nobody's wish, and its replay would take minutes.
MAX_BATCHES: Final = 100_000


class ByColumn(msgspec.Struct, frozen=True, tag="column"):
    """Rows with the same value in this column are a batch: numbers and times in their order, others as they come."""

    column: str


class ByRows(msgspec.Struct, frozen=True, tag="rows"):
    """Every so many rows are a batch."""

    rows_per_batch: int


class ByTime(msgspec.Struct, frozen=True, tag="time"):
    """A trigger every so often, by the clock of a time column; a window without rows is a trigger without data.

    Rows arrive in the order of the table: one that is older than those before it comes late, together with them.
    """

    column: str
    every_ms: int


Batching = ByColumn | ByRows | ByTime


class Choices(msgspec.Struct, frozen=True):
    """How a table becomes a stream. `sort_by` first puts the rows in the order of a time column; None: as in the file."""

    key: tuple[str, ...]
    event_time: str | None
    batching: Batching
    sort_by: str | None = None


class Stream(msgspec.Struct, frozen=True):
    """What a table gives a scenario: its batches, and its input schema as DDL."""

    batches: list[Batch]
    input_schema: str


class _Cuts(msgspec.Struct, frozen=True):
    """Where the rows are cut: batch i has those from `ends[i - 1]` up to before `ends[i]`, and the clock `clocks_ms[i]`.

    `order` has the numbers of the table's rows as they come.
    """

    order: Sequence[int]
    ends: list[int]
    clocks_ms: list[int]


class _Refused(Exception):
    """A choice that does not fit the table."""

    def __init__(self, where: str, what: str, mend: str) -> None:
        super().__init__(what)
        self.problem = Problem(where, what, mend)


def to_batches(table: Table, choices: Choices) -> Stream | list[Problem]:
    """The stream, or what is wrong with the choices.

    The clock of a batch by time is the end of its window, by a column of times that time. Else it is the latest event
    time so far; without an event time it moves by a minute a batch, as in typed text.
    """
    try:
        _check_columns(table, choices)
        order = _sorted(table, choices.sort_by) if choices.sort_by else range(len(table.rows))
        rows, schema = table.rows, table.schema
        if choices.event_time:
            rows = _with_times(table, choices.event_time)
            schema = tuple(Field(f.name, TIMESTAMP) if f.name == choices.event_time else f for f in schema)
        cuts = _cuts(table, schema, order, choices)
    except _Refused as refused:
        return [refused.problem]
    return Stream(_batches(rows, cuts), ddl_of(schema))


def _check_columns(table: Table, choices: Choices) -> None:
    wanted: list[tuple[str, str | None]] = [("key", name) for name in choices.key]
    wanted += [("event time", choices.event_time), ("sort by", choices.sort_by)]
    if not isinstance(choices.batching, ByRows):
        wanted.append(("batches", choices.batching.column))
    for where, name in wanted:
        if name is not None and name not in table.names:
            raise _Refused(where, f"there is no column '{name}'", f"Choose one of {short(', '.join(table.names))}")


def _times_us(table: Table, name: str, where: str) -> list[int | None]:
    try:
        times = table.times_us(name)
    except NotATime as error:
        mend = "Choose a column with times such as 2024-01-01 10:12, or seconds or milliseconds since 1970"
        raise _Refused(where, f"in column '{name}', row {error.row + 1:,}: {error}", mend) from error
    if not any(time is not None for time in times):
        raise _Refused(where, f"column '{name}' is empty", "Choose a column with times")
    return times


def _sorted(table: Table, name: str) -> Sequence[int]:
    """The rows in the order of a time column, those of one time as they are, those without any first."""
    times = [-math.inf if time is None else time for time in _times_us(table, name, "sort by")]
    return sorted(range(len(times)), key=times.__getitem__)


def _with_times(table: Table, name: str) -> Rows:
    """The rows with times in this column: numbers since the epoch become ISO text, text stays as it stands."""
    rows, times = table.rows, _times_us(table, name, "event time")
    index = rows.names.index(name)
    if not any(isinstance(value, (int, float)) for value in rows.columns[index]):
        return rows
    column: list[Any] = [None if time is None else iso_time(time) for time in times]
    return Rows(rows.names, [*rows.columns[:index], column, *rows.columns[index + 1 :]])


def _cuts(table: Table, schema: Schema, order: Sequence[int], choices: Choices) -> _Cuts:
    match choices.batching:
        case ByRows(rows_per_batch):
            return _cut_by_rows(table, order, rows_per_batch, choices.event_time)
        case ByTime(column, every_ms):
            return _cut_by_time(table, order, column, every_ms)
        case ByColumn(column):
            return _cut_by_column(table, order, schema[table.names.index(column)], choices.event_time)


def _cut_by_rows(table: Table, order: Sequence[int], rows_per_batch: int, event_time: str | None) -> _Cuts:
    if rows_per_batch < 1:
        raise _Refused("batches", f"{rows_per_batch} rows are too few for a batch", "Write a number of at least 1")
    _refuse_too_many(-(-len(order) // rows_per_batch), "Put more rows into a batch")
    ends = [*range(rows_per_batch, len(order), rows_per_batch), len(order)]
    return _Cuts(order, ends, _clocks_ms(table, order, ends, event_time))


def _cut_by_time(table: Table, order: Sequence[int], column: str, every_ms: int) -> _Cuts:
    if every_ms < 1:
        raise _Refused(
            "batches", f"{every_ms} milliseconds are too short a time between triggers", "Write a longer one"
        )
    times = accumulate(filled(_put(_times_us(table, column, "batches"), order)), max)
    windows = [time // 1000 // every_ms for time in times]
    _refuse_too_many(windows[-1] - windows[0] + 1, "Choose a longer time between triggers")
    fired = range(windows[0], windows[-1] + 1)
    ends = [bisect_right(windows, window) for window in fired]
    return _Cuts(order, ends, [(window + 1) * every_ms for window in fired])


def _cut_by_column(table: Table, order: Sequence[int], field: Field, event_time: str | None) -> _Cuts:
    """Rows without a value go with those before them."""
    values = filled(_put(table.rows.column(field.name), order))
    if values[-1] is None:
        raise _Refused(
            "batches", f"column '{field.name}' is empty", "Choose one that says to which batch a row belongs"
        )
    is_time = field.type.name in ("timestamp", "date")
    ranks = filled(_put(_times_us(table, field.name, "batches"), order)) if is_time else _ranks(values)
    places = sorted(range(len(order)), key=ranks.__getitem__)
    ends = [i for i in range(1, len(places)) if ranks[places[i]] != ranks[places[i - 1]]] + [len(places)]
    _refuse_too_many(len(ends), "Choose another column, or a number of rows")
    order = _put(order, places)
    if is_time:
        return _Cuts(order, ends, [ranks[places[end - 1]] // 1000 for end in ends])
    return _Cuts(order, ends, _clocks_ms(table, order, ends, event_time))


def _put(values: Sequence[Any], order: Sequence[int]) -> Sequence[Any]:
    """The values in this order."""
    return values if isinstance(order, range) else [values[index] for index in order]


def _ranks(values: Sequence[Any]) -> list[Any]:
    """The place of each value in the order of batches: its own if it is a number, else that of its first appearance."""
    if all(type(value) in (int, float) for value in values):
        return list(values)
    places: dict[str, int] = {}
    return [places.setdefault(repr(value), len(places)) for value in values]


def _clocks_ms(table: Table, order: Sequence[int], ends: Sequence[int], event_time: str | None) -> list[int]:
    if event_time is None:
        return [FIRST_CLOCK_MS + index * STEP_MS for index in range(len(ends))]
    latest = list(accumulate(filled(_put(_times_us(table, event_time, "event time"), order)), max))
    return [latest[end - 1] // 1000 for end in ends]


def _refuse_too_many(count: int, mend: str) -> None:
    if count > MAX_BATCHES:
        raise _Refused("batches", f"that makes {count:,} batches; at most {MAX_BATCHES:,} can be replayed", mend)


def _batches(rows: Rows, cuts: _Cuts) -> list[Batch]:
    rows = rows if isinstance(cuts.order, range) else rows.take(cuts.order)
    starts = [0, *cuts.ends[:-1]]
    return [
        Batch(clock_ms, rows[start:end] if start < end else NO_ROWS)
        for start, end, clock_ms in zip(starts, cuts.ends, cuts.clocks_ms, strict=True)
    ]
