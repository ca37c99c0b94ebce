"""A kernel that lacks something, or a container that does not let it through: a command is refused system calls.

python -m tests.sandbox.container NAME[,NAME…] COMMAND…      the names are those of MISSING
"""

import ctypes
import errno
import os
import sys

from engine.sandbox import bpf, libc
from engine.sandbox.seccomp import Program
from engine.sandbox.syscalls import this_processor

PRCTL = {"x86_64": 157, "aarch64": 167}[os.uname().machine]
UNSHARE = {"x86_64": 272, "aarch64": 97}[os.uname().machine]
LANDLOCK = (444, 445, 446)
REFUSE = bpf.answer(bpf.fail_with(errno.EPERM))

MISSING = {
    "landlock": [part for number in LANDLOCK for part in bpf.when_equal(number, REFUSE)],
    "unshare": bpf.when_equal(UNSHARE, REFUSE),
    "seccomp": bpf.when_equal(this_processor().numbers["seccomp"], REFUSE),
    "prctl": bpf.when_equal(
        PRCTL, [*bpf.load_low(0), *bpf.when_equal(libc.PR_SET_SECCOMP, REFUSE), *bpf.load_number()]
    ),
}


def take_away(names: str) -> None:
    rules = [part for name in names.split(",") for part in MISSING[name]]
    code = b"".join([*bpf.load_number(), *rules, *bpf.answer(bpf.ALLOW)])
    libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
    libc.prctl(libc.PR_SET_SECCOMP, 2, ctypes.byref(Program(len(code) // 8, code)))


if __name__ == "__main__":
    take_away(sys.argv[1])
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 - our own command
