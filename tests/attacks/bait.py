"""What lies around an attack, in the server's reach: files, listeners, the server itself; and what was touched of it."""

import os
import resource
import secrets
import select
import signal
import socket
from ctypes import addressof, create_string_buffer
from pathlib import Path
from typing import Any, Final

_SECRET: Final = "the secret of the server"
_MARKED: Final = ("/tmp", "/dev/shm")  # noqa: S108 - looked into, not written to
_LIMITS: Final = [getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT_")]


class Bait:
    """Laid out in an empty folder that everybody may write to, by the process that is the server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._secret = folder / "secret.txt"
        self._canary = folder / "canary.txt"
        self._memory = create_string_buffer(b"untouched", 16)
        self._signals: list[int] = []
        signal.signal(signal.SIGURG, lambda number, _: self._signals.append(number))
        self._listeners = list(self._listen())
        self._secret.write_text(_SECRET)
        (folder / "stateline_secret.py").write_text(f"SECRET = {_SECRET!r}\n")
        self.lay_out()

    def target(self) -> dict[str, Any]:
        """What an attack is told: everything but the secret, and a mark that only a winner shows."""
        tcp, udp, *_ = self._listeners
        return {
            "mark": f"WON-{secrets.token_hex(8)}",
            "server": os.getpid(),
            "secret_file": str(self._secret),
            "canary": str(self._canary),
            "folder": str(self._folder),
            "address": addressof(self._memory),
            "tcp_port": tcp.getsockname()[1],
            "udp_port": udp.getsockname()[1],
            "unix_path": str(self._folder / "socket"),
            "abstract": self._abstract,
        }

    def lay_out(self) -> None:
        """As it was before somebody touched it."""
        for left in set(self._folder.iterdir()) - self._expected():
            left.rmdir() if left.is_dir() and not left.is_symlink() else left.unlink()
        for left in self._marked():
            left.unlink()
        self._canary.write_text("canary")
        self._canary.chmod(0o666)
        os.utime(self._canary, (1_000_000_000, 1_000_000_000))
        self._memory.value = b"untouched"
        self._signals.clear()
        for listener in self._listeners:
            self._drain(listener)
        self._self_before = self._self()

    def touched(self) -> list[str]:
        """Everything that is not as it was laid out, in words."""
        found = [f"left {path.name}" for path in set(self._folder.iterdir()) - self._expected()]
        found += [f"left {path}" for path in self._marked()]
        found += [] if self._canary_is_alive() else ["the canary"]
        found += [] if self._memory.value == b"untouched" else ["the memory of the server"]
        found += [f"signal {number}" for number in self._signals]
        found += [f"a listener ({listener.getsockname()!r})" for listener in self._listeners if self._drain(listener)]
        found += [] if self._self() == self._self_before else ["the server's own limits, priority or place"]
        return found

    def _listen(self) -> Any:
        self._abstract = f"stateline-{os.getpid()}"
        kinds = (
            (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
            (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
            (socket.AF_UNIX, socket.SOCK_STREAM, str(self._folder / "socket")),
            (socket.AF_UNIX, socket.SOCK_STREAM, "\0" + self._abstract),
        )
        for family, kind, address in kinds:
            listener = socket.socket(family, kind)
            if kind == socket.SOCK_STREAM and family == socket.AF_INET:
                listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_FASTOPEN, 5)
            listener.bind(address)
            if kind == socket.SOCK_STREAM:
                listener.listen()
            listener.setblocking(False)
            yield listener

    @staticmethod
    def _drain(listener: socket.socket) -> int:
        """How often somebody knocked."""
        count = 0
        while select.select([listener], [], [], 0)[0]:
            count += 1
            if listener.type == socket.SOCK_STREAM:
                listener.accept()[0].close()
            else:
                listener.recv(100)
        return count

    def _expected(self) -> set[Path]:
        return {self._folder / name for name in ("secret.txt", "canary.txt", "stateline_secret.py", "socket")}

    def _marked(self) -> list[Path]:
        """What attacks leave elsewhere has the server's number in its name."""
        return [path for place in _MARKED for path in Path(place).glob(f"stateline_made_{os.getpid()}*")]

    def _canary_is_alive(self) -> bool:
        if not self._canary.is_file():
            return False
        found = self._canary.stat()
        is_as_it_was = (found.st_mode & 0o777, found.st_mtime, found.st_nlink) == (0o666, 1_000_000_000, 1)
        return is_as_it_was and self._canary.read_text() == "canary"

    @staticmethod
    def _self() -> Any:
        place = os.getcwd(), os.getpriority(os.PRIO_PROCESS, 0), os.sched_getaffinity(0), os.getsid(0), os.getuid()
        return place, [resource.getrlimit(kind) for kind in _LIMITS]
