"""The servers under attack: a process for each identity, with the layers of the sandbox or without, started when needed.

Without root's rights "nobody" is whoever runs the tests: an ordinary user too.
"""

import json
import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.attacks.catalog import Identity

ROOT = Path(__file__).parents[2]
_AS_NOBODY: dict[str, Any] = {"user": 65534, "group": 65534, "extra_groups": []}


class Server:
    """A server that is attacked. It is not this process, so that nothing which it suffers can hide in a test."""

    def __init__(self, identity: Identity, *layers: str) -> None:
        python_of_nobody = _python_of_nobody() if identity == "nobody" and os.getuid() == 0 else None
        self._process = subprocess.Popen(
            [python_of_nobody or sys.executable, "-B", "-m", "tests.attacks.server", *layers],
            cwd=ROOT,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # our own log of replays that broke; what matters comes as an answer
            text=True,
            **(_AS_NOBODY if python_of_nobody else {}),
        )

    def fire(self, name: str) -> dict[str, Any]:
        """What became of an attack. The server has to live on to tell."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{name}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the server died"
        told: dict[str, Any] = json.loads(answer)
        if told["is_not_here"]:
            pytest.skip("this machine has no such system call")
        return told

    def close(self) -> None:
        self._process.communicate(timeout=60)


@pytest.fixture(scope="session")
def server_of() -> Iterator[Callable[..., Server]]:
    """A server by its identity and its layers, started once."""
    servers: dict[tuple[str, ...], Server] = {}

    def server(identity: Identity, *layers: str) -> Server:
        if identity == "root" and os.getuid() != 0:
            pytest.skip("only root can be attacked as root")
        if (identity, *layers) not in servers:
            servers[identity, *layers] = Server(identity, *layers)
        return servers[identity, *layers]

    yield server
    for started in servers.values():
        started.close()


def _environment() -> dict[str, str]:
    """Modules are found where these tests find them, by another Python too."""
    paths = [path for path in sys.path if path]
    return {**os.environ, "SECRET_OF_THE_SERVER": "token", "PYTHONPATH": os.pathsep.join(paths)}


def _python_of_nobody() -> str | None:
    """A Python of this version that nobody (65534) may run: the one of these tests may lie in root's own folder.

    None, with a warning, where there is none: then root is attacked, whose workers become nobody.
    """
    for found in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        command = [
            found,
            "-c",
            f"import sys, engine.run_here; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})",
        ]
        with suppress(OSError):
            if subprocess.run(command, cwd=ROOT, env=_environment(), **_AS_NOBODY, check=False).returncode == 0:
                return found
    warnings.warn("nobody (65534) may not read this checkout, or has no Python of this version", stacklevel=1)
    return None
