"""What the process does that all workers are forked from: it only queues, forks, kills and reaps.

It never reads a scenario or a frame, and never runs a visitor's line; that is the worker's part.
"""

import os
import selectors
import signal
import socket
import sys
from contextlib import suppress
from functools import partial
from typing import Final, Protocol

from engine.sandbox import worker
from engine.sandbox.channel import ORDER_BYTES, WHERE_ARE_YOU, Descriptors, News, unpack_order
from engine.sandbox.job import Job
from engine.sandbox.layers import Hardening
from engine.sandbox.levels import LEVELS, Level, reaches
from engine.sandbox.rlimits import peak_memory_bytes
from engine.sandbox.turns import Turns

_LOOK_EVERY_S: Final = 0.1
#: Who comes after so many would wait too long; and each that waits holds four of the server's descriptors.
_MOST_WAITING: Final = 100


class Makes(Protocol):
    """Makes workers: `make` the process that does a job, its id, when it `is_ready` to. Raises OSError when it cannot."""

    def is_ready(self) -> bool: ...

    def make(self, job: Job) -> int: ...


class Forks:
    """Workers are copies of this process, and there at once."""

    def is_ready(self) -> bool:
        return True

    def make(self, job: Job) -> int:
        zygote_pid = os.getpid()
        pid = os.fork()
        if pid == 0:
            worker.work(job.descriptors, job.limits, job.hardening, zygote_pid)
        return pid


class Zygote:
    """Makes a worker for each order that comes on the control socket: in turn by visitor, `max_workers` at once."""

    def __init__(self, max_workers: int, hardening: Hardening, workers: Makes) -> None:
        self.hardening = hardening
        self._workers = workers
        self._level: Level = "none"
        self._turns = Turns(max_workers)
        self._running: dict[int, Job] = {}
        self._is_listening = False
        self._selector = selectors.DefaultSelector()
        self._deaths, self._death_bell = _bell()
        self._selector.register(self._deaths, selectors.EVENT_READ, self._reap)

    def serve(self, control: socket.socket, level: Level, hardening: Hardening) -> None:
        """Until the server closes its end of the control socket, which it also does by dying; what runs then may end.

        `level` is what this computer reaches with workers that are held by `hardening`.
        """
        self._level, self.hardening = level, hardening
        self._selector.register(control, selectors.EVENT_READ, partial(self._take_order, control))
        self._is_listening = True
        while self._is_listening:
            self._work()
        self.work_until_idle()

    def work_until_idle(self) -> None:
        """Until there is nothing that runs or waits."""
        while self._running or self._turns:
            self._work()

    def _work(self) -> None:
        """Wait for something to happen, and do what it asks for."""
        for key, _ in self._selector.select(_LOOK_EVERY_S if self._running or self._turns else None):
            key.data()
        self._look_at_running()
        while self._turns and self._workers.is_ready() and (job := self._turns.begin_next()):
            self._begin(job)
        for turn in self._turns.in_turn():
            turn.job.wait_at(turn.place)

    def _take_order(self, control: socket.socket) -> None:
        data, descriptors, _, _ = socket.recv_fds(control, ORDER_BYTES, len(Descriptors._fields))
        if len(data) < ORDER_BYTES:
            self._is_listening = False
            self._selector.unregister(control)
            return
        order = unpack_order(data)
        job = Job(order, Descriptors(*descriptors), self.hardening)
        if not reaches(self._level, order.least):
            job.refuse(News("refused", LEVELS.index(self._level)))
        else:
            self.add(job)

    def add(self, job: Job) -> None:
        """It waits its turn; when its line is hung up, it is called off. Of too many, who would be the last one goes."""
        self._selector.register(job.line, selectors.EVENT_READ, partial(self._hang_up, job))
        replaced = self._turns.add(job)
        if replaced is not None:
            self._turn_away(replaced, News("replaced", 0))
        elif len(self._turns) > _MOST_WAITING:
            last = self._turns.in_turn()[-1].job
            self._turns.leave(last)
            self._turn_away(last, News("crowded", _MOST_WAITING))

    def _turn_away(self, job: Job, news: News) -> None:
        self._stop_listening(job)
        job.refuse(news)

    def _begin(self, job: Job) -> None:
        job.start_clock()
        try:
            pid = self._workers.make(job)
        except OSError as error:
            print(f"no worker can be made: {error}", file=sys.stderr)
            self._stop_listening(job)
            self._turns.end(job)
            job.close()
            return
        self._running[pid] = job
        job.begin()

    def _hang_up(self, job: Job) -> None:
        """The server does not want the trace any more."""
        self._stop_listening(job)
        if self._turns.leave(job):
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
                pid, status, used = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self._end(pid, status, peak_memory_bytes(used))

    def _end(self, pid: int, status: int, peak_memory_bytes: int) -> None:
        job = self._running.pop(pid, None)
        if job is None:
            return
        _kill_group(pid)
        self._stop_listening(job)
        self._turns.end(job)
        job.end(status, peak_memory_bytes)

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
