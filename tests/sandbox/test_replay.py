"""A replay while it runs: watched, waited for, called off; and what is left of it."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from engine.sandbox import Limits, ReplayCancelled, SandboxRunner
from tests.helpers import MINUTE_MS, TUTORIAL, scenario
from tests.sandbox.processes import children, needs_proc, open_descriptors, wait_for_end, zygotes
from tests.source_tree import ROOT

TUTORIAL_SCENARIO = scenario(TUTORIAL, (0, "hello hello spark"), (12 * MINUTE_MS, ""))
#: Two batches, and in the third a call that only ends when its worker is killed.
ENDLESS = scenario(
    "def updateState(key, values, state):\n    while key == 'stop': pass\n    return [(key, 1)]\n",
    (0, "a"),
    (1000, "b"),
    (2000, "stop"),
)
SMALL = Limits(output_bytes=1024 * 1024)
PATIENT = Limits(time_ms=600_000, call_time_ms=600_000)


@pytest.fixture
def zygote(lone_runner) -> int:
    """The process id of the lone runner's zygote, which is warm."""
    others = zygotes(os.getpid())
    lone_runner.run(TUTORIAL_SCENARIO)
    (own,) = zygotes(os.getpid()) - others
    return own


def wait_until_it_hangs(replay) -> None:
    while replay.progress.batches_ended < 2:
        assert not replay.wait(0.01)


def test_how_far_a_replay_is_can_be_seen_while_it_runs(runner):
    with runner.start(ENDLESS, PATIENT) as replay:
        wait_until_it_hangs(replay)
        assert (replay.progress.batches_ended, replay.progress.triggers) == (2, 3)
        assert not replay.progress.is_waiting


def test_a_replay_that_is_called_off_frees_its_worker_for_the_next(lone_runner):
    with lone_runner.start(ENDLESS, PATIENT) as replay:
        wait_until_it_hangs(replay)
        replay.cancel()
        with pytest.raises(ReplayCancelled):
            replay.result()
    assert lone_runner.run(TUTORIAL_SCENARIO).ending == "completed"


def test_another_thread_may_call_off_what_a_thread_waits_for(lone_runner):
    raised: list[BaseException] = []

    def wait_for(replay) -> None:
        try:
            replay.result()
        except ReplayCancelled as cancelled:
            raised.append(cancelled)

    with lone_runner.start(ENDLESS, PATIENT) as replay:
        waiting = threading.Thread(target=wait_for, args=(replay,))
        waiting.start()
        replay.cancel()
        waiting.join(timeout=20)
    assert len(raised) == 1


def test_leaving_the_with_block_of_a_replay_calls_it_off(lone_runner):
    """As happens when the page is drawn anew while it waits."""

    def draw() -> None:
        with lone_runner.start(ENDLESS, PATIENT) as replay:
            wait_until_it_hangs(replay)
            raise RuntimeError("drawn anew")

    with pytest.raises(RuntimeError, match="drawn anew"):
        draw()
    assert lone_runner.run(TUTORIAL_SCENARIO).ending == "completed"


def test_a_replay_that_nobody_holds_any_more_is_called_off(lone_runner):
    """As happens when a visitor closes the page."""
    replay = lone_runner.start(ENDLESS, PATIENT)
    wait_until_it_hangs(replay)
    with pytest.warns(ResourceWarning):
        del replay
    assert lone_runner.run(TUTORIAL_SCENARIO).ending == "completed"


def test_a_result_may_be_asked_for_again(runner):
    with runner.start(TUTORIAL_SCENARIO) as replay:
        assert replay.result() is replay.result()
        assert replay.wait(0)


def test_a_replay_waits_its_turn_when_all_workers_are_busy(lone_runner):
    with lone_runner.start(ENDLESS, PATIENT) as busy, lone_runner.start(TUTORIAL_SCENARIO) as waiting:
        wait_until_it_hangs(busy)
        assert not waiting.wait(0.05)
        assert waiting.progress.is_waiting
        busy.cancel()
        assert waiting.result().ending == "completed"


def test_who_waits_knows_his_place(lone_runner):
    with lone_runner.start(ENDLESS, PATIENT) as busy:
        wait_until_it_hangs(busy)
        with lone_runner.start(ENDLESS, PATIENT) as first, lone_runner.start(TUTORIAL_SCENARIO) as second:
            assert place_of(first, 1) == 1
            assert place_of(second, 2) == 2
            first.cancel()
            assert place_of(second, 1) == 1
            busy.cancel()
            assert second.result().ending == "completed"
            assert second.progress.place == 0


def place_of(replay, expected: int) -> int:
    """Its place, once it is the expected one; else when ten seconds are over."""
    for _ in range(1000):
        assert not replay.wait(0.01)
        if replay.progress.place == expected:
            break
    return replay.progress.place


def test_when_too_many_wait_the_next_is_told_so(lone_runner):
    with ExitStack() as held:
        waiting = [held.enter_context(lone_runner.start(ENDLESS, SMALL)) for _ in range(102)]
        trace = waiting[-1].result()
    assert trace.ending == "worker_died"
    assert trace.error.message == "too many replays are waiting, so this one was not begun"


def test_a_replay_may_be_called_off_before_its_turn(lone_runner):
    with lone_runner.start(ENDLESS, PATIENT) as busy:
        wait_until_it_hangs(busy)
        with lone_runner.start(ENDLESS, PATIENT):
            pass
        busy.cancel()
        assert lone_runner.run(TUTORIAL_SCENARIO).ending == "completed"


@needs_proc
def test_fifty_replays_leave_no_process_and_no_descriptor_behind(lone_runner, zygote):
    before = open_descriptors(os.getpid()), open_descriptors(zygote)
    replay_in_all_ways(lone_runner, 16)
    assert open_descriptors(os.getpid()) == before[0]
    assert open_descriptors(zygote) <= before[1] + 4  # it may just be closing those of the last one
    assert children(zygote) == set()


@needs_proc
@pytest.mark.slow
def test_a_thousand_replays_leave_nothing_behind_although_the_zygote_grew_old(lone_runner, zygote):
    others = zygotes(os.getpid()) - {zygote}
    before = open_descriptors(os.getpid())
    replay_in_all_ways(lone_runner, 340)
    assert open_descriptors(os.getpid()) <= before + 2  # the next zygote may just be starting
    (young,) = zygotes(os.getpid()) - others
    assert young != zygote
    assert wait_for_end(zygote)
    assert children(young) == set()


def replay_in_all_ways(runner, times: int) -> None:
    """Three replays each time: one that completes, one whose process dies, one that is called off."""
    dying = scenario("import os\ndef updateState(key, values, state):\n    os._exit(0)\n", (0, "a"))
    for _ in range(times):
        runner.run(TUTORIAL_SCENARIO)
        runner.run(dying, SMALL)
        with runner.start(ENDLESS, PATIENT):
            pass
    runner.run(TUTORIAL_SCENARIO)


@needs_proc
@pytest.mark.slow
def test_an_old_zygote_is_followed_by_another_while_its_replays_go_on(monkeypatch):
    monkeypatch.setattr("engine.sandbox.zygote_process._MOST_ORDERS", 3)
    others = zygotes(os.getpid())
    with SandboxRunner(max_workers=2) as aging, aging.start(ENDLESS, PATIENT) as long_one:
        wait_until_it_hangs(long_one)
        (old,) = zygotes(os.getpid()) - others
        while serves(old, aging):
            assert aging.run(TUTORIAL_SCENARIO).ending == "completed"
        assert not long_one.wait(0)
        assert not wait_for_end(old, timeout_s=0)
        long_one.cancel()
        assert wait_for_end(old)
    assert zygotes(os.getpid()) - others == set()


def serves(zygote: int, runner) -> bool:
    """Whether a replay that begins now is this zygote's; it has one already."""
    with runner.start(ENDLESS, PATIENT) as replay:
        wait_until_it_hangs(replay)
        return len(children(zygote)) > 1


@needs_proc
def test_a_zygote_that_died_is_started_anew(lone_runner, zygote):
    os.kill(zygote, signal.SIGKILL)
    assert lone_runner.run(TUTORIAL_SCENARIO).ending == "completed"


@needs_proc
def test_a_replay_whose_zygote_dies_says_so_and_keeps_what_it_recorded(lone_runner, zygote):
    with lone_runner.start(ENDLESS, PATIENT) as replay:
        wait_until_it_hangs(replay)
        (worker,) = children(zygote)
        os.kill(zygote, signal.SIGKILL)
        trace = replay.result()
    assert (trace.ending, trace.error.key, trace.error.batch_id) == ("worker_died", ("stop",), 2)
    assert trace.error.message == "the process that replays was lost"
    assert [call.error for call in trace.calls] == [None, None, trace.error]
    assert wait_for_end(worker)


@needs_proc
def test_a_zygote_that_answers_no_more_is_replaced(lone_runner, zygote, monkeypatch):
    monkeypatch.setattr("engine.sandbox.replay._ZYGOTE_IS_STUCK_S", 0.1)
    counting = scenario("def updateState(key, values, state):\n    sum(range(10**12))\n", (0, "a"))
    with lone_runner.start(counting, Limits(time_ms=500)) as replay:
        while replay.progress.is_waiting:
            assert not replay.wait(0.01)
        os.kill(zygote, signal.SIGSTOP)
        assert replay.result().ending == "worker_died"
    assert lone_runner.run(TUTORIAL_SCENARIO).ending == "completed"


@needs_proc
def test_a_worker_stands_alone_in_a_session_of_its_own(lone_runner, zygote):
    with lone_runner.start(ENDLESS, PATIENT) as replay:
        wait_until_it_hangs(replay)
        (worker,) = children(zygote)
        assert os.getsid(worker) == worker
        if os.getuid() != 0:  # not even its own user may look into it
            with pytest.raises(PermissionError):
                os.readlink(f"/proc/{worker}/cwd")
            return
        assert os.readlink(f"/proc/{worker}/cwd") == "/"
        ways = [os.readlink(link) for link in sorted(Path(f"/proc/{worker}/fd").iterdir())]
    assert ways[:3] == ["/dev/null"] * 3
    assert [way.partition(":")[0] for way in ways[3:]] == ["pipe"]


SERVER = """
import os, sys
from engine.sandbox import Limits, SandboxRunner
from tests.sandbox.processes import children, zygotes
from tests.sandbox.test_replay import ENDLESS, PATIENT, wait_until_it_hangs
runner = SandboxRunner(max_workers=1)
with runner.start(ENDLESS, PATIENT) as replay:
    wait_until_it_hangs(replay)
    (zygote,) = zygotes(os.getpid())
    (worker,) = children(zygote)
    print(zygote, worker, flush=True)
    sys.stdin.read()
"""


@needs_proc
def test_when_the_server_dies_everything_it_started_ends():
    server = subprocess.Popen([sys.executable, "-c", SERVER], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with server:
        zygote, worker = map(int, server.stdout.readline().split())
        server.kill()
    assert wait_for_end(worker)
    assert wait_for_end(zygote)
