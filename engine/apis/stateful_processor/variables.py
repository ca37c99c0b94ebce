"""ValueState, ListState and MapState, as PySpark's StatefulProcessor sees them (SEMANTICS 5.20 to 5.32).

Lives here: their methods with their exact errors. What a task knows is task.py; what a value becomes is values.py.
"""

import copy
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from engine.apis.conversions.jvm_side import JvmRefused
from engine.apis.operations import Operation, refused
from engine.apis.row import Row
from engine.apis.spark_names.errors import PySparkRuntimeError
from engine.apis.stateful_processor.iterators import (
    ListStateIterator,
    MapStateIterator,
    MapStateKeyValuePairIterator,
)
from engine.apis.stateful_processor.jvm_words import key_failure, state_failure
from engine.apis.stateful_processor.server import demand_answer
from engine.apis.stateful_processor.task import Task, Variable
from engine.apis.stateful_processor.values import Values, ValueSchema
from engine.model.state import StateEntry

_MODULE = "pyspark.sql.streaming.stateful_processor"

#: Values for a schema.
Given = tuple[ValueSchema, Any]


class _State:
    """What the three kinds share: each method asks for the key, and what fails in the JVM ends the state server."""

    def __init__(self, task: Task, variable: Variable) -> None:
        self._task = task
        self._variable = variable

    @property
    def _is_deleted(self) -> bool:
        return self._variable.name not in self._task.variables

    @property
    def _can_be_asked(self) -> bool:
        task = self._task
        return task.has_key and not task.is_cut_off and self._variable.name in task.variables

    def _began(self, method: str, *arguments: Any) -> Operation:
        return self._task.operations.keep(f"{self._variable.name}.{method}", arguments, sys._getframe(2))

    def _read(self, method: str, what: str) -> None:
        """Ask before a method that only reads: it is no operation of the trace unless it is refused."""
        if not self._can_be_asked:
            name = f"{self._variable.name}.{method}"
            self._demand(self._task.operations.keep(name, (), sys._getframe(2)), what)

    def _can_iterate(self, method: str) -> bool:
        """Asked at the first element: without a key Spark's iterator ends without a word, and so does its server."""
        if self._task.is_cut_off:
            demand_answer(self._task, self._task.operations.began(f"{self._variable.name}.{method}"))
        if self._is_deleted:
            return False
        self._task.is_cut_off = not self._task.has_key
        return self._task.has_key

    def _demand(self, operation: Operation, what: str) -> None:
        """Raises where no key is called, in `init` and in `close`, and what `init` has deleted again (SEMANTICS 5.24)."""
        if self._can_be_asked:
            return
        demand_answer(self._task, operation)
        if self._is_deleted:
            told = f"{self._variable.kind.capitalize()} state {self._variable.name} is not initialized."
            advice = "init has deleted it with deleteIfExists: declare it after that, or do not use it"
            raise refused(operation, PySparkRuntimeError(f"Error {what}: {told}"), advice)
        if not self._task.has_key:
            name, state = self._variable.name, self._task.state
            failure = state_failure(operation[0], state) if state == "PRE_INIT" else key_failure(name)
            advice = "State belongs to a key: use it in handleInputRows and the other handlers, not in init or close"
            raise self._error(operation, what, failure, advice)

    def _error(self, operation: Operation, what: str, message: str, advice: str) -> Exception:
        demand_answer(self._task, operation)
        self._task.is_cut_off = True
        return refused(operation, PySparkRuntimeError(f"Error {what}: {message}"), advice)

    def _stored(
        self, operation: Operation, what: str, schema: ValueSchema, given: Any, beside: Sequence[Given] = ()
    ) -> Values:
        """The values as the store will have them. What Python refuses of those that are sent with them is told first."""
        try:
            return schema.stored(given)
        except JvmRefused as error:
            refusal = str(error)
        except Exception as error:
            raise self._unsent(operation, given, error) from None
        for other_schema, other in beside:
            try:
                other_schema.demand_sendable(other)
            except Exception as error:
                raise self._unsent(operation, other, error) from None
        advice = f"The schema of {self._variable.name} has {len(schema.names)}: {', '.join(schema.names)}"
        raise self._error(operation, what, refusal, advice)

    def _unsent(self, operation: Operation, given: Any, error: Exception) -> Exception:
        """What Python says of no tuple, of a date that is none, of a class that only the job has."""
        if isinstance(error, TypeError):
            return refused(operation, error, f"Values are a tuple, even a single one: ({given!r:.60},)")
        fields = ", ".join(self._variable.value.names)
        return refused(operation, error, f"Give {self._variable.name} plain values that fit its schema: {fields}")

    def _given(self, values: Values) -> Values:
        """A stored value for the user, who may change it in place: the store must not notice."""
        return copy.deepcopy(values) if self._variable.value.is_mutable else values

    def _visible(self, entries: Iterable[StateEntry]) -> list[StateEntry]:
        if self._variable.ttl_ms is None:
            return list(entries)
        return [entry for entry in entries if self._task.is_visible(entry)]


class ValueState(_State):
    """One value for the key: a tuple, or None while there is none."""

    def exists(self) -> bool:
        self._read("exists", "checking value state exists")
        return bool(self._visible(self._task.entries(self._variable)))

    def get(self) -> Values | None:
        self._read("get", "getting value state")
        found = self._visible(self._task.entries(self._variable))
        return self._given(found[0].value) if found else None

    def update(self, newValue: Any) -> None:
        """Store a tuple, one value for each field. A value of the wrong type is NULL, without a word (SEMANTICS 5.21)."""
        operation, what = self._began("update", newValue), "updating value state"
        stored = self._stored(operation, what, self._variable.value, newValue)
        self._demand(operation, what)
        self._task.write_value(self._variable, self._task.entry(self._variable, stored))

    def clear(self) -> None:
        """Forget the value. Without a TTL Spark counts a row as removed, whether there was one or not."""
        self._demand(self._began("clear"), "clearing value state")
        existed = len(self._task.entries(self._variable))
        self._task.clear(self._variable, 1 if self._variable.ttl_ms is None else existed)


class ListState(_State):
    """Tuples in the order in which they were put."""

    def exists(self) -> bool:
        self._read("exists", "checking value state exists")
        return bool(self._visible(self._task.entries(self._variable)))

    def get(self) -> ListStateIterator:
        """The list as it is when the first element is asked for."""
        return ListStateIterator(self._elements)

    def _elements(self) -> list[Values]:
        if not self._can_iterate("get"):
            return []
        return [self._given(entry.value) for entry in self._visible(self._task.entries(self._variable))]

    def put(self, newState: Any) -> None:
        """Replace the list. Without a TTL Spark's count of written rows in this task begins anew with it."""
        entries = self._new(self._began("put", newState), newState)
        if self._variable.ttl_ms is None:
            self._task.restart_count()
        self._task.write(self._variable, entries, len(entries))

    def appendValue(self, newState: Any) -> None:
        operation, what = self._began("appendValue", newState), "updating value state"
        stored = self._stored(operation, what, self._variable.value, newState)
        self._demand(operation, what)
        self._task.append(self._variable, [self._task.entry(self._variable, stored)])

    def appendList(self, newState: Any) -> None:
        self._task.append(self._variable, self._new(self._began("appendList", newState), newState))

    def clear(self) -> None:
        self._demand(self._began("clear"), "clearing value state")
        self._task.clear(self._variable, len(self._task.entries(self._variable)))

    def _new(self, operation: Operation, values: Any) -> list[StateEntry]:
        """The elements of a list; an empty one cannot be stored (SEMANTICS 5.22)."""
        what = "updating value state"
        try:
            given = list(values)
        except TypeError as error:
            raise refused(operation, error, "Put a list of tuples; to forget the list call clear()") from None
        together = [(self._variable.value, value) for value in given]
        stored = [self._stored(operation, what, *one, together) for one in together]
        self._demand(operation, what)
        if not stored:
            name = self._variable.name
            message = "[ILLEGAL_STATE_STORE_VALUE.EMPTY_LIST_VALUE] Illegal value provided to the State Store Cannot "
            message += f"write empty list values to State Store for StateName {name}. SQLSTATE: 42601"
            raise self._error(operation, what, message, f"To forget the list call self.{name}.clear()")
        return [self._task.entry(self._variable, value) for value in stored]


class MapState(_State):
    """Tuples by tuples; it is iterated over in the order of the keys' bytes (SEMANTICS 5.23)."""

    def exists(self) -> bool:
        self._read("exists", "checking map state exists")
        return bool(self._visible(self._task.map(self._variable).values()))

    def getValue(self, key: Any) -> Row | None:
        """The value as a Row, None where there is none."""
        found = self._found("getValue", "getting value", key)
        return None if found is None else Row.of(self._variable.value.names, self._given(found.value))

    def containsKey(self, key: Any) -> bool:
        return self._found("containsKey", "checking if map state contains key", key) is not None

    def updateValue(self, key: Any, value: Any) -> None:
        operation, what = self._began("updateValue", key, value), "updating map state value"
        stored_key = self._stored(operation, what, self._keys, key, [(self._variable.value, value)])
        stored = self._stored(operation, what, self._variable.value, value)
        self._demand(operation, what)
        entry = self._task.entry(self._variable, stored, stored_key)
        self._task.map_write(self._variable, self._keys.bytes_of(stored_key), entry)

    def removeKey(self, key: Any) -> None:
        """Forget one key. Spark counts a row as removed, whether there was one or not."""
        operation, what = self._began("removeKey", key), "removing key from map state"
        stored_key = self._stored(operation, what, self._keys, key)
        self._demand(operation, what)
        removed = self._task.map(self._variable).pop(self._keys.bytes_of(stored_key), None)
        self._task.map_removed(self._variable, removed)

    def clear(self) -> None:
        self._demand(self._began("clear"), "clearing map state")
        self._task.clear(self._variable, len(self._task.map(self._variable)))

    def iterator(self) -> MapStateKeyValuePairIterator:
        return MapStateKeyValuePairIterator(lambda: self._asked("iterator", self._pair))

    def keys(self) -> MapStateIterator:
        return MapStateIterator(lambda: self._asked("keys", lambda entry: entry.user_key))

    def values(self) -> MapStateIterator:
        return MapStateIterator(lambda: self._asked("values", lambda entry: self._given(entry.value)))

    def _pair(self, entry: StateEntry) -> tuple[Any, Values]:
        return entry.user_key, self._given(entry.value)

    @property
    def _keys(self) -> ValueSchema:
        if self._variable.key is None:
            raise TypeError(f"{self._variable.name} has no keys")
        return self._variable.key

    def _found(self, method: str, what: str, key: Any) -> StateEntry | None:
        self._read(method, what)
        try:
            stored_key = self._keys.stored(key)
        except (JvmRefused, TypeError):  # told as the operation that was refused
            stored_key = self._stored(self._began(method, key), what, self._keys, key)
        found = self._task.map(self._variable).get(self._keys.bytes_of(stored_key))
        return found if found is not None and self._task.is_visible(found) else None

    def _asked(self, method: str, given: Callable[[StateEntry], Any]) -> list[Any]:
        """The entries as they are when the first one is asked for."""
        if not self._can_iterate(method):
            return []
        return [given(entry) for entry in self._visible(self._task.map_entries(self._variable))]


for _class in (ValueState, ListState, MapState):
    _class.__module__ = _MODULE
