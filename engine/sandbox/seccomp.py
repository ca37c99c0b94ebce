"""The boundary: the filter of system calls that a worker can never take off again. Lives here: its rules, and putting it on.

What is not named is refused. The names are in syscalls.py.
"""

import ctypes
import errno
import os
from collections.abc import Iterable
from typing import Final

from engine.sandbox import bpf, libc
from engine.sandbox.syscalls import ALLOWED, CHECKED, NOT_A_TERMINAL, UNKNOWN, Processor, this_processor

_SET_MODE_FILTER: Final = 1
_MODE_FILTER: Final = 2
_ALL_THREADS: Final = 1
_PROT_EXEC: Final = 4
_FUTEX_KIND: Final = 0xFFFF_FFFF & ~(128 | 256)  # without the marks "private" and "by the wall clock"
_FUTEX_WAIT_AND_WAKE: Final = (0, 1, 9, 10)
_F_GETFD, _F_GETFL = 1, 3

_ALLOW: Final = bpf.answer(bpf.ALLOW)
_REFUSE: Final = bpf.answer(bpf.fail_with(errno.EPERM))
_KILL: Final = bpf.answer(bpf.KILL)


class Program(ctypes.Structure):
    """A filter as the kernel is told of it: how many instructions of eight bytes, and where they are."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def filter_program(processor: Processor, own_pid: int) -> bytes:
    """The filter for a process with this id, as the kernel takes it."""
    numbers = processor.numbers
    program = [*bpf.load_architecture(), *bpf.when_not_equal(processor.audit_arch, _KILL), *bpf.load_number()]
    if processor.foreign_from is not None:
        program += bpf.when_at_least(processor.foreign_from, _KILL)
    # A processor may lack a call; then there is nothing to allow.
    program += _answered((numbers[name] for name in ALLOWED if name in numbers), _ALLOW)
    rules = _checked_rules(own_pid)
    for name in CHECKED:
        program += bpf.when_equal(numbers[name], rules[name])
    program += _answered((numbers[name] for name in NOT_A_TERMINAL), bpf.answer(bpf.fail_with(errno.ENOTTY)))
    program += _answered((numbers[name] for name in UNKNOWN), bpf.answer(bpf.fail_with(errno.ENOSYS)))
    return b"".join([*program, *_REFUSE])


def put_on(processor: Processor | None = None) -> None:
    """Put the filter on this process for good. Raises OSError when the kernel does not take it, or does not obey it."""
    processor = processor or this_processor()
    code = filter_program(processor, os.getpid())
    program = Program(len(code) // 8, code)
    try:
        _install(processor, program)
    except OSError:
        libc.prctl(libc.PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program))
    require_refusal()


def _install(processor: Processor, program: Program) -> None:
    number = processor.numbers["seccomp"]
    if libc.syscall(number, _SET_MODE_FILTER, _ALL_THREADS, ctypes.byref(program)) != 0:
        raise OSError("a thread cannot be filtered")


def require_refusal() -> None:
    """A kernel may take a filter and not obey it. This call is harmless, and refused by the filter only."""
    try:
        os.getsid(0)
    except PermissionError:
        return
    raise OSError("the filter of system calls has no effect")


def _answered(numbers: Iterable[int], then: bpf.Block) -> bpf.Block:
    return [part for number in numbers for part in bpf.when_equal(number, then)]


def _checked_rules(own_pid: int) -> dict[str, bpf.Block]:
    """For each call that depends on its arguments, the block that allows or refuses it."""
    not_executable = [*bpf.load_low(2), *bpf.when_any_bit(_PROT_EXEC, _REFUSE), *_ALLOW]
    return {
        "mmap": not_executable,
        "mprotect": not_executable,
        "tgkill": [*bpf.load_low(0), *bpf.when_equal(own_pid, _ALLOW), *_REFUSE],
        "prlimit64": [*_only_zero(0), *_only_zero(2), *_ALLOW],  # of itself, and only to read
        "sched_getaffinity": [*_only_zero(0), *_ALLOW],
        "futex": [*bpf.load_low(1), *bpf.keep_bits(_FUTEX_KIND), *_answered(_FUTEX_WAIT_AND_WAKE, _ALLOW), *_REFUSE],
        "fcntl": [*bpf.load_low(1), *_answered((_F_GETFD, _F_GETFL), _ALLOW), *_REFUSE],
    }


def _only_zero(argument: int) -> bpf.Block:
    """Refuse unless the argument is 0 in both its halves."""
    low = [*bpf.load_low(argument), *bpf.when_not_equal(0, _REFUSE)]
    return [*low, *bpf.load_high(argument), *bpf.when_not_equal(0, _REFUSE)]
