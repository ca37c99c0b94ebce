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
import time
from collections import deque
from contextlib import suppress
from functools import partial
from typing import Final, NoReturn

from engine.apis.catalog import APIS
from engine.model.rows import Rows
from engine.model.scenario import Batch, Scenario
from engine.run_here import run_here
from engine.sandbox import kernel, worker
from engine.sandbox.channel import ORDER_BYTES, Descriptors, News, pack_news, unpack_order
from engine.sandbox.limits import Limits

#: How long after its time limit a worker may take to end by itself.
_GRACE_S: Final = 1.0
_NEVER: Final = float("inf")
#: What functions commonly import: a worker gets it for nothing, and has to open no file for it.
_PRELOADED: Final = (
    "pandas numpy abc array ast base64 bisect calendar collections.abc copy csv dataclasses datetime decimal difflib "
    "enum fractions functools hashlib heapq html inspect io itertools json logging math numbers operator pprint "
    "queue random re secrets statistics string struct textwrap threading time traceback types typing unicodedata "
    "urllib.parse uuid warnings zlib zoneinfo"
)

#: Replayed once, so that workers find everything that a replay touches in memory and already looked up.
_WARM_UP: Final = "def updateState(key, values, state):\n    state.update(1)\n    return [(key, 1)]\n"


class _Job:
    """One order, from its arrival to the end of its worker."""

    def __init__(self, limits: Limits, descriptors: Descriptors) -> None:
        self.limits = limits
        self.descriptors = descriptors
        self.line = socket.socket(fileno=descriptors.line)
        self.overdue_at_s = _NEVER
        self.is_overdue = False

    def tell(self, news: News) -> None:
        with suppress(OSError):  # the server hung up, so nobody wants to know
            self.line.send(pack_news(news))

    def close_shared(self) -> None:
        """What only the worker and the server use from now on."""
        for descriptor in self.descriptors[:-1]:
            os.close(descriptor)


class Zygote:
    """Forks a worker for each order that comes on the control socket: in order of arrival, `max_workers` at once."""

    def __init__(self, control: socket.socket, max_workers: int) -> None:
        self._control = control
        self._max_workers = max_workers
        self._waiting: deque[_Job] = deque()
        self._running: dict[int, _Job] = {}
        self._server_is_there = True
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ, self._take_order)
        self._deaths, self._death_bell = _bell()
        self._selector.register(self._deaths, selectors.EVENT_READ, self._reap)

    def serve(self) -> None:
        """Until the server closes its end of the control socket, which it also does by dying."""
        while self._server_is_there:
            for key, _ in self._selector.select(self._patience_s()):
                key.data()
            self._kill_overdue()
            while self._waiting and len(self._running) < self._max_workers:
                self._start(self._waiting.popleft())
        for pid in self._running:
            _kill(pid)

    def _patience_s(self) -> float | None:
        """How long until the next worker is overdue; None when none will be."""
        overdue_at_s = min((job.overdue_at_s for job in self._running.values()), default=_NEVER)
        return None if overdue_at_s == _NEVER else max(0.0, overdue_at_s - time.monotonic())

    def _take_order(self) -> None:
        order, descriptors, _, _ = socket.recv_fds(self._control, ORDER_BYTES, len(Descriptors._fields))
        if len(order) < ORDER_BYTES:
            self._server_is_there = False
            return
        job = _Job(unpack_order(order), Descriptors(*descriptors))
        self._selector.register(job.line, selectors.EVENT_READ, partial(self._hang_up, job))
        self._waiting.append(job)

    def _start(self, job: _Job) -> None:
        zygote_pid = os.getpid()
        pid = os.fork()
        if pid == 0:
            worker.work(job.descriptors, job.limits, zygote_pid)
        job.close_shared()
        job.overdue_at_s = time.monotonic() + job.limits.time_ms / 1000 + _GRACE_S
        self._running[pid] = job
        job.tell(News("started", pid))

    def _hang_up(self, job: _Job) -> None:
        """The server does not want the trace any more."""
        self._selector.unregister(job.line)
        if job in self._waiting:
            self._waiting.remove(job)
            job.close_shared()
            job.line.close()
        for pid, running in self._running.items():
            if running is job:
                _kill(pid)

    def _kill_overdue(self) -> None:
        now_s = time.monotonic()
        for pid, job in self._running.items():
            if job.overdue_at_s <= now_s:
                job.is_overdue, job.overdue_at_s = True, _NEVER
                _kill(pid)

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
        if job.line in self._selector.get_map():
            self._selector.unregister(job.line)
        job.tell(News("overdue" if job.is_overdue else "ended", status))
        job.line.close()


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


def main() -> NoReturn:
    """Import everything, then serve: `zygote CONTROL_DESCRIPTOR MAX_WORKERS`, from engine.sandbox.zygote_process."""
    control, max_workers = socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2])
    for name in (*_PRELOADED.split(), *(api.module for api in APIS.values())):
        importlib.import_module(name)
    run_here(Scenario(api="updateState", code=_WARM_UP, batches=[Batch(0, Rows(["word"], [["hello"]]))]))
    kernel.adopt_orphans()
    kernel.require_one_thread()
    gc.collect()
    gc.freeze()
    Zygote(control, max_workers).serve()
    os._exit(0)
