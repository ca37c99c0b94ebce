"""Visitors who are there at the same time: nobody sees, stops or delays for ever what another one replays."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.model.scenario import Scenario
from engine.model.trace import Trace
from engine.run_here import run_here
from engine.sandbox import Limits, SandboxRunner
from tests.attacks.catalog import attacks
from tests.helpers import TUTORIAL, scenario
from tests.sandbox.processes import children, needs_proc, wait_for_end, zygotes

LIMITS = Limits(time_ms=1_500, call_time_ms=500)
LOOP = "def updateState(key, values, state):\n    while True: pass\n"
NOISY = (
    "signal_everybody",
    "signal_the_zygote",
    "lines_of_other_sessions",
    "control_socket_of_the_zygote",
    "serve_as_a_second_zygote",
    "frames_of_the_callers",
    "counts_that_lie",
    "fork_bomb_that_is_bounded",
    "exit_at_once",
    "segmentation_fault",
)
#: Looks through all that a worker can reach for what somebody else wrote.
SNOOPING = """
import gc
def updateState(key, values, state):
    t = Target()
    seen = [text for scenario in held("Scenario") for text in (scenario.title, scenario.code)]
    seen += [text for text in gc.get_objects() if type(text) is str]
    seen += [bytes(memory) for memory in held("mmap") if len(memory) < 10**6]
    return [(("somebody" + "'s secret") in repr(seen) and "found",)]
"""


@pytest.fixture(scope="module")
def runner() -> Iterator[SandboxRunner]:
    with SandboxRunner(limits=LIMITS, max_workers=3) as shared:
        yield shared


def hostile(name: str) -> Scenario:
    target = {"mark": "WON", "server": os.getpid(), "folder": "/nowhere"}
    return scenario(attacks()[name].code(target), (0, "before"), (1, "attack"))


def test_honest_replays_among_hostile_ones_are_exactly_their_own(runner: SandboxRunner) -> None:
    honest = [scenario(TUTORIAL, (0, f"mine{n} mine{n}")) for n in range(len(NOISY))]
    both = [made for pair in zip(map(hostile, NOISY), honest, strict=True) for made in pair]
    with ThreadPoolExecutor(max_workers=6) as threads:
        answers = list(threads.map(runner.run, both))
    assert answers[1::2] == [run_here(made) for made in honest]


def test_calling_one_replay_off_leaves_the_others_alone(runner: SandboxRunner) -> None:
    with runner.start(scenario(LOOP, (0, "a"))) as first, runner.start(scenario(LOOP, (0, "b"))) as second:
        first.cancel()
        answer = second.result()
    assert isinstance(answer, Trace)
    assert (answer.ending, answer.calls[0].key) == ("time_limit", ("b",))


def test_who_waits_is_served_when_those_before_have_reached_their_limit(runner: SandboxRunner) -> None:
    loops = [runner.start(scenario(LOOP, (0, "a"))) for _ in range(6)]
    answer = runner.run(scenario(TUTORIAL, (0, "hello")))
    for loop in loops:
        with loop:
            loop.cancel()
    assert isinstance(answer, Trace)
    assert answer.ending == "completed"


def test_a_worker_has_nothing_of_another_visitors_scenario(runner: SandboxRunner) -> None:
    secret = scenario(LOOP + "# somebody's secret\n", (0, "a"), title="somebody's secret")
    code = attacks()["exit_at_once"].code({}).split("t = Target(")[0] + SNOOPING
    with runner.start(secret), runner.start(secret):
        answer = runner.run(scenario(code, (0, "a")))
        own = runner.run(scenario(code, (0, "a"), title="somebody's secret"))
    assert isinstance(answer, Trace)
    assert isinstance(own, Trace)
    assert (answer.calls[0].output, own.calls[0].output) == ([[False]], [["found"]])


@needs_proc
def test_after_all_of_it_no_process_is_left(runner: SandboxRunner) -> None:
    runner.run(scenario(TUTORIAL, (0, "hello")))
    living = zygotes(os.getpid())
    assert living, "the runner's own"
    assert all(wait_for_end(pid) for zygote in living for pid in children(zygote))
