"""Many visitors, few places: one who asks for much makes nobody else wait long, and everybody is told what he waits for."""

from contextlib import ExitStack

import pytest

from engine.model.job import ReadJob
from engine.model.lines import LinesOfCall
from engine.sandbox import SandboxRunner
from tests.helpers import TUTORIAL, scenario
from tests.sandbox.test_replay import ENDLESS, PATIENT, SMALL, TUTORIAL_SCENARIO, place_of, wait_until_it_hangs

#: It ends where it is replayed first; in a second replay, whose hashes have another seed, it does not.
ENDLESS_AGAIN = scenario(
    "import os\ndef updateState(key, values, state):\n    while os.environ['PYTHONHASHSEED'] != '0': pass\n", (0, "a")
)


@pytest.fixture
def visits():
    """A runner with two places for each visitor, and a way to leave replays open until the test ends."""
    with SandboxRunner(max_workers=8) as runner, ExitStack() as held:
        yield runner, held.enter_context


def is_held(replay) -> bool:
    """Whether it waits for its own visitor's, once that is known; else when ten seconds are over."""
    for _ in range(1000):
        assert not replay.wait(0.01)
        if replay.progress.is_held:
            break
    return replay.progress.is_held


def test_one_visitor_cannot_take_all_places(visits):
    runner, held = visits
    questions = (LinesOfCall(2), ReadJob())
    loops = [held(runner.start(ENDLESS, PATIENT, visitor="greedy"))]
    loops += [held(runner.ask(ENDLESS, question, visitor="greedy")) for question in questions]
    wait_until_it_hangs(loops[0])
    newest = held(runner.start(ENDLESS, PATIENT, visitor="greedy"))
    assert is_held(newest)
    assert runner.start(TUTORIAL_SCENARIO, visitor="modest").result().ending == "completed"


def test_who_comes_first_does_not_keep_the_second_waiting_for_all_that_he_ordered(lone_runner):
    with ExitStack() as held:
        busy = held.enter_context(lone_runner.start(ENDLESS, PATIENT))
        wait_until_it_hangs(busy)
        for ordered in (ReadJob(), LinesOfCall(2)):
            held.enter_context(lone_runner.ask(ENDLESS, ordered, visitor="greedy"))
        last_of_the_first = held.enter_context(lone_runner.start(ENDLESS, PATIENT, visitor="greedy"))
        second = held.enter_context(lone_runner.start(TUTORIAL_SCENARIO, visitor="modest"))
        assert place_of(second, 2) == 2
        assert is_held(last_of_the_first)
        busy.cancel()
        assert second.result().ending == "completed"


def test_a_newer_replay_takes_the_place_of_the_visitors_own_that_waits(lone_runner):
    with ExitStack() as held:
        busy = held.enter_context(lone_runner.start(ENDLESS, PATIENT))
        wait_until_it_hangs(busy)
        older = held.enter_context(lone_runner.start(ENDLESS, PATIENT, visitor="typing"))
        other = held.enter_context(lone_runner.start(TUTORIAL_SCENARIO, visitor="other"))
        assert place_of(other, 2) == 2
        newer = held.enter_context(lone_runner.start(TUTORIAL_SCENARIO, visitor="typing"))
        assert older.result().error.message == "a newer replay took the place of this one, which had not begun"
        assert place_of(newer, 1) == 1
        busy.cancel()
        assert [replay.result().ending for replay in (newer, other)] == ["completed", "completed"]


def test_when_too_many_wait_a_newcomer_goes_before_what_others_want_besides(lone_runner):
    with ExitStack() as held:
        busy = held.enter_context(lone_runner.start(ENDLESS, SMALL))
        wait_until_it_hangs(busy)
        for number in range(50):
            held.enter_context(lone_runner.start(ENDLESS, SMALL, visitor=f"visitor {number}"))
            question = held.enter_context(lone_runner.ask(TUTORIAL_SCENARIO, ReadJob(), visitor=f"visitor {number}"))
        newcomer = held.enter_context(lone_runner.start(TUTORIAL_SCENARIO, visitor="newcomer"))
        assert place_of(newcomer, 51) == 51
        assert question.wait()


def test_a_second_replay_that_never_ends_does_not_keep_others_from_theirs():
    honest = scenario(TUTORIAL, (0, "hello"))
    with (
        SandboxRunner(max_workers=8) as runner,
        runner.again(ENDLESS_AGAIN, visitor="greedy"),
        runner.again(honest, visitor="modest") as second,
    ):
        assert second.result() == runner.run(honest)
