"""The runner without a border: replays in this process. For tests, benchmarks and the sandbox's child; not the server."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from engine.apis.catalog import APIS, problems
from engine.apis.loader import make_operator
from engine.apis.names_anew import with_names_anew
from engine.apis.spark_names.modules import installed as spark_names_installed
from engine.apis.user_code import UserCode, UserCodeFailed
from engine.codec.frames import FrameWriter, read_trace
from engine.model.problems import Problem
from engine.model.scenario import Scenario
from engine.model.trace import ErrorRecord, Trace
from engine.replay.loop import replay
from engine.replay.operator import Operator


def write_trace(scenario: Scenario, writer: FrameWriter, names_anew: bool = False) -> None:
    """Check the scenario, load its function, replay it, and write everything that happens.

    With `names_anew` a function finds all that it keeps outside its state as it was at first whenever a task begins.
    """
    found = problems(scenario)
    if found:
        writer.refused(found)
        return
    try:
        with loaded(scenario) as (operator, code):
            row = APIS[scenario.api]
            writer.loaded(
                code.printed_at_load, operator.policy.expires_by, code.name, operator.rows_as, row.state_shape
            )
            begins_anew = names_anew and row.entry == "function"
            replay(scenario, with_names_anew(operator, code.function) if begins_anew else operator, writer)
    except UserCodeFailed as failed:
        writer.ended(failed.ending, failed.error, ())


@contextmanager
def loaded(scenario: Scenario) -> Iterator[tuple[Operator, UserCode]]:
    """The user's function, ready to be replayed as long as the block runs. Raises UserCodeFailed."""
    stdout, stderr = sys.stdout, sys.stderr
    try:
        with spark_names_installed():
            yield make_operator(scenario)
    finally:
        sys.stdout, sys.stderr = stdout, stderr


def run_here(scenario: Scenario, names_anew: bool = False) -> Trace | list[Problem]:
    """The trace of the scenario, or the problems that keep it from being replayed."""
    frames = bytearray()
    write_trace(scenario, FrameWriter(frames.extend), names_anew)
    return read_trace(bytes(frames), scenario, ErrorRecord("RuntimeError", "the replay wrote no ending"))
