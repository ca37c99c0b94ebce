"""Which columns rows can be grouped by here. Lives here: our own check of their types. What Spark refuses does not."""

from collections.abc import Iterable, Iterator
from typing import Final

from engine.model.columns import columns_of, places_of
from engine.model.problems import Problem
from engine.model.scenario import Scenario
from engine.model.schema import DataType, Schema, SchemaError, parse_ddl
from engine.replay.intake import type_in_rows

_NESTED: Final = {"array": "a list", "map": "a map", "struct": "a struct", "void": "nested"}
_MEND: Final = "Give the rows a column of a simple type to group by, such as the one field that tells them apart"


def nested_keys(scenario: Scenario) -> list[Problem]:
    """Key columns of a nested type, declared or found from the events, and fields of such columns: not replayed."""
    schema = _declared(scenario.input_schema)
    columns = columns_of(scenario)
    types = {field.name: field.type for field in schema}
    found = [
        _problem("key", column, types.get(column) or type_in_rows(scenario, column))
        for column in _meant(scenario, scenario.key_columns, columns)
    ]
    fields = [_problem_of_field(scenario, name, columns) for name in scenario.key_columns]
    return [problem for problem in (*found, *fields, *_in_initial_state(scenario)) if problem is not None]


def _in_initial_state(scenario: Scenario) -> Iterator[Problem | None]:
    initial = scenario.initial_state
    types = {field.name: field.type for field in _declared(initial.schema if initial else None)}
    for column in _meant(scenario, initial.key_columns if initial else (), tuple(types)):
        yield _problem("initial_state.key", column, types[column])


def _declared(ddl: str | None) -> Schema:
    """The columns of a schema; none of one that cannot be read, which is told elsewhere."""
    try:
        return parse_ddl(ddl) if ddl else ()
    except SchemaError:
        return ()


def _meant(scenario: Scenario, names: Iterable[str], columns: tuple[str, ...]) -> list[str]:
    """The columns that the names mean, each once."""
    return list(dict.fromkeys(columns[place] for name in names for place in places_of(scenario, name, columns)))


def _problem(where: str, column: str, data_type: DataType) -> Problem | None:
    if data_type.name not in _NESTED:
        return None
    what = f"column '{column}' is {_NESTED[data_type.name]}, and such keys are not replayed yet"
    return Problem(where, what, _MEND)


def _problem_of_field(scenario: Scenario, name: str, columns: tuple[str, ...]) -> Problem | None:
    outer = name.partition(".")[0]
    if outer == name or places_of(scenario, name, columns) or not places_of(scenario, outer, columns):
        return None
    return Problem("key", f"'{name}' is a field of a column, and such keys are not replayed yet", _MEND)
