"""The process that all workers are forked from: it has imported everything, and only queues, forks, kills and reaps.

It never reads a scenario or a frame, and never runs a visitor's line; that is the worker's part.
"""

import gc
import importlib
import os
import selectors
import signal
import socket
import sys
from collections import deque
from contextlib import suppress
from functools import partial
from typing import Final, NoReturn

from engine.apis.catalog import APIS
from engine.codec.scenario_json import scenario_from_wire, scenario_to_wire
from engine.model.rows import Rows
from engine.model.scenario import Batch, Scenario
from engine.run_here import run_here
from engine.sandbox import kernel, worker
from engine.sandbox.channel import ORDER_BYTES, WHERE_ARE_YOU, Descriptors, unpack_order
from engine.sandbox.job import Job
from engine.sandbox.layers import Hardening, hardening_from_text

_LOOK_EVERY_S: Final = 0.25
#: What functions commonly import: a worker gets it for nothing, and has to open no file for it.
_PRELOADED: Final = (
    "pandas numpy abc array ast base64 bisect calendar collections.abc copy csv dataclasses datetime decimal difflib "
    "enum fractions functools hashlib heapq html inspect io itertools json logging math numbers operator pprint "
    "queue random re secrets statistics string struct textwrap threading time traceback types typing unicodedata "
    "urllib.parse uuid warnings zlib zoneinfo"
)
_SMALLEST: Final = """\
def updateState(key, values, state):
    state.update(1)
    state.setTimeoutDuration(1)
    return [(key, 1)]
"""


class Zygote:
    """Forks a worker for each order that comes on the control socket: in order of arrival, `max_workers` at once."""

    def __init__(self, control: socket.socket, max_workers: int, hardening: Hardening) -> None:
        self._control = control
        self._hardening = hardening
        self._max_workers = max_workers
        self._waiting: deque[Job] = deque()
        self._running: dict[int, Job] = {}
        self._server_is_there = True
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ, self._take_order)
        self._deaths, self._death_bell = _bell()
        self._selector.register(self._deaths, selectors.EVENT_READ, self._reap)

    def serve(self) -> None:
        """Until the server closes its end of the control socket, which it also does by dying."""
        while self._server_is_there:
            for key, _ in self._selector.select(_LOOK_EVERY_S if self._running else None):
                key.data()
            self._look_at_running()
            while self._waiting and len(self._running) < self._max_workers:
                self._start(self._waiting.popleft())
        for pid in self._running:
            _kill(pid)

    def _take_order(self) -> None:
        order, descriptors, _, _ = socket.recv_fds(self._control, ORDER_BYTES, len(Descriptors._fields))
        if len(order) < ORDER_BYTES:
            self._server_is_there = False
            return
        job = Job(unpack_order(order), Descriptors(*descriptors))
        self._selector.register(job.line, selectors.EVENT_READ, partial(self._hang_up, job))
        self._waiting.append(job)

    def _start(self, job: Job) -> None:
        zygote_pid = os.getpid()
        try:
            pid = os.fork()
        except OSError as error:
            print(f"no worker can be forked: {error}", file=sys.stderr)
            self._stop_listening(job)
            job.close()
            return
        if pid == 0:
            worker.work(job.descriptors, job.limits, self._hardening, zygote_pid)
        self._running[pid] = job
        job.begin()

    def _hang_up(self, job: Job) -> None:
        """The server does not want the trace any more."""
        self._stop_listening(job)
        if job in self._waiting:
            self._waiting.remove(job)
            job.close()
        for pid, running in self._running.items():
            if running is job:
                _kill(pid)

    def _look_at_running(self) -> None:
        """Ask a worker that does not stop by itself where it is, and kill it a moment later."""
        for pid, job in self._running.items():
            if job.has_had_its_last_words():
                _kill(pid)
            elif not job.given_up and job.give_up_if_late():
                os.kill(pid, WHERE_ARE_YOU)

    def _reap(self) -> None:
        """Bury the dead, and with each worker all that it started; tell the server."""
        self._deaths.recv(4096)
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self._end(pid, status)

    def _end(self, pid: int, status: int) -> None:
        job = self._running.pop(pid, None)
        if job is None:
            return
        _kill_group(pid)
        self._stop_listening(job)
        job.end(status)

    def _stop_listening(self, job: Job) -> None:
        if job.line in self._selector.get_map():
            self._selector.unregister(job.line)


def _bell() -> tuple[socket.socket, socket.socket]:
    """A socket that can be read from when a child has died, and its other end, which has to be kept."""
    heard, rung = socket.socketpair()
    rung.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(rung.fileno(), warn_on_full_buffer=False)
    return heard, rung


def _kill(pid: int) -> None:
    """End a worker that has not been reaped, and all that it started."""
    os.kill(pid, signal.SIGKILL)
    _kill_group(pid)


def _kill_group(pid: int) -> None:
    # It started nothing that still lives, or had no time to lead a group; macOS refuses when only the dead are in it.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _warm_up() -> None:
    """Replay the smallest stream there is: workers find all that a replay touches in memory, made and looked up."""
    scenario = Scenario(api="updateState", code=_SMALLEST, batches=[Batch(0, Rows(["word"], [["hello"]])), Batch(1)])
    run_here(scenario_from_wire(scenario_to_wire(scenario)))


def main() -> NoReturn:
    """Import everything, then serve: `zygote CONTROL_DESCRIPTOR MAX_WORKERS LAYERS`, from engine.sandbox.zygote_process."""
    control, max_workers = socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2])
    hardening = hardening_from_text(sys.argv[3])
    for name in (*_PRELOADED.split(), *(api.module for api in APIS.values())):
        importlib.import_module(name)
    _warm_up()
    kernel.adopt_orphans()
    kernel.require_one_thread()
    gc.collect()
    gc.freeze()
    Zygote(control, max_workers, hardening).serve()
    os._exit(0)
