"""What Spark refuses of the names of columns, in its own words (SEMANTICS 9). Lives here: those rules only."""

from typing import Final

from engine.model.columns import columns_of, places_of
from engine.model.key_fields import NoField, key_field
from engine.model.scenario import Scenario
from engine.model.schema import parse_ddl
from engine.model.trace import ErrorRecord

_ANALYSIS: Final = "AnalysisException"
#: Letters of a name, and columns, that are looked at for a suggestion: a link may bring any number.
_MOST_COMPARED: Final = 200


def column_error(scenario: Scenario) -> ErrorRecord | None:
    """A column whose name is another's too, or no name: PySpark's operators ask for every column of the rows by its name."""
    columns = columns_of(scenario)
    errors = (_odd_name(scenario, name) or _ambiguous(scenario, name, columns, "input_schema") for name in columns)
    return next(filter(None, errors), None)


def _odd_name(scenario: Scenario, name: str) -> ErrorRecord | None:
    """A name with a dot, in which Spark looks for a field of a column, or one that it cannot read."""
    if "." not in name and "`" not in name:
        return None
    advice = f"PySpark looks up each column by its name, without quotes: rename {name} first, with withColumnRenamed"
    if "`" in name or not all(name.split(".")):
        message = (
            f"[INVALID_ATTRIBUTE_NAME_SYNTAX] Syntax error in the attribute name: {name}. Check that backticks appear in "
            "pairs, a quoted string is a complete name part and use a backtick only inside quoted name parts. "
            "SQLSTATE: 42601"
        )
        return ErrorRecord(_ANALYSIS, message, advice=advice, field="input_schema")
    columns = columns_of(scenario)
    if not places_of(scenario, name.partition(".")[0], columns):
        return _unresolved(name, columns, advice, "input_schema")
    try:
        key_field(scenario, name, parse_ddl(scenario.input_schema or ""))
    except NoField as error:
        return ErrorRecord(_ANALYSIS, str(error), advice=advice, field="input_schema")
    return None


def no_column_error(
    scenario: Scenario, name: str, columns: tuple[str, ...], advice: str, field: str
) -> ErrorRecord | None:
    """What Spark says to a name that means no column, or several; None when it means one."""
    if not places_of(scenario, name, columns):
        return _unresolved(name, columns, advice, field)
    return _ambiguous(scenario, name, columns, field)


def _ambiguous(scenario: Scenario, name: str, columns: tuple[str, ...], field: str) -> ErrorRecord | None:
    """Several columns whose names differ in capitals only, and a name that means them all; None when it means one."""
    places = places_of(scenario, name, columns)
    if len(places) < 2:
        return None
    candidates = ", ".join([f"`{name}`"] * len(places))
    message = f"[AMBIGUOUS_REFERENCE] Reference `{name}` is ambiguous, could be: [{candidates}]. SQLSTATE: 42704"
    alike = " and ".join(columns[place] for place in places)
    advice = f"To Spark {alike} are the same name: rename all but one, or set spark.sql.caseSensitive"
    return ErrorRecord(_ANALYSIS, message, advice=advice, field=field)


def _unresolved(name: str, columns: tuple[str, ...], advice: str, field: str) -> ErrorRecord:
    """A column that is not there; Spark suggests the five whose names, in quotes, are nearest."""
    wanted = name[:_MOST_COMPARED]
    quoted = sorted(map(_quoted, columns[:_MOST_COMPARED]))
    nearest = sorted(quoted, key=lambda column: _distance(column[:_MOST_COMPARED], wanted))[:5]
    message = (
        f"[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function parameter with name {_quoted(name)} cannot be "
        f"resolved. Did you mean one of the following? [{', '.join(nearest)}]. SQLSTATE: 42703"
    )
    return ErrorRecord(_ANALYSIS, message, advice=advice, field=field)


def _quoted(name: str) -> str:
    """The parts of a name in quotes, as Spark writes it."""
    return ".".join(f"`{part}`" for part in name.split("."))


def _distance(one: str, other: str) -> int:
    """Levenshtein's: how many letters to put in, take out or replace.

    A column of his table is the bits of two numbers, where it rises and where it falls (Myers, JACM 46, 1999): a link may
    bring names of which the table itself would take seconds.
    """
    if not one:
        return len(other)
    places: dict[str, int] = {}
    for i, letter in enumerate(one):
        places[letter] = places.get(letter, 0) | 1 << i
    whole, last = (1 << len(one)) - 1, 1 << (len(one) - 1)
    rises, falls, distance = whole, 0, len(one)
    for letter in other:
        same = places.get(letter, 0)
        stays = (((same & rises) + rises) ^ rises) | same | falls
        right_rises, right_falls = falls | ~(stays | rises), rises & stays
        distance += bool(right_rises & last) - bool(right_falls & last)
        right_rises, right_falls = right_rises << 1 | 1, right_falls << 1
        rises, falls = (right_falls | ~(stays | right_rises)) & whole, right_rises & stays & whole
    return distance
