"""Which keys are replayed, and what is told of those that are not, before anything runs."""

import pytest

from engine.model.scenario import InitialState
from engine.run_here import run_here
from tests.helpers import scenario

CODE = "def updateState(key, values, state):\n    return [(1,)]\n"
ROWS = [(0, [{"s": {"a": 1}, "v": 1}])]
DEEP = f"s {'struct<a: ' * 25}long{'>' * 25}, v long"


@pytest.mark.parametrize("ddl", [None, "s struct<a: long>, v long"])
def test_a_field_of_a_struct_as_the_key_is_not_called_a_column_that_is_missing(ddl):
    problems = run_here(scenario(CODE, *ROWS, key="s.a", input_schema=ddl))
    assert any("'s.a' is a field of a column" in problem.what for problem in problems)


def test_a_column_whose_name_has_a_dot_is_a_column():
    assert run_here(scenario(CODE, (0, [{"s.a": 1, "s": 2}]), key="s.a")).ending == "completed"


def test_a_key_that_is_nested_too_deep_is_refused():
    [problem] = run_here(scenario(CODE, *ROWS, key="s", input_schema=DEEP))
    assert problem.where == "key"
    assert "deeper than 20 levels" in problem.what
    assert run_here(scenario(CODE, (0, [{"v": 1}]), key="v", input_schema=DEEP)).ending == "completed"


def test_so_is_one_of_the_initial_state_and_one_of_no_type():
    initial = InitialState("s struct<a: void>, n long", "s", [{"s": {"a": None}, "n": 1}])
    [problem] = run_here(scenario(CODE, *ROWS, key="v", initial_state=initial))
    assert problem.where == "initial_state.key"
    assert "no type" in problem.what
