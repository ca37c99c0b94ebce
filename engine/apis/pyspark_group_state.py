"""The GroupState of PySpark's applyInPandasWithState. Lives here: its properties and methods, their exact errors (SEMANTICS 2).

What a call leaves behind is decided in group_state.py; how the function is called, in apply_in_pandas.py.
"""

import datetime
import json
import sys
from typing import Any, Final

import msgspec

from engine.apis.advice import advised
from engine.apis.conversions.python_side import timestamp_micros
from engine.apis.group_state import ATOMS
from engine.apis.operations import kept, refused
from engine.apis.spark_names.errors import PySparkException, PySparkRuntimeError, PySparkTypeError, PySparkValueError
from engine.apis.user_code import USER_FILE, line_of
from engine.replay.operator import BatchClock

NO_TIMESTAMP: Final = -1
_ONE_ARGUMENT: Final = {
    "newValue": "The state is one tuple, even of several values: state.update((a, b))",
    "timestampMs": "PySpark has no additional duration: add its milliseconds to the timestamp",
}


class Held(msgspec.Struct, gc=False):
    """What a GroupState holds while its function runs; `timeout` is what was set in this call, not yet whole."""

    value: tuple[Any, ...]
    exists: bool
    updated: bool = False
    removed: bool = False
    timeout: Any = NO_TIMESTAMP
    operations: list[list[Any]] = msgspec.field(default_factory=list)
    operation_lines: list[int] = msgspec.field(default_factory=list)


class Query(msgspec.Struct, frozen=True):
    """The query around the function, as far as its state object answers by it."""

    timeout_conf: str
    has_watermark: bool


class GroupState:
    """The state of one key during one call, as PySpark's function sees it: `exists`, `get` and the like are properties.

    Each call begins with no timeout set: a stored one is not visible here (SEMANTICS 1.4).
    """

    NO_TIMESTAMP = NO_TIMESTAMP
    __slots__ = ("__dict__", "_clock", "_has_timed_out", "_held", "_query")  # a function may put attributes on it

    def __init__(self, held: Held, has_timed_out: bool, clock: BatchClock, query: Query) -> None:
        self._held = held
        self._has_timed_out = has_timed_out
        self._clock = clock
        self._query = query

    @property
    def exists(self) -> bool:
        return self._held.exists

    @property
    def hasTimedOut(self) -> bool:
        return self._has_timed_out

    @property
    def get(self) -> tuple[Any, ...]:
        """The state as a tuple. Raises PySparkValueError when there is none (SEMANTICS 2.1)."""
        if not self._held.exists:
            error = PySparkValueError(errorClass="STATE_NOT_EXISTS", messageParameters={})
            raise advised(error, "Ask first: state.get if state.exists else the values to start with")
        return tuple(self._held.value)

    @property
    def getOption(self) -> tuple[Any, ...] | None:
        """The state as a tuple, None when there is none."""
        return tuple(self._held.value) if self._held.exists else None

    @property
    def oldTimeoutTimestamp(self) -> int:
        return NO_TIMESTAMP

    def update(self, newValue: Any, *more: Any, **named: Any) -> None:
        """Store the values of an iterable, one for each field of the state schema (SEMANTICS 2.3)."""
        operation = self._began("update", kept(newValue), *more)
        if more or named:
            raise _wrong_arguments(operation, "newValue", more, named)
        if newValue is None:
            parameters = {"arg_name": "newValue"}
            error = PySparkTypeError(errorClass="CANNOT_BE_NONE", messageParameters=parameters)
            raise refused(operation, error, "To forget the key, call state.remove()")
        try:
            converted = [value if type(value) in ATOMS else _from_numpy(value) for value in newValue]
        except TypeError as error:
            advice = f"The state is a tuple, even of one value: state.update(({newValue!r:.60},))"
            raise refused(operation, error, advice) from None
        held = self._held
        held.value, held.exists, held.updated, held.removed = tuple(converted), True, True, False

    def remove(self) -> None:
        """Forget the state; without a timeout set in this call the key's row is deleted (SEMANTICS 1.9, 1.11)."""
        self._began("remove")
        held = self._held
        held.exists, held.updated, held.removed = False, False, True

    def setTimeoutDuration(self, durationMs: Any, *more: Any, **named: Any) -> None:
        """Milliseconds from the batch's processing time; no strings in PySpark (SEMANTICS 2.4, 2.5)."""
        operation = self._began("setTimeoutDuration", durationMs, *more)
        if more or named:
            raise _wrong_arguments(operation, "durationMs", more, named)
        if isinstance(durationMs, str):
            raise refused(operation, *_not_an_int("durationMs", durationMs))
        if self._query.timeout_conf != "ProcessingTimeTimeout":
            raise refused(
                operation, *_wrong_conf("setTimeoutDuration", "ProcessingTimeTimeout", self._query.timeout_conf)
            )
        _demand_positive(operation, "durationMs", durationMs)
        self._held.timeout = durationMs + self._clock.processing_time_ms

    def setTimeoutTimestamp(self, timestampMs: Any, *more: Any, **named: Any) -> None:
        """An event time in milliseconds or as a datetime, not before the watermark (SEMANTICS 2.6, 2.7)."""
        operation = self._began("setTimeoutTimestamp", timestampMs, *more)
        if more or named:
            raise _wrong_arguments(operation, "timestampMs", more, named)
        if self._query.timeout_conf != "EventTimeTimeout":
            raise refused(operation, *_wrong_conf("setTimeoutTimestamp", "EventTimeTimeout", self._query.timeout_conf))
        timestamp = _milliseconds(operation, timestampMs)
        _demand_positive(operation, "timestampMs", timestamp)
        if timestamp < self._clock.watermark_for_eviction_ms:
            raise refused(operation, *_behind_watermark(timestamp, self._clock.watermark_for_eviction_ms))
        self._held.timeout = timestamp

    def getCurrentProcessingTimeMs(self) -> int:
        return self._clock.processing_time_ms

    def getCurrentWatermarkMs(self) -> int:
        """The watermark in force; 0 in the first batch. Raises PySparkRuntimeError without one (SEMANTICS 2.8)."""
        if not self._query.has_watermark:
            error = _cannot("get event time watermark timestamp", "setting watermark before applyInPandasWithState")
            raise advised(error, "Choose the event-time column and the delay of the watermark")
        return self._clock.watermark_for_eviction_ms

    def json(self) -> str:
        """What PySpark sends back beside the value. Raises TypeError for a timeout that JSON has no word for."""
        return properties(self._held, self._has_timed_out, self._clock, self._query)

    def __str__(self) -> str:
        return f"GroupState({self.get})" if self._held.exists else "GroupState(<undefined>)"

    def _began(self, name: str, *arguments: Any) -> list[Any]:
        """Keep an operation, with its line, for the trace; also one that is then refused."""
        operation: list[Any] = [name, list(arguments)]
        self._held.operations.append(operation)
        frame = sys._getframe(2)  # not this function, nor the method that asks
        line = frame.f_lineno if frame.f_code.co_filename == USER_FILE else line_of(frame)
        self._held.operation_lines.append(line)
        return operation


GroupState.__module__ = "pyspark.sql.streaming.state"


def properties(held: Held, has_timed_out: bool, clock: BatchClock, query: Query) -> str:
    """GroupState.json of PySpark, letter by letter: the JVM's parser tells at which column it fails."""
    return json.dumps(
        {
            "optionalValue": None,
            "batchProcessingTimeMs": clock.processing_time_ms,
            "eventTimeWatermarkMs": clock.watermark_for_eviction_ms,
            "timeoutConf": query.timeout_conf,
            "hasTimedOut": has_timed_out,
            "watermarkPresent": query.has_watermark,
            "defined": held.exists,
            "updated": held.updated,
            "removed": held.removed,
            "timeoutTimestamp": held.timeout,
        }
    )


def _from_numpy(value: Any) -> Any:
    """GroupState.update: numpy scalars, pandas' Timestamp and Timedelta become Python's own."""
    kind = type(value)
    if kind.__module__ == "numpy" and kind.__name__ != "ndarray":
        return value.tolist()
    if hasattr(value, "to_pytimedelta"):
        return value.to_pytimedelta()
    return value.to_pydatetime(warn=False) if hasattr(value, "to_pydatetime") else value


def _milliseconds(operation: list[Any], timestamp: Any) -> Any:
    """A datetime as milliseconds, as its state would have it; anything else as it is."""
    if not isinstance(timestamp, datetime.datetime):
        return timestamp
    try:
        return timestamp_micros(timestamp) / 1000
    except ValueError as error:  # pandas' NaT is a datetime, too
        raise refused(
            operation, error, "There is no time here: ask pd.isna(…) first, as event times can be NULL"
        ) from None


def _cannot(what: str, without: str) -> PySparkException:
    parameters = {"condition1": what, "condition2": without}
    return PySparkRuntimeError(errorClass="CANNOT_WITHOUT", messageParameters=parameters)


def _wrong_conf(method: str, needed: str, conf: str) -> tuple[Exception, str]:
    # PySpark says "timeout duration … processing time" for both setters (SEMANTICS 2.6).
    error = _cannot("set timeout duration", "enabling processing time timeout in applyInPandasWithState")
    other = {"ProcessingTimeTimeout": "setTimeoutDuration", "EventTimeTimeout": "setTimeoutTimestamp"}.get(conf)
    or_else = f", or call {other}" if other else ""
    return error, f"{method} needs {needed}, but the timeout conf is {conf}: choose {needed}{or_else}"


def _not_an_int(name: str, value: str) -> tuple[Exception, str]:
    parameters = {"expected_type": "int", "arg_name": name, "arg_type": type(value).__name__}
    error = PySparkTypeError(errorClass="NOT_EXPECTED_TYPE", messageParameters=parameters)
    return error, "PySpark takes milliseconds: 10 minutes are 10 * 60 * 1000. Strings are for Scala and Java"


def _demand_positive(operation: list[Any], name: str, value: Any) -> None:
    try:
        positive = not value <= 0
    except (TypeError, ValueError) as error:  # an array is neither above 0 nor below
        raise refused(operation, error, f"{name} is a number of milliseconds, not {value!r:.60}") from None
    if not positive:
        parameters = {"arg_name": name, "arg_value": type(value).__name__}  # it prints the type, as PySpark does
        not_positive = PySparkValueError(errorClass="VALUE_NOT_POSITIVE", messageParameters=parameters)
        raise refused(operation, not_positive, f"{name} was {value!r:.60}; it must be above 0")


def _wrong_arguments(operation: list[Any], name: str, more: tuple[Any, ...], named: dict[str, Any]) -> Exception:
    """Python's own error for a call that does not fit the method's one parameter; the operation is kept all the same."""
    text = f"takes 2 positional arguments but {2 + len(more)} were given"
    if named:
        text = f"got an unexpected keyword argument '{next(iter(named))}'"
    error = TypeError(f"GroupState.{operation[0]}() {text}")
    return refused(operation, error, _ONE_ARGUMENT.get(name, f"It takes one argument, {name}"))


def _behind_watermark(timestamp: Any, watermark_ms: int) -> tuple[Exception, str]:
    parameters = {"timestamp": str(timestamp), "watermark": str(watermark_ms)}
    error = PySparkValueError(errorClass="INVALID_TIMEOUT_TIMESTAMP", messageParameters=parameters)
    return error, "Set it no earlier than the watermark: max(timestamp, state.getCurrentWatermarkMs() + 1)"
