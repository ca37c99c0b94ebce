"""The filter of system calls, on both processors: what it lets through, and that nothing else passes."""

import errno
import re
import subprocess
import sys
from pathlib import Path

import pytest

from engine.sandbox.bpf import ALLOW, KILL, fail_with
from engine.sandbox.seccomp import filter_program, require_refusal
from engine.sandbox.syscalls import ALLOWED, CHECKED, NOT_A_TERMINAL, PROCESSORS, UNKNOWN
from tests.sandbox.bpf_machine import answer
from tests.source_tree import ROOT

OWN_PID = 4711
REFUSED = fail_with(errno.EPERM)
WIDE = 1 << 32
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
on_both = pytest.mark.parametrize("machine", PROCESSORS)


def answer_to(machine: str, name: str | int, *arguments: int) -> int:
    processor = PROCESSORS[machine]
    number = processor.numbers[name] if isinstance(name, str) else name
    return answer(filter_program(processor, OWN_PID), processor.audit_arch, number, arguments)


@on_both
def test_the_numbers_are_those_of_the_kernels_own_headers(machine):
    header = HEADERS[machine]
    if not header.exists():
        pytest.skip(f"{header} is not installed (Debian: linux-libc-dev)")
    found = re.findall(r"#define __NR(?:3264)?_(\w+) (\d+)", header.read_text())
    kernels = {name: int(number) for name, number in found}
    assert {name: kernels.get(name) for name in PROCESSORS[machine].numbers} == PROCESSORS[machine].numbers


@on_both
def test_of_all_system_calls_only_the_named_ones_pass(machine):
    processor = PROCESSORS[machine]
    passed = {number for number in range(600) if answer_to(machine, number, 7, 7, 7) == ALLOW}
    assert passed == {processor.numbers[name] for name in ALLOWED if name in processor.numbers}


@on_both
def test_no_processor_lacks_a_call_that_it_should_have(machine):
    missing = {*ALLOWED, *CHECKED, *UNKNOWN, *NOT_A_TERMINAL} - set(PROCESSORS[machine].numbers)
    assert missing == ({"poll", "select", "time"} if machine == "aarch64" else set())


@on_both
@pytest.mark.parametrize(
    ("name", "arguments", "passes"),
    [
        ("mmap", (0, 4096, 3), True),
        ("mmap", (0, 4096, 7), False),
        ("mprotect", (0, 4096, 1), True),
        ("mprotect", (0, 4096, 5), False),
        ("tgkill", (OWN_PID, 1, 6), True),
        ("tgkill", (OWN_PID + 1, 1, 6), False),
        ("prlimit64", (0, 7, 0), True),
        ("prlimit64", (1, 7, 0), False),
        ("prlimit64", (0, 7, 4096), False),
        ("prlimit64", (0, 7, WIDE), False),
        ("sched_getaffinity", (0,), True),
        ("sched_getaffinity", (1,), False),
        ("futex", (0, 0 | 128), True),
        ("futex", (0, 9 | 128 | 256), True),
        ("futex", (0, 1), True),
        ("futex", (0, 3 | 128), False),
        ("fcntl", (3, 1), True),
        ("fcntl", (3, 3), True),
        ("fcntl", (3, 0), False),
        ("fcntl", (3, 4), False),
    ],
)
def test_a_call_with_other_arguments_is_refused(machine, name, arguments, passes):
    assert answer_to(machine, name, *arguments) == (ALLOW if passes else REFUSED)


@on_both
def test_calls_that_cannot_be_looked_into_are_said_not_to_exist(machine):
    assert answer_to(machine, "clone3") == answer_to(machine, "openat2") == fail_with(errno.ENOSYS)
    assert answer_to(machine, "ioctl", 1, 0x5401) == fail_with(errno.ENOTTY)


@on_both
def test_another_processor_in_the_same_process_is_killed(machine):
    processor = PROCESSORS[machine]
    assert answer(filter_program(processor, OWN_PID), 0x4000_0003, processor.numbers["getpid"]) == KILL


@pytest.mark.parametrize("number", [0x4000_0000, 0x4000_0000 | 39, 0xFFFF_FFFF])
def test_the_second_set_of_numbers_of_x86_64_is_killed(number):
    assert answer_to("x86_64", number) == KILL


TRY_ALL = """
import ctypes, errno, os
from engine.sandbox import libc, seccomp
from engine.sandbox.syscalls import this_processor
known = set(this_processor().numbers.values())
libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
seccomp.put_on()
passed = []
for number in set(range(480)) - known - {335, 336}:  # the kernel answers these two before any filter
    try:
        libc.syscall(number, -1, -1, -1, -1, -1)
        passed.append(number)
    except OSError as error:
        if error.errno != errno.EPERM:
            passed.append(number)
print(passed)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the filter is Linux's")
def test_the_kernel_refuses_every_call_that_the_filter_does_not_name():
    tried = subprocess.run([sys.executable, "-c", TRY_ALL], cwd=ROOT, capture_output=True, text=True, check=True)
    assert tried.stdout == "[]\n"


@pytest.mark.skipif(sys.platform != "linux", reason="the filter is Linux's")
def test_a_filter_without_effect_is_noticed():
    """As in this process, which has none."""
    with pytest.raises(OSError, match="has no effect"):
        require_refusal()
