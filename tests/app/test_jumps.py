"""The player's jumps: this key's calls, the next finding, the next error."""

import msgspec
import pytest

from engine import Session, debugger
from engine.debugger import Draft, Steps
from tests.helpers import MINUTE_MS, TUTORIAL, replayed
from ui.panels import jumps

BATCHES = ((0, "hello hello spark"), (MINUTE_MS, "hello"), (12 * MINUTE_MS, ""))


def session_of(trace):
    return Session(Draft(trace.scenario), trace=trace, scenario=trace.scenario, steps=Steps(trace))


@pytest.fixture(scope="module")
def tutorial():
    return session_of(replayed(TUTORIAL, *BATCHES))


@pytest.mark.parametrize(
    ("where", "step", "call"),
    [("key_forward", 0, 2), ("key_forward", 1, 3), ("key_forward", 4, None), ("key_back", 4, 2), ("key_back", 0, None)],
)
def test_this_keys_calls_are_found_forwards_and_backwards(tutorial, where, step, call):
    found = jumps.action(tutorial, where, step)
    assert found == (None if call is None else debugger.GoToCall(call))


def test_the_next_finding_is_found_and_after_the_last_the_first_again(tutorial):
    assert jumps.action(tutorial, "finding", 0) == jumps.action(tutorial, "finding", 4) == debugger.GoToCall(3)


def test_the_error_is_found_from_anywhere():
    failing = TUTORIAL.replace("state.update(count)", "state.update(count)\n    1 / (3 - count)")
    session = session_of(replayed(failing, *BATCHES))
    assert jumps.action(session, "error", 0) == debugger.GoToCall(2)


def test_without_an_error_or_a_replay_there_is_nowhere_to_jump(tutorial):
    assert jumps.action(tutorial, "error", 0) is None
    assert jumps.action(msgspec.structs.replace(tutorial, trace=None, steps=None), "finding", 0) is None
