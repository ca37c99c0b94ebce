"""One replay, in a process forked for it. Lives here: the worker's life, from the fork to its exit status.

What it gives up before is in kernel.py. It leaves behind frames, last words and its status; the server reads them.
"""

import faulthandler
import mmap
import os
import random
import signal
import traceback
from contextlib import suppress
from types import FrameType
from typing import Final, NoReturn

import numpy as np

from engine.apis.user_code import USER_FILE, LimitReached, user_lines
from engine.codec.frames import FrameWriter
from engine.codec.scenario_json import scenario_from_wire
from engine.model.trace import Ending
from engine.run_here import write_trace
from engine.sandbox import kernel
from engine.sandbox.buffers import FrameSink, OutputFull
from engine.sandbox.channel import BROKEN, LIMIT_STATUSES, Descriptors
from engine.sandbox.limits import Limits, limit_error

#: When time is up, LimitReached is raised into the user's code, again and again, for a function may swallow it. Only
#: when that code does not run in any of the first tries it is raised into ours, and no line can be told.
_REMIND_EVERY_S: Final = 0.05
_TRIES_TO_MEET_USER_CODE: Final = 6
#: Given back when memory runs out, so that there is some to tell of it.
_RESERVE_BYTES: Final = 16 * 1024 * 1024


def work(descriptors: Descriptors, limits: Limits, zygote_pid: int) -> NoReturn:
    """Replay the scenario that lies in the buffer, and exit."""
    status = BROKEN
    try:
        _leave_the_zygote(zygote_pid)
        wire = mmap.mmap(descriptors.scenario, 0, access=mmap.ACCESS_READ)
        sink = FrameSink(descriptors.result)
        kernel.give_up(descriptors.last_words, limits)
        status = _replay(wire, sink, limits)
    except BaseException:  # nobody is left to raise it to
        _say(traceback.format_exc())
    finally:
        os._exit(status)


def _leave_the_zygote(zygote_pid: int) -> None:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    kernel.become_worker(zygote_pid)
    os.register_at_fork(after_in_child=lambda: os._exit(0))  # a copy of the replay would write into the same buffer


def _replay(wire: mmap.mmap, sink: FrameSink, limits: Limits) -> int:
    """The exit status; what was recorded is in the sink."""
    random.seed(0)
    np.random.seed(0)
    reserve = mmap.mmap(-1, _RESERVE_BYTES)
    try:
        _watch_the_clock(limits)
        write_trace(scenario_from_wire(memoryview(wire)), _CountingWriter(sink))
    except (LimitReached, OutputFull, MemoryError) as error:
        signal.setitimer(signal.ITIMER_REAL, 0)
        reserve.close()
        _say_lines(error)
        return LIMIT_STATUSES[_limit_of(error)]
    return 0


class _CountingWriter(FrameWriter):
    """Also keeps count of the batches, so that the server can see how far the replay is."""

    def __init__(self, sink: FrameSink) -> None:
        super().__init__(sink.write)
        self._sink = sink

    def batch_ended(self, metrics: dict[str, int], committed: bool) -> None:
        super().batch_ended(metrics, committed)
        self._sink.count_batch()


def _watch_the_clock(limits: Limits) -> None:
    """When time is up, say where the function is, also from within C code, and raise LimitReached into it."""
    message = limit_error("time_limit", limits).message
    tries_left = _TRIES_TO_MEET_USER_CODE

    def time_is_up(_signal: int, frame: FrameType | None) -> None:
        nonlocal tries_left
        tries_left -= 1
        if _is_in_user_code(frame):
            tries_left = -1
            raise LimitReached("time_limit", message)
        if tries_left == 0:
            raise LimitReached("time_limit", message)

    signal.signal(signal.SIGALRM, time_is_up)
    faulthandler.enable(kernel.LAST_WORDS, all_threads=False)
    faulthandler.register(signal.SIGALRM, kernel.LAST_WORDS, all_threads=False, chain=True)
    signal.setitimer(signal.ITIMER_REAL, limits.time_ms / 1000, _REMIND_EVERY_S)


def _is_in_user_code(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename == USER_FILE:
            return True
        frame = frame.f_back
    return False


def _limit_of(error: BaseException) -> Ending:
    if isinstance(error, LimitReached):
        return error.ending
    return "memory_limit" if isinstance(error, MemoryError) else "output_limit"


def _say_lines(error: BaseException | None) -> None:
    """The innermost line of the user's source in the error or in what led to it, as faulthandler writes it."""
    while error is not None:
        lines = user_lines(error)
        if lines:
            line, function = lines[-1]
            _say(f'(most recent call first):\n  File "{USER_FILE}", line {line} in {function}\n')
            return
        error = error.__context__


def _say(words: str) -> None:
    with suppress(BlockingIOError):  # the pipe is full: the server has enough to read
        os.write(kernel.LAST_WORDS, words.encode(errors="backslashreplace"))
