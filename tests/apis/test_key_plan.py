"""Which keys are replayed, and what is told of those that are not, before anything runs."""

import msgspec
import pytest

from engine.model.problems import Problem
from engine.model.scenario import InitialState
from engine.run_here import run_here
from tests.helpers import pandas_scenario, processor_scenario, scenario

CODE = "def updateState(key, values, state):\n    return [(1,)]\n"
ROWS = [(0, [{"s": {"a": 1}, "v": 1}])]
DEEP = f"s {'struct<a: ' * 25}long{'>' * 25}, v long"


def problem_of(made):
    [problem] = run_here(made)
    assert isinstance(problem, Problem)
    return problem


def test_a_key_that_is_nested_too_deep_is_refused():
    problem = problem_of(scenario(CODE, *ROWS, key="s", input_schema=DEEP))
    assert problem.where == "key"
    assert "deeper than 20 levels" in problem.what
    assert run_here(scenario(CODE, (0, [{"v": 1}]), key="v", input_schema=DEEP)).ending == "completed"


def test_so_is_one_of_the_initial_state_and_one_of_no_type():
    initial = InitialState("s struct<a: void>, n long", "s", [{"s": {"a": None}, "n": 1}])
    problem = problem_of(scenario(CODE, *ROWS, key="v", initial_state=initial))
    assert problem.where == "initial_state.key"
    assert "no type" in problem.what


def test_a_field_is_no_key_of_the_initial_state_yet_a_column_of_its_own_is():
    def with_initial(ddl, key, row):
        return scenario(CODE, *ROWS, key="s.a", initial_state=InitialState(ddl, key, [row]))

    problem = problem_of(with_initial("s struct<a: long>, n long", "s.a", {"s": {"a": 1}, "n": 5}))
    assert "'s.a' is a field of a column" in problem.what
    assert run_here(with_initial("a long, n long", "a", {"a": 1, "n": 5})).calls[0].before.value == 5


def test_a_column_whose_name_has_a_dot_is_a_column():
    assert run_here(scenario(CODE, (0, [{"s.a": 1, "s": 2}]), key="s.a")).ending == "completed"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("s.b", "No such struct field `b` in `a`"),
        ("v.a", 'Can\'t extract a value from "v"'),
        ("t.a", "the rows have no column 't.a'"),
    ],
)
def test_a_field_that_is_not_there_is_told_as_such(key, words):
    assert words in problem_of(scenario(CODE, *ROWS, key=key)).what
    refused = run_here(scenario(CODE, *ROWS, key=key, input_schema="s struct<a: long>, v long"))
    assert refused.ending == "plan_error"


def test_a_part_of_an_array_or_a_map_is_no_key():
    [array, a_map] = (
        problem_of(scenario(CODE, *ROWS, key="s.a", input_schema=f"s {of_what}, v long"))
        for of_what in ("array<struct<a: long>>", "map<string, long>")
    )
    assert "is a part of an array or a map" in array.what
    assert array == a_map


def test_two_fields_of_one_name_are_refused_as_spark_was_not_asked():
    made = processor_scenario("", (0, [{}]), key=["s.x", "t.x"], input_schema="s struct<x: long>, t struct<x: long>")
    assert "of another field of the key, too" in run_here(made)[0].what


def test_a_column_of_a_fields_name_is_given_by_its_place_in_pandas():
    code = """
class Processor(StatefulProcessor):
    def init(self, handle): pass
    def handleInputRows(self, key, rows, timerValues):
        for pdf in rows:
            yield pd.DataFrame({"said": [" ".join(map(str, pdf.columns))]})
"""
    made = processor_scenario(
        code, (0, [{"s": {"v": 1}, "v": 1}]), key=["s.v"], input_schema="s struct<v: long>, v long"
    )
    in_pandas = msgspec.structs.replace(made, api="transformWithStateInPandas", output_schema="said string")
    assert run_here(in_pandas).calls[-2].output[0][0] == "s _2"


def test_the_pandas_function_dies_of_a_field_as_in_spark_with_what_to_write_instead():
    made = pandas_scenario("def fn(key, pdfs, state): pass", *ROWS, key="s.a", input_schema="s struct<a: long>, v long")
    trace = run_here(made)
    assert (trace.ending, trace.error.error_class) == ("user_error", "java.lang.ClassCastException")
    assert "GetStructField cannot be cast" in trace.error.message
    assert "withColumn" in trace.error.advice


def keyed_by(*values, **fields):
    return scenario(CODE, (0, [{"s": value} for value in values]), key="s", **fields)


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        ([[1] * 50] * 50, None),
        ({f"k{number}": 1 for number in range(1_000)}, "s map<string, long>"),
    ],
    ids=["cells in cells", "a map"],
)
def test_a_key_of_thousands_of_values_is_refused_at_its_row(value, schema):
    problem = problem_of(keyed_by({} if schema else [], value, input_schema=schema))
    assert problem.where == "batches[0].rows[1].s"
    assert problem.what == "the key has more than 2,000 values in it"


def test_a_key_of_as_many_values_as_a_trace_may_have_is_called_for_and_can_be_read():
    trace = run_here(keyed_by([1] * 1_999))
    assert (trace.ending, len(trace.calls)) == ("completed", 1)


def test_a_key_of_thousands_of_values_in_the_initial_state_is_refused_too():
    initial = InitialState("s array<long>, n long", "s", [{"s": [1] * 2_000, "n": 1}])
    problem = problem_of(
        processor_scenario("", (0, [{"s": [1]}]), key="s", input_schema="s array<long>", initial_state=initial)
    )
    assert problem.where == "initial_state.rows[0].s"
