"""Which columns rows can be grouped by here. Lives here: our own check of the key. What Spark refuses does not."""

from collections import Counter
from collections.abc import Iterable
from typing import Final, Literal

from engine.model.columns import places_of
from engine.model.key_cells import MAX_KEY_DEPTH, MAX_KEY_PARTS, cell_maker, has_too_many_parts
from engine.model.key_fields import NoField, is_field, key_field, last_name
from engine.model.problems import Problem
from engine.model.scenario import Scenario
from engine.model.schema import DataType, Schema, SchemaError, parse_ddl
from engine.replay.intake import Intake, TypedRows, cell_columns, initial_rows, own_schema_of, schema_of

_MEND: Final = "Give the rows a column of a simple type to group by, such as the field that tells them apart"
_OWN: Final = "Give its rows a separate column for it"
_OF_NOTHING: Final = frozenset({"void"})


#: What Spark makes of a field of a struct as the key: it refuses it in its own words, or makes a column of it.
FieldsAsKeys = Literal["refused", "columns"]


def key_problems(scenario: Scenario, fields: FieldsAsKeys) -> list[Problem]:
    """Key columns that are nested too deep or are of no type, and parts of columns that cannot be a key."""
    initial, schema = scenario.initial_state, schema_of(scenario)
    return [
        *_of_columns("key", schema, _meant(scenario, scenario.key_columns, tuple(field.name for field in schema))),
        *(() if fields == "refused" else _of_fields(scenario, own_schema_of(scenario))),
        *(_of_initial_state(scenario, initial.key_columns, _declared(initial.schema)) if initial else ()),
    ]


def part_problems(scenario: Scenario) -> list[Problem]:
    """The first key that is made of more cells than a trace has of one; the values are known to fit their columns."""
    intake, initial = Intake(scenario), scenario.initial_state
    # All rows are typed once more for it, so only where a key is nested: of simple types it has as many parts as columns.
    is_nested = bool(_nested_key(scenario, scenario.key_columns, schema_of(scenario)))
    for trigger in range(len(scenario.batches) if is_nested else 0):
        problem = _too_many_parts(f"batches[{trigger}]", scenario, scenario.key_columns, intake.rows(trigger))
        if problem is not None:
            return [problem]
    found = _too_many_parts("initial_state", scenario, initial.key_columns, initial_rows(initial)) if initial else None
    return [found] if found else []


def _too_many_parts(where: str, scenario: Scenario, names: tuple[str, ...], rows: TypedRows) -> Problem | None:
    places = _nested_key(scenario, names, rows.schema)
    for index, key in enumerate(zip(*cell_columns(rows, places), strict=True)):
        if has_too_many_parts(key):
            what = f"the key has more than {MAX_KEY_PARTS:,} values in it"
            nested = next(rows.schema[place].name for place in places if cell_maker(rows.schema[place].type))
            return Problem(f"{where}.rows[{index}].{nested}", what, _MEND)
    return None


def _nested_key(scenario: Scenario, names: tuple[str, ...], schema: Schema) -> list[int]:
    """The places of the key columns when one of them is nested, else none."""
    meant = _meant(scenario, names, tuple(field.name for field in schema))
    places = [place for place, field in enumerate(schema) if field.name in meant]
    return places if any(cell_maker(schema[place].type) for place in places) else []


def _of_initial_state(scenario: Scenario, names: tuple[str, ...], schema: Schema) -> list[Problem]:
    columns, where = tuple(field.name for field in schema), "initial_state.key"
    fields = [name for name in names if is_field(scenario, name, columns)]
    return [
        *_of_columns(where, schema, _meant(scenario, names, columns)),
        *(
            Problem(where, f"'{name}' is a field of a column, which cannot be a key of the state so far", _OWN)
            for name in fields
        ),
    ]


def _of_columns(where: str, schema: Schema, columns: list[str]) -> list[Problem]:
    """What is wrong with the declared types of these key columns; types found from the events are of some depth and kind."""
    problems = []
    for field in schema:
        if field.name in columns and field.type.holds(_OF_NOTHING):
            problems.append(Problem(where, f"column '{field.name}' holds values that have no type", _MEND))
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


def _of_fields(scenario: Scenario, schema: Schema) -> list[Problem]:
    """What is wrong with fields as keys where Spark makes columns of them."""
    columns = [field.name for field in schema]
    names = [name for name in scenario.key_columns if is_field(scenario, name, columns)]
    made = Counter(map(last_name, names))
    return [problem for name in names if (problem := _field_problem(scenario, name, schema, made[last_name(name)]))]


def _field_problem(scenario: Scenario, name: str, schema: Schema, count: int) -> Problem | None:
    try:
        field = key_field(scenario, name, schema)
    except NoField as error:  # of a declared schema it is Spark's to say
        return None if scenario.input_schema else Problem("key", str(error), _MEND)
    if not field.is_of_structs:
        return Problem("key", f"'{name}' is a part of an array or a map, which cannot be a key here", _MEND)
    if count > 1:
        what = f"Spark makes a column '{last_name(name)}' of '{name}', and of another field of the key, too"
        return Problem("key", what, "Give one of them another name")
    return None
