"""Telling a function that it has had enough: the clock that watches time and memory, and LimitReached raised into its code.

Only into its code: what records the replay is never interrupted. A function that cannot be interrupted is killed.
"""

import resource
import signal
import sys
import time
from types import FrameType
from typing import Any, Final

from engine.apis.user_code import USER_FILE
from engine.model.user_objects import LimitReached
from engine.sandbox import last_words
from engine.sandbox.buffers import FrameSink
from engine.sandbox.limits import ENDINGS, Limit, Limits, limit_error
from engine.sandbox.rlimits import peak_memory_bytes

#: How often time and memory are looked at; and how often a function that swallows LimitReached gets another one.
_LOOK_EVERY_S: Final = 0.05
_RECORDED_LAST: Final = "Look at what the last call stored, returned or printed, and keep less of it"


class Watch:
    """Looks at time and memory until it is told to stop. `reached` is the limit that the user's code was stopped for."""

    def __init__(self, limits: Limits, sink: FrameSink) -> None:
        self.reached: Limit | None = None
        self._limits = limits
        self._sink = sink
        self._idle_memory_bytes = _most_memory_bytes()
        self._began_s = self._last_progress_s = time.monotonic()
        self._seen_bytes = sink.written_bytes
        signal.signal(signal.SIGALRM, self._look)
        signal.setitimer(signal.ITIMER_REAL, _LOOK_EVERY_S, _LOOK_EVERY_S)

    def stop(self) -> None:
        signal.signal(signal.SIGALRM, signal.SIG_IGN)  # a hardened worker may not touch the timer any more
        sys.settrace(None)

    def _look(self, _signal: int, frame: FrameType | None) -> None:
        """Raises LimitReached where the user's code runs, or sees to it that it is raised where that runs next."""
        now_s = time.monotonic()
        if self._sink.written_bytes != self._seen_bytes:
            self._seen_bytes, self._last_progress_s = self._sink.written_bytes, now_s
        user_frame = _user_frame(frame)
        # Memory first: the system refuses it soon after, and without any Python cannot even tell the line.
        if self._memory_bytes() > self._limits.memory_bytes:
            self._stop("memory", user_frame)
        elif now_s - self._began_s > self._limits.time_ms / 1000:
            self._stop("replay_time", user_frame)
        elif user_frame is not None and now_s - self._last_progress_s > self._limits.call_time_ms / 1000:
            self._stop("call_time", user_frame)

    def _memory_bytes(self) -> int:
        """What the replay has used at most; what it recorded is limited by itself."""
        return _most_memory_bytes() - self._idle_memory_bytes - self._sink.written_bytes

    def _stop(self, limit: Limit, user_frame: FrameType | None) -> None:
        if user_frame is not None:
            self._raise(limit, user_frame)

        def at_its_next_line(frame: FrameType, _event: str, _argument: Any) -> None:
            self._raise(limit, frame, of_what_was_before=limit == "memory")

        def when_called(frame: FrameType, _event: str, _argument: Any) -> Any:
            return at_its_next_line if _is_the_users(frame) else None

        sys.settrace(when_called)

    def _raise(self, limit: Limit, frame: FrameType, of_what_was_before: bool = False) -> None:
        """At this line, which need not be to blame: memory may have run out as what came before it was recorded."""
        self.reached = limit
        last_words.say_line(frame.f_lineno)  # in case that recording it takes too long
        error = limit_error(limit, self._limits)
        if of_what_was_before:
            raise LimitReached(ENDINGS[limit], f"{error.message}, before it came to this line", _RECORDED_LAST)
        raise LimitReached(ENDINGS[limit], error.message, error.advice)


def _most_memory_bytes() -> int:
    return peak_memory_bytes(resource.getrusage(resource.RUSAGE_SELF))


def _user_frame(frame: FrameType | None) -> FrameType | None:
    """The innermost frame of the user's code that runs, or waits for what runs."""
    while frame is not None and not _is_the_users(frame):
        frame = frame.f_back
    return frame


def _is_the_users(frame: FrameType) -> bool:
    return frame.f_code.co_filename == USER_FILE
