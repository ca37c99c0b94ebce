"""The frames that a StatefulProcessor gives out, each converted by itself, as Spark's worker does (SEMANTICS 5.63).

Lives here: which columns count, and which way each goes: columns of numbers and times that of typed_columns.py, texts for
another type that of text_casts.py, all others that of to_output.py.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pandas as pd

from engine.apis.advice import advised
from engine.apis.conversions.arrow_values import Refused, is_null
from engine.apis.conversions.frame_columns import column_array
from engine.apis.conversions.text_casts import text_cast
from engine.apis.conversions.to_output import OutputColumn
from engine.apis.conversions.typed_columns import typed_cast, unit_of
from engine.apis.spark_names.errors import PySparkValueError
from engine.model.schema import Field, Schema

_NESTED: Final = frozenset({"array", "map", "struct"})

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
        """The column of each field as the frame keeps it."""
        known = tuple(labels)
        if known not in self._places:
            self._places = {known: self._places_in(labels)}
        places = self._places[known]
        if places is None:
            return self._as_pandas_finds(frame)
        return [column_array(frame, place) for place in places]

    def _places_in(self, labels: list[Any]) -> list[int] | None:
        """Where the fields stand: found by name, or by position where no column has a name that is a text. None when some
        field is not there, or some column twice."""
        if not any(isinstance(label, str) for label in labels):
            return list(range(len(self.names))) if len(labels) >= len(self.names) else None
        places = {label: place for place, label in enumerate(labels)}
        is_clear = len(places) == len(labels) and all(name in places for name in self.names)
        return [places[name] for name in self.names] if is_clear else None

    def _as_pandas_finds(self, frame: pd.DataFrame) -> list[Any]:
        """Pandas' own error, or what it makes of a name that appears twice."""
        if not any(isinstance(label, str) for label in frame.columns):
            return [frame.iloc[:, i] for i in range(len(self.names))]
        try:
            named = frame[list(self.names)]
        except KeyError as error:
            given = ", ".join(map(str, frame.columns))
            advised(error, f"The frame has {given}; the output schema names {', '.join(self.names)}")
            raise
        return [named.iloc[:, i] for i in range(len(self.names))]


class _Field:
    """One field of the output schema, with the ways in which columns of each dtype have been taken so far; texts have one way."""

    def __init__(self, field: Field) -> None:
        self._field = field
        self._column = OutputColumn(field.name, field.type, keeps_nulls=True)
        self._is_nested = field.type.name in _NESTED
        self._of_texts = text_cast(field.type)
        self._known: dict[Any, tuple[Any, Cell | None]] = {}

    def cells(self, array: Any, key: tuple[Any, ...]) -> list[Any]:
        """The cells of one column. Raises what Spark raises for the first that does not fit."""
        dtype = array.dtype
        if isinstance(dtype, pd.CategoricalDtype):
            array = array.astype(dtype.categories.dtype)
            dtype = array.dtype
        values: list[Any] = array.tolist()
        self._column.dtype, way = self._seen_and_way(dtype)
        if way is None:
            cells = list(self._column.taken(values, key))
            self._column.finish()
            return cells
        if dtype.kind == "f" and self._field.type.name == "string" and all(map(is_null, values)):
            raise self._no_floats_for_texts(dtype, key)
        if dtype.kind == "i" and self._field.type.name == "bigint" and isinstance(dtype, np.dtype):
            return values  # no NULL is among them, and none is out of range
        return self._typed(values, way, key)

    def _seen_and_way(self, dtype: Any) -> tuple[Any, Cell | None]:
        """The dtype that pyarrow sees, and the way of its values: None where pyarrow looks at each of them by itself."""
        if self._is_nested:
            return "object", None  # PySpark walks nested values before
        if isinstance(dtype, pd.StringDtype):  # each frame has one of its own, and to look that up is slow
            return dtype, self._of_texts
        return self._known.get(dtype) or self._learned(dtype)

    def _learned(self, dtype: Any) -> tuple[Any, Cell | None]:
        seen, way = dtype, typed_cast(self._field.type, dtype)
        if dtype.kind == "M" and self._field.type.name == "timestamp":
            seen = f"datetime64[{unit_of(dtype)}, UTC]"  # PySpark gives times their zone before
        self._known[dtype] = seen, way
        return seen, way

    def _no_floats_for_texts(self, dtype: Any, key: tuple[Any, ...]) -> Exception:
        """Of a column of floats without a value, or without a row, pyarrow makes texts in pieces, which kill Spark's worker;
        pandas' own floats it refuses as it does with values."""
        if not isinstance(dtype, np.dtype):
            return self._column.error(Refused("type"), None, key)
        error = TypeError("Cannot convert pyarrow.lib.ChunkedArray to pyarrow.lib.Array")
        advice = f"The column '{self._field.name}' holds floats and no value: write None for NaN; without rows yield no frame"
        return advised(error, advice)

    def _typed(self, values: list[Any], way: Cell, key: tuple[Any, ...]) -> list[Any]:
        """A column of numbers, truth values or times."""
        cells: list[Any] = []
        for value in values:
            try:
                cells.append(None if is_null(value) else way(value))
            except Refused as refused:
                raise self._column.error(refused, value, key) from None
        return cells
