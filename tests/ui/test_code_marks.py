"""What is marked in the function: its error and its findings, while they are of the text that stands there."""

from engine.debugger import Breakpoint, Draft, EditCode, EditEvents, Replayed, Session, SetBreakpoints, reduce
from engine.model.problems import Problem
from tests.helpers import MINUTE_MS, TUTORIAL, scenario, trace_of
from ui.components.editor import Mark, marks_of
from ui.panels.code import marks

STREAM = ((0, "hello hello spark"), (MINUTE_MS, "hello"), (12 * MINUTE_MS, ""))
FAILS = "def updateState(key, values, state):\n    state.update(None)\n    return []\n"


def session_of(code: str) -> Session:
    made = scenario(code, *STREAM)
    return reduce(Session(Draft(made)), Replayed(made, trace_of(made)))


def test_an_error_stands_at_its_line_with_what_to_do():
    (error,) = marks(session_of(FAILS)).problems
    assert (error.line, error.severity) == (2, "error")
    assert "'null' is not a valid state value" in error.message
    assert "state.remove()" in error.hint


def test_findings_of_a_picture_are_marked_while_it_is_of_this_very_text():
    session = session_of(TUTORIAL)
    found = marks(session).problems
    assert found
    assert {mark.severity for mark in found} <= {"warning", "note"}
    assert marks(reduce(session, EditEvents("other"))).problems == found
    assert marks(reduce(session, EditCode(TUTORIAL + "\n"))).problems == ()


def test_breakpoints_are_those_of_the_session():
    points = (Breakpoint(3, 'key == "hello"'),)
    assert marks(reduce(session_of(TUTORIAL), SetBreakpoints(points))).breakpoints == points


def test_a_problem_without_a_place_has_no_mark():
    placed = Problem("line 2, column 5", "this is no time", "Write 10:12", 2, 5)
    found = marks_of([Problem("events", "there are none", "Type a word"), placed])
    assert found == (Mark(2, "error", "this is no time", "Write 10:12", 5),)
