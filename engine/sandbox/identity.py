"""Who a worker is: a session of its own, nobody's user, no capabilities, and dead when its zygote is."""

import os
import signal
import sys
from contextlib import suppress
from typing import Final

from engine.sandbox import libc

NOBODY: Final = 65534
#: More than any kernel has; it says where its own end.
_MOST_CAPABILITIES: Final = 64


def leave_the_zygote(zygote_pid: int) -> None:
    """A session of its own, so that whatever the worker starts can be killed with it; it dies with its zygote.

    When the whole system runs out of memory, the worker is to be killed, not the server.
    """
    os.setsid()
    if sys.platform == "linux":
        # It protects the host's memory, not its data: a system without this file gets by without it.
        with suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
            score.write("1000")
    die_with(zygote_pid)


def die_with(zygote_pid: int) -> None:
    """Be killed when the zygote ends. Raises ProcessLookupError when it has ended already."""
    if sys.platform == "linux":
        libc.prctl(libc.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != zygote_pid:
        raise ProcessLookupError("the zygote died while a worker was made")


def become_nobody(zygote_pid: int) -> None:
    """Root gives up its capabilities and its user for good; anybody else stays who he is.

    The kernel forgets with whom a process dies when its user changes, so that is said again.
    """
    if os.geteuid() != 0:
        return
    if sys.platform == "linux":
        _empty_the_bounding_set()
    os.setgroups([])
    if sys.platform == "linux":
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    else:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    die_with(zygote_pid)


def gain_no_privileges() -> None:
    """No program can give this process more rights, and no process of the same user can look into it (Linux)."""
    if sys.platform == "linux":
        libc.prctl(libc.PR_SET_DUMPABLE, 0)
        libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)


def _empty_the_bounding_set() -> None:
    with suppress(OSError):  # the number after the last capability
        for capability in range(_MOST_CAPABILITIES):
            libc.prctl(libc.PR_CAPBSET_DROP, capability)
