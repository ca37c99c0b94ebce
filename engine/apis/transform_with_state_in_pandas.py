"""transformWithStateInPandas: a StatefulProcessor that is given pandas frames and gives frames out. Lives here: those rows."""

import datetime
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

from engine.apis.conversions.to_pandas import PartitionFrames, cell_converter
from engine.apis.conversions.to_struct_output import FrameOutput
from engine.apis.conversions.to_task_frames import KeyedRows, keyed_rows, spans_of, task_frames
from engine.apis.plan import max_records_of
from engine.apis.spark_names.stubs import GroupStateTimeout
from engine.apis.spark_names.types import TYPES
from engine.apis.stateful_processor.base import StatefulProcessor
from engine.apis.stateful_processor.handle import StatefulProcessorHandle
from engine.apis.stateful_processor.keys import KeySchema
from engine.apis.stateful_processor.operator import Given, StatefulOperator, initial_of
from engine.apis.stateful_processor.taken_output import TakenOutput
from engine.apis.user_code import UserCode
from engine.model.scenario import Scenario
from engine.model.schema import Schema, parse_ddl
from engine.model.trace import RowsAs
from engine.replay.intake import TypedRows, schema_of
from engine.replay.operator import Group, Policy

#: What the code may use without an import.
NAMES: Final = {
    **TYPES,
    "datetime": datetime,
    "GroupStateTimeout": GroupStateTimeout,
    "StatefulProcessor": StatefulProcessor,
    "StatefulProcessorHandle": StatefulProcessorHandle,
    "pd": pd,
    "np": np,
}


class GivenFrames:
    """The frames that a processor is given, of the rows of a batch or of the initial state."""

    def __init__(self, scenario: Scenario, schema: Schema, key_columns: tuple[str, ...]) -> None:
        self._keys = KeySchema(scenario, schema, key_columns)
        cells = [cell_converter(schema[index].type) for index in self._keys.indexes]
        self._cells = cells if any(cells) else None
        self._max_records = max_records_of(scenario)
        self._calls: list[KeyedRows] = []
        self._frames: PartitionFrames | None = None

    def begin(self, rows: TypedRows, groups: list[Group]) -> list[Group]:
        """Sort the rows of the partition into one frame, and group them by their keys as Python does (SEMANTICS 5.4)."""
        self._calls = keyed_rows(rows, groups, self._keys.indexes, self._max_records)
        self._frames = task_frames(rows, groups, self._max_records) if groups else None
        return [self._keys.placed(call.group, call.key, place) for place, call in enumerate(self._calls)]

    def one_by_one(self, groups: list[Group]) -> list[Group]:
        """Initial state is handed over frame by frame: nearly always one a key."""
        self._calls = [piece for call in self._calls for piece in self._pieces(call)]
        return [self._keys.placed(call.group, call.key, place) for place, call in enumerate(self._calls)]

    def _pieces(self, call: KeyedRows) -> Iterator[KeyedRows]:
        for start, stop in spans_of(call.start, call.stop, self._max_records):
            indexes = call.group.row_indexes[start - call.start : stop - call.start]
            yield KeyedRows(call.key, Group(call.group.key, indexes), start, stop)

    def beside_initial_state(self, groups: list[Group]) -> list[Group]:
        return groups

    def key(self, group: Group) -> tuple[Any, ...]:
        if group.timer_ms is not None:
            return self._keys.restored(group.key)
        key = self._calls[group.place].key
        self._keys.demand(key)
        return key if self._cells is None else tuple(map(_converted, self._cells, key))

    def rows(self, group: Group) -> Iterator[pd.DataFrame]:
        spans = self._spans(group)
        return self._frames.chunks(spans) if self._frames is not None else iter(())

    def chunks(self, group: Group) -> list[int]:
        return [stop - start for start, stop in self._spans(group)]

    def _spans(self, group: Group) -> list[tuple[int, int]]:
        if not group.row_indexes:
            return []
        call = self._calls[group.place]
        return spans_of(call.start, call.stop, self._max_records)


def _converted(convert: Callable[[Any], Any] | None, cell: Any) -> Any:
    return cell if convert is None else convert(cell)


class TakenFrames(TakenOutput):
    """The frames that a processor gives out."""

    rows_as: RowsAs = "frames"

    def __init__(self, scenario: Scenario) -> None:
        self._output = FrameOutput(parse_ddl(scenario.output_schema or ""))
        super().__init__(scenario, self._output.names)

    def taken(self, output: Iterable[Any], key: tuple[Any, ...], is_timer: bool) -> Iterator[list[list[Any]]]:
        """Each frame is converted when it comes, before the processor goes on."""
        for frame in output:
            rows = self._output.rows(frame, key)
            self._late.see(rows)
            yield rows

    def demand_of_timers(self) -> None:
        """Nothing is left: their frames were converted as they came."""


def make(scenario: Scenario, policy: Policy, code: UserCode) -> StatefulOperator:
    """The operator of this API."""
    data = GivenFrames(scenario, schema_of(scenario), scenario.key_columns)
    initial = initial_of(scenario, GivenFrames)
    return StatefulOperator(scenario, policy, code, Given(data, initial, TakenFrames(scenario)))
