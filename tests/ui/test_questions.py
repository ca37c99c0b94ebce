"""What is asked about lines is asked once, and one question of a kind takes another's place."""

from collections.abc import Iterator

import pytest

from engine import Problem, sandbox
from engine.debugger import LinesOfCall, Watch, WatchedCalls
from engine.sandbox import SandboxRunner
from tests.helpers import TUTORIAL, scenario
from ui.questions import Questions

REPLAYED = scenario(TUTORIAL, (0, "hello hello spark"))


@pytest.fixture(scope="module")
def runner() -> Iterator[SandboxRunner]:
    with SandboxRunner(max_workers=1) as started:
        yield started


def answered(questions, runner, question):
    found = questions.answer(lambda: runner.ask(REPLAYED, question), REPLAYED, question)
    while isinstance(found, sandbox.Progress):
        found = questions.answer(lambda: runner.ask(REPLAYED, question), REPLAYED, question)
    return found


def test_an_answer_is_asked_for_once_and_then_known(runner):
    questions, question = Questions(), LinesOfCall(1)
    assert questions.known(REPLAYED, question) is None
    answer = answered(questions, runner, question)
    assert answer.call_index == 1
    assert questions.known(REPLAYED, question) is answer
    assert questions.answer(nobody, REPLAYED, question) is answer


def test_questions_of_two_kinds_stand_side_by_side_and_of_one_kind_the_newer_counts(runner):
    questions, first, second = Questions(), WatchedCalls(watches=(Watch("key"),)), WatchedCalls()
    answered(questions, runner, LinesOfCall(0))
    answered(questions, runner, first)
    answered(questions, runner, second)
    assert questions.known(REPLAYED, first) is None
    assert questions.known(REPLAYED, LinesOfCall(0)) is not None


def test_a_question_that_is_called_off_has_no_answer(runner):
    questions, forever = Questions(), WatchedCalls(watches=(Watch("[n for n in iter(int, 1)]"),))
    assert isinstance(questions.answer(lambda: runner.ask(REPLAYED, forever), REPLAYED, forever), sandbox.Progress)
    questions.stop(WatchedCalls)
    assert questions.known(REPLAYED, forever) is None
    assert answered(questions, runner, LinesOfCall(0)).steps, "its worker is free again"


def test_where_nothing_can_be_run_it_is_a_problem_and_no_exception():
    assert isinstance(Questions().answer(nobody, REPLAYED, LinesOfCall(0)), Problem)


def nobody() -> sandbox.Replay:
    raise OSError("no more processes")
