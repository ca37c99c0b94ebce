"""The user's PySpark function with a recorder around it. Lives here: what Spark pickles and runs in its Python workers.

It takes nothing from the function but the column of row indexes, and adds nothing.
"""

import contextlib
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any, Final

from pyspark import TaskContext

from engine.spark.recording import END, ROW_INDEX, USER_MODULE, CallRecord, RecordFile, as_plain, call_number

_WATCHED: Final = ("update", "remove", "setTimeoutDuration", "setTimeoutTimestamp")


class RecordedFunction:
    """The user's function with a recorder around it: called as Spark calls the function itself."""

    def __init__(self, function: Callable[..., Any], records: RecordFile) -> None:
        self._function = function
        self._records = records

    def __call__(self, key: tuple[Any, ...], frames: Iterator[Any], state: Any) -> Any:
        sys.modules.setdefault(
            USER_MODULE, types.ModuleType(USER_MODULE)
        )  # as a worker has a __main__, without the job's
        record = _record(key, state)
        watched = _watched(frames, record)
        _watch(state, record)
        given = list(watched) if state.hasTimedOut else watched  # as Spark itself gives them
        try:
            with record.running():
                result = self._function(key, given, state)
                output = None if hasattr(result, "columns") else _iterated(result)
        except Exception:
            self._end(watched, record)
            raise
        if output is None:
            self._end(watched, record)
            return result  # Spark has its own words for this
        return self._output(output, watched, record)

    def _output(self, frames: Iterator[Any], watched: Iterator[Any], record: CallRecord) -> Iterator[Any]:
        """The function's frames; the record is written before each, since Spark may stop at any."""
        try:
            while (frame := record.next_of(frames)) is not END:
                record.output_rows += len(frame) if hasattr(frame, "columns") else 0
                self._records.append(record)
                yield frame
        finally:
            self._end(watched, record)

    def _end(self, watched: Iterator[Any], record: CallRecord) -> None:
        """Note the rows that the function did not read, too: they were given to it."""
        for _ in watched:
            pass
        self._records.append(record)


def _record(key: tuple[Any, ...], state: Any) -> CallRecord:
    context = TaskContext.get()
    null_bits = int.from_bytes(state._keyAsUnsafe[:8], "little")  # pandas cannot tell a NULL from a NaN
    values = tuple(None if null_bits >> i & 1 else as_plain(value) for i, value in enumerate(key))
    partition = context.partitionId() if context else 0
    return CallRecord(call_number(), values, partition, "timeout" if state.hasTimedOut else "data")


def _iterated(result: Any) -> Iterator[Any] | None:
    """The result's frames one by one, None when it has none to give."""
    iterator: Iterator[Any] | None = None
    with contextlib.suppress(TypeError):
        iterator = iter(result)
    return iterator


def _watched(frames: Iterator[Any], record: CallRecord) -> Iterator[Any]:
    """The frames without the column of row indexes, which are noted."""
    for frame in frames:
        if len(frame):
            record.row_indexes += [int(index) for index in frame[ROW_INDEX]]
            record.chunks.append(len(frame))
        yield frame.drop(columns=ROW_INDEX)


def _watch(state: Any, record: CallRecord) -> None:
    """Note what is done to the state; each method still does it."""
    for name in _WATCHED:
        setattr(state, name, _noting(name, getattr(state, name), record))


def _noting(name: str, method: Callable[..., Any], record: CallRecord) -> Callable[..., Any]:
    def noted(*arguments: Any, **named: Any) -> Any:
        with record.operation(name, *arguments, *named.values()):
            return method(*arguments, **named)

    return noted
