"""From the scenario's JSON values to the typed rows that a stream would bring. Lives here: types of input, event time.

Reading text and files is done before (engine/events); rules about rows come after (engine/replay/loop).
"""

import base64
import datetime
import decimal
import math
import struct
from collections.abc import Callable, Iterable
from typing import Any, Final

import msgspec

from engine.model.columns import places_in, places_of, spelled
from engine.model.key_cells import cell_maker
from engine.model.key_fields import KeyField, is_field, key_fields, value_at
from engine.model.moments import micros_of, moment_of
from engine.model.problems import Problem
from engine.model.rows import Rows
from engine.model.scenario import InitialState, Scenario
from engine.model.schema import INTEGER_BITS, TIMESTAMP, DataType, Field, Schema, SchemaError, parse_ddl
from engine.replay.types_in_rows import type_in_rows

_NAN: Final = float("nan")
#: Columns of only these types are what they should be: most are, and need no conversion.
_PYTHON_TYPES: Final = {"string": {str, type(None)}, "boolean": {bool, type(None)}}


class TypedRows(msgspec.Struct, frozen=True):
    """The rows of one trigger as the function may see them: `columns[i]` holds the values of `schema[i]`.

    Timestamps are naive datetimes in UTC, the session time zone; NULL is None. `event_times_us` has the microseconds
    since the epoch of the watermark column, None without a watermark. The first `field_count` columns are fields of others,
    by which the rows are grouped.
    """

    schema: Schema
    columns: tuple[list[Any], ...]
    event_times_us: list[int | None] | None
    count: int
    field_count: int = 0

    @property
    def own_schema(self) -> Schema:
        """The columns that the rows came with."""
        return self.schema[self.field_count :]

    @property
    def own_columns(self) -> tuple[list[Any], ...]:
        """The values of `own_schema`."""
        return self.columns[self.field_count :]


class Intake:
    """Reads the rows of every trigger of one scenario by one schema."""

    def __init__(self, scenario: Scenario) -> None:
        """Raises SchemaError when the input schema is not DDL."""
        self._scenario = scenario
        own_schema = own_schema_of(scenario)
        self._fields = key_fields(scenario, own_schema)
        self._own_schema = own_schema
        self.schema = _with_fields(self._fields, own_schema)
        watermark = scenario.watermark
        self._time_place = places_in(self.schema, [watermark.column], scenario)[0] if watermark else None

    def rows(self, trigger: int) -> TypedRows:
        """The typed rows of one trigger. Raises ValueError where a value does not fit its column."""
        rows = self._scenario.batches[trigger].rows
        own = [typed_column(rows.column(field.name), field.type) for field in self._own_schema]
        fields = [[value_at(value, field.path) for value in own[field.place]] for field in self._fields]
        columns = (*fields, *own)
        return TypedRows(self.schema, columns, self._event_times_us(columns), len(rows), len(fields))

    def _event_times_us(self, columns: tuple[list[Any], ...]) -> list[int | None] | None:
        if self._time_place is None:
            return None
        return [None if time is None else micros_of(time) for time in columns[self._time_place]]


def initial_rows(initial: InitialState) -> TypedRows:
    """The typed rows of an initial state. Raises ValueError where a value does not fit, SchemaError for no DDL."""
    schema = parse_ddl(initial.schema)
    rows = Rows.from_dicts(initial.rows)
    columns = tuple(typed_column(rows.column(field.name), field.type) for field in schema)
    return TypedRows(schema, columns, None, len(initial.rows))


def cell_columns(rows: TypedRows, places: Iterable[int]) -> list[list[Any]]:
    """The columns at these places as the cells of keys."""
    return [_cells(rows.columns[place], cell_maker(rows.schema[place].type)) for place in places]


def _cells(values: list[Any], make: Callable[[Any], Any] | None) -> list[Any]:
    return values if make is None else [None if value is None else make(value) for value in values]


def row_problems(scenario: Scenario) -> list[Problem]:
    """Values that do not fit their column, at most one for each column; empty when all is well."""
    problems = []
    try:
        schema = schema_of(scenario)
    except SchemaError as error:
        return [Problem("input_schema", str(error), "Write it as Spark does, such as 'word string, amount long'")]
    for field in schema:
        problem = _first_problem(scenario, field)
        if problem is not None:
            problems.append(problem)
    return problems


def _first_problem(scenario: Scenario, field: Field) -> Problem | None:
    for trigger, batch in enumerate(scenario.batches):
        values = batch.rows.column(field.name)
        if not _fits(values, field.type):
            row_index = next(i for i, value in enumerate(values) if not _fits([value], field.type))
            where = f"batches[{trigger}].rows[{row_index}].{field.name}"
            what = f"{values[row_index]!r} is not a {field.type.name}"
            return Problem(where, what, f"Write a {field.type.name}, or change the type of the column")
    return None


def _fits(values: list[Any], data_type: DataType) -> bool:
    try:
        typed_column(values, data_type)
    except (ValueError, TypeError, OverflowError, ArithmeticError):
        return False
    return True


def schema_of(scenario: Scenario) -> Schema:
    """The columns of the rows: as declared, else as their values say. Raises SchemaError when it is not DDL.

    Fields by which the rows are grouped stand in front, as columns of their own.
    """
    own = own_schema_of(scenario)
    return _with_fields(key_fields(scenario, own), own)


def _with_fields(fields: tuple[KeyField, ...], own: Schema) -> Schema:
    return (*(Field(field.name, field.type) for field in fields), *own)


def own_schema_of(scenario: Scenario) -> Schema:
    """The columns that the rows come with. Raises SchemaError when the input schema is not DDL."""
    if scenario.input_schema is not None:
        return parse_ddl(scenario.input_schema)
    times = (spelled(scenario, scenario.watermark.column),) if scenario.watermark else ()
    names = scenario.column_names or (*dict.fromkeys((*scenario.key_columns, *times)),)  # before the first event
    outer = (name.partition(".")[0] if is_field(scenario, name, names) else name for name in scenario.key_columns)
    keys = {names[place] for name in outer for place in places_of(scenario, name, names)}
    return tuple(
        Field(name, TIMESTAMP if name in times else type_in_rows(scenario, name, name in keys)) for name in names
    )


def typed_column(values: list[Any], data_type: DataType) -> list[Any]:
    """The values of a column as its type; NULL stays None. Raises ValueError where one does not fit."""
    if data_type.name in _PYTHON_TYPES and set(map(type, values)) <= _PYTHON_TYPES[data_type.name]:
        return values
    convert = converter(data_type)
    return [None if value is None else convert(value) for value in values]


def converter(data_type: DataType) -> Callable[[Any], Any]:
    """A function from a JSON value to the Python value of the type; it raises ValueError where it does not fit."""
    if data_type.name in INTEGER_BITS:
        return _integer_converter(INTEGER_BITS[data_type.name] - 1)
    if data_type.name == "decimal":
        return _decimal_converter(data_type.scale)
    if data_type.name in ("array", "map", "struct"):
        return _nested_converter(data_type)
    return _SIMPLE_CONVERTERS[data_type.name]


def _integer_converter(bits: int) -> Callable[[Any], int]:
    limit = 1 << bits

    def as_integer(value: Any) -> int:
        if type(value) is int or (type(value) is float and value.is_integer()):
            if -limit <= value < limit:
                return int(value)
        elif type(value) is str:
            return as_integer(int(value))
        raise ValueError(f"{value!r} is not an integer of {bits + 1} bits")

    return as_integer


def _decimal_converter(scale: int) -> Callable[[Any], decimal.Decimal]:
    quantum = decimal.Decimal(1).scaleb(-scale)

    def as_decimal(value: Any) -> decimal.Decimal:
        if isinstance(value, bool):
            raise ValueError(f"{value!r} is not a decimal")
        return decimal.Decimal(str(value)).quantize(quantum, decimal.ROUND_HALF_UP)

    return as_decimal


def _nested_converter(data_type: DataType) -> Callable[[Any], Any]:
    if data_type.name == "array" and data_type.element:
        element = _nullable(data_type.element)
        return lambda value: [element(item) for item in _expect(value, list)]
    if data_type.name == "map" and data_type.key and data_type.element:
        map_key, map_value = converter(data_type.key), _nullable(data_type.element)
        return lambda value: {map_key(k): map_value(v) for k, v in _expect(value, dict).items()}
    fields = {field.name: _nullable(field.type) for field in data_type.fields}
    return lambda value: {name: convert(_expect(value, dict).get(name)) for name, convert in fields.items()}


def _nullable(data_type: DataType) -> Callable[[Any], Any]:
    convert = converter(data_type)
    return lambda value: None if value is None else convert(value)


def _expect(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise ValueError(f"{value!r} is not a {kind.__name__}")
    return value


def _as_string(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return msgspec.json.encode(value).decode() if isinstance(value, (dict, list)) else str(value)


def _as_double(value: Any) -> float:
    if isinstance(value, bool):
        raise ValueError(f"{value!r} is not a number")
    number = float(value)
    return _NAN if math.isnan(number) else number


def _as_float(value: Any) -> float:
    """The nearest number of 32 bits; what is too large for it is infinite."""
    number = _as_double(value)
    if number is _NAN:  # the one NaN by which rows find their key
        return number
    try:
        return float(struct.unpack("<f", struct.pack("<f", number))[0])
    except OverflowError:
        return math.copysign(math.inf, number)


def _as_boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return bool(value == "true")
    raise ValueError(f"{value!r} is not true or false")


def _as_date(value: Any) -> datetime.date:
    return datetime.date.fromisoformat(_expect(value, str).strip()[:10])


def _as_binary(value: Any) -> bytes:
    return base64.b64decode(_expect(value, str), validate=True)


def _as_it_is(value: Any) -> Any:
    return value


_SIMPLE_CONVERTERS: Final[dict[str, Callable[[Any], Any]]] = {
    "string": _as_string,
    "double": _as_double,
    "float": _as_float,
    "boolean": _as_boolean,
    "timestamp": moment_of,
    "timestamp_ntz": moment_of,
    "date": _as_date,
    "binary": _as_binary,
    "void": _as_it_is,
}
