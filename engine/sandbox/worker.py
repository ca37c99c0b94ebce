"""One replay, in a process forked for it. Lives here: the worker's life, from the fork to its exit status.

What it gives up before is in kernel.py. It leaves behind frames, last words and its status; the server reads them.
"""

import mmap
import os
import random
import signal
import traceback
from typing import Final, NamedTuple, NoReturn

import msgspec
import numpy as np

from engine.apis.user_code import Prints
from engine.codec.frames import FrameWriter
from engine.codec.lines import request_from_wire
from engine.lines.answer import write_answer
from engine.model.trace import Ending, ErrorRecord, FunctionCalled
from engine.model.user_objects import LimitReached
from engine.run_here import write_trace
from engine.sandbox import identity, kernel, last_words, refusals
from engine.sandbox.alarms import Watch
from engine.sandbox.buffers import FrameSink, OutputFull
from engine.sandbox.channel import BROKEN, LIMIT_STATUSES, NOT_HARDENED, Descriptors
from engine.sandbox.kernel import LAST_WORDS
from engine.sandbox.layers import Hardening
from engine.sandbox.limits import Limits, with_size
from engine.sandbox.refusals import explained

#: Given back when memory runs out, so that there is some to tell of it.
_RESERVE_BYTES: Final = 16 * 1024 * 1024
#: The second replay of SandboxRunner.again runs in a process whose hashes have another seed; there chance, too, is another
#: one, and what functions keep outside their state begins anew.
_SEED: Final = int(os.environ.get("PYTHONHASHSEED", "0"))
_IS_SECOND_REPLAY: Final = _SEED != 0


class _Ready(NamedTuple):
    """What a hardened worker has in its hands."""

    wire: mmap.mmap
    sink: FrameSink
    limits: Limits
    reserve: mmap.mmap
    watch: Watch


def work(descriptors: Descriptors, limits: Limits, hardening: Hardening, zygote_pid: int) -> NoReturn:
    """Replay the scenario that lies in the buffer, and exit. A worker that could not be hardened exits before."""
    status = NOT_HARDENED
    try:
        ready = _prepare(descriptors, limits, hardening, zygote_pid)
        status = BROKEN
        status = _replay(ready)
    except BaseException as error:
        last_words.say_why(error, (descriptors.last_words, LAST_WORDS))
    finally:  # whatever happens, this process must not go on as a second zygote
        os._exit(status)


def _prepare(descriptors: Descriptors, limits: Limits, hardening: Hardening, zygote_pid: int) -> _Ready:
    """Take what is needed and give up the rest, system calls last (docs/sandbox.md has the order). Raises what a step does."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.register_at_fork(after_in_child=lambda: os._exit(0))  # a copy of the replay would record into the same sink
    identity.leave_the_zygote(zygote_pid)
    wire = mmap.mmap(descriptors.scenario, 0, access=mmap.ACCESS_COPY)  # a sealed file is shared with nobody
    sink = FrameSink(descriptors.result)
    kernel.give_up(descriptors.last_words, limits, hardening, zygote_pid)
    reserve = mmap.mmap(-1, _RESERVE_BYTES)
    last_words.say_stack_when_asked()
    refusals.listen()
    Prints.most_characters = limits.printed_characters
    watch = Watch(limits, sink)
    kernel.filter_system_calls(hardening)
    last_words.say_hardened()
    return _Ready(wire, sink, limits, reserve, watch)


def _replay(ready: _Ready) -> int:
    """The exit status; what was recorded is in the sink."""
    wire, sink, limits, reserve, watch = ready
    random.seed(_SEED)
    np.random.seed(_SEED)
    try:
        _answer(wire, _SandboxWriter(sink, limits))
    except (LimitReached, OutputFull, MemoryError) as error:
        watch.stop()
        reserve.close()
        last_words.say_line_of(error)
        return LIMIT_STATUSES["memory" if isinstance(error, MemoryError) else watch.reached or "output"]
    except BaseException:  # our fault, or the function has changed Python itself
        last_words.say(traceback.format_exc())
        return BROKEN
    return 0


def _answer(wire: mmap.mmap, writer: FrameWriter) -> None:
    """The trace; or, when there is a question about the lines of its calls, the answer to that."""
    scenario, question = request_from_wire(memoryview(wire))
    if question is None:
        write_trace(scenario, writer, names_anew=_IS_SECOND_REPLAY)
    else:
        write_answer(scenario, question, writer)


class _SandboxWriter(FrameWriter):
    """Also keeps count of the batches, so that the server can see how far the replay is, and explains what was refused."""

    def __init__(self, sink: FrameSink, limits: Limits) -> None:
        super().__init__(sink.write)
        self._sink = sink
        self._limits = limits

    def called(self, call: FunctionCalled) -> None:
        if call.error:
            call = msgspec.structs.replace(call, error=with_size(explained(call.error), self._limits))
        super().called(call)

    def ended(self, ending: Ending, error: ErrorRecord | None, output_names: tuple[str, ...]) -> None:
        super().ended(ending, with_size(explained(error), self._limits) if error else None, output_names)

    def batch_ended(self, metrics: dict[str, int], committed: bool) -> None:
        super().batch_ended(metrics, committed)
        self._sink.count_batch()
