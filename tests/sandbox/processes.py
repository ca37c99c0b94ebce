"""What the operating system says about processes, read from /proc: the tests ask it what is left of a replay."""

import os
import select
import sys
from pathlib import Path

import pytest

needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, which Linux has")


def children(pid: int) -> set[int]:
    """The processes that a process has started and not yet reaped."""
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def zygotes(server: int) -> set[int]:
    """The zygotes that a server has started (from any of its threads)."""
    started = {
        int(pid) for tasks in Path(f"/proc/{server}/task").iterdir() for pid in (tasks / "children").read_text().split()
    }
    return {pid for pid in started if b"engine.sandbox.zygote" in Path(f"/proc/{pid}/cmdline").read_bytes()}


def open_descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def wait_for_end(pid: int, timeout_s: float = 10) -> bool:
    """Whether the process ends in time."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], timeout_s)[0])
    finally:
        os.close(handle)
