"""The server's hold on its zygote: starting it, giving it orders, starting it anew when it died. Nothing is replayed here."""

import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

from engine.sandbox.channel import Descriptors
from engine.sandbox.layers import ALL_LAYERS, Hardening, hardening_to_text

#: All that workers know of the environment. Hashes and the time zone are fixed so that equal scenarios give equal traces.
_ENVIRONMENT: Final = {
    "LC_ALL": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "TZ": "UTC",
}
#: Modules are looked for where the server found its own. pyarrow starts a thread when imported, and pandas does without.
_BOOT: Final = (
    "import sys; sys.path[:] = sys.argv[4:]; sys.modules['pyarrow'] = None; "
    "from engine.sandbox.zygote import main; main()"
)
_PROJECT: Final = Path(__file__).resolve().parents[2]


class ZygoteProcess:
    """One zygote, started when it is first needed. May be used by many threads."""

    def __init__(self, max_workers: int, hardening: Hardening = ALL_LAYERS) -> None:
        self._arguments = (str(max_workers), hardening_to_text(hardening))
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def start(self) -> None:
        """Start it, unless it runs. Returns at once; it imports pandas in its own time, and orders wait for it."""
        with self._lock:
            self._running_control()

    def send(self, order: bytes, descriptors: Descriptors) -> None:
        """Send an order, to a new zygote when the old one died."""
        with self._lock:
            try:
                socket.send_fds(self._running_control(), [order], descriptors)
            except (BrokenPipeError, ConnectionResetError):
                self._stop()
                socket.send_fds(self._running_control(), [order], descriptors)

    def stop(self) -> None:
        """End it, and all workers with it."""
        with self._lock:
            self._stop()

    def _running_control(self) -> socket.socket:
        if self._process is not None and self._process.poll() is not None:
            self._stop()
        if self._control is None:
            self._control = self._launch()
        return self._control

    def _launch(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        paths = [str(_PROJECT), *(path for path in sys.path if Path(path).is_absolute())]
        with theirs:
            # Not -I: it would ignore PYTHONHASHSEED. The environment is ours, -s and -P do the rest.
            command = [sys.executable, "-s", "-P", "-B", "-c", _BOOT, str(theirs.fileno()), *self._arguments]
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own arguments
                [*command, *paths],
                env=_ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C in a terminal is the server's to handle
            )
        return ours

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._control = self._process = None
