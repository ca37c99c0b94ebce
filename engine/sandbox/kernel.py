"""What a worker gives up before a visitor's line runs. Lives here: the calls to the operating system, and their order.

They keep honest mistakes away (an endless loop, 10 GB, a fork). They do not yet keep a determined attacker in.
"""

import ctypes
import os
import resource
import signal
import sys
from typing import Final

from engine.sandbox.limits import Limits

#: Where a worker finds its pipe for last words; it has no other descriptor but 0 to 2.
LAST_WORDS: Final = 3
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_CHILD_SUBREAPER: Final = 36
_MAX_DESCRIPTORS: Final = 16
_ABOVE_ALL_DESCRIPTORS: Final = 65_536
_CPU_GRACE_S: Final = 2
#: The system refuses memory only above what the replay may use: below, the worker can still say what happened.
_MEMORY_GRACE_BYTES: Final = 64 * 1024 * 1024

_libc: Final = ctypes.CDLL(None, use_errno=True)


def adopt_orphans() -> None:
    """Processes that a dead worker leaves behind become children of this process, which reaps them (Linux)."""
    if sys.platform == "linux":
        _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def require_one_thread() -> None:
    """Raise RuntimeError when an import has started a thread: a fork would leave its locks locked for ever (Linux)."""
    if sys.platform == "linux" and len(os.listdir("/proc/self/task")) > 1:
        raise RuntimeError("the zygote has more than one thread")


def become_worker(zygote_pid: int) -> None:
    """A session of its own, so that whatever the worker starts can be killed with it; it dies with its zygote.

    When the whole system runs out of memory, the worker is to be killed, not the server.
    """
    os.setsid()
    if sys.platform == "linux":
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        with open("/proc/self/oom_score_adj", "w") as score:
            score.write("1000")
    if os.getppid() != zygote_pid:
        raise ProcessLookupError("the zygote died while it forked")


def give_up(last_words: int, limits: Limits) -> None:
    """Give up everything that a replay does not need. Raises OSError or ValueError: then nothing of a visitor's may run.

    The order matters: a step may need what a later one takes away. A filter of system calls has to come last.
    """
    _keep_only(last_words)
    _limit_resources(limits)


def _keep_only(last_words: int) -> None:
    """Close every descriptor but `last_words`; standard input is empty, standard output and error lead nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.dup2(last_words, LAST_WORDS)
    os.set_blocking(LAST_WORDS, False)
    os.closerange(LAST_WORDS + 1, _ABOVE_ALL_DESCRIPTORS)


def _limit_resources(limits: Limits) -> None:
    cpu_s = limits.time_ms // 1000 + _CPU_GRACE_S
    _limit(resource.RLIMIT_CPU, cpu_s)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, _MAX_DESCRIPTORS)
    if sys.platform == "linux":  # elsewhere the size cannot be read, or the limit is not heeded
        _limit(resource.RLIMIT_AS, _address_space_bytes() + limits.memory_bytes + _MEMORY_GRACE_BYTES)


def _limit(kind: int, most: int) -> None:
    """Lower a limit for good; one that is lower already stays."""
    hard = resource.getrlimit(kind)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (most, most))


def _address_space_bytes() -> int:
    with open("/proc/self/statm", "rb") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()


def _prctl(option: int, value: int) -> None:
    none = ctypes.c_ulong(0)
    if _libc.prctl(option, ctypes.c_ulong(value), none, none, none) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
