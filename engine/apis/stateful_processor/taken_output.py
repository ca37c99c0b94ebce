"""How the output of a processor is taken. Lives here: what both APIs share; what a row of it is, is each API's own."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import Any

from engine.apis.stateful_processor.late_output import LateOutput
from engine.model.scenario import Scenario
from engine.model.trace import ErrorRecord, RowsAs
from engine.replay.operator import BatchClock


class TakenOutput(ABC):
    """The rows that a processor gives out, in the columns that its output schema names."""

    rows_as: RowsAs

    def __init__(self, scenario: Scenario, names: tuple[str, ...]) -> None:
        self._late = LateOutput(scenario)
        self.names = names

    @abstractmethod
    def taken(self, output: Iterable[Any], key: tuple[Any, ...], is_timer: bool) -> Iterator[list[list[Any]]]:
        """The rows of the output, piece by piece, as they are taken. Raises what Spark raises for what it cannot take."""

    @abstractmethod
    def demand_of_timers(self) -> None:
        """All timers of a partition have fired. Raises what Spark only then finds that it cannot take."""

    def finished(self, clock: BatchClock) -> ErrorRecord | None:
        """The partition is done: what Spark only then finds wrong with its output."""
        return self._late.finished(clock)
