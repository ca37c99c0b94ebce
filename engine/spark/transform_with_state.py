"""transformWithState and transformWithStateInPandas on real Spark: the user's own StatefulProcessor.

Lives here: their plan, and what came of it. What is noted of a call is in recorded_processor.py.
"""

import sys
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
import pandas as pd
from pyspark import cloudpickle
from pyspark.sql import Row, types
from pyspark.sql.streaming import StatefulProcessor, StatefulProcessorHandle

from engine.apis.catalog import APIS
from engine.model.problems import Problem
from engine.model.scenario import InitialState, Scenario
from engine.spark.expiries import with_expiries
from engine.spark.indexed_rows import lines_of, rows_of
from engine.spark.operator import Ran, States
from engine.spark.recorded_processor import Frames, PlainRows, RecordedProcessor
from engine.spark.recording import USER_MODULE, CallRecord, RecordFile, as_plain
from engine.spark.source import load_module

#: What the processor may use without an import.
_NAMES: Final = {
    **{name: getattr(types, name) for name in types.__all__},
    "Row": Row,
    "StatefulProcessor": StatefulProcessor,
    "StatefulProcessorHandle": StatefulProcessorHandle,
    "np": np,
    "pd": pd,
}
_NO_TIMERS: Final = "none"


class _Processor:
    """Plans the operator, and reads back what it recorded and put out."""

    #: The only state store that keeps more than one variable a key.
    conf: ClassVar[dict[str, str]] = {
        "spark.sql.streaming.stateStore.providerClass": (
            "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider"
        )
    }
    _method: str
    _rows: type[Frames] | type[PlainRows]

    def __init__(self, session: Any, scenario: Scenario, directory: Path) -> None:
        """Load the user's processor, to be pickled with all that it uses. Raises what its source raises."""
        self._session = session
        self._scenario = scenario
        self._processor = load_processor(scenario, directory)
        cloudpickle.register_pickle_by_value(sys.modules[USER_MODULE])
        self._records = RecordFile(directory / "calls")

    @staticmethod
    def unfit(scenario: Scenario) -> list[Problem]:
        if scenario.output_schema is not None:
            return []
        return [Problem("output_schema", "Spark needs it", "Write it as DDL, such as 'count long'")]

    def plan(self, rows: Any) -> Any:
        scenario, time_mode = self._scenario, self._scenario.time_mode or "None"
        has_timers = time_mode.lower() != _NO_TIMERS
        output = getattr(rows.groupBy(*scenario.key_columns), self._method)(
            RecordedProcessor(self._processor, self._records, self._rows(), has_timers),
            scenario.output_schema,
            scenario.output_mode,
            time_mode,
            scenario.initial_state and self._initial(scenario.initial_state),
            scenario.event_time_column_name or "",
        )
        return output._jdf

    def take_calls(self) -> list[CallRecord]:
        return self._records.take()

    def states(self, checkpoint: Path, ran: list[Ran]) -> States:
        states = [[(call.before, call.after) for call in batch.calls] for batch in ran]
        return with_expiries(self._session, checkpoint, ran, states)

    def cells_of(self, row: Any) -> list[Any]:
        return [as_plain(cell) for cell in row]

    def _initial(self, initial: InitialState) -> Any:
        lines = [(line,) for line in lines_of(initial.rows, initial.schema)]
        rows = rows_of(self._session.createDataFrame(lines, "value string"), initial.schema)
        return rows.groupBy(*([initial.key] if isinstance(initial.key, str) else initial.key))


class TransformWithStateInPandas(_Processor):
    """The processor is given pandas frames."""

    _method = "transformWithStateInPandas"
    _rows = Frames


class TransformWithState(_Processor):
    """The processor is given Rows."""

    _method = "transformWithState"
    _rows = PlainRows


def load_processor(scenario: Scenario, directory: Path) -> Any:
    """The user's processor: an instance as it is; a class or a factory is called."""
    module = load_module(scenario, _NAMES, directory)
    names = (scenario.entry,) if scenario.entry else APIS[scenario.api].known_names
    found = next((vars(module)[name] for name in names if name in vars(module)), None)
    if found is None and not scenario.entry:
        found = _only_processor_class(vars(module))
    if found is None:
        raise NameError(f"there is no {names[0]}; define class {names[0]}(StatefulProcessor)")
    return found() if callable(found) else found


def _only_processor_class(names: dict[str, Any]) -> Any:
    classes = [value for value in names.values() if isinstance(value, type) and value.__module__ == USER_MODULE]
    processors = [value for value in classes if issubclass(value, StatefulProcessor)]
    return processors[0] if len(processors) == 1 else None
