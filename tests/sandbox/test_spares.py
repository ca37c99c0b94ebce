"""Spare workers, as systems use them that cannot fork safely; here with Linux's layers, so that each step is seen to work."""

import os

import pytest

from engine.run_here import run_here
from engine.sandbox import SandboxRunner
from tests.helpers import MINUTE_MS, TUTORIAL, scenario
from tests.sandbox.processes import children, needs_proc, wait_for_end, zygotes
from tests.sandbox.test_limits import SHORT, assert_ends_in_the_call_for_b, failing_at_b, replay_of

pytestmark = pytest.mark.slow  # each of them imports everything for itself


@pytest.fixture(scope="module")
def spares():
    with SandboxRunner(max_workers=1, spare_workers=True) as own:
        yield own


def test_the_trace_is_the_same_as_in_this_process(spares):
    for words in ("hello hello spark", "hello"):
        made = scenario(TUTORIAL, (0, words), (12 * MINUTE_MS, ""))
        assert spares.run(made) == run_here(made)


def test_a_call_that_never_ends_is_killed_and_its_line_told(spares):
    assert_ends_in_the_call_for_b(replay_of(spares, failing_at_b("sum(range(10**12))"), SHORT), "time_limit", 4)


@needs_proc
def test_they_are_held_as_well_as_forked_ones(spares, runner):
    own, forked = spares.self_test(), runner.self_test()
    assert own.level == forked.level
    assert own.isolates
    assert [(check.name, check.refused) for check in own.checks] == [(one.name, one.refused) for one in forked.checks]


@needs_proc
def test_each_does_one_replay_and_all_end_with_the_server():
    others = zygotes(os.getpid())
    with SandboxRunner(max_workers=1, spare_workers=True) as own:
        own.run(scenario(TUTORIAL, (0, "a")))
        (zygote,) = zygotes(os.getpid()) - others
        waiting = children(zygote)
        assert waiting
    assert all(wait_for_end(spare) for spare in waiting)
