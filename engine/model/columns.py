"""Which column a name means: Spark does not look at capitals, unless it is told to. Lives here: that one question."""

from collections.abc import Iterable, Sequence
from typing import Final

from engine.model.scenario import Scenario
from engine.model.schema import Schema, SchemaError, parse_ddl

_CASE_SENSITIVE: Final = "spark.sql.caseSensitive"


def columns_of(scenario: Scenario) -> tuple[str, ...]:
    """The names of the input columns: as declared, else those of the rows."""
    try:
        declared = parse_ddl(scenario.input_schema) if scenario.input_schema else ()
    except SchemaError:
        declared = ()
    return tuple(field.name for field in declared) or scenario.column_names


def places_of(scenario: Scenario, name: str, columns: Sequence[str]) -> list[int]:
    """The columns that a name means: one, none, or several that differ in capitals only."""
    if str(scenario.conf.get(_CASE_SENSITIVE)).lower() == "true":
        return [place for place, column in enumerate(columns) if column == name]
    return [place for place, column in enumerate(columns) if column.lower() == name.lower()]


def places_in(schema: Schema, names: Iterable[str], scenario: Scenario) -> tuple[int, ...]:
    """The column of a schema that each name means. The names have been checked: each means one."""
    columns = [field.name for field in schema]
    return tuple(places_of(scenario, name, columns)[0] for name in names)


def spelled(scenario: Scenario, name: str) -> str:
    """The name of an input column as the column itself has it; the name as it is when there is no such column."""
    columns = columns_of(scenario)
    return next((columns[place] for place in places_of(scenario, name, columns)), name)
