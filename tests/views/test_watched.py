"""Where breakpoints stop next, and what watches were worth: words and rows."""

from engine.lines.answer import answer_here
from engine.model.lines import Breakpoint, Watch, WatchedCalls
from engine.views.watched import (
    Stop,
    breakpoint_words,
    next_stop,
    previous_stop,
    stops,
    watch_notes,
    watch_page,
    watched_row_of,
)
from tests.helpers import TUTORIAL, scenario, trace_of

MADE = scenario(TUTORIAL, (0, "hello hello spark"), (1000, "hello spark"), (2000, "hello"), (3000, "spark"))


def asked(*breakpoints: Breakpoint, watches: tuple[Watch, ...] = ()):
    question = WatchedCalls(breakpoints, watches)
    return question, answer_here(MADE, question)


def test_stops_are_in_the_order_of_the_calls_and_each_is_one_stop():
    found = stops(*asked(Breakpoint(5, 'key == "hello"'), Breakpoint(5, "count > 2"), Breakpoint(7, "count > 3")))
    assert found == (Stop(0, 5, 1), Stop(2, 5, 1), Stop(4, 5, 1), Stop(4, 7, 1), Stop(5, 5, 1))


def test_one_goes_to_the_next_and_to_the_previous_call_with_a_stop():
    found = stops(*asked(Breakpoint(5, "count > 2")))
    assert [stop.call_index for stop in found] == [2, 4, 5]
    assert next_stop(found, 0).call_index == 2
    assert next_stop(found, 2).call_index == 4
    assert next_stop(found, 5) is None
    assert previous_stop(found, 5).call_index == 4
    assert previous_stop(found, 2) is None


def test_what_came_of_a_breakpoint_is_said():
    points = (
        Breakpoint(5, "count > 2"),
        Breakpoint(3),
        Breakpoint(5, "count > 99"),
        Breakpoint(5, "x"),
        Breakpoint(5, "("),
    )
    question, answer = asked(*points)
    words = [breakpoint_words(question, answer, number) for number in range(len(points))]
    assert words[:3] == ["3 stops in 3 calls", "never reached", "its condition never held"]
    assert words[3].endswith("failed 6 times, first in call 1: NameError: name 'x' is not defined")
    assert words[4].startswith("SyntaxError")


def test_every_watch_has_a_column_and_every_call_a_row():
    question, answer = asked(watches=(Watch("count"), Watch("1 / (count - 2)", 6), Watch("count")))
    page = watch_page(question, answer, trace_of(MADE), 1)
    assert list(page.frame.columns) == [
        "",
        "call",
        "batch",
        "key",
        "count",
        "1 / (count - 2) at line 6",
        "count (watch)",
    ]
    assert list(page.frame["count"]) == ["2", "1", "3", "2", "4", "3"]
    assert page.frame.iloc[0, 5] == "✕ ZeroDivisionError: division by zero"
    assert page.calls == (0, 1, 2, 3, 4, 5)
    assert watched_row_of(answer, 3) == 3


def test_a_watch_at_a_line_has_rows_only_for_the_calls_that_came_there():
    made = scenario(TUTORIAL, (0, "hello"), (700_000, ""))
    question = WatchedCalls(watches=(Watch("key", 3),))
    page = watch_page(question, answer_here(made, question), trace_of(made), 1)
    assert page.calls == (1,)


def test_what_is_no_expression_and_an_early_end_are_noted():
    made = scenario("def updateState(key, values, state):\n    raise ValueError(key)\n", (0, "a"))
    question = WatchedCalls(watches=(Watch("import os"),))
    notes = watch_notes(question, answer_here(made, question))
    assert notes[0].startswith("import os: SyntaxError")
    assert notes[1] == "This replay ended early: ValueError: a"
