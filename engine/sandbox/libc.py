"""Calls to the operating system that Python's own modules lack (Linux). Each raises OSError with the system's reason."""

import ctypes
import os
from typing import Any, Final

_libc: Final = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long

PR_SET_PDEATHSIG: Final = 1
PR_SET_DUMPABLE: Final = 4
PR_SET_SECCOMP: Final = 22
PR_CAPBSET_DROP: Final = 24
PR_SET_CHILD_SUBREAPER: Final = 36
PR_SET_NO_NEW_PRIVS: Final = 38


def prctl(option: int, value: int, pointer: Any = None) -> int:
    none = ctypes.c_ulong(0)
    third = none if pointer is None else pointer
    return _checked(_libc.prctl(option, ctypes.c_ulong(value), third, none, none))


def syscall(number: int, *arguments: Any) -> int:
    """A system call by its number; whole numbers are passed at full width, anything else as ctypes does."""
    wide = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    return _checked(_libc.syscall(ctypes.c_long(number), *wide))


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
