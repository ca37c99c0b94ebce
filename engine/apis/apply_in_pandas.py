"""applyInPandasWithState: calls the user's function `fn(key, pdfs, state)` as PySpark's worker does, and keeps what it did.

Lives here: one call, and the end of a phase of calls. Frames and keys, state and output go through `conversions`; the
state object is pyspark_group_state.py.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import msgspec
import numpy as np
import pandas as pd

from engine.apis.catalog import timeout_conf_of
from engine.apis.conversions.jvm_side import JvmRefused
from engine.apis.conversions.to_output import OutputRefused, OutputSchema, demand_frames
from engine.apis.conversions.to_pandas import (
    PartitionFrames,
    chunk_spans,
    empty_frame,
    key_converters,
    partition_frames,
)
from engine.apis.conversions.to_state import StateSchema
from engine.apis.fresh import planned
from engine.apis.group_state import Touches, Written, frozen, unsaved, write_back
from engine.apis.plan import max_records_of
from engine.apis.pyspark_group_state import NO_TIMESTAMP, GroupState, Held, Query
from engine.apis.pyspark_timeout import timeout_ms
from engine.apis.spark_names.stubs import GroupStateTimeout
from engine.apis.spark_names.types import TYPES
from engine.apis.stop_iteration import stopped
from engine.apis.user_code import UserCode, ending_of, error_record
from engine.model.columns import places_in
from engine.model.scenario import Scenario
from engine.model.schema import parse_ddl
from engine.model.state import KeyState, StateEntry
from engine.model.trace import ErrorRecord, RowsAs
from engine.model.user_objects import LimitReached
from engine.replay.intake import TypedRows, schema_of
from engine.replay.operator import Call, CallResult, Group, InitialCalls, Policy

#: What the function may use without an import.
NAMES: Final = {**TYPES, "GroupState": GroupState, "GroupStateTimeout": GroupStateTimeout, "pd": pd, "np": np}


class ApplyInPandas:
    """The operator. Each phase of a partition (the data calls, then the timed-out ones) is one run of Spark's worker."""

    rows_as: RowsAs = "frames"

    def __init__(self, scenario: Scenario, policy: Policy, code: UserCode) -> None:
        self.policy = policy
        self._code = code
        self._function: Callable[..., Any] = code.function
        self._fresh = planned(code.function, _NOT_PICKLED)
        self._is_new_task = False
        self._query = Query(timeout_conf_of(scenario), scenario.watermark is not None)
        self._state_schema = StateSchema(parse_ddl(scenario.state_schema or ""))
        self._output = OutputSchema(parse_ddl(scenario.output_schema or ""))
        self._max_records = max_records_of(scenario)
        schema = schema_of(scenario)
        self._empty = empty_frame(schema)
        key_places = places_in(schema, scenario.key_columns, scenario)
        self._key_converters = key_converters([schema[place].type for place in key_places])
        self._frames: PartitionFrames | None = None
        self._spans: dict[tuple[Any, ...], list[tuple[int, int]]] = {}
        self._refused: ErrorRecord | None = None

    @property
    def output_names(self) -> tuple[str, ...]:
        return self._output.names

    def begin_partition(self, rows: TypedRows, groups: list[Group]) -> list[Group]:
        """Sort the rows of the partition into one frame, and cut it into Spark's chunks."""
        self._frames = partition_frames(rows, groups) if groups else None
        spans = chunk_spans(groups, self._max_records)
        self._spans = {group.key: mine for group, mine in zip(groups, spans, strict=True)}
        return groups

    def begin_initial_state(self, rows: TypedRows, groups: list[Group]) -> InitialCalls:
        """Nothing: PySpark's operator has none (SEMANTICS 3.5)."""
        return InitialCalls()

    def take_metrics(self) -> dict[str, int]:
        """Nothing: what a call wrote and removed is in its result."""
        return {}

    def call(self, call: Call) -> CallResult:
        held = self._held(call.state)
        spans = self._spans[call.group.key] if call.group.row_indexes else []
        output: list[list[Any]] = []
        try:
            if self._is_new_task:
                self._function, self._is_new_task = self._fresh.copy(), False
            for frames in self._sent_together(self._returned(call, held, spans)):
                output += self._output.rows(frames, call.group.key)
                if self._output.count > self._max_records:
                    self._output.finish()
            written = self._written(call, held)
        except BaseException as error:  # whatever the function raises is data, exit() and a reached limit included
            return self._failed(call, held, spans, output, error)
        return CallResult(
            written.after,
            held.operations,
            held.operation_lines,
            output,
            [stop - start for start, stop in spans],
            self._code.prints.take(),
            written.writes,
            written.removals,
            written.rule,
            _unsaved(held, call.state) if self._state_schema.is_mutable else None,
            given_columns=self._output.take_given_instead(),
        )

    def end_calls(self) -> ErrorRecord | None:
        """The calls of a phase are over; those of the next one find the function as it was planned (SEMANTICS 1.27)."""
        self._is_new_task = True
        refused, self._refused = self._refused, None
        try:
            self._output.finish()
        except LimitReached:
            raise
        except BaseException as error:  # a cell may be of a class of the user's, which may exit, too
            return self._told(error)
        return refused

    def _held(self, stored: KeyState) -> Held:
        value = stored.entries[0].value if stored.entries else ()
        if self._state_schema.is_mutable:
            value = frozen(value)  # the function may change it: the store must not notice
        return Held(value, bool(stored.entries))

    def _returned(self, call: Call, held: Held, spans: list[tuple[int, int]]) -> Iterator[pd.DataFrame]:
        """Call the function and take its frames one by one: changes of state after the last yield count (SEMANTICS 1.25)."""
        given = self._given(spans)
        state = GroupState(held, call.reason != "data", call.clock, self._query)
        key = tuple(convert(value) for convert, value in zip(self._key_converters, call.group.key, strict=True))
        for frame in demand_frames(self._called(key, given, state)):
            self._output.verify(frame)
            yield frame

    def _sent_together(self, frames: Iterable[pd.DataFrame]) -> Iterator[list[pd.DataFrame]]:
        """A call's frames as Spark's worker sends them: together, but at once when there are more rows than an Arrow batch may
        hold, in the midst of the call too. Only then they are looked at: the function may still change one that it gave out."""
        waiting: list[pd.DataFrame] = []
        count = self._output.count
        for frame in frames:
            waiting.append(frame)
            count += len(frame)
            if count > self._max_records:
                yield waiting
                waiting, count = [], 0
        yield waiting

    def _called(self, *arguments: Any) -> Any:
        """What the function returns; a StopIteration that leaves it is PySpark's own error."""
        try:
            return self._function(*arguments)
        except StopIteration as error:
            raise stopped(error, _STOPPED) from None

    def _given(self, spans: list[tuple[int, int]]) -> Iterable[pd.DataFrame]:
        """The chunks as a generator; without data a list of one empty frame, in which `next` fails (1.21, 1.23)."""
        if self._frames is None or not spans:
            return [self._empty.copy(deep=False)]
        self._frames.demand_first(spans)
        return self._frames.chunks(spans)

    def _written(self, call: Call, held: Held) -> Written:
        """The state after the call, by PySpark's rule: its old timeout is always "none" (SEMANTICS 1.5, 1.6)."""
        stored = call.state
        touched = Touches((), held.updated, held.removed, self._timeout_ms(call, held))
        if held.exists and (held.updated or self._state_schema.is_mutable):
            touched.value_now = self._stored_value(call, held)
            # Without update() the changed value is written too, when a timeout was set.
            stored = KeyState((StateEntry(touched.value_now),), stored.timers_ms, True)
        written = write_back(touched, stored, ())
        return written if written.writes or written.removals else msgspec.structs.replace(written, after=call.state)

    def _stored_value(self, call: Call, held: Held) -> tuple[Any, ...]:
        """The value as the store will have it; what only the JVM refuses is told when the calls are over."""
        internal = self._state_schema.internal(held.value)
        try:
            return self._state_schema.stored(internal)
        except JvmRefused as refused:
            self._refuse(refused.error_class, str(refused), call, held, "update")
            return held.value

    def _timeout_ms(self, call: Call, held: Held) -> int | None:
        try:
            return timeout_ms(call, held, self._query)
        except JvmRefused as refused:
            self._refuse(refused.error_class, str(refused), call, held, "setTimeout")
            return None

    def _refuse(self, error_class: str, message: str, call: Call, held: Held, operation: str) -> None:
        """Remember the first refusal; Spark does not say whose it was, we do."""
        if self._refused is None:
            whose = ", ".join(map(str, call.group.key))
            advice = f"The error is in the call for {whose}: look at what it passed to {operation}"
            line = _line_of(held, operation)
            self._refused = ErrorRecord(error_class, message, line=line, key=call.group.key, advice=advice)

    def _failed(
        self, call: Call, held: Held, spans: list[tuple[int, int]], output: list[list[Any]], error: BaseException
    ) -> CallResult:
        self._refused = None
        return CallResult(
            after=call.state,
            operations=held.operations,
            operation_lines=held.operation_lines,
            output=output,
            chunks=[stop - start for start, stop in spans],
            printed=self._code.prints.take(),
            error=self._told(error),
            ending=ending_of(error),
        )

    def _told(self, error: BaseException) -> ErrorRecord:
        if isinstance(error, OutputRefused):
            return ErrorRecord(error.error_class, str(error), advice=error.advice)
        record = error_record(error, self._code.source)
        return record if record.advice else msgspec.structs.replace(record, advice=_advice(record))


_NOT_PICKLED: Final = (
    "Spark sends the function, and what it uses of its module, to its workers: create this inside the function"
)
_STOPPED: Final = "next(…) found no more frames: write next(pdfs, None), or a loop over pdfs"
#: Python's own errors for what people carry over from Scala, and what to write instead.
_ADVICE: Final = (
    (r"'tuple' object is not callable", r"\.get\(", "state.get is a property in PySpark: write it without parentheses"),
    (r"'bool' object is not callable", r"\.(exists|hasTimedOut)\(", "It is a property in PySpark: write it without ()"),
    (r"object is not callable", r"\.getOption\(", "state.getOption is a property in PySpark: write it without ()"),
    (
        r"'list' object is not an iterator",
        r"\bnext\(",
        "A timed-out call gets a list with one empty frame: ask state.hasTimedOut first, or write next(iter(pdfs))",
    ),
    (
        r"has no attribute '(tzinfo|toordinal)'|does not support (timetuple|toordinal)",
        r"^$",  # raised when the state is sent back, outside the user's lines
        "The state schema declares a date or a timestamp: update() needs a datetime there, or None",
    ),
    (
        r"Can't pickle .* on your_function failed",
        r"",
        "Spark's workers cannot import the job: keep its objects as plain values, dicts or JSON text",
    ),
    (r"No objects to concatenate", r"concat", "There were no frames to join: a generator can be read only once"),
)


def _advice(record: ErrorRecord) -> str:
    """Our sentence for an error of Python's, found by its message and the user's line."""
    where = record.traceback.rsplit("\n", 1)[-1]
    return next(
        (advice for message, code, advice in _ADVICE if re.search(message, record.message) and re.search(code, where)),
        "",
    )


def _line_of(held: Held, operation: str) -> int | None:
    """The line of the last operation with this name, as far as it is known."""
    lines = [
        line
        for done, line in zip(held.operations, held.operation_lines, strict=True)
        if done[0].startswith(operation) and line
    ]
    return lines[-1] if lines else None


def _unsaved(held: Held, stored: KeyState) -> Any:
    """A value that the function changed in place and did not store, nor wrote back with a timeout; None without one."""
    if held.updated or not held.exists or held.timeout != NO_TIMESTAMP:
        return None
    return unsaved(Touches(held.value), stored)


def make(scenario: Scenario, policy: Policy, code: UserCode) -> ApplyInPandas:
    """The operator of this API."""
    return ApplyInPandas(scenario, policy, code)
