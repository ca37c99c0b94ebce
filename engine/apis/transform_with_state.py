"""transformWithState: a StatefulProcessor that is given Rows and gives Rows out. Lives here: those rows (SEMANTICS 5.3, 5.63)."""

import datetime
import zoneinfo
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

from engine.apis.advice import advised
from engine.apis.conversions.arrow_cells import arrow_type
from engine.apis.conversions.arrow_values import Refused
from engine.apis.conversions.arrow_words import said_of
from engine.apis.plan import max_records_of
from engine.apis.row import Row
from engine.apis.spark_names.stubs import GroupStateTimeout
from engine.apis.spark_names.types import TYPES
from engine.apis.stateful_processor.base import StatefulProcessor
from engine.apis.stateful_processor.handle import StatefulProcessorHandle
from engine.apis.stateful_processor.keys import KeySchema, split_by_nan
from engine.apis.stateful_processor.operator import Given, StatefulOperator, initial_of
from engine.apis.stateful_processor.taken_output import TakenOutput
from engine.apis.stateful_processor.values import PLAIN_TYPES, fits
from engine.apis.user_code import UserCode
from engine.model.columns import columns_of
from engine.model.key_cells import value_of
from engine.model.key_fields import is_field, last_name
from engine.model.scenario import Scenario
from engine.model.schema import DataType, Field, Schema, parse_ddl
from engine.model.trace import RowsAs
from engine.replay.intake import TypedRows, schema_of
from engine.replay.operator import Group, Policy

#: What the code may use without an import.
NAMES: Final = {
    **TYPES,
    "datetime": datetime,
    "GroupStateTimeout": GroupStateTimeout,
    "StatefulProcessor": StatefulProcessor,
    "StatefulProcessorHandle": StatefulProcessorHandle,
    "pd": pd,
    "np": np,
}
#: pyarrow gives times with the session's zone. Made here: a replay may read no files, and so no zone.
_UTC: Final = zoneinfo.ZoneInfo("UTC")

Convert = Callable[[Any], Any]
#: What a Row says, and the key of the call that gave it.
KeyedDict = tuple[dict[str, Any], tuple[Any, ...]]


class GivenRows:
    """The Rows that a processor is given, of the rows of a batch or of the initial state."""

    def __init__(self, scenario: Scenario, schema: Schema, key_columns: tuple[str, ...]) -> None:
        self._keys = KeySchema(scenario, schema, key_columns)
        self._max_records = max_records_of(scenario)
        key_cells = [_cell(schema[index].type) for index in self._keys.indexes]
        self._key_cells = key_cells if any(key_cells) or self._keys.has_cells else None
        fields = [name for name in key_columns if is_field(scenario, name, columns_of(scenario))]
        self._names = tuple(last_name(field.name) if field.name in fields else field.name for field in schema)
        self._cells = [_cell(field.type) for field in schema]
        self._rows: TypedRows | None = None
        self._cells_of_rows: list[tuple[Any, ...]] = []

    def begin(self, rows: TypedRows, groups: list[Group]) -> list[Group]:
        if rows is not self._rows:
            self._rows = rows
            columns = [
                values if convert is None else [None if value is None else convert(value) for value in values]
                for convert, values in zip(self._cells, rows.columns, strict=True)
            ]
            self._cells_of_rows = list(zip(*columns, strict=True))
        return split_by_nan(groups)

    def one_by_one(self, groups: list[Group]) -> list[Group]:
        """Initial state is handed over Row by Row."""
        return [Group(group.key, [index]) for group in groups for index in group.row_indexes]

    def beside_initial_state(self, groups: list[Group]) -> list[Group]:
        """In the first batch of a query with initial state a key is called once for each Arrow batch's worth of rows."""
        most = self._max_records
        return [
            Group(group.key, group.row_indexes[first : first + most])
            for group in groups
            for first in range(0, len(group.row_indexes), most)
        ]

    def key(self, group: Group) -> tuple[Any, ...]:
        if group.timer_ms is not None:
            return self._keys.restored(group.key)
        if self._key_cells is None:
            return group.key  # type: ignore[no-any-return]
        return tuple(map(_part, self._key_cells, map(value_of, group.key)))

    def rows(self, group: Group) -> Iterator[Row]:
        names, cells = self._names, self._cells_of_rows
        return (Row.of(names, cells[index]) for index in group.row_indexes)

    def chunks(self, group: Group) -> list[int]:
        return [len(group.row_indexes)] if group.row_indexes else []


class TakenRows(TakenOutput):
    """The Rows that a processor gives out."""

    rows_as: RowsAs = "iterator"

    def __init__(self, scenario: Scenario) -> None:
        self._output = RowOutput(parse_ddl(scenario.output_schema or ""))
        super().__init__(scenario, self._output.names)
        self._of_timers: list[KeyedDict] = []
        self._timers_fit = True

    def taken(self, output: Iterable[Any], key: tuple[Any, ...], is_timer: bool) -> Iterator[list[list[Any]]]:
        """Every Row becomes a dict when it comes. Those of a call are converted together when it is over, those of all
        timers of a partition when the last one has fired."""
        dicts = [(row.asDict(True), key) for row in output]
        if is_timer:
            self._of_timers += dicts
        try:
            rows = self._output.rows(dicts)
        except (ArrowTypeError, ArrowInvalid, OverflowError):
            if not is_timer:
                raise
            self._timers_fit, rows = False, []
        self._late.see(rows)
        yield rows

    def demand_of_timers(self) -> None:
        """Raises what pyarrow raises for the rows of all timers together."""
        dicts, self._of_timers = self._of_timers, []
        if not self._timers_fit:
            self._output.rows(dicts)


def _cell(type_: DataType) -> Convert | None:
    """How pyarrow gives a value of the type to Python, None for as it is: a map is a list of pairs, a time has a zone."""
    if type_.name == "timestamp":
        return lambda time: time.replace(tzinfo=_UTC)
    if type_.name == "array" and type_.element:
        return _array_cell(_cell(type_.element))
    if type_.name == "map" and type_.key and type_.element:
        return _map_cell(_cell(type_.key), _cell(type_.element))
    if type_.name == "struct":
        return _struct_cell([(field.name, _cell(field.type)) for field in type_.fields])
    return None


def _part(convert: Convert | None, value: Any) -> Any:
    return value if convert is None or value is None else convert(value)


def _array_cell(element: Convert | None) -> Convert:
    return lambda values: [_part(element, value) for value in values]


def _map_cell(key: Convert | None, item: Convert | None) -> Convert:
    return lambda values: [(_part(key, k), _part(item, v)) for k, v in values.items()]


def _struct_cell(fields: list[tuple[str, Convert | None]]) -> Convert:
    return lambda values: {name: _part(convert, values.get(name)) for name, convert in fields}


class RowOutput:
    """The Rows that a processor gives out: pyarrow takes them by the names of their fields, without Spark's second try."""

    def __init__(self, schema: Schema) -> None:
        self.names = tuple(field.name for field in schema)
        self._accepts = [arrow_type(field.type, keeps_nulls=True).accept for field in schema]
        self._plain = [PLAIN_TYPES.get(field.type.name) for field in schema]
        self._schema = schema

    def rows(self, dicts: list[KeyedDict]) -> list[list[Any]]:
        """The cells of each row, NULL for a field that it does not have. Raises pyarrow's own errors, column by column."""
        rows = [list(map(row.get, self.names)) for row, _ in dicts]
        if all(all(map(fits, cells, self._plain)) for cells in rows):
            return rows
        keys = [key for _, key in dicts]
        columns = zip(self._schema, self._accepts, zip(*rows, strict=True), strict=True)
        taken = [
            [self._accepted(field, accept, cell, key) for cell, key in zip(cells, keys, strict=True)]
            for field, accept, cells in columns
        ]
        return [list(cells) for cells in zip(*taken, strict=True)]

    def _accepted(self, field: Field, accept: Convert, value: Any, key: tuple[Any, ...]) -> Any:
        if value is None:
            return None
        try:
            return accept(value)
        except Refused as refused:
            raise _refusal(refused, field, value, key) from None


class ArrowTypeError(TypeError):
    """pyarrow's own error for a value of the wrong type."""


class ArrowInvalid(ValueError):
    """pyarrow's own error for a value that does not fit its type."""


def _refusal(refused: Refused, field: Field, value: Any, key: tuple[Any, ...]) -> Exception:
    whose = ", ".join(map(str, key))
    advice = (
        f"The output schema declares {field.name} as {field.type.name}, but the call for {whose} gave "
        f"{value!r:.60} ({type(value).__name__}): convert it in the processor, or change the schema"
    )
    return advised(_class_of(refused)(said_of(refused, field.type, arrow_type(field.type).name, value)), advice)


def _class_of(refused: Refused) -> type[Exception]:
    if refused.error_class == "OverflowError":
        return OverflowError
    return ArrowTypeError if refused.kind == "type" else ArrowInvalid


def make(scenario: Scenario, policy: Policy, code: UserCode) -> StatefulOperator:
    """The operator of this API."""
    data = GivenRows(scenario, schema_of(scenario), scenario.key_columns)
    initial = initial_of(scenario, GivenRows)
    return StatefulOperator(scenario, policy, code, Given(data, initial, TakenRows(scenario)))
