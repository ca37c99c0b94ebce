"""Landlock, the second layer where the kernel has it: no file, no TCP, no signal to others, without a single exception."""

import ctypes
import errno
import os
from typing import Final

from engine.sandbox import libc
from engine.sandbox.syscalls import Processor, this_processor

_ASK_VERSION: Final = 1
#: How a kernel without Landlock answers, and a container that does not let it through.
_ABSENT: Final = (errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM)
#: By version of the interface, the highest of the rights over files that it knows.
_FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 5: 16}
_BIND_AND_CONNECT_TCP: Final = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS: Final = 0b11


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


def version(processor: Processor) -> int:
    """The version of the kernel's Landlock; 0 when there is none."""
    try:
        return libc.syscall(processor.numbers["landlock_create_ruleset"], None, 0, _ASK_VERSION)
    except OSError as error:
        if error.errno in _ABSENT:
            return 0
        raise


def put_on(processor: Processor | None = None) -> None:
    """Refuse this process everything that Landlock can refuse, where there is one. Raises OSError when that fails.

    The process must have given up new privileges before, and must have a descriptor free.
    """
    processor = processor or this_processor()
    known = version(processor)
    if known == 0:
        return
    rules = _everything(known)
    ruleset = libc.syscall(processor.numbers["landlock_create_ruleset"], ctypes.byref(rules), ctypes.sizeof(rules), 0)
    try:
        libc.syscall(processor.numbers["landlock_restrict_self"], ruleset, 0)
    finally:
        os.close(ruleset)


def _everything(known: int) -> _Ruleset:
    """All that this version can refuse. A right that is handled and that no rule allows is refused."""
    rights = max(count for since, count in _FILE_RIGHTS.items() if since <= known)
    return _Ruleset(
        (1 << rights) - 1,
        _BIND_AND_CONNECT_TCP if known >= 4 else 0,
        _ABSTRACT_SOCKETS_AND_SIGNALS if known >= 6 else 0,
    )
