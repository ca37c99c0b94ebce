"""What a bridge to real Spark is: one for each API, as `apis` has one module for each. Lives here: the seam only."""

from pathlib import Path
from typing import Any, ClassVar, Protocol

import msgspec

from engine.model.problems import Problem
from engine.model.scenario import Scenario
from engine.model.state import KeyState
from engine.spark.query import BatchReport
from engine.spark.recording import CallRecord


class Ran(msgspec.Struct, frozen=True):
    """A micro-batch with the trigger it ran in and its calls, in the order of their partitions."""

    trigger: int
    report: BatchReport
    calls: list[CallRecord]


#: For each batch and each of its calls the state of the key before and after it.
States = list[list[tuple[KeyState, KeyState]]]


class Operator(Protocol):
    """An API on real Spark around the user's function. `conf` are settings without which it cannot run."""

    conf: ClassVar[dict[str, str]]

    def __init__(self, session: Any, scenario: Scenario, directory: Path) -> None:
        """Load the user's source, with files in the directory. Raises whatever that raises."""

    @staticmethod
    def unfit(scenario: Scenario) -> list[Problem]:
        """What keeps the scenario from real Spark, though it can be replayed."""

    def plan(self, rows: Any) -> Any:
        """The Dataset of the operator over the DataFrame of the rows. Raises what pyspark raises when it refuses."""

    def take_calls(self) -> list[CallRecord]:
        """The calls since the last time, in the order in which they began."""

    def states(self, checkpoint: Path, ran: list[Ran]) -> States:
        """The states around the calls, as Spark has them."""

    def cells_of(self, row: Any) -> list[Any]:
        """The cells of an output row as the sink has it."""
