"""The self-test of a zygote: workers like those of visitors try what must be refused. Lives here: the trials, and the level.

It goes the way of a replay, from the order to the frames; only the clock is shorter.
"""

import os
import socket
import sys
from pathlib import Path
from typing import Final

import msgspec

from engine.codec.frames import read_trace
from engine.codec.lines import request_to_wire
from engine.model.rows import Rows
from engine.model.scenario import Batch, Scenario
from engine.model.trace import Trace
from engine.sandbox.buffers import read_frames, read_last_words, request_file, result_file
from engine.sandbox.channel import NEWS_BYTES, Descriptors, News, Order, unpack_news
from engine.sandbox.job import Job
from engine.sandbox.layers import Hardening
from engine.sandbox.levels import Check, Level, SelfTest
from engine.sandbox.limits import Limits
from engine.sandbox.verdict import verdict
from engine.sandbox.zygote import Zygote

#: So many of the probes, from the first on, have to be refused by the layers below the filter too for the best level.
_TWICE: Final = 6
_PROBES: Final = Path(__file__).with_name("probes.py")
_MIB: Final = 1024 * 1024
_PROBE_LIMITS: Final = Limits(time_ms=10_000, call_time_ms=10_000, memory_bytes=64 * _MIB, output_bytes=_MIB)
_LOOP_LIMITS: Final = Limits(time_ms=100, call_time_ms=100, memory_bytes=64 * _MIB, output_bytes=_MIB)
_ONE_CALL: Final = [Batch(0, Rows(["word"], [["self-test"]]))]
_ANSWER: Final = "the worker answers"
#: It does not listen to the clock in its process, and runs no line on which it could be stopped.
_ENDLESS: Final = """\
import signal
signal.signal(signal.SIGALRM, signal.SIG_IGN)
def updateState(key, values, state):
    sum(range(10 ** 12))
"""


def self_test(zygote: Zygote, server_pid: int) -> tuple[SelfTest, Hardening]:
    """The level that this computer reaches, and the layers with which it does.

    A kernel that takes no filter at all makes no worker. Then it is tried without: what is left is told honestly.
    """
    asked = zygote.hardening
    found = _try_all(zygote, server_pid, asked)
    if found.level != "none" or not asked.seccomp:
        return found, asked
    without = msgspec.structs.replace(asked, seccomp=False)
    second = _try_all(zygote, server_pid, without)
    if second.level == "none":
        return found, asked
    return SelfTest("process", (*found.checks, *second.checks)), without


def _try_all(zygote: Zygote, server_pid: int, hardening: Hardening) -> SelfTest:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        scenario = _probing(server_pid, listener.getsockname()[1])
        all_layers = _Trial(scenario, _PROBE_LIMITS, hardening)
        below = _Trial(scenario, _PROBE_LIMITS, msgspec.structs.replace(hardening, seccomp=False))
        loop = _Trial(Scenario(api="updateState", code=_ENDLESS, batches=_ONE_CALL), _LOOP_LIMITS, hardening)
        trials = (all_layers, below, loop)
        for trial in trials:
            zygote.add(trial.job)
        zygote.work_until_idle()
        checks = (*all_layers.checks(), loop.was_killed())
        second = below.checks()[:_TWICE]
        for trial in trials:
            trial.close()
    return SelfTest(_level(checks, second), checks)


def _level(checks: tuple[Check, ...], second: tuple[Check, ...]) -> Level:
    *probes, loop = checks
    if not loop.refused or probes[0].name == _ANSWER:
        return "none"
    if not all(check.refused for check in probes):
        return "process"
    is_refused_twice = len(second) == _TWICE and all(check.refused for check in second)
    return "strong" if is_refused_twice else "kernel"


def _probing(server_pid: int, port: int) -> Scenario:
    aims = f"\nSERVER, PORT, FILE = {server_pid}, {port}, {sys.executable!r}\n"
    return Scenario(api="updateState", code=_PROBES.read_text(encoding="utf-8") + aims, batches=_ONE_CALL)


class _Trial:
    """One scenario on its way through a worker, with the ends that a server would hold."""

    def __init__(self, scenario: Scenario, limits: Limits, hardening: Hardening) -> None:
        self._scenario = scenario
        self._limits = limits
        self._request = request_file(request_to_wire(scenario, None))
        self._result = result_file(limits)
        self._line, theirs = socket.socketpair()
        self._heard, said = os.pipe()
        request, result = os.dup(self._request.fileno()), os.dup(self._result.fileno())
        order = Order(limits, "none", visitor=id(self), purpose=0)
        self.job = Job(order, Descriptors(request, result, said, theirs.detach()), hardening, grace_s=0.1)

    def checks(self) -> tuple[Check, ...]:
        """What the worker found; one check that was not passed when it did not come to its end."""
        trace = self._trace()
        if trace.ending != "completed" or not trace.calls:
            return (Check(_ANSWER, False, trace.error.message if trace.error else ""),)
        return tuple(Check(*row) for row in trace.calls[0].output)

    def was_killed(self) -> Check:
        ending = self._trace().ending
        return Check("loop for ever", ending == "time_limit", f"it ended as {ending}")

    def close(self) -> None:
        for held in (self._request, self._result, self._line):
            held.close()
        os.close(self._heard)

    def _trace(self) -> Trace:
        frames = read_frames(self._result.fileno(), self._limits)
        ending, error = verdict(self._last_news(), read_last_words(self._heard), self._limits)
        trace = read_trace(frames, self._scenario, error, ending)
        if isinstance(trace, list):
            raise TypeError(f"the scenario of the self-test cannot be replayed: {trace}")
        return trace

    def _last_news(self) -> News | None:
        """How the worker ended; it has, so nothing is waited for."""
        data = self._line.recv(10 * NEWS_BYTES, socket.MSG_DONTWAIT)
        return unpack_news(data[-NEWS_BYTES:]) if len(data) >= NEWS_BYTES else None
