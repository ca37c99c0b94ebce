"""StatefulProcessorHandle: declares state variables, keeps timers (SEMANTICS 5.24, 5.34, 5.40 to 5.48).

Lives here: its methods with their exact errors. What the declared variables can do is variables.py.
"""

import operator
import sys
from typing import Any, Final

import msgspec

from engine.apis.entry import demand_present
from engine.apis.operations import Operation, refused
from engine.apis.spark_names.errors import PySparkRuntimeError
from engine.apis.spark_names.types import DataType, StructType
from engine.apis.stateful_processor.iterators import ListTimerIterator
from engine.apis.stateful_processor.jvm_words import key_failure, name_failure, parse_failure, state_failure
from engine.apis.stateful_processor.server import demand_answer
from engine.apis.stateful_processor.task import Task, Variable
from engine.apis.stateful_processor.values import ValueSchema
from engine.apis.stateful_processor.variables import ListState, MapState, ValueState
from engine.model.schema import SchemaError, parse_ddl, parse_table_ddl
from engine.model.state import StateKind

_INT64: Final = 1 << 63
#: What Spark calls the time modes in its messages.
_TIME_MODES: Final = {"None": "NoTime", "ProcessingTime": "ProcessingTime", "EventTime": "EventTime"}


class StatefulProcessorHandle:
    """What `init` is given: it hands out the state variables and keeps the timers of the key that is called."""

    def __init__(self, task: Task) -> None:
        self._task = task

    # State variables

    def getValueState(self, stateName: str, schema: Any, ttlDurationMs: Any = None) -> ValueState:
        """Declare a variable that holds one tuple for the key. Only in `init` (SEMANTICS 5.24)."""
        operation = self._began("getValueState", ttlDurationMs, stateName, schema)
        variable = Variable(stateName, "value", self._schema(operation, "value", schema))
        return ValueState(self._task, self._declared(operation, variable, ttlDurationMs))

    def getListState(self, stateName: str, schema: Any, ttlDurationMs: Any = None) -> ListState:
        """Declare a variable that holds a list of tuples for the key. Only in `init`."""
        operation = self._began("getListState", ttlDurationMs, stateName, schema)
        variable = Variable(stateName, "list", self._schema(operation, "list", schema))
        return ListState(self._task, self._declared(operation, variable, ttlDurationMs))

    def getMapState(self, stateName: str, userKeySchema: Any, valueSchema: Any, ttlDurationMs: Any = None) -> MapState:
        """Declare a variable that holds tuples by tuples for the key. Only in `init`."""
        operation = self._began("getMapState", ttlDurationMs, stateName, userKeySchema, valueSchema)
        key = self._schema(operation, "map", userKeySchema)
        variable = Variable(stateName, "map", self._schema(operation, "map", valueSchema), key)
        return MapState(self._task, self._declared(operation, variable, ttlDurationMs))

    def deleteIfExists(self, stateName: str) -> None:
        """Forget a variable of all keys. Only in `init`."""
        operation = self._began("deleteIfExists", None, stateName)
        _demand_text(operation, stateName)
        demand_answer(self._task, operation)
        self._demand_created(operation, "deleting state", "delete_if_exists")
        self._task.delete_variable(stateName)

    def _began(self, method: str, ttl: Any, *arguments: Any) -> Operation:
        told = [argument.simpleString() if isinstance(argument, DataType) else argument for argument in arguments]
        arguments = (*told, *([] if ttl is None else [ttl]))
        return self._task.operations.keep(method, arguments, sys._getframe(2))

    def _schema(self, operation: Operation, kind: str, schema: Any) -> ValueSchema:
        """The schema of a variable: DDL, or a StructType."""
        demand_answer(self._task, operation)
        advice = f"Declare the {kind} state as DDL such as 'count long', or as a StructType"
        if not isinstance(schema, (str, DataType)):
            demand_present(schema)
            error = AttributeError(f"'{type(schema).__name__}' object has no attribute 'json'")
            raise refused(operation, error, advice)
        if isinstance(schema, DataType) and not isinstance(schema, StructType):
            message = f"[FAILED_PARSE_STRUCT_TYPE] Failed parsing struct: '{schema.json()}'. SQLSTATE: 22018"
            told = PySparkRuntimeError(f"Error initializing {kind} state: {message}")
            raise self._cut_off(operation, told, advice)
        try:
            fields = parse_table_ddl(schema) if isinstance(schema, str) else parse_ddl(_ddl(schema))
            if fields or not isinstance(schema, str):
                return ValueSchema(fields)
            raise SchemaError("it names no column: write 'count long'")
        except SchemaError as unread:
            told = PySparkRuntimeError(f"Error parsing string schema: {parse_failure(str(schema), unread)}")
            raise self._cut_off(operation, told, str(unread)) from None

    def _declared(self, operation: Operation, variable: Variable, ttl: Any) -> Variable:
        """The variable with its time to live, when Spark takes both."""
        name, what = variable.name, f"initializing {variable.kind} state"
        self._demand_name(operation, what, variable.kind, name)
        ttl_ms = _int64(operation, ttl, "TTLConfig", "durationMs") if ttl is not None else None
        self._demand_created(operation, what, f"get_{variable.kind}_state")
        if self._task.state == "CREATED":  # on the driver Spark only notes what is declared
            self._demand_ttl(operation, what, name, ttl_ms)
            failure = name_failure(name)
            if failure:
                error = PySparkRuntimeError(f"Error {what}: {failure}")
                raise self._cut_off(operation, error, "Name it as you would name a Python variable")
        declared = msgspec.structs.replace(variable, ttl_ms=ttl_ms or None)
        self._task.declare(declared)
        return declared

    def _demand_name(self, operation: Operation, what: str, kind: StateKind, name: Any) -> None:
        """A variable's name is a text, and its own."""
        advice = "Give each state variable a name of its own"
        _demand_text(operation, name)
        existing = self._task.variables.get(name)
        if existing is None:
            return
        if existing.kind == kind:  # the one error after which the state server goes on
            message = f"{kind.capitalize()} state {name} already exists"
            raise refused(operation, PySparkRuntimeError(f"Error {what}: {message}"), advice)
        message = (
            f"[STATEFUL_PROCESSOR_DUPLICATE_STATE_VARIABLE_DEFINED] State variable with name {name} has already been "
        )
        message += "defined in the StatefulProcessor. SQLSTATE: 42802"
        raise self._cut_off(operation, PySparkRuntimeError(f"Error {what}: {message}"), advice)

    def _demand_created(self, operation: Operation, what: str, asked: str) -> None:
        if self._task.state not in ("CREATED", "PRE_INIT"):
            error = PySparkRuntimeError(f"Error {what}: {state_failure(asked, self._task.state)}")
            raise self._cut_off(operation, error, "Declare all state variables in init")

    def _demand_ttl(self, operation: Operation, what: str, name: str, ttl_ms: int | None) -> None:
        """TTL needs TimeMode ProcessingTime, and is not negative; 0 means none (SEMANTICS 5.34)."""
        if not ttl_ms:
            return
        if self._task.time_mode != "ProcessingTime":
            message = f"[STATEFUL_PROCESSOR_INCORRECT_TIME_MODE_TO_ASSIGN_TTL] Cannot use TTL for state={name} in "
            message += f"timeMode={_TIME_MODES[self._task.time_mode]}, use TimeMode.ProcessingTime() instead."
            advice = "Choose the time mode ProcessingTime, or leave the time to live out"
        elif ttl_ms < 0:
            message = (
                "[STATEFUL_PROCESSOR_TTL_DURATION_MUST_BE_POSITIVE] TTL duration must be greater than zero for State "
            )
            message += f"store operation=update on state={name}."
            advice = "The time to live is in milliseconds, above 0"
        else:
            return
        raise self._cut_off(operation, PySparkRuntimeError(f"Error {what}: {message} SQLSTATE: 42802"), advice)

    # Timers

    def registerTimer(self, expiryTimestampMs: Any) -> None:
        """Call handleExpiredTimer for this key at the time, also one in the past (SEMANTICS 5.44)."""
        operation = self._task.operations.began("registerTimer", expiryTimestampMs)
        timer_ms = _int64(operation, expiryTimestampMs, "RegisterTimer", "expiryTimestampMs")
        self._demand_timers(operation, "register timer", "register_timer")
        self._task.metrics["numRegisteredTimers"] += 1
        self._task.add_timer(timer_ms)

    def deleteTimer(self, expiryTimestampMs: Any) -> None:
        """Forget a timer of this key; nothing happens when there is none (5.40)."""
        operation = self._task.operations.began("deleteTimer", expiryTimestampMs)
        timer_ms = _int64(operation, expiryTimestampMs, "DeleteTimer", "expiryTimestampMs")
        self._demand_timers(operation, "deleting timer", "delete_timer")
        self._task.delete_timer(timer_ms)

    def listTimers(self) -> ListTimerIterator:
        """The timers of this key, in the order of the store's bytes (SEMANTICS 5.47), as they are at the first one."""
        return ListTimerIterator(self._timers)

    def _timers(self) -> list[int]:
        """Where there can be none, the iterator ends without a word, and so does the state server (5.48)."""
        task = self._task
        if task.is_cut_off:
            demand_answer(task, task.operations.began("listTimers"))
        task.is_cut_off = task.time_mode == "None" or not task.has_key
        return [] if task.is_cut_off else list(task.timers_ms)

    def _demand_timers(self, operation: Operation, what: str, asked: str) -> None:
        demand_answer(self._task, operation)
        if self._task.time_mode == "None":
            message = "[STATEFUL_PROCESSOR_CANNOT_PERFORM_OPERATION_WITH_INVALID_TIME_MODE] Failed to perform stateful "
            message += f"processor operation={asked} with invalid timeMode=NoTime SQLSTATE: 42802"
            error = PySparkRuntimeError(f"Error {what}: {message}")
            raise self._cut_off(operation, error, "Timers need the time mode ProcessingTime or EventTime")
        if not self._task.has_key:
            state = self._task.state
            failure = state_failure(asked, state) if state in ("PRE_INIT", "CREATED") else key_failure("$procTimers")
            error = PySparkRuntimeError(f"Error {what}: {failure}")
            raise self._cut_off(operation, error, "A timer belongs to a key: register it in a handler, not in init")

    def _cut_off(self, operation: Operation, error: Exception, advice: str) -> Exception:
        """The JVM's answer is an error: it is the last one."""
        self._task.is_cut_off = True
        return refused(operation, error, advice)


StatefulProcessorHandle.__module__ = "pyspark.sql.streaming.stateful_processor"


def _demand_text(operation: Operation, name: Any) -> None:
    """A name is a text to protobuf."""
    if not isinstance(name, str):
        error = TypeError("bad argument type for built-in operation")
        raise refused(operation, error, "Give each state variable a name of its own")


def _int64(operation: Operation, value: Any, message: str, field: str) -> int:
    """A whole number of 64 bits, as protobuf takes it."""
    if type(value) is int and -_INT64 <= value < _INT64:
        return value
    try:
        if isinstance(value, bool):
            place = f"org.apache.spark.sql.execution.streaming.state.{message}.{field}"
            raise TypeError(f"Field {place}: Expected an int, got a boolean.")
        number = 0 if value is None else operator.index(value)
        if not -_INT64 <= number < _INT64:
            raise ValueError(f"Value out of range: {number}")
    except (TypeError, ValueError) as error:
        raise refused(operation, error, f"Milliseconds are a whole number: int({value!r:.40})") from None
    return number


def _ddl(schema: Any) -> str:
    """The DDL of a StructType; any other type has no fields, which Spark finds out with an AttributeError."""
    return ", ".join(f"`{field.name}` {field.dataType.simpleString()}" for field in schema.fields)
