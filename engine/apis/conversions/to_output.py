"""The frames that the function gives out, checked against the output schema as Spark's worker does (SEMANTICS 4).

Lives here: the check of each frame, its rows as Spark would write them, and the one check of all frames of a phase.
Spark joins the frames of all calls before it converts them, so one call's wrong value is told when all calls are over.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import pandas as pd

from engine.apis.advice import advised
from engine.apis.conversions.arrow_cells import arrow_type
from engine.apis.conversions.arrow_values import ArrowType, Refused, is_null, kind_of
from engine.apis.conversions.frame_columns import cells_of, column_array
from engine.apis.spark_names.errors import PySparkRuntimeError, PySparkTypeError, PySparkValueError
from engine.model.schema import DataType, Schema

#: Beside values of one kind, these fit too when pyarrow guesses a type.
_ALSO_FIT: Final = {
    "whole": ("number", "decimal"),
    "number": ("whole",),
    "decimal": ("whole",),
    "time": ("whole", "number", "decimal"),
}
_INVALID_FIRST: Final = frozenset({"number", "truth", "other"})
_INVALID_PAIRS: Final = frozenset(("whole", kind) for kind in ("text", "time", "other"))
#: The one Python type whose values most columns hold, taken as they are; whole numbers in range besides.
_PLAIN_TYPES: Final[dict[str, type]] = {"string": str, "boolean": bool, "bigint": int}
_BIGINT_LIMIT: Final = 1 << 63
#: PySpark walks values of these before pyarrow sees them: a NaN, where a list is due, is no NULL but an error.
_NESTED: Final = frozenset({"array", "map", "struct"})
_WALKING: Final = frozenset({"TypeError", "AttributeError"})

_TWO_LEVELS: Final = (
    "Can only union MultiIndex with MultiIndex or Index of tuples, try mi.to_flat_index().union(other) instead."
)
_ONE_LEVEL: Final = (
    "The columns of a frame have names of two levels, as agg with several functions makes them: rename them"
)


def _is_none(value: Any) -> bool:
    return value is None


class OutputRefused(Exception):
    """PySpark lets an error of the conversion through as it is; `error_class` names it, `advice` is our sentence."""

    def __init__(self, error_class: str, message: str, advice: str) -> None:
        super().__init__(message)
        self.error_class = self.spark_class = error_class
        self.advice = advice


def demand_frames(returned: Any) -> Iterable[Any]:
    """What the function returned, if it can be iterated over for frames. Raises PySparkTypeError (SEMANTICS 4.1, 4.2)."""
    if isinstance(returned, pd.DataFrame):
        error = _wrong_return("iterable of pandas.DataFrame", "DataFrame")
        raise advised(error, "Yield the frame, or return it in a list: return [frame]")
    try:
        iter(returned)
    except TypeError:
        error = _wrong_return("iterable", type(returned).__name__)
        raise advised(error, "Yield frames, or return them in a list; for no rows: return []") from None
    return returned  # type: ignore[no-any-return]


def _wrong_return(expected: str, actual: str) -> PySparkTypeError:
    return PySparkTypeError(errorClass="UDF_RETURN_TYPE", messageParameters={"expected": expected, "actual": actual})


class OutputSchema:
    """Takes the frames of every call, and knows at the end of a phase whether Spark could convert them together."""

    def __init__(self, schema: Schema) -> None:
        self.names = tuple(field.name for field in schema)
        self._columns = [OutputColumn(field.name, field.type) for field in schema]
        self._refusal: OutputRefused | None = None
        #: Rows taken since the last `finish`.
        self.count = 0
        self._declared = frozenset(self.names)
        self._given_instead: list[str] = []

    def verify(self, frame: Any) -> None:
        """PySpark's check of one yielded value, made at once. Raises PySparkTypeError, PySparkRuntimeError (4.2, 4.3)."""
        if not isinstance(frame, pd.DataFrame):
            kind = type(frame).__name__
            error = _wrong_return("iterator of pandas.DataFrame", f"iterator of {kind}")
            raise advised(error, f"Each yielded value must be a pandas.DataFrame, not a {kind}")
        actual = len(frame.columns)
        if actual not in (len(self.names), 0):  # a frame without columns is empty to pandas, whatever its length
            parameters = {"expected": str(len(self.names)), "actual": str(actual)}
            mismatch = PySparkRuntimeError(errorClass="RESULT_COLUMN_SCHEMA_MISMATCH", messageParameters=parameters)
            given = ", ".join(map(str, frame.columns)) or "no columns"
            raise advised(mismatch, f"The frame has {given}; the output schema names {', '.join(self.names)}")

    def rows(self, frames: list[pd.DataFrame], key: tuple[Any, ...]) -> list[list[Any]]:
        """The rows of one call's frames, as Spark would write them; columns are found by name (SEMANTICS 4.4)."""
        rows: list[list[Any]] = []
        for frame in frames:
            if len(frame):
                is_first = not (self.count or rows)  # the others are joined to it
                if is_first and isinstance(frame.columns, pd.MultiIndex):
                    self._refusal = OutputRefused("NotImplementedError", _TWO_LEVELS, _ONE_LEVEL)
                rows += self._rows_of(frame, key)
        self.count += len(rows)
        return rows

    def take_given_instead(self) -> list[str]:
        """The columns of the first frame since the last time in which a declared one is missing; empty when none is."""
        given, self._given_instead = self._given_instead, []
        return given

    def _rows_of(self, frame: pd.DataFrame, key: tuple[Any, ...]) -> list[list[Any]]:
        labels = frame.columns.tolist()
        places = {label: place for place, label in enumerate(labels)}
        if len(places) < len(labels):
            text = "Reindexing only valid with uniquely valued Index objects"
            advice = f"A column name appears twice in a frame with {', '.join(map(str, labels))}"
            self._refusal = self._refusal or OutputRefused("InvalidIndexError", text, advice)
        if not self._given_instead and not self._declared.issubset(places):
            self._given_instead = [str(label) for label in labels]
        columns = [column.taken(_cells_at(places.get(column.name), frame), key) for column in self._columns]
        return [list(row) for row in zip(*columns, strict=True)]

    def finish(self) -> None:
        """All calls of the phase are over: raise what Spark raises for the joined frames, and begin anew."""
        columns, refusal, self._refusal, self.count = self._columns, self._refusal, None, 0
        if refusal is not None:
            raise refusal
        for column in columns:
            column.finish()


def _cells_at(place: int | None, frame: pd.DataFrame) -> Sequence[Any]:
    """The cells of one column, NULLs where the frame has none of its name."""
    return (None,) * len(frame) if place is None else cells_of(column_array(frame, place))


class OutputColumn:
    """One field of the output schema, and what the calls of a phase gave for it; `dtype` is that of the given column."""

    def __init__(self, name: str, type_: DataType, dtype: Any = "object", keeps_nulls: bool = False) -> None:
        self.name = name
        self.dtype = dtype
        self._type = type_
        self._arrow: ArrowType = arrow_type(type_, keeps_nulls)
        self._is_null = _is_none if type_.name in _NESTED else is_null
        self._plain = _PLAIN_TYPES.get(type_.name)
        self._taken: list[Sequence[Any]] = []
        self._odd: tuple[Any, tuple[Any, ...]] | None = None

    def taken(self, values: Sequence[Any], key: tuple[Any, ...]) -> Sequence[Any]:
        """The cells of one frame. A value that does not fit is shown as it is until `finish` tells."""
        self._taken.append(values)
        plain = self._plain
        if plain is int:
            if all(type(value) is int and -_BIGINT_LIMIT <= value < _BIGINT_LIMIT for value in values):
                return values
        elif plain is not None and all(type(value) is plain for value in values):
            return values
        return [self._cell(value, key) for value in values]

    def _cell(self, value: Any, key: tuple[Any, ...]) -> Any:
        if self._is_null(value):
            return None
        try:
            return self._arrow.accept(value)
        except Refused as refused:
            self._odd = self._odd or (value, key)
            return self._cast_or_as_it_is(value) if refused.kind == "invalid" else value

    def _cast_or_as_it_is(self, value: Any) -> Any:
        try:
            return self._arrow.cast(value)
        except Refused:
            return value

    def finish(self) -> None:
        """Raises what the conversion of the whole column raises; nothing when every value was taken at once."""
        taken, odd, self._taken, self._odd = self._taken, self._odd, [], None
        if odd is None:
            return
        values = [value for part in taken for value in part if not self._is_null(value)]
        try:
            self._convert(values)
        except Refused as refused:
            raise self.error(refused, *odd) from None

    def _convert(self, values: list[Any]) -> None:
        """pa.Array.from_pandas with the type; where that is invalid, without it, then cast (PandasToArrowConversion)."""
        refusals = [refused for refused in map(self._refused, values) if refused is not None]
        first = next((refused for refused in refusals if refused.error_class in _WALKING), refusals[0])
        if first.kind != "invalid":
            raise first
        self._cast_all(values)

    def _refused(self, value: Any) -> Refused | None:
        try:
            self._arrow.accept(value)
        except Refused as refused:
            return refused
        return None

    def _cast_all(self, values: list[Any]) -> None:
        """Pyarrow guesses one type from the values, the first one's: a value of another kind does not fit it."""
        first = kind_of(values[0])
        for value in values:
            if first == "whole" and isinstance(value, int) and abs(value) >> 63:
                raise Refused("raw", "Python int too large to convert to C long", "OverflowError")
            kind = kind_of(value)
            if kind not in (first, *_ALSO_FIT.get(first, ())):
                raise Refused("invalid" if (first, kind) in _INVALID_PAIRS or first in _INVALID_FIRST else "type")
        for value in values:
            self._cast(value)

    def _cast(self, value: Any) -> None:
        try:
            self._arrow.cast(value)
        except Refused as refused:
            try:  # a value that needs no cast, beside one that does
                self._arrow.accept(value)
            except Refused:
                raise refused from None

    def error(self, refused: Refused, value: Any, key: tuple[Any, ...]) -> Exception:
        """Spark's error for the column, with our sentence about the first value that did not fit."""
        whose = ", ".join(map(str, key))
        advice = (
            f"The output schema declares {self.name} as {self._type.name}, but the call for {whose} gave "
            f"{value!r:.60} ({type(value).__name__}): convert it in the function, or change the schema"
        )
        if refused.kind == "raw":
            return OutputRefused(refused.error_class, str(refused), advice)
        told = PySparkTypeError(self._type_text()) if refused.kind == "type" else PySparkValueError(self._value_text())
        return advised(told, advice)

    def _type_text(self) -> str:
        return (
            f"Cannot convert the output value of the column '{self.name}' with type '{self.dtype}' to the specified return "
            f"type of the column: '{self._arrow.name}'. Please check if the data types match and try again."
        )

    def _value_text(self) -> str:
        return (
            f"Failed to convert the value of the column '{self.name}' with type '{self.dtype}' to Arrow type "
            f"'{self._arrow.name}'. It can be caused by overflows or other unsafe conversions warned by Arrow. Arrow "
            "safe type check can be disabled by using SQL config "
            "`spark.sql.execution.pandas.convertToArrowArraySafely`."
        )
