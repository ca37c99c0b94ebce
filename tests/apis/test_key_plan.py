"""What rows cannot be grouped by is told before the replay, however its type is known."""

import pytest

from engine.model.scenario import InitialState
from engine.run_here import run_here
from tests.helpers import pandas_scenario, scenario

CODE = "def updateState(key, values, state):\n    return [(1,)]\n"
ROWS = [(0, [{"s": {"a": 1}, "v": 1}])]


@pytest.mark.parametrize("value", [{"a": 1}, [1, 2], [{"a": 1}]])
def test_a_nested_key_that_only_the_events_tell_is_refused_in_words(value):
    [problem] = run_here(scenario(CODE, (0, [{"s": value, "v": 1}]), key="s"))
    assert problem.where == "key"
    assert "column 's' is nested" in problem.what
    assert "Give the rows a column" in problem.mend


@pytest.mark.parametrize("ddl", ["s struct<a: long>, v long", "S struct<a: long>, v long"])
def test_a_nested_key_that_the_schema_declares_is_refused_in_the_same_words(ddl):
    [problem] = run_here(scenario(CODE, *ROWS, key="s", input_schema=ddl))
    assert "is a struct" in problem.what


@pytest.mark.parametrize("ddl", [None, "s struct<a: long>, v long"])
def test_a_field_of_a_struct_as_the_key_is_not_called_a_column_that_is_missing(ddl):
    problems = run_here(scenario(CODE, *ROWS, key="s.a", input_schema=ddl))
    assert any("'s.a' is a field of a column" in problem.what for problem in problems)


def test_a_nested_key_of_the_initial_state_is_refused_too():
    initial = InitialState("s struct<a: long>, n long", "s", [{"s": {"a": 1}, "n": 1}])
    problems = run_here(scenario(CODE, *ROWS, key="v", initial_state=initial))
    assert [problem.where for problem in problems] == ["initial_state.key"]


def test_nested_columns_beside_a_plain_key_are_no_problem():
    assert run_here(scenario(CODE, *ROWS, key="v")).ending == "completed"
    in_pandas = pandas_scenario("def fn(key, pdfs, state):\n    return iter(())\n", *ROWS, key="v")
    assert not isinstance(run_here(in_pandas), list)


def test_a_column_whose_name_has_a_dot_is_a_column():
    assert run_here(scenario(CODE, (0, [{"s.a": 1, "s": 2}]), key="s.a")).ending == "completed"
