"""What a worker gives up before a visitor's line runs, and in which order. Each step lives in a module of its own.

The order matters: a step may need what a later one takes away. Any error ends the worker, and nothing runs.
"""

import os
import sys
from typing import Final

from engine.sandbox import identity, landlock, libc, rlimits, seccomp
from engine.sandbox.layers import Hardening
from engine.sandbox.limits import Limits

#: Where a worker finds its pipe for last words; it has no other descriptor but 0 to 2, which lead nowhere.
LAST_WORDS: Final = 3
#: The zygote never has a descriptor numbered this high.
ABOVE_ALL_DESCRIPTORS: Final = 65_536


def adopt_orphans() -> None:
    """Processes that a dead worker leaves behind become children of this process, which reaps them (Linux)."""
    if sys.platform == "linux":
        libc.prctl(libc.PR_SET_CHILD_SUBREAPER, 1)


def require_one_thread() -> None:
    """Raises RuntimeError when an import has started a thread: a fork would leave its locks locked for ever (Linux)."""
    if sys.platform == "linux" and len(os.listdir("/proc/self/task")) > 1:
        raise RuntimeError("the zygote has more than one thread")


def give_up(last_words: int, limits: Limits, hardening: Hardening, zygote_pid: int) -> None:
    """Give up everything but system calls: descriptors, the user, files, resources. Raises OSError or ValueError."""
    idle_bytes = rlimits.address_space_bytes()
    _lead_standard_streams_nowhere()
    if hardening.uid_drop:
        identity.become_nobody(zygote_pid)
    identity.gain_no_privileges()
    if hardening.landlock and sys.platform == "linux":
        landlock.put_on()
    _keep_only(last_words)
    if hardening.rlimits:
        rlimits.put_on(limits, idle_bytes)


def filter_system_calls(hardening: Hardening) -> None:
    """The last step (Linux): from here on, nothing but computing. Raises OSError."""
    if hardening.seccomp and sys.platform == "linux":
        seccomp.put_on()


def _lead_standard_streams_nowhere() -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)


def _keep_only(last_words: int) -> None:
    """Close every descriptor but the standard ones and `last_words`."""
    os.dup2(last_words, LAST_WORDS)
    os.set_blocking(LAST_WORDS, False)
    os.closerange(LAST_WORDS + 1, ABOVE_ALL_DESCRIPTORS)
