"""Rows that go into a call and come out of it, and the call as Spark makes it. Lives here: those texts."""

from typing import Any, Final

import msgspec

from engine.model.columns import spelled
from engine.model.moments import micros_of, moment_of
from engine.model.schema import STRING, TIMESTAMP, Field, Schema, parse_ddl
from engine.model.trace import BatchRan, FunctionCalled, Trace
from engine.views.once import once_per_trace
from engine.views.words import cell_text, count_text, joined_text, moment_text, row_text, value_text, visible

_CALL_LIMIT: Final = 160
_CELL_LIMIT: Final = 60
_MAX_ROWS: Final = 8
_VALUES_READ: Final = 64


class Table(msgspec.Struct, frozen=True):
    """The first rows, cell by cell, and how many more there are."""

    names: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    more: int = 0


def call_as_made(trace: Trace, batch: BatchRan, call: FunctionCalled) -> str:
    """`updateState("hello", ["hello", "hello"], state)`; long lists are cut and say how much is left."""
    if trace.has_variables:
        return _method_as_made(trace, batch, call)
    key = call.key or ()
    is_tuple = trace.rows_as == "frames" or len(key) != 1
    key_argument = _tuple_text(key) if is_tuple else value_text(key[0], _CELL_LIMIT)
    return f"{_function_name(trace)}({key_argument}, {_rows_text(trace, batch, call)}, state)"


def _method_as_made(trace: Trace, batch: BatchRan, call: FunctionCalled) -> str:
    """The method of a processor: `handleInputRows(("a",), iter([…]), timerValues)`. Spark names what it gives a timer's."""
    key = _tuple_text(call.key or ())
    match call.reason:
        case "init":
            return "init(handle)"
        case "close":
            return "close()"
        case "timer":
            due = moment_text(call.timer_ms or 0, batch.processing_time_ms)
            return f"handleExpiredTimer(key={key}, timerValues=timerValues, expiredTimerInfo=<{due}>)"
        case "initial_state":
            return f"handleInitialState({key}, {_initial_text(trace, call)}, timerValues)"
        case _:
            return f"handleInputRows({key}, {_rows_text(trace, batch, call)}, timerValues)"


def _initial_text(trace: Trace, call: FunctionCalled) -> str:
    """What was there before the first batch: one frame of all its rows, or a row."""
    rows = trace.rows_of(call)
    if trace.rows_as == "frames":
        return f"<DataFrame of {count_text(len(rows), 'row')}>"
    return joined_text((row_text(row) for row in rows), len(rows), _CALL_LIMIT)


def _rows_text(trace: Trace, batch: BatchRan, call: FunctionCalled) -> str:
    """A list of values or rows, an iterator over them, or one of pandas frames."""
    if trace.rows_as == "frames":
        return _frames_text(call)
    records = _records(trace, batch, call.row_indexes[:_VALUES_READ])
    is_bare = not trace.has_variables  # a processor is given Rows, also of one column
    items = (value_text(*record.values()) if is_bare and len(record) == 1 else row_text(record) for record in records)
    values = f"[{joined_text(items, len(call.row_indexes), _CALL_LIMIT)}]"
    return f"iter({values})" if trace.rows_as == "iterator" else values


def _function_name(trace: Trace) -> str:
    return visible(trace.function_name or trace.scenario.api)


def _tuple_text(key: tuple[Any, ...]) -> str:
    cells = ", ".join(value_text(cell, _CELL_LIMIT) for cell in key)
    return f"({cells},)" if len(key) == 1 else f"({cells})"


def _frames_text(call: FunctionCalled) -> str:
    """An iterator of pandas frames, by their lengths; a call without rows is given one empty frame (SEMANTICS 1.23)."""
    lengths = call.chunks or [0]
    frames = (f"<DataFrame of {count_text(length, 'row')}>" for length in lengths)
    return f"iter([{joined_text(frames, len(lengths), _CALL_LIMIT)}])"


def _records(trace: Trace, batch: BatchRan, indexes: list[int]) -> list[dict[str, Any]]:
    """Rows of the batch as the function sees them: all columns, and times as times."""
    rows = trace.scenario.batches[batch.trigger].rows.take(indexes)
    columns = {
        field.name: [_time(value, batch) for value in rows.column(field.name)]
        if field.type == TIMESTAMP
        else rows.column(field.name)
        for field in _input_schema(trace)
    }
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


class _Time:
    """A moment that is written without quotes."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


def _time(value: Any, batch: BatchRan) -> Any:
    try:
        time_ms = micros_of(moment_of(value)) // 1000
    except (ValueError, OverflowError):
        return value
    return _Time(moment_text(time_ms, batch.processing_time_ms))


@once_per_trace
def _input_schema(trace: Trace) -> Schema:
    """The columns that the function sees; of the types only times matter here."""
    declared, watermark = trace.scenario.input_schema, trace.scenario.watermark
    if declared:
        return parse_ddl(declared)
    time_column = spelled(trace.scenario, watermark.column) if watermark else None
    return tuple(Field(name, TIMESTAMP if name == time_column else STRING) for name in trace.scenario.column_names)


def input_table(trace: Trace, batch: BatchRan, indexes: list[int]) -> Table:
    """Rows of the batch, by their indexes."""
    names = tuple(field.name for field in _input_schema(trace))
    rows = [list(record.values()) for record in _records(trace, batch, indexes[:_MAX_ROWS])]
    return rows_table(names, rows, len(indexes))


def rows_table(names: tuple[str, ...], rows: list[list[Any]], count: int) -> Table:
    """Rows may be shorter than the names: a column that came later is NULL in them."""
    shown = tuple(
        tuple(cell_text(row[i] if i < len(row) else None, _CELL_LIMIT) for i in range(len(names)))
        for row in rows[:_MAX_ROWS]
    )
    return Table(tuple(visible(name) for name in names), shown, count - len(shown)) if shown else Table()
