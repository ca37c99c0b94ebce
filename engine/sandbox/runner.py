"""The runner that the page and the command line use: a scenario goes in, a trace comes out, in a process of its own.

The server never compiles or runs a user's code; there is no way around the sandbox when it fails.
"""

import os
from types import TracebackType
from typing import Self

from engine.codec.frames import read_trace
from engine.codec.lines import read_answer
from engine.model.lines import Answer, Question
from engine.model.problems import Problem
from engine.model.scenario import Scenario
from engine.model.trace import Ending, ErrorRecord, Trace
from engine.sandbox.layers import ALL_LAYERS, Hardening
from engine.sandbox.limits import Limits
from engine.sandbox.replay import Replay
from engine.sandbox.zygote_process import ZygoteProcess


class SandboxRunner:
    """Replays scenarios in worker processes, `max_workers` at once (one a core); the others wait in order of arrival.

    May be used by many threads. `limits` are the host's; a scenario cannot choose them. Raises OSError where processes
    cannot be forked. `hardening` is for tests and benchmarks only (layers.py).
    """

    def __init__(
        self, limits: Limits | None = None, max_workers: int | None = None, hardening: Hardening = ALL_LAYERS
    ) -> None:
        if not hasattr(os, "fork"):
            raise OSError("Functions are replayed in forked processes: use Linux, macOS, or on Windows WSL")
        self._limits = limits or Limits()
        self._zygote = ZygoteProcess(max_workers or os.cpu_count() or 1, hardening)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def warm(self) -> None:
        """Begin to start what replays need, so that the first one does not wait for it. Returns at once."""
        self._zygote.start()

    def start(self, scenario: Scenario, limits: Limits | None = None) -> Replay[Trace | list[Problem]]:
        """Order a replay, to be waited for, watched or cancelled. Use it in a `with`: leaving that ends the worker."""

        def read(frames: bytes, otherwise: ErrorRecord, ending: Ending) -> Trace | list[Problem]:
            return read_trace(frames, scenario, otherwise, ending)

        return Replay(self._zygote, scenario, limits or self._limits, None, read)

    def ask(self, trace: Trace, question: Question) -> Replay[Answer]:
        """Order another replay of what was replayed in `trace`, to answer a question about the lines of its calls."""

        def read(frames: bytes, otherwise: ErrorRecord, ending: Ending) -> Answer:
            return read_answer(frames, question, otherwise, ending)

        return Replay(self._zygote, trace.scenario, self._limits, question, read)

    def run(self, scenario: Scenario, limits: Limits | None = None) -> Trace | list[Problem]:
        """The trace of the scenario, or the problems that keep it from being replayed."""
        with self.start(scenario, limits) as replay:
            return replay.result()

    def close(self) -> None:
        """End everything at once; replays that still run end as if their process had died."""
        self._zygote.stop()
