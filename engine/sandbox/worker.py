"""One replay, in a process forked for it. Lives here: the worker's life, from the fork to its exit status.

What it gives up before is in kernel.py. It leaves behind frames, last words and its status; the server reads them.
"""

import mmap
import os
import random
import signal
import traceback
from typing import Final, NoReturn

import numpy as np

from engine.apis.user_code import LimitReached
from engine.codec.frames import FrameWriter
from engine.codec.scenario_json import scenario_from_wire
from engine.run_here import write_trace
from engine.sandbox import kernel, last_words
from engine.sandbox.alarms import Watch
from engine.sandbox.buffers import FrameSink, OutputFull
from engine.sandbox.channel import BROKEN, LIMIT_STATUSES, Descriptors
from engine.sandbox.limits import Limits

#: Given back when memory runs out, so that there is some to tell of it.
_RESERVE_BYTES: Final = 16 * 1024 * 1024


def work(descriptors: Descriptors, limits: Limits, zygote_pid: int) -> NoReturn:
    """Replay the scenario that lies in the buffer, and exit."""
    status = BROKEN
    try:
        wire, sink = _prepare(descriptors, limits, zygote_pid)
        status = _replay(wire, sink, limits)
    finally:  # whatever happens, this process must not go on as a second zygote
        os._exit(status)


def _prepare(descriptors: Descriptors, limits: Limits, zygote_pid: int) -> tuple[mmap.mmap, FrameSink]:
    """Take what is needed and give up the rest. When that fails nothing runs; it is our fault, so the server's log has it."""
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.register_at_fork(after_in_child=lambda: os._exit(0))  # a copy of the replay would record into the same sink
        kernel.become_worker(zygote_pid)
        wire = mmap.mmap(descriptors.scenario, 0, access=mmap.ACCESS_READ)
        sink = FrameSink(descriptors.result)
        kernel.give_up(descriptors.last_words, limits)
    except BaseException:
        traceback.print_exc()
        raise
    return wire, sink


def _replay(wire: mmap.mmap, sink: FrameSink, limits: Limits) -> int:
    """The exit status; what was recorded is in the sink."""
    last_words.say_stack_when_asked()
    random.seed(0)
    np.random.seed(0)
    reserve = mmap.mmap(-1, _RESERVE_BYTES)
    watch = Watch(limits, sink)
    try:
        write_trace(scenario_from_wire(memoryview(wire)), _CountingWriter(sink))
    except (LimitReached, OutputFull, MemoryError) as error:
        watch.stop()
        reserve.close()
        last_words.say_line_of(error)
        return LIMIT_STATUSES["memory" if isinstance(error, MemoryError) else watch.reached or "output"]
    except BaseException:  # our fault, or the function has changed Python itself
        last_words.say(traceback.format_exc())
        return BROKEN
    return 0


class _CountingWriter(FrameWriter):
    """Also keeps count of the batches, so that the server can see how far the replay is."""

    def __init__(self, sink: FrameSink) -> None:
        super().__init__(sink.write)
        self._sink = sink

    def batch_ended(self, metrics: dict[str, int], committed: bool) -> None:
        super().batch_ended(metrics, committed)
        self._sink.count_batch()
