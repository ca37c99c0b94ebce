"""Workers for systems on which a process that has imported much must not be forked (macOS): started before they are needed.

Each is a fresh Python that imports everything and waits for one order. It is held by what its system has of the layers.
"""

import os
import socket
import sys
from collections import deque
from typing import Final, NamedTuple, NoReturn

from engine.sandbox import worker
from engine.sandbox.channel import ORDER_BYTES, Descriptors, Order, pack_order, unpack_order
from engine.sandbox.job import Job
from engine.sandbox.layers import hardening_from_text, hardening_to_text
from engine.sandbox.warm import warm_up

#: As in zygote_process.py, for a process of its own.
_BOOT: Final = (
    "import sys; sys.path[:] = sys.argv[2:]; sys.modules['pyarrow'] = None; "
    "from engine.sandbox.spares import main; main()"
)
_MOST_LAYERS_BYTES: Final = 128
_READY: Final = b"!"


class _Spare(NamedTuple):
    pid: int
    line: socket.socket


class Spares:
    """So many processes that wait, and each that is taken is followed by another."""

    def __init__(self, count: int) -> None:
        self._waiting = deque(_start() for _ in range(count))

    def is_ready(self) -> bool:
        """Whether one has imported all it needs; that one comes first from then on. One that died is replaced."""
        for _ in range(len(self._waiting)):
            said = _heard(self._waiting[0])
            if said == _READY:
                return True
            if said is not None:
                self._waiting.popleft().line.close()
                self._waiting.append(_start())
            self._waiting.rotate(-1)
        return False

    def make(self, job: Job) -> int:
        """The first of those that wait does the job. Raises OSError when it died just now."""
        self._waiting.append(_start())
        spare = self._waiting.popleft()
        with spare.line:
            order = (
                pack_order(Order(job.limits, "none", job.visitor, job.purpose))
                + hardening_to_text(job.hardening).encode()
            )
            socket.send_fds(spare.line, [order], job.descriptors)
        return spare.pid


def _heard(spare: _Spare) -> bytes | None:
    """What it says, which stays there to be heard again; None while it says nothing, b"" when it is dead."""
    try:
        return spare.line.recv(len(_READY), socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return None
    except ConnectionResetError:
        return b""


def _start() -> _Spare:
    ours, theirs = socket.socketpair()
    with theirs:
        theirs.set_inheritable(True)
        command = [sys.executable, "-s", "-P", "-B", "-c", _BOOT, str(theirs.fileno()), *sys.path]
        return _Spare(os.posix_spawn(sys.executable, command, os.environ), ours)


def main() -> NoReturn:
    """`spares LINE`: import everything, then do what is ordered on the line; without an order the zygote is gone."""
    zygote_pid, line = os.getppid(), socket.socket(fileno=int(sys.argv[1]))
    warm_up()
    try:
        line.send(_READY)
        data, descriptors, _, _ = socket.recv_fds(line, ORDER_BYTES + _MOST_LAYERS_BYTES, len(Descriptors._fields))
    except (BrokenPipeError, ConnectionResetError):  # gone before it heard that this one is ready
        os._exit(0)
    if len(data) < ORDER_BYTES:
        os._exit(0)
    hardening = hardening_from_text(data[ORDER_BYTES:].decode())
    worker.work(Descriptors(*descriptors), unpack_order(data[:ORDER_BYTES]).limits, hardening, zygote_pid)
