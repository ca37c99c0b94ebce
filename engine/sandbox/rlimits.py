"""The limits that any Unix has for a process: processor time, memory, and no file that could be opened or written."""

import resource
import sys
from contextlib import suppress
from typing import Final

from engine.sandbox.limits import Limits

_CPU_GRACE_S: Final = 2
#: The system refuses memory only above what the replay may use: below, the worker can still say what happened.
_MEMORY_GRACE_BYTES: Final = 64 * 1024 * 1024
_STACK_BYTES: Final = 8 * 1024 * 1024
#: Not every system has these, nor lets a process lower them; the filter of system calls refuses what they would count.
_WHERE_THEY_EXIST: Final = ("RLIMIT_NPROC", "RLIMIT_MEMLOCK", "RLIMIT_MSGQUEUE", "RLIMIT_SIGPENDING", "RLIMIT_NICE")


def put_on(limits: Limits, idle_bytes: int) -> None:
    """Lower the limits of this process for good. Raises OSError or ValueError.

    `idle_bytes` is its size before the replay, read while files could still be opened.
    """
    cpu_s = limits.time_ms // 1000 + _CPU_GRACE_S
    _limit(resource.RLIMIT_CPU, cpu_s, cpu_s + 1)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_STACK, _STACK_BYTES)
    if sys.platform == "linux":  # elsewhere the size cannot be read, or the limit is not heeded
        _limit(resource.RLIMIT_AS, idle_bytes + limits.memory_bytes + _MEMORY_GRACE_BYTES)
    for name in _WHERE_THEY_EXIST:
        if hasattr(resource, name):
            with suppress(OSError, ValueError):
                _limit(getattr(resource, name), 0)
    _limit(resource.RLIMIT_NOFILE, 0)


def allow_many_descriptors(most: int) -> None:
    """For the zygote, which holds four descriptors for each replay that waits; it never has one numbered `most` or above."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, soft))


def _limit(kind: int, soft: int, hard: int | None = None) -> None:
    """Lower a limit for good; one that is lower already stays."""
    now = resource.getrlimit(kind)[1]
    wanted = (soft, soft if hard is None else hard)
    lowered = wanted if now == resource.RLIM_INFINITY else (min(wanted[0], now), min(wanted[1], now))
    resource.setrlimit(kind, lowered)


def peak_memory_bytes(used: resource.struct_rusage) -> int:
    """The most memory that a process had at once; only Linux counts it in KiB."""
    return used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def address_space_bytes() -> int:
    """The size of this process, 0 where it cannot be told."""
    if sys.platform != "linux":
        return 0
    with open("/proc/self/statm", "rb") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()
