"""A call, line by line: what ran, what it did to the variables, what was raised, and who caught it."""

import sys

from engine.lines import tracer
from engine.lines.tracer import LineTracer
from tests.helpers import TUTORIAL, pandas_scenario, replayed, scenario
from tests.lines.told import lines_of, told


def traced(code: str, words: str = "a") -> list[str]:
    return told(lines_of(scenario(code, (0, words))))


def test_each_line_of_the_tutorial_is_told_with_what_it_changed():
    assert traced(TUTORIAL, "hello hello") == [
        "enter 1 key='hello' values=['hello', 'hello']",
        "2",
        "4 count=2",
        "5 .update",
        "6 .setTimeoutDuration",
        "7 return [('hello', 2)]",
    ]


def test_a_later_call_is_the_one_of_the_whole_replay():
    made = scenario(TUTORIAL, (0, "hello hello"), (1000, "hello"))
    assert "4 count=3 .get" in told(lines_of(made, 1))


def test_functions_of_the_users_are_gone_into_and_come_back_from():
    code = """\
def add(a, b):
    return a + b

def updateState(key, values, state):
    n = add(1, 2)
    return [(key, n)]
"""
    assert traced(code) == [
        "enter 4 key='a' values=['a']",
        "into 5",
        "  enter 1 a=1 b=2",
        "  2 return 3",
        "5 n=3",
        "6 return [('a', 3)]",
    ]


def test_a_comprehension_and_a_lambda_are_part_of_their_line():
    code = "def updateState(key, values, state):\n    n = sum(len(v) for v in sorted(values, key=lambda v: v))\n"
    assert traced(code) == ["enter 1 key='a' values=['a']", "2 n=1 return None"]


def test_a_suppressed_exception_is_told_from_the_one_that_ends_the_call():
    code = """\
def updateState(key, values, state):
    try:
        {}["x"]
    except KeyError as error:
        pass
    finally:
        n = 1
    raise ValueError(key)
"""
    assert traced(code) == [
        "enter 1 key='a' values=['a']",
        "2",
        "3 ?KeyError",
        "4 error=KeyError('x')",
        "5 -error",
        "7 n=1",
        "8 !ValueError",
    ]


def test_an_exception_that_passes_through_a_helper_and_is_caught_is_caught_in_both():
    code = """\
def fail():
    raise KeyError(1)

def updateState(key, values, state):
    try:
        fail()
    except KeyError:
        return []
"""
    assert traced(code)[3:] == ["  enter 1", "  2 ?KeyError", "6 ?KeyError", "7", "8 return []"]


def test_an_exception_goes_on_after_finally_although_another_was_caught_there():
    code = """\
def updateState(key, values, state):
    try:
        raise KeyError(1)
    finally:
        try:
            raise ValueError(2)
        except ValueError:
            pass
"""
    steps = traced(code)
    assert "3 !KeyError" in steps
    assert "6 ?ValueError" in steps


def test_a_generator_is_left_by_every_row_and_goes_on():
    made = pandas_scenario(
        """\
def fn(key, pdfs, state):
    for pdf in pdfs:
        total = int(pdf.v.sum())
        yield pd.DataFrame({"info": [str(total)]})
    state.update((total,))
""",
        (0, "aab"),
    )
    assert told(lines_of(made))[1:] == [
        "2 pdf=<DataFrame of 2 × 2>",
        "3 total=1",
        "4 yield <DataFrame of 1 × 1>",
        "2",
        "5 .update return None",
    ]


def test_a_value_changed_in_place_is_a_change():
    code = "def updateState(key, values, state):\n    seen = []\n    seen.append(key)\n    return [len(seen)]\n"
    assert traced(code)[1:3] == ["2 seen=[]", "3 seen=['a']"]


def test_what_was_recorded_with_somebody_looking_on_is_what_the_trace_has():
    made = scenario(TUTORIAL, (0, "hello hello spark"), (1000, "hello"))
    trace = replayed(TUTORIAL, (0, "hello hello spark"), (1000, "hello"))
    for index in range(3):
        log = trace.calls
        assert lines_of(made, index).call == log.data[log.starts[index] : log.ends[index]]


def test_a_long_call_is_cut_and_says_so():
    code = "def updateState(key, values, state):\n    for n in range(100_000):\n        pass\n    return [n]\n"
    answer = lines_of(scenario(code, (0, "a")))
    assert len(answer.steps) == tracer.MAX_STEPS
    assert answer.cut == "the first 10,000 lines of this call are shown"
    assert answer.call, "the call itself goes on to its end"


def test_large_values_are_cut_and_many_of_them_too():
    code = "def updateState(key, values, state):\n    for n in range(999):\n        a = b = c = d = [str(n) + 'x' * 300] * 20\n"
    answer = lines_of(scenario(code, (0, "a")))
    assert answer.cut.startswith("the values of the first")
    assert max(len(value.text) for step in answer.steps for value in step.changed.values()) < 1000


def test_nothing_is_traced_but_the_call_that_was_asked_for():
    code = """\
import sys
def updateState(key, values, state):
    return [(key, sys.gettrace() is not None)]
"""
    made = scenario(code, (0, "a b c"))
    assert "3 return [('b', True)]" in told(lines_of(made, 1))
    assert [call.output for call in replayed(code, (0, "a b c")).calls] == [
        [["a", False]],
        [["b", False]],
        [["c", False]],
    ]


def test_a_call_that_fails_before_the_one_asked_for_is_told():
    answer = lines_of(scenario("def updateState(key, values, state):\n    raise ValueError(key)\n", (0, "a b")), 1)
    assert answer.steps == ()
    assert answer.call == b""
    assert answer.error.message == "a"


def test_a_tracer_leaves_the_trace_function_of_others_alone():
    before = sys.gettrace()
    with LineTracer(lambda _: 0):
        sys.settrace(before)
    assert sys.gettrace() is before
