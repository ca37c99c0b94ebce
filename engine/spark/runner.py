"""A scenario goes in, a trace of real Spark comes out. Lives here: the session and its settings; a run is in run.py."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from engine.apis.catalog import problems
from engine.codec.frames import FrameWriter, read_trace
from engine.model.problems import Problem
from engine.model.scenario import Scenario
from engine.model.trace import ErrorRecord, Trace
from engine.spark.errors import TooSlowError
from engine.spark.run import conf_of, unfit, write_trace
from engine.spark.session import spark_session

_ATTEMPTS: Final = 3


class SparkRunner:
    """Runs scenarios on real Spark 4.3.0, in one local session. A context manager: leaving it stops the session.

    Triggers are fired by hand, so nothing sleeps; a batch takes half a second or more all the same.
    """

    def __init__(self) -> None:
        self._closing = contextlib.ExitStack()
        self._session = self._closing.enter_context(spark_session())

    def __enter__(self) -> "SparkRunner":
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def run(self, scenario: Scenario) -> Trace | list[Problem]:
        """The trace of the scenario as Spark runs it, or the problems that keep it from being run.

        Of a batch that died the trace has no output, no metrics, no dropped rows, and `after` is as `before`: Spark
        keeps nothing of it. Raises TooSlowError when the machine is too busy, three times over.
        """
        found = problems(scenario) or unfit(scenario)
        if found:
            return found
        for _ in range(_ATTEMPTS - 1):
            with contextlib.suppress(TooSlowError):
                return self._run(scenario)
        return self._run(scenario)

    def _run(self, scenario: Scenario) -> Trace | list[Problem]:
        frames = bytearray()
        with tempfile.TemporaryDirectory(prefix="stateline-run-") as directory, _conf(self._session, scenario):
            write_trace(self._session, scenario, Path(directory), FrameWriter(frames.extend))
        return read_trace(bytes(frames), scenario, ErrorRecord("RuntimeError", "the run wrote no ending"))


@contextlib.contextmanager
def _conf(session: Any, scenario: Scenario) -> Iterator[None]:
    """The scenario's configuration, for this run only."""
    wanted = conf_of(scenario)
    before = {name: session.conf.get(name, None) for name in wanted}
    try:
        for name, value in wanted.items():
            session.conf.set(name, str(value))
        yield
    finally:
        for name, value in before.items():
            if value is None:
                session.conf.unset(name)
            else:
                session.conf.set(name, value)
