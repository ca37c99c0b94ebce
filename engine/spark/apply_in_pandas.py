"""applyInPandasWithState on real Spark: the user's own PySpark function. Lives here: its plan, and what came of it."""

import sys
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
import pandas as pd
from pyspark import cloudpickle
from pyspark.sql import Row, types
from pyspark.sql.streaming.state import GroupState, GroupStateTimeout

from engine.apis.catalog import timeout_conf_of
from engine.model.problems import Problem
from engine.model.scenario import Scenario
from engine.spark.operator import Ran, States
from engine.spark.recorded_function import RecordedFunction
from engine.spark.recording import USER_MODULE, CallRecord, RecordFile, as_dicts, as_plain
from engine.spark.source import load_function
from engine.spark.state_store import states_of_calls

#: What the function may use without an import.
_NAMES: Final = {
    **{name: getattr(types, name) for name in types.__all__},
    "GroupState": GroupState,
    "GroupStateTimeout": GroupStateTimeout,
    "Row": Row,
    "np": np,
    "pd": pd,
}


class ApplyInPandasWithState:
    """Plans the operator, and reads back what it recorded, stored and put out."""

    conf: ClassVar[dict[str, str]] = {}

    def __init__(self, session: Any, scenario: Scenario, directory: Path) -> None:
        """Load the user's function, to be pickled with all that it uses, as a notebook's is. Raises what that raises."""
        self._session = session
        self._scenario = scenario
        self._function = load_function(scenario, _NAMES, directory)
        cloudpickle.register_pickle_by_value(sys.modules[USER_MODULE])
        self._records = RecordFile(directory / "calls")

    @staticmethod
    def unfit(scenario: Scenario) -> list[Problem]:
        missing = [name for name in ("output_schema", "state_schema") if getattr(scenario, name) is None]
        return [Problem(name, "Spark needs it", "Write it as DDL, such as 'count long'") for name in missing]

    def plan(self, rows: Any) -> Any:
        scenario = self._scenario
        output = rows.groupBy(*scenario.key_columns).applyInPandasWithState(
            RecordedFunction(self._function, self._records),
            scenario.output_schema,
            scenario.state_schema,
            scenario.output_mode,
            timeout_conf_of(scenario),
        )
        return output._jdf

    def take_calls(self) -> list[CallRecord]:
        return self._records.take()

    def states(self, checkpoint: Path, ran: list[Ran]) -> States:
        return states_of_calls(self._session, checkpoint, ran, lambda stored: [as_plain(field) for field in stored])

    def cells_of(self, row: Any) -> list[Any]:
        return [as_plain(as_dicts(cell)) for cell in row]
