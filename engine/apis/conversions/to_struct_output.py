"""The frames that a StatefulProcessor gives out, each converted by itself, as Spark's worker does (SEMANTICS 5.63).

Lives here: which columns count, and columns of numbers and times, which pyarrow takes by their dtype. Columns of objects
and texts go the way of to_output.py.
"""

import datetime
import decimal
import math
from collections.abc import Callable
from typing import Any, Final

import pandas as pd

from engine.apis.conversions.arrow_values import EPOCH, MICROSECOND, Refused, is_null, micros
from engine.apis.conversions.to_output import OutputColumn
from engine.apis.spark_names.errors import PySparkValueError, advised
from engine.model.schema import DataType, Field, Schema

_INTEGER_BITS: Final = {"bigint": 64, "int": 32, "smallint": 16, "tinyint": 8}
_FLOATS: Final = ("double", "float")
_NESTED: Final = frozenset({"array", "map", "struct"})
#: What pyarrow calls the type of a numpy array, where it says that it cannot cast it.
_ARROW_NAMES: Final = {"float64": "double", "float32": "float", "datetime64": "timestamp[us]"}
_CASTS: Final = {"timestamp": "timestamp", "timestamp_ntz": "timestamp", "date": "date32", "decimal": "decimal128"}
_DIGITS: Final = {8: 19, 4: 10, 2: 5, 1: 3}

Cell = Callable[[Any], Any]


class FrameOutput:
    """Takes one frame after the other; each is checked and converted when it comes."""

    def __init__(self, schema: Schema) -> None:
        self.names = tuple(field.name for field in schema)
        self._fields = [_Field(field) for field in schema]
        #: Where the fields stand among the columns of the last frame.
        self._places: dict[tuple[Any, ...], list[int] | None] = {}

    def rows(self, frame: Any, key: tuple[Any, ...]) -> list[list[Any]]:
        """The rows of one yielded value as Spark would write them. Raises what Spark raises for it."""
        if not isinstance(frame, pd.DataFrame):
            kind = type(frame).__name__
            text = "Invalid return type. Please make sure that the UDF returns a pandas.DataFrame when the specified "
            advice = f"Yield a pandas.DataFrame, not a {kind}; a single frame is returned as [frame]"
            raise advised(PySparkValueError(f"{text}return type is StructType."), advice)
        labels = frame.columns.tolist()
        if not labels:
            return [[None] * len(self.names) for _ in range(len(frame))]
        arrays = self._arrays(frame, labels)
        cells = (field.cells(array, key) for field, array in zip(self._fields, arrays, strict=True))
        return [list(row) for row in zip(*cells, strict=True)]

    def _arrays(self, frame: pd.DataFrame, labels: list[Any]) -> list[Any]:
        """The column of each field as the frame keeps it: to make a Series of each costs more than all that follows."""
        known = tuple(labels)
        if known not in self._places:
            self._places = {known: self._places_in(labels)}
        places = self._places[known]
        if places is None:
            return self._as_pandas_finds(frame)
        # Pandas keeps this method for itself, but has no other one that makes no Series.
        column_at: Any = frame._get_column_array
        return [column_at(place) for place in places]

    def _places_in(self, labels: list[Any]) -> list[int] | None:
        """Where the fields stand: found by name, or by position where no column has a name that is a text. None when some
        field is not there, or some column twice."""
        if not any(isinstance(label, str) for label in labels):
            return list(range(len(self.names))) if len(labels) >= len(self.names) else None
        places = {label: place for place, label in enumerate(labels)}
        is_clear = len(places) == len(labels) and all(name in places for name in self.names)
        return [places[name] for name in self.names] if is_clear else None

    def _as_pandas_finds(self, frame: pd.DataFrame) -> list[Any]:
        """Pandas' own error, or what it makes of a name that stands twice."""
        if not any(isinstance(label, str) for label in frame.columns):
            return [frame.iloc[:, i] for i in range(len(self.names))]
        try:
            named = frame[list(self.names)]
        except KeyError as error:
            given = ", ".join(map(str, frame.columns))
            error.advice = f"The frame has {given}; the output schema names {', '.join(self.names)}"  # type: ignore[attr-defined]
            raise
        return [named.iloc[:, i] for i in range(len(self.names))]


class _Field:
    """One field of the output schema, with the ways in which columns of each dtype have been taken so far."""

    def __init__(self, field: Field) -> None:
        self._field = field
        self._column = OutputColumn(field.name, field.type)
        self._ways: dict[tuple[str, int], Cell] = {}

    def cells(self, array: Any, key: tuple[Any, ...]) -> list[Any]:
        """The cells of one column. Raises what Spark raises for the first that does not fit."""
        dtype = array.dtype
        if isinstance(dtype, pd.CategoricalDtype):
            array = array.astype(dtype.categories.dtype)
            dtype = array.dtype
        values: list[Any] = array.tolist()
        self._column.dtype = dtype
        if dtype.kind not in _BY_KIND or self._field.type.name in _NESTED:
            cells = list(self._column.taken(values, key))
            self._column.finish()
            return cells
        if not values and dtype.kind == "f" and self._field.type.name == "string":
            error = TypeError("Cannot convert pyarrow.lib.ChunkedArray to pyarrow.lib.Array")
            advice = f"The empty column '{self._field.name}' holds floats: yield no frame, or pd.DataFrame()"
            raise _advised(error, advice)
        return self._typed(values, dtype, key)

    def _typed(self, values: list[Any], dtype: Any, key: tuple[Any, ...]) -> list[Any]:
        """A column of numbers, truth values or times."""
        if dtype.kind == "i" and self._field.type.name == "bigint":
            return values  # no NULL is among them, and none is out of range
        way = self._ways.get((dtype.kind, dtype.itemsize))
        if way is None:
            way = self._ways[dtype.kind, dtype.itemsize] = _BY_KIND[dtype.kind](self._field.type, dtype)
        cells: list[Any] = []
        for value in values:
            try:
                cells.append(None if is_null(value) else way(value))
            except Refused as refused:
                raise self._column.error(refused, value, key) from None
        return cells


def _advised(error: TypeError, advice: str) -> TypeError:
    error.advice = advice  # type: ignore[attr-defined]
    return error


def _refuse(kind: Any, message: str = "", error_class: str = "") -> Cell:
    def refuse(value: Any) -> Any:
        raise Refused(kind, message, error_class)

    return refuse


def _no_cast(dtype: Any, type_: DataType) -> Cell:
    """Pyarrow's error for two types between which it knows no way."""
    name = str(dtype).partition("[")[0]
    target = _CASTS.get(type_.name, type_.name)
    target = {"bigint": "int64", "int": "int32", "boolean": "bool"}.get(target, target)
    function = {"bool": "boolean", "decimal128": "decimal"}.get(target, target)
    message = f"Unsupported cast from {_ARROW_NAMES.get(name, name)} to {target} using function cast_{function}"
    return _refuse("raw", message, "ArrowNotImplementedError")


def _in_range(bits: int) -> Cell:
    limit = 1 << (bits - 1)

    def in_range(value: Any) -> int:
        number = int(value)
        if number != value or not -limit <= number < limit:
            raise Refused("invalid")
        return number

    return in_range


def _finite_whole(bits: int) -> Cell:
    in_range = _in_range(bits)
    return lambda value: in_range(value) if math.isfinite(value) else _refuse("invalid")(value)


def _decimal(type_: DataType) -> Cell:
    quantum = decimal.Decimal(1).scaleb(-type_.scale)
    limit = decimal.Decimal(10) ** (type_.precision - type_.scale)

    def to_decimal(value: Any) -> decimal.Decimal:
        with decimal.localcontext(prec=80):
            number = decimal.Decimal(repr(value)).quantize(quantum)
        if abs(number) >= limit:
            raise Refused("invalid")
        return number

    return to_decimal


def _of_integers(type_: DataType, dtype: Any) -> Cell:
    if type_.name in _INTEGER_BITS:
        return _in_range(_INTEGER_BITS[type_.name])
    if type_.name in _FLOATS:
        return float
    if type_.name == "decimal":
        fits = type_.precision - type_.scale >= _DIGITS[dtype.itemsize]
        return _decimal(type_) if fits else _refuse("invalid")
    if type_.name in ("timestamp", "timestamp_ntz") and dtype.itemsize == 8:
        return lambda value: EPOCH + value * MICROSECOND
    if type_.name == "date" and dtype.itemsize == 4:
        return lambda value: EPOCH.date() + datetime.timedelta(days=value)
    return _of_others(type_, dtype)


def _of_floats(type_: DataType, dtype: Any) -> Cell:
    if type_.name in _INTEGER_BITS:
        return _finite_whole(_INTEGER_BITS[type_.name])
    if type_.name in _FLOATS:
        return float
    return _decimal(type_) if type_.name == "decimal" else _of_others(type_, dtype)


def _of_booleans(type_: DataType, dtype: Any) -> Cell:
    if type_.name in _INTEGER_BITS:
        return int
    return float if type_.name in _FLOATS else _of_others(type_, dtype)


def _of_times(type_: DataType, dtype: Any) -> Cell:
    if type_.name in ("timestamp", "timestamp_ntz"):
        return lambda value: EPOCH + micros(value) * MICROSECOND
    if type_.name == "date":
        return lambda value: (EPOCH + micros(value) * MICROSECOND).date()
    if type_.name == "bigint":
        return micros
    return _refuse("type") if type_.name in ("string", "binary") else _no_cast(dtype, type_)


def _of_others(type_: DataType, dtype: Any) -> Cell:
    """What is common to numbers and truth values: a truth value of them, and no text."""
    if type_.name == "boolean":
        return bool
    return _refuse("type") if type_.name in ("string", "binary") else _no_cast(dtype, type_)


_BY_KIND: Final[dict[str, Callable[[DataType, Any], Cell]]] = {
    "i": _of_integers,
    "u": _of_integers,
    "f": _of_floats,
    "b": _of_booleans,
    "M": _of_times,
}
