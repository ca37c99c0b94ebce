"""The function that the self-test replays: it tries what must be refused. It is never imported, only read as text.

A call that fails for another reason than a refusal was let through: the file that it names might have been there.
"""

import ctypes
import errno
import mmap
import os
import resource
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

#: What is tried to be reached: the self-test puts its own behind this text.
SERVER, PORT, FILE = 0, 0, ""
REFUSALS = {errno.EPERM, errno.EACCES, errno.ENOSYS, errno.EMFILE, errno.EAGAIN, errno.ENOMEM}
NOWHERE = "/nowhere-of-the-self-test"


def in_c(function: str, *arguments: Any) -> None:
    """A call to the C library; raises OSError."""
    if getattr(ctypes.CDLL(None, use_errno=True), function)(*arguments) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def create(path: str) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    os.unlink(path)


def start_a_process() -> None:
    if os.fork() == 0:
        os._exit(0)


def connect(port: int) -> None:
    with socket.socket() as client:
        client.settimeout(1)
        client.connect(("127.0.0.1", port))


def look_into(pid: int) -> None:
    """Read one byte of another process; whether it is there does not matter."""
    here, one, none = ctypes.create_string_buffer(1), ctypes.c_ulong(1), ctypes.c_ulong(0)
    local, remote = (ctypes.c_size_t * 2)(ctypes.addressof(here), 1), (ctypes.c_size_t * 2)(4096, 1)
    in_c("process_vm_readv", pid, local, one, remote, one, none)


def probes(server: int, port: int, file: str) -> dict[str, Callable[[], Any]]:
    """What is tried, by name. The first six are those that a second layer should refuse too."""
    return {
        "read a file": lambda: os.close(os.open(file, os.O_RDONLY)),
        "create a file in /tmp": lambda: create(f"/tmp/stateline-self-test-{os.getpid()}"),  # noqa: S108
        "list a directory": lambda: os.listdir("/"),
        "connect by TCP": lambda: connect(port),
        "signal the server": lambda: os.kill(server, 0),
        "look into the server": lambda: look_into(server),
        "ask whether a file exists": lambda: os.stat(file),
        "create shared memory": lambda: create(f"/dev/shm/stateline-self-test-{os.getpid()}"),  # noqa: S108
        "delete a file": lambda: os.unlink(NOWHERE),
        "rename a file": lambda: os.rename(NOWHERE, NOWHERE),
        "change a file's mode": lambda: os.chmod(NOWHERE, 0o600),
        "change the directory": lambda: os.chdir("/"),
        "listen on a port": lambda: socket.create_server(("127.0.0.1", 0)),
        "make a UDP socket": lambda: socket.socket(type=socket.SOCK_DGRAM).close(),
        "make a pair of sockets": socket.socketpair,
        "start a process": start_a_process,
        "start a thread": threading.Thread(target=int).start,
        "run a program": lambda: os.execv(NOWHERE, [NOWHERE]),  # noqa: S606
        "see the server's limits": lambda: in_c("prlimit", server, 0, None, ctypes.create_string_buffer(16)),
        "change its own limits": lambda: resource.setrlimit(resource.RLIMIT_CPU, resource.getrlimit(0)),
        "make executable memory": lambda: mmap.mmap(-1, 4096, flags=0x22, prot=7).close(),
        "make a file in memory": lambda: os.close(os.memfd_create("self-test")),
        "watch files": lambda: in_c("inotify_init1", 0),
        "leave its namespaces": lambda: in_c("unshare", 0x10000000),
        "become another user": lambda: os.setuid(os.getuid()),
        "take a gigabyte": lambda: mmap.mmap(-1, 1 << 30).close(),
    }


def tried(probe: Callable[[], Any]) -> tuple[bool, str]:
    """Whether it was refused, and in which words."""
    try:
        probe()
    except OSError as error:
        return error.errno in REFUSALS, str(error)
    except (RuntimeError, ValueError, AttributeError) as error:  # a thread, a limit, a call that this system lacks
        return True, str(error)
    return False, "it was allowed"


def updateState(key: str, values: list[str], state: Any) -> Iterator[tuple[str, bool, str]]:  # noqa: N802 - Spark's word
    for name, probe in probes(SERVER, PORT, FILE).items():
        yield name, *tried(probe)
