"""Telling a function that it has had enough: the clocks that watch time and memory, and LimitReached raised into its code.

Only into its code: what records the replay is never interrupted. A function that cannot be interrupted is killed.
"""

import resource
import signal
import sys
from types import FrameType
from typing import Any, Final

from engine.apis.user_code import USER_FILE, LimitReached
from engine.model.trace import Ending
from engine.sandbox import last_words
from engine.sandbox.buffers import FrameSink
from engine.sandbox.limits import Limits, limit_error

#: A function may swallow what was raised into it, so it is raised again.
_REMIND_EVERY_S: Final = 0.05
#: In seconds of computing: memory grows no faster than it is written to.
_LOOK_AT_MEMORY_EVERY_S: Final = 0.02
_MAXRSS_UNIT: Final = 1 if sys.platform == "darwin" else 1024


def watch(limits: Limits, sink: FrameSink) -> None:
    """From now on time and memory are watched. What is in the sink does not count as memory."""
    last_words.say_stack_when_python_crashes()
    _watch_time(limits)
    _watch_memory(limits, sink)


def stop_watching() -> None:
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.setitimer(signal.ITIMER_PROF, 0)
    sys.settrace(None)


def _watch_time(limits: Limits) -> None:
    """When time is up, also say at once where the function is: C code cannot be interrupted, only killed."""

    def time_is_up(_signal: int, frame: FrameType | None) -> None:
        _raise_into_user_code(frame, "time_limit", limits)

    signal.signal(signal.SIGALRM, time_is_up)
    last_words.say_stack_on(signal.SIGALRM)
    signal.setitimer(signal.ITIMER_REAL, limits.time_ms / 1000, _REMIND_EVERY_S)


def _watch_memory(limits: Limits, sink: FrameSink) -> None:
    """Stop a function before the system refuses memory: without any, Python cannot even tell the line."""
    at_start = _most_memory_bytes()

    def look(_signal: int, frame: FrameType | None) -> None:
        if _most_memory_bytes() - at_start - sink.written_bytes > limits.memory_bytes:
            _raise_into_user_code(frame, "memory_limit", limits)

    signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, _LOOK_AT_MEMORY_EVERY_S, _LOOK_AT_MEMORY_EVERY_S)


def _most_memory_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS_UNIT


def _raise_into_user_code(frame: FrameType | None, ending: Ending, limits: Limits) -> None:
    """Raise LimitReached if the user's code runs, or is waited for by what runs; else as soon as it runs again."""
    error = limit_error(ending, limits)
    reached = LimitReached(ending, error.message, error.advice)

    def at_its_next_line(entered: FrameType, _event: str, _argument: Any) -> Any:
        last_words.say_line(entered.f_lineno)
        raise reached

    def when_called(entered: FrameType, _event: str, _argument: Any) -> Any:
        return at_its_next_line if entered.f_code.co_filename == USER_FILE else None

    if _is_in_user_code(frame):
        raise reached
    sys.settrace(when_called)


def _is_in_user_code(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename == USER_FILE:
            return True
        frame = frame.f_back
    return False
