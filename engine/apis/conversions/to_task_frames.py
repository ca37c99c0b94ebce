"""The rows of a partition as the frames and keys that a StatefulProcessor is given in pandas (SEMANTICS 5.3, 5.4).

Spark's worker takes the rows of an Arrow batch out of pandas one by one, groups them by their key in Python, and makes new
frames of them. Lives here: what that does to types, names and keys. The slices themselves are to_pandas.py's.
"""

import itertools
from collections import namedtuple
from collections.abc import Iterator
from typing import Any, Final

import msgspec
import numpy as np
import pandas as pd

from engine.apis.conversions.to_pandas import Column, PartitionFrames, partition_column
from engine.model.key_cells import holds_nan, with_nan
from engine.model.key_fields import last_name
from engine.model.schema import DataType
from engine.replay.intake import TypedRows, cell_columns
from engine.replay.operator import Group

_INTEGERS: Final = frozenset({"bigint", "int", "smallint", "tinyint"})
_FLOATS: Final = frozenset({"double", "float"})
_TIMES: Final = frozenset({"timestamp", "timestamp_ntz"})
#: What a column of nothing but NULLs holds when a frame is made of its rows: pandas cannot tell what it was.
_ALL_NULL: Final = {
    "string": np.float64("nan"),
    "timestamp": np.datetime64("NaT", "s"),
    "timestamp_ntz": np.datetime64("NaT", "s"),
}
_NAN: Final = float("nan")

Key = tuple[Any, ...]
Span = tuple[int, int]


class KeyedRows(msgspec.Struct, frozen=True):
    """Rows that follow one another with what Python takes for the same key: one call."""

    key: Key
    group: Group
    start: int
    stop: int


def given_names(rows: TypedRows) -> tuple[str, ...]:
    """The columns of the frames: a name that Python cannot have as an attribute, or that stands before, is replaced by its
    place. Spark's worker has the fields by which the rows are grouped in front, and leaves them out afterwards."""
    names = [last_name(field.name) for field in rows.schema[: rows.field_count]]
    names += [field.name for field in rows.own_schema]
    given: tuple[str, ...] = namedtuple("Pandas", names, rename=True)._fields  # type: ignore[attr-defined]
    return given[rows.field_count :]


def keyed_rows(rows: TypedRows, groups: list[Group], key_indexes: tuple[int, ...], max_records: int) -> list[KeyedRows]:
    """The calls that Python makes of the groups: NULLs in a key column change its values; they and NaNs split their group."""
    if not _changes_keys(rows, groups, key_indexes):
        return list(_as_grouped(groups))
    keys = _python_keys(rows, groups, key_indexes, max_records)
    owned = [(group, index) for group in groups for index in group.row_indexes]
    calls, start = [], 0
    for key, members in itertools.groupby(keys):
        stop = start + sum(1 for _ in members)
        group = Group(owned[start][0].key, [index for _, index in owned[start:stop]])
        calls.append(KeyedRows(key, group, start, stop))
        start = stop
    return calls


def _as_grouped(groups: list[Group]) -> Iterator[KeyedRows]:
    start = 0
    for group in groups:
        stop = start + len(group.row_indexes)
        yield KeyedRows(group.key, group, start, stop)
        start = stop


def _changes_keys(rows: TypedRows, groups: list[Group], key_indexes: tuple[int, ...]) -> bool:
    """A NULL changes how the keys of its Arrow batch are handed over, a NaN is no key that Python finds again, and a time is
    handed over as pandas'."""
    return any(cell is None or holds_nan(cell) for group in groups for cell in group.key or ()) or any(
        rows.schema[index].type.name in _TIMES for index in key_indexes
    )


def _python_keys(rows: TypedRows, groups: list[Group], key_indexes: tuple[int, ...], max_records: int) -> Iterator[Key]:
    order = [index for group in groups for index in group.row_indexes]
    columns_of_key = cell_columns(rows, key_indexes)
    for first in range(0, len(order), max_records):
        batch = order[first : first + max_records]
        columns = (
            _python_values(rows.schema[index].type, [column[row] for row in batch])
            for index, column in zip(key_indexes, columns_of_key, strict=True)
        )
        yield from zip(*columns, strict=True)


def _python_values(type_: DataType, values: list[Any]) -> list[Any]:
    """A key column of one Arrow batch, taken out of pandas: each NaN of numbers is an object of its own, so no two of
    them are equal; that of texts is one and the same."""
    if type_.name in _INTEGERS and None in values:
        return [float("nan") if value is None else float(value) for value in values]
    if type_.name in _FLOATS:
        return [float("nan") if value is None or holds_nan(value) else value for value in values]
    if type_.name == "string":
        return [_NAN if value is None else value for value in values]
    if type_.name in _TIMES:
        return [pd.NaT if value is None else pd.Timestamp(value).as_unit("ns") for value in values]
    return [with_nan(value, lambda: float("nan")) for value in values] if type_.holds(_FLOATS) else values


def task_frames(rows: TypedRows, groups: list[Group], max_records: int) -> PartitionFrames:
    """The frames of one partition; every chunk of a call has an index of its own."""
    order = [index for group in groups for index in group.row_indexes]
    names = given_names(rows)
    columns = [
        _column(name, field.type, [values[i] for i in order], max_records)
        for name, field, values in zip(names, rows.own_schema, rows.own_columns, strict=True)
    ]
    return PartitionFrames(columns)


def spans_of(start: int, stop: int, max_records: int) -> list[Span]:
    """The chunks of one call: at most so many rows each, not shared with other keys (SEMANTICS 5.3)."""
    return [(first, min(first + max_records, stop)) for first in range(start, stop, max_records)]


def _column(name: str, type_: DataType, values: list[Any], max_records: int) -> Column:
    if type_.name in _INTEGERS:
        return _integers(name, values, max_records)
    if type_.name in _FLOATS:
        return Column(name, np.array(values, dtype=np.float64))
    column = partition_column(name, type_, values)
    if type_.name in _ALL_NULL:
        column.null_rows = _null_rows(values)
        column.all_null = _ALL_NULL[type_.name]
    if type_.name in ("array", "map", "struct") and column.null_rows:  # one NULL inside changes the whole Arrow batch
        column.null_rows = _rows_of_batches(column.null_rows, len(values), max_records)
    return column


def _null_rows(values: list[Any]) -> list[int]:
    return [row for row, value in enumerate(values) if value is None] if None in values else []


def _rows_of_batches(null_rows: list[int], count: int, max_records: int) -> list[int]:
    """All rows of the Arrow batches that these rows are in."""
    batches = sorted({row // max_records for row in null_rows})
    return [row for batch in batches for row in range(batch * max_records, min((batch + 1) * max_records, count))]


def _integers(name: str, values: list[Any], max_records: int) -> Column:
    """Whole numbers; in an Arrow batch with a NULL all are floats."""
    null_rows = _null_rows(values)
    if not null_rows:
        return Column(name, np.array(values, dtype=np.int64))
    whole = np.array([0 if value is None else value for value in values], dtype=np.int64)
    with_nulls = whole.astype(np.float64)
    with_nulls[null_rows] = np.nan
    return Column(name, whole, with_nulls, _rows_of_batches(null_rows, len(values), max_records))
