"""The rows of a partition as the frames and keys that Spark's worker gives (SEMANTICS 1.20 to 1.23). Lives here: only that.

One sorted frame holds all rows of the partition; each chunk is a slice of it. What depends on a chunk's own values, such
as whether whole numbers with a NULL are floats, is put into that chunk alone.
"""

import datetime
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Final

import msgspec
import numpy as np
import pandas as pd

from engine.model.key_cells import cell_maker, value_of
from engine.model.moments import micros_of
from engine.model.schema import DataType, Schema
from engine.replay.intake import TypedRows
from engine.replay.operator import Group

_INTEGERS: Final = {"bigint": np.int64, "int": np.int32, "smallint": np.int16, "tinyint": np.int8}
_FLOATS: Final = {"double": np.float64, "float": np.float32}
_TIMES: Final = ("timestamp", "timestamp_ntz")
#: Arrays of these are numpy arrays of the kind, as long as no NULL is in one of the chunk.
_KIND_OF_ARRAY: Final[dict[str, Any]] = {**_INTEGERS, "boolean": bool}
#: pandas' own text type, which pyspark's columns have with pandas 3; stored as Python strings, as without pyarrow.
_TEXT: Final = pd.StringDtype("python", na_value=np.nan)
_NANOSECONDS: Final = "datetime64[ns]"
_FIRST_NANOSECOND: Final = pd.Timestamp.min.to_pydatetime(warn=False)
_LAST_NANOSECOND: Final = pd.Timestamp.max.to_pydatetime(warn=False)

Span = tuple[int, int]
Key = tuple[Any, ...]


class OutOfBounds(ValueError):
    """A timestamp that nanoseconds cannot count; PySpark's worker fails with pyarrow's error."""

    spark_class = "ArrowInvalid"


# Chunks


def chunk_spans(groups: list[Group], max_records: int) -> list[list[Span]]:
    """For each group the (start, stop) of its chunks, in rows of the partition sorted by group.

    Arrow batches of at most `max_records` rows are shared by the keys, so a key's first chunk fills up the batch that
    the key before began (ApplyInPandasWithStateWriter, SEMANTICS 1.21).
    """
    spans, start, in_batch = [], 0, 0
    for group in groups:
        left, mine = len(group.row_indexes), []
        while left:
            in_batch = 0 if in_batch >= max_records else in_batch
            taken = min(left, max_records - in_batch)
            mine.append((start, start + taken))
            start, left, in_batch = start + taken, left - taken, in_batch + taken
        spans.append(mine)
    return spans


# Frames


class Column(msgspec.Struct):
    """One column of a partition: `whole` serves every chunk but those with a NULL, which take their part of `with_nulls`.

    `null_rows` are the rows with a NULL where that changes the type, `bad_rows` those whose time, `bad_micros`, cannot be had
    at all. With `all_null`, a missing value, only a chunk of nothing but NULLs is another: that value, of its type.
    """

    name: str
    whole: Any
    with_nulls: Any = None
    null_rows: list[int] = []
    bad_rows: list[int] = []
    bad_micros: list[int] = []
    all_null: Any = None

    def instead(self, start: int, stop: int) -> Any:
        """What a chunk has in place of its part of `whole`, None when nothing."""
        first = bisect_left(self.null_rows, start)
        if first == len(self.null_rows) or self.null_rows[first] >= stop:
            return None
        if self.all_null is None:
            return self.with_nulls[start:stop]
        is_all_null = bisect_left(self.null_rows, stop) - first == stop - start
        return np.full(stop - start, self.all_null) if is_all_null else None


def partition_frames(rows: TypedRows, groups: list[Group]) -> "PartitionFrames":
    """The frame of one partition, its rows in the order of the groups."""
    order = [index for group in groups for index in group.row_indexes]
    columns = [
        partition_column(field.name, field.type, [values[i] for i in order])
        for field, values in zip(rows.schema, rows.columns, strict=True)
    ]
    return PartitionFrames(columns)


class PartitionFrames:
    """The frame of one partition, and its slices."""

    def __init__(self, columns: list[Column]) -> None:
        self._frame = pd.DataFrame({column.name: column.whole for column in columns}, copy=False)
        self._varying = [column for column in columns if column.null_rows]
        self._bad = [column for column in columns if column.bad_rows]

    def chunks(self, spans: list[Span]) -> Iterator[pd.DataFrame]:
        """The frames of one call, made one by one as the function asks for them."""
        return (self._chunk(start, stop) for start, stop in spans)

    def demand_first(self, spans: list[Span]) -> None:
        """Spark reads the first chunk before it calls the function: raise OutOfBounds where that fails."""
        if self._bad and spans:
            self._demand(*spans[0])

    def _chunk(self, start: int, stop: int) -> pd.DataFrame:
        if self._bad:
            self._demand(start, stop)
        chunk = self._frame.iloc[start:stop]
        chunk.index = _range_index(stop - start)[:]  # an index of its own: the function may name it
        for column in self._varying:
            instead = column.instead(start, stop)
            if instead is not None:
                chunk[column.name] = instead
        return chunk

    def _demand(self, start: int, stop: int) -> None:
        for column in self._bad:
            position = bisect_left(column.bad_rows, start)
            if position < len(column.bad_rows) and column.bad_rows[position] < stop:
                raise OutOfBounds(
                    "Casting from timestamp[us] to timestamp[ns] would result in out of bounds timestamp: "
                    f"{column.bad_micros[position]}"
                )


@lru_cache(maxsize=1024)
def _range_index(length: int) -> pd.RangeIndex:
    return pd.RangeIndex(length)


def empty_frame(schema: Schema) -> pd.DataFrame:
    """What a timed-out call gets: every column, of objects, and no row (SEMANTICS 1.23)."""
    return pd.DataFrame(columns=[field.name for field in schema])


def partition_column(name: str, type_: DataType, values: list[Any]) -> Column:
    """One column of a partition as pyspark's worker has it in pandas."""
    null_rows = [row for row, value in enumerate(values) if value is None] if None in values else []
    if type_.name in _INTEGERS:
        return _integers(name, _INTEGERS[type_.name], values, null_rows)
    if type_.name == "boolean":
        filled = np.array([bool(value) for value in values], dtype=bool)
        return Column(name, filled, _objects(values) if null_rows else None, null_rows)
    if type_.name in _FLOATS:
        return Column(name, np.array(values, dtype=_FLOATS[type_.name]))
    if type_.name == "string":
        return Column(name, pd.array([np.nan if value is None else value for value in values], dtype=_TEXT))
    if type_.name in ("timestamp", "timestamp_ntz"):
        return _timestamps(name, values)
    return _nested(name, type_, values)


def _nested(name: str, type_: DataType, values: list[Any]) -> Column:
    """Arrays, maps, structs. A NULL in one array of whole numbers makes all arrays of its chunk arrays of objects."""
    has_null = _null_finder(type_)
    null_rows = [row for row, value in enumerate(values) if value is not None and has_null(value)]
    whole = _objects(_converted(values, nested_value(type_)))
    with_nulls = _objects(_converted(values, nested_value(type_, of_objects=True))) if null_rows else None
    return Column(name, whole, with_nulls, null_rows)


def _converted(values: list[Any], convert: Callable[[Any], Any]) -> list[Any]:
    return [None if value is None else convert(value) for value in values]


def _null_finder(type_: DataType) -> Callable[[Any], bool]:
    """Whether a value holds an array of whole numbers or booleans with a NULL in it."""
    if type_.name == "array" and type_.element:
        if type_.element.name in _KIND_OF_ARRAY:
            return lambda value: None in value
        inner = _null_finder(type_.element)
        return lambda value: any(item is not None and inner(item) for item in value)
    if type_.name == "map" and type_.element:
        inner = _null_finder(type_.element)
        return lambda value: any(item is not None and inner(item) for item in value.values())
    finders = [(field.name, _null_finder(field.type)) for field in type_.fields]
    return lambda value: any(value.get(name) is not None and has_null(value[name]) for name, has_null in finders)


def _integers(name: str, kind: Any, values: list[Any], null_rows: list[int]) -> Column:
    """Whole numbers; in a chunk with a NULL they are floats with NaN (SEMANTICS 1.22)."""
    if not null_rows:
        return Column(name, np.array(values, dtype=kind))
    filled = np.array([0 if value is None else value for value in values], dtype=kind)
    with_nulls = filled.astype(np.float64)
    with_nulls[null_rows] = np.nan
    return Column(name, filled, with_nulls, null_rows)


def _timestamps(name: str, values: list[Any]) -> Column:
    bad_rows = [row for row, time in enumerate(values) if time is not None and _is_out_of_bounds(time)]
    bad_micros = [micros_of(values[row]) for row in bad_rows]
    for row in bad_rows:
        values[row] = None
    whole = np.array(values, dtype="datetime64[us]").astype(_NANOSECONDS)
    return Column(name, whole, bad_rows=bad_rows, bad_micros=bad_micros)


def _is_out_of_bounds(time: datetime.datetime) -> bool:
    return not _FIRST_NANOSECOND <= time <= _LAST_NANOSECOND


def _objects(values: list[Any]) -> Any:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


# Values inside arrays, maps and structs


def nested_value(type_: DataType, of_objects: bool = False) -> Callable[[Any], Any]:
    """How one value of the type stands in a cell: an array as a numpy array, a struct and a map as a dict.

    `of_objects`: arrays of whole numbers and booleans hold Python objects, as they do beside a NULL.
    """
    if type_.name == "array" and type_.element:
        return _array_maker(type_.element, of_objects)
    if type_.name == "map" and type_.key and type_.element:
        key, item = _part(type_.key, of_objects), _part(type_.element, of_objects)
        return lambda value: {key(k): item(v) for k, v in value.items()}
    if type_.name == "struct":
        parts = [(field.name, _part(field.type, of_objects)) for field in type_.fields]
        return lambda value: {name: part(value.get(name)) for name, part in parts}
    return lambda value: value


def _part(type_: DataType, of_objects: bool) -> Callable[[Any], Any]:
    """A value inside a cell: a NULL is None, a timestamp is pandas'."""
    if type_.name in _TIMES:
        return lambda value: None if value is None else pd.Timestamp(value).as_unit("ns")
    if type_.name == "array" and type_.element and type_.element.name in _TIMES:
        time = _part(type_.element, of_objects)  # here its NULLs are None; in an array that is a cell itself, NaT
        return lambda items: None if items is None else np.array([time(item) for item in items])
    convert = nested_value(type_, of_objects)
    return lambda value: None if value is None else convert(value)


def _array_maker(element: DataType, of_objects: bool) -> Callable[[list[Any]], Any]:
    if element.name in _FLOATS:
        return lambda items: np.array(items, dtype=_FLOATS[element.name])
    if element.name in _TIMES:
        return lambda items: np.array([pd.NaT if item is None else pd.Timestamp(item).as_unit("ns") for item in items])
    if element.name in _KIND_OF_ARRAY and not of_objects:
        kind: Any = _KIND_OF_ARRAY[element.name]
        return lambda items: _objects(items) if None in items else np.array(items, dtype=kind)
    convert = _part(element, of_objects)
    if element.name in ("struct", "map"):  # pyspark makes such arrays anew: an empty one holds floats
        return lambda items: np.array([convert(item) for item in items])
    return lambda items: _objects([convert(item) for item in items])


# Keys


def key_converters(key_types: list[DataType]) -> list[Callable[[Any], Any]]:
    """How each key column's value is handed to the function: a numpy scalar for numbers, NaN for their NULL (1.20)."""
    return [_key_converter(type_) for type_ in key_types]


def _key_converter(type_: DataType) -> Callable[[Any], Any]:
    if type_.name in _INTEGERS:
        kind: Any = _INTEGERS[type_.name]
        return lambda value: np.float64("nan") if value is None else kind(value)
    if type_.name in _FLOATS:
        number: Any = _FLOATS[type_.name]
        return lambda value: number("nan") if value is None else number(value)
    if type_.name == "string":
        return lambda value: float("nan") if value is None else value
    if type_.name == "boolean":
        return lambda value: None if value is None else np.bool_(value)
    if type_.name in ("timestamp", "timestamp_ntz"):
        return lambda value: pd.NaT if value is None else pd.Timestamp(value).as_unit("ns")
    return cell_converter(type_) or (lambda value: value)


def cell_converter(type_: DataType) -> Callable[[Any], Any] | None:
    """A cell of a key as it stands in the frame of the key's rows: all have the same, so the same NULLs. None for a plain one."""
    if cell_maker(type_) is None:
        return None
    whole, of_objects, has_null = nested_value(type_), nested_value(type_, of_objects=True), _null_finder(type_)

    def convert(cell: Any) -> Any:
        value = value_of(cell)
        return None if value is None else of_objects(value) if has_null(value) else whole(value)

    return convert
