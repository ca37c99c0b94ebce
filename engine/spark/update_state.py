"""updateState on real Spark: flatMapGroupsWithState of the JVM, whose calls come back to Python. Lives here: that bridge.

The state of a key is the JVM's; its value is kept there as text, since the JVM does not know Python's types.
"""

import ast
import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar, Final

from py4j.protocol import Py4JJavaError
from pyspark.errors.exceptions.captured import CapturedException
from pyspark.sql import Row

from engine.apis.catalog import timeout_conf_of
from engine.model.problems import Problem
from engine.model.scenario import Scenario
from engine.model.trace import Reason
from engine.spark.jvm import java_list, python_row, string_array
from engine.spark.operator import Ran, States
from engine.spark.query import output_mode
from engine.spark.recording import ROW_INDEX, CallRecord, as_dicts, as_plain, plain_key
from engine.spark.source import load_function
from engine.spark.state_store import states_of_calls

_UNSTORED: Final = object()


class StateError(Exception):
    """An exception that a method of the JVM's GroupState threw; `java_class` is its class, `java_error` itself."""

    def __init__(self, java_error: Any) -> None:
        super().__init__(java_error.getMessage())
        self.java_error = java_error
        self.java_class = java_error.getClass().getName()


class UpdateState:
    """Plans the operator, receives its calls, and reads back what it stored and put out."""

    conf: ClassVar[dict[str, str]] = {}

    def __init__(self, session: Any, scenario: Scenario, directory: Path) -> None:
        """Load the user's function. Raises whatever that raises."""
        self._session = session
        self._jvm = session._jvm
        self._scenario = scenario
        self._function = load_function(scenario, {"GroupState": GroupState, "Row": Row}, directory)
        self._records: list[CallRecord] = []

    @staticmethod
    def unfit(scenario: Scenario) -> list[Problem]:
        if scenario.semantics == "spark":
            return []
        return [Problem("semantics", "the tutorial's rules are not Spark's", "Choose the semantics 'spark'")]

    def plan(self, rows: Any) -> Any:
        streaming = self._jvm.org.apache.spark.sql.streaming
        timeout_conf = timeout_conf_of(self._scenario)
        groups = self._jvm.stateline.Groups
        groups.use(self)
        return groups.flatMap(
            rows._jdf,
            string_array(self._session, list(self._scenario.key_columns)),
            output_mode(self._jvm, self._scenario),
            getattr(streaming.GroupStateTimeout, timeout_conf)(),
        ).toDF()

    def take_calls(self) -> list[CallRecord]:
        taken, self._records = self._records, []
        return taken

    def states(self, checkpoint: Path, ran: list[Ran]) -> States:
        return states_of_calls(self._session, checkpoint, ran, lambda stored: as_plain(ast.literal_eval(stored.value)))

    def cells_of(self, row: Any) -> list[Any]:
        return list(as_plain(ast.literal_eval(row.value)))

    def call(self, partition: int, key: Any, rows: Any, state: Any) -> Any:
        """Called by the JVM for each key and batch (UserFunction.java)."""
        key_values = tuple(map(as_dicts, python_row(self._jvm, key)))
        reason: Reason = "timeout" if state.hasTimedOut() else "data"
        record = CallRecord(len(self._records), plain_key(key_values), partition, reason)
        self._records.append(record)
        values = _Values(self._jvm, rows, record)
        try:
            with record.running():
                output = self._run(key_values, values, GroupState(state, record))
            record.output_rows = len(output)
        except StateError as error:
            return self._outcome([], error.java_error)
        except Exception as error:  # the user's own failure, which must reach Spark as an exception of the JVM
            return self._outcome([], self._jvm.java.lang.RuntimeException(repr(error)))
        finally:
            values.drain()
        return self._outcome(output, None)

    def _run(self, key: tuple[Any, ...], values: Iterator[Any], state: "GroupState") -> list[str]:
        rows = self._function(key[0] if len(key) == 1 else key, values, state) or ()
        return [repr(list(as_plain(row)) if isinstance(row, (tuple, list)) else [as_plain(row)]) for row in rows]

    def _outcome(self, rows: list[str], error: Any) -> Any:
        return self._jvm.stateline.Outcome(java_list(self._jvm, rows), error)

    class Java:
        implements: Final = ["stateline.UserFunction"]


class _Values:
    """The rows of a key as `values`: the bare value of a single column, else the Row. Their places are noted."""

    def __init__(self, jvm: Any, rows: Any, record: CallRecord) -> None:
        self._jvm = jvm
        self._rows = rows
        self._record = record

    def __iter__(self) -> "Iterator[Any]":
        return self

    def __next__(self) -> Any:
        if not self._rows.hasNext():
            raise StopIteration
        row = python_row(self._jvm, self._rows.next())
        self._record.row_indexes.append(row[ROW_INDEX])
        return row[0] if len(row) == 2 else Row(*row.__fields__[:-1])(*row[:-1])

    def drain(self) -> None:
        """Note the rows that the function did not read, too: they were given to it."""
        for _ in self:
            pass
        self._record.chunks = [len(self._record.row_indexes)] if self._record.row_indexes else []


class _Flag(int):
    """True or False that may also be called (docs/formats.md)."""

    def __call__(self) -> bool:
        return bool(self)


class GroupState:
    """The JVM's GroupState with Python's manners: docs/formats.md lists its methods; every one asks the JVM."""

    def __init__(self, state: Any, record: CallRecord) -> None:
        self._state = state
        self._record = record
        self._value: Any = _UNSTORED

    def __class_getitem__(cls, item: Any) -> type["GroupState"]:
        return cls

    @property
    def exists(self) -> _Flag:
        return _Flag(self._state.exists())

    @property
    def hasTimedOut(self) -> _Flag:  # noqa: N802
        return _Flag(self._state.hasTimedOut())

    def get(self) -> Any:
        text = _asked(self._state.get)
        if self._value is _UNSTORED:
            self._value = ast.literal_eval(text)
        return self._value

    def getOption(self) -> Any:  # noqa: N802
        return self.get() if self.exists else None

    def update(self, newState: Any) -> None:  # noqa: N803
        with self._record.operation("update", newState):
            _asked(self._state.update, None if newState is None else repr(newState))
            self._value = newState

    def remove(self) -> None:
        with self._record.operation("remove"):
            _asked(self._state.remove)
            self._value = _UNSTORED

    def setTimeoutDuration(self, duration: Any) -> None:  # noqa: N802
        with self._record.operation("setTimeoutDuration", duration):
            _asked(self._state.setTimeoutDuration, duration)

    def setTimeoutTimestamp(self, timestamp: Any, additionalDuration: str | None = None) -> None:  # noqa: N802, N803
        if isinstance(timestamp, datetime.datetime):
            timestamp = int(timestamp.timestamp() * 1000)
        more = () if additionalDuration is None else (additionalDuration,)
        with self._record.operation("setTimeoutTimestamp", timestamp, *more):
            _asked(self._state.setTimeoutTimestamp, timestamp, *more)

    def getCurrentProcessingTimeMs(self) -> int:  # noqa: N802
        return int(_asked(self._state.getCurrentProcessingTimeMs))

    def getCurrentWatermarkMs(self) -> int:  # noqa: N802
        return int(_asked(self._state.getCurrentWatermarkMs))


def _asked(method: Callable[..., Any], *arguments: Any) -> Any:
    """The answer of a method of the JVM. Raises StateError with what it threw."""
    try:
        return method(*arguments)
    except Py4JJavaError as error:
        raise StateError(error.java_exception) from None
    except CapturedException as error:
        raise StateError(error._origin) from None
