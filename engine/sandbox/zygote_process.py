"""The server's hold on its zygote: starting it, giving it orders, starting it anew. Nothing is replayed here."""

import os
import select
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final

import msgspec

from engine.sandbox.channel import Descriptors
from engine.sandbox.layers import Hardening, hardening_to_text
from engine.sandbox.levels import Check, SelfTest, reaches

#: All that workers know of the environment, besides the seed of their hashes. That and the time zone are fixed so that
#: equal scenarios give equal traces.
_ENVIRONMENT: Final = {
    "LC_ALL": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "TZ": "UTC",
}
#: Modules are looked for where the server found its own. pyarrow starts a thread when imported, and pandas does without.
_BOOT: Final = (
    "import sys; sys.path[:] = sys.argv[6:]; sys.modules['pyarrow'] = None; "
    "from engine.sandbox.zygote_main import main; main()"
)
_PROJECT: Final = Path(__file__).resolve().parents[2]
#: All workers of a zygote have the same addresses in memory, which one of them might have found out.
_MOST_ORDERS: Final = 500
_MOST_AGE_S: Final = 3600.0
_MOST_REPORT_BYTES: Final = 64 * 1024


class ZygoteProcess:
    """A zygote, started when it is first needed, and followed by a younger one in time. May be used by many threads."""

    def __init__(self, max_workers: int, hardening: Hardening, spare_workers: bool, hash_seed: int = 0) -> None:
        self._hash_seed = hash_seed
        self._arguments = (str(max_workers), hardening_to_text(hardening), "spare" if spare_workers else "forked")
        self._lock = threading.Lock()
        self._current: _Zygote | None = None
        self._next: _Zygote | None = None
        self._retired: list[_Zygote] = []

    def start(self) -> None:
        """Start it, unless it runs. Returns at once; it imports pandas in its own time, and orders wait for it."""
        with self._lock:
            self._running()

    def send(self, order: bytes, descriptors: Descriptors) -> None:
        """Send an order, to a new zygote when the old one died."""
        with self._lock:
            self._follow_up()
            zygote = self._running()
            try:
                zygote.send(order, descriptors)
            except (BrokenPipeError, ConnectionResetError):  # it died just now
                zygote.kill()
                self._running().send(order, descriptors)

    def self_test(self, timeout_s: float | None = None) -> SelfTest | None:
        """What the zygote found out about its workers; waits for it, None when that takes longer than `timeout_s`."""
        with self._lock:
            zygote = self._running()
        return zygote.self_test(timeout_s)

    def stop(self) -> None:
        """End it, and all workers with it."""
        with self._lock:
            self._stop()

    def _running(self) -> "_Zygote":
        if self._current is not None and self._current.is_dead():
            self._current.kill()
            self._current = None
        if self._current is None:
            self._current = _Zygote(self._arguments, self._hash_seed)
        return self._current

    def _follow_up(self) -> None:
        """An old zygote works on until the next has started and tested itself; then it ends what it has, and itself."""
        self._retired = [zygote for zygote in self._retired if not zygote.is_dead()]
        if self._current is None or not self._current.is_old():
            return
        if self._next is None:
            self._next = _Zygote(self._arguments, self._hash_seed)
            return
        old, new = self._current.self_test(0), self._next.self_test(0)
        if old is None or new is None:
            return
        if reaches(new.level, old.level):
            self._current.retire()
            self._retired.append(self._current)
            self._current = self._next
        else:  # the machine was too busy to test it; another will be tried
            self._next.kill()
        self._next = None

    def _stop(self) -> None:
        for zygote in (self._current, self._next, *self._retired):
            if zygote is not None:
                zygote.kill()
        self._current = self._next = None
        self._retired = []


class _Zygote:
    """One process, from its launch on."""

    def __init__(self, arguments: tuple[str, ...], hash_seed: int) -> None:
        self._began_s = time.monotonic()
        self._orders = 0
        self._self_test: SelfTest | None = None
        self._one_reads = threading.Lock()
        self._control, theirs = socket.socketpair()
        report, reported = os.pipe()
        self._report = open(report, "rb", buffering=0)  # noqa: SIM115 - held as long as the process
        with theirs, open(reported, "wb", buffering=0):
            kept = [theirs.fileno(), reported]
            self._process = _launch((str(theirs.fileno()), str(reported), *arguments), kept, hash_seed)

    def send(self, order: bytes, descriptors: Descriptors) -> None:
        socket.send_fds(self._control, [order], descriptors)
        self._orders += 1

    def is_dead(self) -> bool:
        return self._process.poll() is not None

    def is_old(self) -> bool:
        return self._orders >= _MOST_ORDERS or time.monotonic() - self._began_s > _MOST_AGE_S

    def self_test(self, timeout_s: float | None) -> SelfTest | None:
        with self._one_reads:
            if (
                self._self_test is None
                and not self._report.closed
                and select.select([self._report], [], [], timeout_s)[0]
            ):
                self._self_test = _read_report(self._report.read(_MOST_REPORT_BYTES))
            return self._self_test

    def retire(self) -> None:
        """Send it no more orders; it ends when it has ended those that it has."""
        self._control.close()
        with self._one_reads:
            self._report.close()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self.retire()


def _launch(arguments: tuple[str, ...], kept: list[int], hash_seed: int) -> "subprocess.Popen[bytes]":
    paths = [str(_PROJECT), *(path for path in sys.path if Path(path).is_absolute())]
    return subprocess.Popen(  # noqa: S603 - our own interpreter, our own arguments
        # Not -I: it would ignore PYTHONHASHSEED. The environment is ours, -s and -P do the rest.
        [sys.executable, "-s", "-P", "-B", "-c", _BOOT, *arguments, *paths],
        env={**_ENVIRONMENT, "PYTHONHASHSEED": str(hash_seed)},
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=kept,
        start_new_session=True,  # Ctrl-C in a terminal is the server's to handle
    )


def _read_report(data: bytes) -> SelfTest:
    """A zygote that died before it could report has failed its test."""
    try:
        return msgspec.json.decode(data, type=SelfTest)
    except msgspec.DecodeError:
        return SelfTest("none", (Check("the zygote starts", False, "its reason is in the server's log"),))
