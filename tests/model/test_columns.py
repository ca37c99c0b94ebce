"""Which column a name means: capitals do not count, and what they alone tell apart is one name."""

import pytest

from engine.model.columns import columns_of, places_in, places_of, spelled
from engine.model.schema import parse_ddl
from tests.helpers import scenario

NOTHING = "def updateState(key, values, state): pass"


def over(*columns, **fields):
    """A scenario whose one event has these columns."""
    return scenario(NOTHING, (0, [dict.fromkeys(columns, "x")]), **fields)


@pytest.mark.parametrize(
    ("name", "column"),
    [("Word", "word"), ("word", "WORD"), ("STRAßE", "straße"), ("ärger", "ÄRGER"), ("\N{KELVIN SIGN}", "k")],
)
def test_a_name_means_the_column_with_its_letters_whatever_their_case(name, column):
    made = over("other", column)
    assert places_of(made, name, columns_of(made)) == [1]
    assert spelled(made, name) == column


@pytest.mark.parametrize(
    ("name", "column"), [("STRASSE", "straße"), ("I", "ı"), ("İ", "i"), ("ς", "σ"), ("words", "word")]
)
def test_letters_that_are_no_pair_of_cases_are_other_letters(name, column):
    made = over(column)
    assert places_of(made, name, columns_of(made)) == []
    assert spelled(made, name) == name


def test_names_that_differ_in_capitals_only_are_one_name_unless_the_query_looks_at_capitals():
    assert places_of(over("a", "A"), "a", ("a", "A")) == [0, 1]
    assert places_of(over("a", "A", conf={"spark.sql.caseSensitive": True}), "A", ("a", "A")) == [1]


def test_the_declared_columns_count_and_not_those_of_the_events():
    made = over("word", input_schema="Word string, v long")
    assert columns_of(made) == ("Word", "v")
    assert spelled(made, "WORD") == "Word"


def test_a_key_of_several_columns_has_a_place_for_each():
    schema = parse_ddl("word string, v long, ts timestamp")
    assert places_in(schema, ["TS", "Word", "word"], over("word")) == (2, 0, 0)
