"""Breakpoints with conditions, watches, and how often a line ran: found in all calls by one replay."""

from engine.lines import watcher
from engine.model.lines import Breakpoint, Hit, Watch
from tests.helpers import TUTORIAL, pandas_scenario, scenario
from tests.lines.told import watched

STREAM = ((0, "hello hello spark"), (1000, "hello spark"), (2000, "hello"))


def texts(answer, watch=0):
    """`call: value` of a watch, an error by its class."""
    return [
        f"{found.call_index}: {found.value.text if found.value else found.error.error_class}"
        for found in answer.values
        if found.watch == watch
    ]


def test_a_breakpoint_stops_in_the_calls_in_which_its_condition_holds():
    answer = watched(scenario(TUTORIAL, *STREAM), breakpoints=(Breakpoint(5, 'key == "hello" and count > 2'),))
    assert answer.hits == (Hit(0, 2, 1), Hit(0, 4, 1))
    assert answer.call_count == 5


def test_a_breakpoint_without_a_condition_stops_whenever_its_line_is_about_to_run():
    code = "def updateState(key, values, state):\n    for value in values:\n        n = len(value)\n"
    answer = watched(scenario(code, (0, "a a b")), breakpoints=(Breakpoint(3),))
    assert answer.hits == (Hit(0, 0, 1), Hit(0, 0, 2), Hit(0, 1, 1))


def test_the_hit_counts_how_often_the_line_was_reached_not_how_often_the_condition_held():
    code = "def updateState(key, values, state):\n    for n in range(5):\n        n\n"
    answer = watched(scenario(code, (0, "a")), breakpoints=(Breakpoint(3, "n == 3"),))
    assert answer.hits == (Hit(0, 0, 4),)


def test_a_breakpoint_in_a_helper_is_reached_too():
    code = "def add(a):\n    return a + 1\n\ndef updateState(key, values, state):\n    return [add(len(values))]\n"
    assert watched(scenario(code, (0, "x x y")), breakpoints=(Breakpoint(2, "a > 1"),)).hits == (Hit(0, 0, 1),)


def test_a_condition_that_fails_is_told_where_it_failed():
    answer = watched(scenario(TUTORIAL, *STREAM), breakpoints=(Breakpoint(5, "missing > 2"),))
    assert {hit.error.error_class for hit in answer.hits} == {"NameError"}
    assert answer.ending == "completed"


def test_an_expression_that_exits_ends_nothing_but_itself():
    question = {"breakpoints": (Breakpoint(5, "exit(3)"),), "watches": (Watch("exit(4)"),)}
    answer = watched(scenario(TUTORIAL, *STREAM), **question)
    assert {hit.error.message for hit in answer.hits} == {"3"}
    assert {found.error.message for found in answer.values} == {"4"}
    assert (answer.ending, answer.call_count) == ("completed", 5)


def test_an_expression_that_pythons_parser_gives_up_on_is_told():
    answer = watched(scenario(TUTORIAL, *STREAM), watches=(Watch("-" * 100_000 + "1"),))
    assert [bad.error.error_class for bad in answer.bad] == ["SyntaxError"]


def test_what_is_no_expression_is_told_once_and_the_others_are_asked():
    question = {"breakpoints": (Breakpoint(5, "key =="),), "watches": (Watch("import os"), Watch("key"))}
    answer = watched(scenario(TUTORIAL, *STREAM), **question)
    assert [(bad.of, bad.number) for bad in answer.bad] == [("breakpoint", 0), ("watch", 0)]
    assert len(texts(answer, 1)) == 5


def test_a_watch_is_worth_something_at_the_end_of_every_call():
    answer = watched(scenario(TUTORIAL, *STREAM), watches=(Watch("count * 10"), Watch("state.get()"), Watch("before")))
    assert texts(answer) == ["0: 20", "1: 10", "2: 30", "3: 20", "4: 40"]
    assert texts(answer, 1) == ["0: 2", "1: 1", "2: 3", "3: 2", "4: 4"]
    assert texts(answer, 2) == ["0: None", "1: None", "2: 2", "3: 1", "4: 3"]


def test_a_watch_at_a_line_has_the_value_of_the_last_time_it_was_about_to_run():
    code = "def updateState(key, values, state):\n    n = 0\n    for value in values:\n        n += 1\n"
    answer = watched(scenario(code, (0, "a a a b")), watches=(Watch("n", 4), Watch("n")))
    assert texts(answer) == ["0: 2", "1: 0"]
    assert texts(answer, 1) == ["0: 3", "1: 1"]


def test_a_watch_that_fails_in_one_call_is_an_error_there_only():
    answer = watched(scenario(TUTORIAL, (0, "a b b")), watches=(Watch("1 / (count - 1)"),))
    assert texts(answer) == ["0: ZeroDivisionError", "1: 1.0"]


def test_an_expression_sees_variables_from_within_a_comprehension():
    answer = watched(scenario(TUTORIAL, (0, "a a")), watches=(Watch("[count + len(v) for v in values]"),))
    assert texts(answer) == ["0: [3, 3]"]


def test_a_watch_is_asked_in_the_function_and_not_in_a_decorator_around_it():
    code = """\
import functools
def logged(function):
    @functools.wraps(function)
    def around(*arguments):
        rows = function(*arguments)
        return rows
    return around

@logged
def updateState(key, values, state):
    inner = len(values)
    return [inner]
"""
    assert texts(watched(scenario(code, (0, "a a")), watches=(Watch("inner"),))) == ["0: 2"]


def test_a_generator_is_asked_when_it_has_ended():
    code = """\
def fn(key, pdfs, state):
    total = 0
    for pdf in pdfs:
        total += len(pdf)
        yield pd.DataFrame({"info": [key[0]]})
    total += 100
"""
    answer = watched(pandas_scenario(code, (0, "aab")), watches=(Watch("total"),))
    assert texts(answer) == ["0: 102", "1: 101"]


def test_a_call_that_fails_is_asked_too():
    code = "def updateState(key, values, state):\n    n = 7\n    raise ValueError(n)\n"
    answer = watched(scenario(code, (0, "a")), watches=(Watch("n"),))
    assert texts(answer) == ["0: 7"]
    assert (answer.ending, answer.error.message) == ("user_error", "7")


def test_lines_are_counted_when_that_is_asked():
    made = scenario(TUTORIAL, *STREAM)
    assert watched(made, counts_lines=True).line_counts == {2: 5, 4: 5, 5: 5, 6: 5, 7: 5}
    assert watched(made).line_counts is None


def test_more_hits_than_anybody_looks_at_are_cut_and_it_says_so():
    code = "def updateState(key, values, state):\n    for n in range(20_000):\n        n\n"
    answer = watched(scenario(code, (0, "a b")), breakpoints=(Breakpoint(3),))
    assert len(answer.hits) == watcher.MAX_HITS
    assert answer.cut == "only the first 10,000 hits were looked for"
    assert answer.call_count == 1
