"""A trace while its frames come in. Lives here: what may come after what, and what a stream that broke off still tells.

Nothing of it is believed that another part, or the scenario, says otherwise.
"""

from array import array
from contextlib import suppress
from typing import Any

import msgspec

from engine.codec.caps import MAX_COLUMNS, check_key
from engine.codec.records import (
    NOT_LOADED,
    BatchBegan,
    BatchEnded,
    CallsPlanned,
    Ended,
    EntriesRemoved,
    Loaded,
    PlannedCall,
    Refused,
)
from engine.codec.unreadable import DECODING_ERRORS
from engine.model.scenario import Scenario
from engine.model.state import NO_STATE, KeyState
from engine.model.trace import (
    BatchRan,
    CallLog,
    Ending,
    EntryRemoved,
    ErrorRecord,
    FunctionCalled,
    Key,
    Reason,
    Trace,
)


class Assembly:
    """The trace while its frames come in."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.began: BatchBegan | None = None
        self.batch_index: int | None = None
        self.first_call = 0
        self.batches: list[BatchRan] = []
        self.starts = array("Q")
        self.ends = array("Q")
        self.planned = CallsPlanned("data", 0, msgspec.Raw(b"\x90"))
        self.planned_at = -1
        self.loaded = NOT_LOADED
        self.ended: Ended | None = None
        self.refused: Refused | None = None
        self.row_count = 0
        self.initial_row_count = len(scenario.initial_state.rows) if scenario.initial_state else 0
        self.removed: list[EntryRemoved] = []

    def rows_for(self, reason: Reason) -> int:
        """How many rows a call for this reason can point to."""
        return self.initial_row_count if reason == "initial_state" else self.row_count

    def add(self, record: Any) -> None:
        """Any other frame; raises ValueError when it is out of order, so that there are never more than calls and batches."""
        match record:
            case CallsPlanned():
                self.plan(record)
            case BatchBegan():
                self.begin_batch(record)
            case EntriesRemoved():
                self.remove(record.entries)
            case BatchEnded():
                if self.began is None:
                    raise ValueError("the end of a batch that has not begun")
                self.end_batch(record)
            case Loaded():
                if self.loaded is not NOT_LOADED or self.began is not None:
                    raise ValueError("a function that is loaded again")
                self.loaded = record
            case Ended():
                if len(record.output_names) > MAX_COLUMNS:
                    raise ValueError("more columns than anybody looks at")
                if (record.ending == "completed") != (record.error is None):
                    raise ValueError("an ending that contradicts itself")
                self.ended = record
            case Refused():
                self.refused = record

    def plan(self, planned: CallsPlanned) -> None:
        """There is at least one call for each plan."""
        if self.began is None or self.planned_at == len(self.starts):
            raise ValueError("a plan outside a batch, or after one that nobody kept")
        self.planned, self.planned_at = planned, len(self.starts)

    def remove(self, entries: list[EntryRemoved]) -> None:
        """At most once in a batch."""
        if self.began is None or self.removed or not entries:
            raise ValueError("entries that are removed out of order")
        for entry in entries:
            check_key(entry.key)
        self.removed = entries

    def begin_batch(self, began: BatchBegan) -> None:
        last_trigger = self.batches[-1].trigger if self.batches else -1
        if self.began is not None or began.batch_id != len(self.batches):
            raise ValueError("a batch out of order")
        if not last_trigger < began.trigger < len(self.scenario.batches):
            raise ValueError("a trigger out of order")
        self.row_count = len(self.scenario.batches[began.trigger].rows)
        if len(began.dropped) > self.row_count or any(row.row_index >= self.row_count for row in began.dropped):
            raise ValueError("a row that is not there")
        self.began, self.batch_index, self.first_call = began, began.batch_id, len(self.starts)

    def end_batch(self, ended: BatchEnded) -> None:
        if self.began is None:
            return
        began = msgspec.structs.asdict(self.began)
        call_count = len(self.starts) - self.first_call
        removed, self.removed = self.removed, []
        numbers = msgspec.structs.asdict(ended)
        ran = BatchRan(**began, first_call=self.first_call, call_count=call_count, **numbers, removed=removed)
        self.batches.append(ran)
        self.began = self.batch_index = None

    def running(self) -> PlannedCall | None:
        """The call that had been planned next when the stream broke off."""
        if self.began is None:
            return None
        with suppress(*DECODING_ERRORS, IndexError):  # a plan that makes no sense, or is done, names no call
            planned = msgspec.msgpack.decode(self.planned.calls, type=list[PlannedCall])
            running = planned[len(self.starts) - self.planned_at]
            check_key(running.key)
            return running
        return None

    def broken_off(self, data: bytes, error: ErrorRecord) -> tuple[bytes, ErrorRecord]:
        """The data with the call that was running as its last call, and the error with its place."""
        running = self.running()
        if self.began is None:
            return data, error
        placed = msgspec.structs.replace(error, batch_id=self.began.batch_id, key=running.key if running else None)
        if running is None:
            return data, placed
        body = msgspec.msgpack.encode(self._failed(running, self.last_state(data, running.key), placed))
        self.starts.append(len(data))
        self.ends.append(len(data) + len(body))
        return data + body, placed

    def last_state(self, data: bytes, key: Key) -> KeyState:
        """What the last call of the key left; the call that never came back was given it."""
        calls = CallLog(data, self.starts, self.ends)
        return next((call.after for call in reversed(calls) if call.stored_under == key), NO_STATE)

    def _failed(self, running: PlannedCall, before: KeyState, error: ErrorRecord) -> FunctionCalled:
        """What is known of a call that never came back."""
        rows = [index for index in running.row_indexes if index < self.rows_for(self.planned.reason)]
        chunks = [len(rows)] if rows else []
        batch_index = self.batch_index or 0
        planned = self.planned
        return FunctionCalled(
            batch_index,
            running.key,
            planned.partition,
            planned.reason,
            rows,
            chunks,
            before,
            [],
            [],
            before,
            [],
            error=error,
        )

    def trace(self, data: bytes, otherwise: ErrorRecord, ending: Ending) -> Trace:
        """The trace so far; when the stream broke off it ends as told, in the batch and call that were running."""
        ended = self.ended
        if ended is None:
            data, error = self.broken_off(data, otherwise)
            ended = Ended(ending, error, ())
        self.end_batch(BatchEnded({}, committed=False))
        return Trace(
            scenario=self.scenario,
            ending=ended.ending,
            error=ended.error,
            batches=tuple(self.batches),
            calls=CallLog(data, self.starts, self.ends),
            output_names=ended.output_names,
            printed_at_load=self.loaded.printed,
            expires_by=self.loaded.expires_by,
            function_name=self.loaded.function_name,
            rows_as=self.loaded.rows_as,
            state_shape=self.loaded.state_shape,
        )
