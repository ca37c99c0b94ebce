"""The system calls that a worker may still make, and their numbers on each processor. How they are filtered is in seccomp.py.

A name that is not in one of the lists here is refused: nothing that names a path, makes a descriptor, a process or a
thread, or names another process.
"""

import platform
from typing import Final

import msgspec

#: Memory, clocks, its own signals, the descriptors that it has, its end.
ALLOWED: Final = (
    *("read", "write", "close", "fstat", "lseek", "poll", "select", "ppoll", "pselect6"),
    *("munmap", "mremap", "madvise", "brk"),
    *("rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall"),
    *("clock_gettime", "clock_getres", "gettimeofday", "time", "nanosleep", "clock_nanosleep", "sched_yield"),
    *("getpid", "gettid", "getppid", "getuid", "getgid", "geteuid", "getegid"),
    *("getrandom", "getrusage", "times", "getrlimit", "uname", "getcpu"),
    *("set_robust_list", "rseq", "exit", "exit_group"),
)
#: Allowed with some arguments only: seccomp.py has the rule of each.
CHECKED: Final = ("mmap", "mprotect", "tgkill", "prlimit64", "sched_getaffinity", "futex", "fcntl")
#: Said not to exist: their arguments lie in memory, where a filter cannot look, and callers know an older call instead.
UNKNOWN: Final = ("clone3", "openat2")
#: Answered as by a file that is no terminal, which is what Python asks.
NOT_A_TERMINAL: Final = ("ioctl",)


def _numbers(table: str) -> dict[str, int]:
    pairs = (pair.split() for pair in table.split(","))
    return {name: int(number) for name, number in pairs}


_X86_64: Final = _numbers(
    """
    read 0, write 1, close 3, fstat 5, poll 7, lseek 8, mmap 9, mprotect 10, munmap 11, brk 12, rt_sigaction 13,
    rt_sigprocmask 14, rt_sigreturn 15, ioctl 16, select 23, sched_yield 24, mremap 25, madvise 28, nanosleep 35,
    getpid 39, exit 60, uname 63, fcntl 72, gettimeofday 96, getrlimit 97, getrusage 98, times 100, getuid 102,
    getgid 104, geteuid 107, getegid 108, getppid 110, sigaltstack 131, gettid 186, time 201, futex 202,
    sched_getaffinity 204, restart_syscall 219, clock_gettime 228, clock_getres 229, clock_nanosleep 230,
    exit_group 231, tgkill 234, pselect6 270, ppoll 271, set_robust_list 273, prlimit64 302, getcpu 309,
    seccomp 317, getrandom 318, rseq 334, clone3 435, openat2 437, landlock_create_ruleset 444,
    landlock_restrict_self 446
    """
)
#: This processor came late: of the calls that others replaced it has only the newer (no poll, select, time).
_AARCH64: Final = _numbers(
    """
    fcntl 25, ioctl 29, close 57, lseek 62, read 63, write 64, pselect6 72, ppoll 73, fstat 80, exit 93,
    exit_group 94, futex 98, set_robust_list 99, nanosleep 101, clock_gettime 113, clock_getres 114,
    clock_nanosleep 115, sched_getaffinity 123, sched_yield 124, restart_syscall 128, tgkill 131, sigaltstack 132,
    rt_sigaction 134, rt_sigprocmask 135, rt_sigreturn 139, times 153, uname 160, getrlimit 163, getrusage 165,
    getcpu 168, gettimeofday 169, getpid 172, getppid 173, getuid 174, geteuid 175, getgid 176, getegid 177,
    gettid 178, brk 214, munmap 215, mremap 216, mmap 222, mprotect 226, madvise 233, prlimit64 261, seccomp 277,
    getrandom 278, rseq 293, clone3 435, openat2 437, landlock_create_ruleset 444, landlock_restrict_self 446
    """
)


class Processor(msgspec.Struct, frozen=True):
    """How a processor's system calls are told: the mark that the kernel gives a filter, and a number for each name.

    From `foreign_from` on the numbers mean another binary interface (x32), with which a filter could be passed by.
    """

    audit_arch: int
    numbers: dict[str, int]
    foreign_from: int | None = None


PROCESSORS: Final = {
    "x86_64": Processor(0xC000_003E, _X86_64, foreign_from=0x4000_0000),
    "aarch64": Processor(0xC000_00B7, _AARCH64),
}


def this_processor() -> Processor:
    """Raises OSError on a processor whose numbers are not known: then nothing may run."""
    found = PROCESSORS.get(platform.machine())
    if found is None:
        raise OSError(f"the system calls of {platform.machine()} are not known")
    return found
