"""Which columns rows can be grouped by here. Lives here: our own check of the key. What Spark refuses does not."""

from collections.abc import Iterable
from typing import Final

from engine.model.columns import columns_of, places_of
from engine.model.key_cells import MAX_KEY_DEPTH
from engine.model.problems import Problem
from engine.model.scenario import Scenario
from engine.model.schema import DataType, Schema, SchemaError, parse_ddl

_MEND: Final = "Give the rows a column of a simple type to group by, such as the one field that tells them apart"
_OF_NOTHING: Final = frozenset({"void"})


def key_problems(scenario: Scenario) -> list[Problem]:
    """Key columns that are nested too deep or are of no type, and fields of columns as keys, which are not replayed."""
    initial = scenario.initial_state
    columns = columns_of(scenario)
    return [
        *_of_columns("key", _declared(scenario.input_schema), _meant(scenario, scenario.key_columns, columns)),
        *(_field_problem(name) for name in scenario.key_columns if _is_field(scenario, name, columns)),
        *(_of_initial_state(scenario, initial.key_columns, _declared(initial.schema)) if initial else ()),
    ]


def _of_initial_state(scenario: Scenario, names: tuple[str, ...], schema: Schema) -> list[Problem]:
    columns = tuple(field.name for field in schema)
    return _of_columns("initial_state.key", schema, _meant(scenario, names, columns))


def _of_columns(where: str, schema: Schema, columns: list[str]) -> list[Problem]:
    """What is wrong with the declared types of these key columns; types found from the events are of some depth and kind."""
    problems = []
    for field in schema:
        if field.name in columns and field.type.holds(_OF_NOTHING):
            problems.append(Problem(where, f"column '{field.name}' holds what has no type", _MEND))
        elif field.name in columns and _depth(field.type) > MAX_KEY_DEPTH:
            what = f"column '{field.name}' is nested deeper than {MAX_KEY_DEPTH} levels"
            problems.append(Problem(where, what, _MEND))
    return problems


def _depth(data_type: DataType) -> int:
    inner = (data_type.element, data_type.key, *(field.type for field in data_type.fields))
    return 1 + max((_depth(part) for part in inner if part is not None), default=-1)


def _declared(ddl: str | None) -> Schema:
    """The columns of a schema; none of one that cannot be read, which is told elsewhere."""
    try:
        return parse_ddl(ddl) if ddl else ()
    except SchemaError:
        return ()


def _meant(scenario: Scenario, names: Iterable[str], columns: tuple[str, ...]) -> list[str]:
    """The columns that the names mean, each once."""
    return list(dict.fromkeys(columns[place] for name in names for place in places_of(scenario, name, columns)))


def _is_field(scenario: Scenario, name: str, columns: tuple[str, ...]) -> bool:
    """Whether the name means a field of a column, not a column."""
    outer = name.partition(".")[0]
    return outer != name and not places_of(scenario, name, columns) and bool(places_of(scenario, outer, columns))


def _field_problem(name: str) -> Problem:
    return Problem("key", f"'{name}' is a field of a column, and such keys are not replayed yet", _MEND)
