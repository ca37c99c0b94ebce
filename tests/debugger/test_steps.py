"""The steps through a trace: one for each call, and one for each trigger in which nothing was called."""

from engine.debugger import Steps
from engine.model.trace import Trace
from tests.helpers import MINUTE_MS, TUTORIAL, replayed

COUNTS = "def updateState(key, values, state):\n    return [len(list(values))]\n"
FAILS = "def updateState(key, values, state):\n    return [1 / state.exists]\n"


def kinds(trace: Trace) -> list[str]:
    steps = Steps(trace)
    return [steps.at(index).kind for index in range(len(steps))]


def test_each_call_is_a_step_and_so_is_a_batch_without_calls() -> None:
    trace = replayed(TUTORIAL, (0, "hello spark"), (MINUTE_MS, ""), (2 * MINUTE_MS, "hello"))
    assert kinds(trace) == ["call", "call", "batch_without_calls", "call"]


def test_a_trigger_that_ran_no_batch_is_a_step() -> None:
    trace = replayed(COUNTS, (0, "hello"), (MINUTE_MS, ""), timeout_conf="NoTimeout")
    assert kinds(trace) == ["call", "no_batch"]


def test_a_replay_that_died_has_steps_up_to_its_last_call() -> None:
    assert kinds(replayed(FAILS, (0, "hello"), (MINUTE_MS, "hello"))) == ["call"]


def test_a_step_is_found_by_its_call_and_by_its_trigger() -> None:
    steps = Steps(replayed(TUTORIAL, (0, "hello spark"), (MINUTE_MS, ""), (2 * MINUTE_MS, "hello")))
    assert [steps.of_call(call) for call in range(3)] == [0, 1, 3]
    assert [steps.of_trigger(trigger) for trigger in (-1, 0, 1, 2)] == [0, 0, 2, 3]
    assert steps.at(steps.of_trigger(99)).index == len(steps) - 1


def test_a_number_out_of_range_means_the_nearest_step() -> None:
    steps = Steps(replayed(TUTORIAL, (0, "hello spark")))
    assert (steps.at(-1).index, steps.at(7).index) == (0, 1)
