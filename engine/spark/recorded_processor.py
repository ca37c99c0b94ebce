"""The user's StatefulProcessor with a recorder around it. Lives here: what Spark pickles and runs in its Python workers.

It takes nothing from the processor but the column of row indexes, and adds nothing. State before and after a call is
asked of Spark's own handle; when a value expires that does not tell: the store does.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from pyspark import TaskContext
from pyspark.sql import Row
from pyspark.sql.streaming.stateful_processor import StatefulProcessor
from pyspark.sql.types import DataType

from engine.model.state import KeyState, StateEntry
from engine.model.trace import DRIVER, Reason
from engine.spark.recording import END, ROW_INDEX, CallRecord, RecordFile, as_plain, call_number, plain_key

#: What is noted of a state variable and of the handle; each method still does it.
_WRITES: Final = ("update", "put", "appendValue", "appendList", "updateValue", "removeKey", "clear")
_HANDLE_WRITES: Final = ("registerTimer", "deleteTimer", "deleteIfExists")
#: What is noted only when it is refused.
_READS: Final = ("get", "exists", "getValue", "containsKey", "iterator", "keys", "values")


class RecordedProcessor(StatefulProcessor):  # type: ignore[misc] # of Spark, untyped
    """The user's processor with a recorder around it: called as Spark calls the processor itself."""

    def __init__(self, processor: Any, records: RecordFile, rows: "Frames | PlainRows", has_timers: bool) -> None:
        """`rows` knows what the processor is given and gives back; `has_timers` is False under TimeMode None."""
        self._processor = processor
        self._records = records
        self._rows = rows
        self._has_timers = has_timers
        self._variables: dict[str, Callable[[], list[StateEntry]]] = {}
        self._handle: Any = None
        self._record: Any = None

    def init(self, handle: Any) -> None:
        record = self._begin("init", None)
        self._handle = handle
        self._watch_handle(handle)
        self._without_output(record, lambda: self._processor.init(handle))

    def handleInputRows(self, key: Any, rows: Iterator[Any], timerValues: Any) -> Any:  # noqa: N802, N803
        record = self._begin("data", key)
        given = self._rows.watched(rows, record)
        return self._with_output(record, given, lambda: self._processor.handleInputRows(key, given, timerValues))

    def handleExpiredTimer(self, key: Any, timerValues: Any, expiredTimerInfo: Any) -> Any:  # noqa: N802, N803
        record = self._begin("timer", key)
        record.timer_ms = expiredTimerInfo.getExpiryTimeInMs()
        handler = self._processor.handleExpiredTimer
        return self._with_output(record, iter(()), lambda: handler(key, timerValues, expiredTimerInfo))

    def handleInitialState(self, key: Any, initialState: Any, timerValues: Any) -> None:  # noqa: N802, N803
        record = self._begin("initial_state", key)
        given = next(self._rows.watched(iter([initialState]), record))
        self._without_output(record, lambda: self._processor.handleInitialState(key, given, timerValues))

    def close(self) -> None:
        self._without_output(self._begin("close", None), self._processor.close)

    def _begin(self, reason: Reason, key: tuple[Any, ...] | None) -> CallRecord:
        context = TaskContext.get()
        values = None if key is None else plain_key(map(_in_utc, key))
        self._record = CallRecord(call_number(), values, context.partitionId() if context else DRIVER, reason)
        self._record.before = self._state()
        return self._record  # type: ignore[no-any-return]

    def _without_output(self, record: CallRecord, call: Callable[[], Any]) -> None:
        try:
            with record.running():
                call()
            record.after = self._state()
        finally:
            self._records.append(record)

    def _with_output(self, record: CallRecord, given: Iterator[Any], call: Callable[[], Any]) -> Any:
        try:
            with record.running():
                output = call()
        except Exception:
            self._end(record, given)
            raise
        if not isinstance(output, Iterable):
            self._end(record, given)
            return output  # Spark has its own words for this
        return self._output(iter(output), record, given)

    def _output(self, output: Iterator[Any], record: CallRecord, given: Iterator[Any]) -> Iterator[Any]:
        """What the processor gives; the record is written before each, since Spark may stop at any."""
        try:
            while (item := record.next_of(output)) is not END:
                record.output_rows += self._rows.count(item)
                self._records.append(record)
                yield item
            record.after = self._state()
        finally:
            self._end(record, given)

    def _end(self, record: CallRecord, given: Iterator[Any]) -> None:
        """Note the rows that the processor did not read, too: they were given to it."""
        for _ in given:
            pass
        self._records.append(record)

    def _state(self) -> KeyState:
        """What Spark shows of the current key, in Spark's order; nothing before and after all keys."""
        if self._record.key is None:
            return KeyState()
        entries = tuple(entry for entries_of in self._variables.values() for entry in entries_of())
        fired_ms = self._record.timer_ms
        listed_ms = type(self._handle).listTimers(self._handle) if self._has_timers else ()
        timers_ms = tuple(timer_ms for timer_ms in listed_ms if timer_ms != fired_ms)
        return KeyState(entries, timers_ms, bool(entries or timers_ms))

    def _watch_handle(self, handle: Any) -> None:
        for name in _HANDLE_WRITES:
            setattr(handle, name, self._noting(name, getattr(handle, name)))
        handle.deleteIfExists = self._forgetting(handle.deleteIfExists)
        for name, entries_of in _ENTRIES.items():
            setattr(handle, name, self._declaring(name, getattr(handle, name), entries_of))

    def _forgetting(self, delete: Callable[[str], None]) -> Callable[[str], None]:
        def forgotten(name: str) -> None:
            delete(name)
            self._variables.pop(name, None)

        return forgotten

    def _declaring(self, method_name: str, declare: Callable[..., Any], entries_of: Callable[..., Any]) -> Any:
        noted = self._noting(method_name, declare)

        def declared(name: str, *arguments: Any, **named: Any) -> Any:
            variable = noted(name, *arguments, **named)
            self._variables[name] = lambda: entries_of(name, variable)
            self._watch_variable(name, variable)
            return variable

        return declared

    def _watch_variable(self, name: str, variable: Any) -> None:
        for method in (method for method in (*_WRITES, *_READS) if hasattr(variable, method)):
            noting = self._noting if method in _WRITES else self._noting_refusal
            setattr(variable, method, noting(f"{name}.{method}", getattr(variable, method)))

    def _noting_refusal(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        noted = self._noting(name, method)

        def asked(*arguments: Any, **named: Any) -> Any:
            before = len(self._record.operations)
            answer = noted(*arguments, **named)
            del self._record.operations[before:], self._record.operation_lines[before:]
            return answer

        return asked

    def _noting(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*arguments: Any, **named: Any) -> Any:
            told = (_told(argument) for argument in (*arguments, *named.values()))
            with self._record.operation(name, *told):
                return method(*arguments, **named)

        return noted


class Frames:
    """transformWithStateInPandas: pandas frames in, pandas frames out. The row indexes are their last column."""

    def watched(self, frames: Iterator[Any], record: CallRecord) -> Iterator[Any]:
        """The frames without the column of row indexes, which are noted. Spark does not keep every column's name."""
        for frame in frames:
            record.row_indexes += [int(index) for index in frame.iloc[:, -1]]
            record.chunks.append(len(frame))
            yield frame.iloc[:, :-1]

    def count(self, frame: Any) -> int:
        return len(frame) if hasattr(frame, "columns") else 0


class PlainRows:
    """transformWithState: Rows in, Rows out."""

    def watched(self, rows: Iterator[Any], record: CallRecord) -> Iterator[Any]:
        """The Rows without their index, which is noted."""
        for row in rows:
            record.row_indexes.append(row[ROW_INDEX])
            record.chunks = [len(record.row_indexes)]
            names = [name for name in row.__fields__ if name != ROW_INDEX]
            yield Row(*names)(*(row[name] for name in names))

    def count(self, row: Any) -> int:
        return 1


def _in_utc(value: Any) -> Any:
    """A time of a Row has the session's zone, which is UTC; a trace writes it without."""
    return value.replace(tzinfo=None) if isinstance(value, datetime.datetime) else value


def _told(argument: Any) -> Any:
    return argument.simpleString() if isinstance(argument, DataType) else argument


def _value(name: str, variable: Any) -> list[StateEntry]:
    value = type(variable).get(variable)
    return [] if value is None else [StateEntry(as_plain(list(value)), name)]


def _list(name: str, variable: Any) -> list[StateEntry]:
    return [StateEntry(as_plain(list(value)), name, kind="list") for value in type(variable).get(variable)]


def _map(name: str, variable: Any) -> list[StateEntry]:
    entries = type(variable).iterator(variable)
    return [StateEntry(as_plain(list(value)), name, as_plain(list(key)), kind="map") for key, value in entries]


_ENTRIES: Final = {"getValueState": _value, "getListState": _list, "getMapState": _map}
