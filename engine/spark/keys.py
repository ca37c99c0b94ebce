"""The keys of recorded calls as a trace has them. Lives here: from plain data to cells, by the declared types."""

from typing import Any

from engine.model.columns import places_in
from engine.model.key_cells import cell_maker
from engine.model.key_fields import key_fields
from engine.model.scenario import Scenario
from engine.model.schema import DataType, parse_ddl
from engine.model.trace import Key
from engine.spark.recording import PlainKey


def key_types_of(scenario: Scenario) -> list[DataType]:
    """The declared types of the key columns."""
    schema = parse_ddl(scenario.input_schema or "")
    fields = {field.name: field.type for field in key_fields(scenario, schema)}
    return [fields.get(name) or schema[places_in(schema, [name], scenario)[0]].type for name in scenario.key_columns]


def cells_of_key(key: PlainKey | None, key_types: list[DataType]) -> Key:
    """The key with a cell for each value that is nested or bytes."""
    return None if key is None else tuple(map(_cell, key, key_types))


def _cell(value: Any, key_type: DataType) -> Any:
    make = cell_maker(key_type)
    return value if make is None or value is None else make(value)
