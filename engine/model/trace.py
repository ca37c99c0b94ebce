"""The trace: everything that happened in a replay. Lives here: the nouns, and the log of calls that is decoded on demand.

Nothing here is computed from Spark's rules; what can be derived (output of a batch, state after it) is a fold over calls.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal

import msgspec

from engine.model.collecting import without_collecting
from engine.model.key_cells import KeyCell
from engine.model.scenario import Scenario
from engine.model.state import KeyState, StateEntry

Ending = Literal["completed", "user_error", "plan_error", "time_limit", "memory_limit", "output_limit", "worker_died"]
Reason = Literal["data", "timeout", "timer", "initial_state", "init", "close"]
ExpiryClock = Literal["processing_time", "watermark", None]
#: How a function is given its rows: a list of them, an iterator that can be read once, or one of pandas frames.
RowsAs = Literal["list", "iterator", "frames"]
#: What a key's state is: that of a GroupState, or the state variables of a StatefulProcessor with its timers.
StateShape = Literal["group_state", "variables"]
Key = tuple[KeyCell, ...] | None
RowIndex = Annotated[int, msgspec.Meta(ge=0)]

#: The partition of what runs on the driver: `init` and `close`, once before the first batch of a run (SEMANTICS 5.1).
DRIVER: Final = -1
#: From how many bytes on a call is decoded without the garbage collector.
_LARGE_CALL: Final = 64 * 1024


class ErrorRecord(msgspec.Struct, frozen=True):
    """A failure of the user's function or query, as Spark's Python user sees it.

    `error_class` and `message` are Spark's (or Python's) own words, `line` counts from 1 in the user's source,
    `advice` is our sentence where theirs does not say what to do. `traceback` names the user's lines only. `field` is
    the scenario's field to mend when Spark refuses the query itself.
    """

    error_class: str
    message: str
    line: int | None = None
    batch_id: int | None = None
    key: Key = None
    advice: str = ""
    traceback: str = ""
    field: str = ""


class FunctionCalled(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One call of the user's function.

    `row_indexes` point into the rows of the trigger (`Scenario.batches[trigger].rows`), `chunks` are their lengths by
    frame. `operations` are `[name, [arguments]]`, with a third item `{"raises": …}` when it failed; `operation_lines`
    are their source lines. `output` holds one item a row, its cells in the order of the output columns. `rule` says
    why a call without data was made, `state_rule` why its state was kept, cleared or deleted; "" where that is obvious.
    `unsaved` is the value as the function left it in its hands when it changed it and did not store it, else None.
    `timer_ms` is the timer for which it was called. `state_key` is the key whose state it read and wrote where that is
    another one (SEMANTICS 5.4). `init` and `close` of a StatefulProcessor have no key; on the driver the partition is -1.
    `given_columns` are the columns that the function gave where declared ones were not among them, else it is empty.
    """

    batch_index: int
    key: Key
    partition: int
    reason: Reason
    row_indexes: list[RowIndex]
    chunks: list[int]
    before: KeyState
    operations: list[list[Any]]
    operation_lines: list[int]
    after: KeyState
    output: list[list[Any]]
    printed: str = ""
    error: ErrorRecord | None = None
    rule: str = ""
    state_rule: str = ""
    unsaved: Any = None
    timer_ms: int | None = None
    state_key: Key = None
    given_columns: list[str] = []

    @property
    def event_indexes(self) -> list[RowIndex]:
        """The rows of its trigger that the call was given: a call for the initial state has others."""
        return [] if self.reason == "initial_state" else self.row_indexes

    @property
    def stored_under(self) -> Key:
        """The key whose state `before` and `after` are; None for a call without a key."""
        return self.key if self.state_key is None else self.state_key


class DroppedRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row that never reached the function; `reason` is "late" (SEMANTICS 0.12), `rule` the id of the rule."""

    row_index: RowIndex
    reason: str
    rule: str = ""


class EntryRemoved(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A stored value that no call removed: its time to live was over, or its variable was deleted. `rule` says which."""

    key: Key
    entry: StateEntry
    rule: str


class EventTimes(msgspec.Struct, frozen=True):
    """Spark's statistics of a batch's event times, late rows included; a NULL counts as 0 (SEMANTICS 0.10, 7.7)."""

    min_ms: int
    avg_ms: int
    max_ms: int


class BatchRan(msgspec.Struct, frozen=True):
    """One micro-batch. Its calls are those of the log from `first_call` on, `call_count` of them.

    `watermark_ms` is the one for eviction, `late_watermark_ms` the one late rows are compared with (SEMANTICS 0.12).
    `metrics` are Spark's own names and numbers. A batch that died was not `committed`. `rule` says why a batch without
    data ran. `event_times` is there when rows with a watermark column came. `removed` is what was taken out of the store
    when the calls were over: the state after the batch is what the calls left, without it.
    """

    batch_id: int
    trigger: int
    processing_time_ms: int
    watermark_ms: int
    late_watermark_ms: int
    input_rows: int
    dropped: list[DroppedRow]
    first_call: int
    call_count: int
    metrics: dict[str, int]
    committed: bool = True
    rule: str = ""
    event_times: EventTimes | None = None
    removed: list[EntryRemoved] = []

    @property
    def call_indexes(self) -> range:
        """Which calls of the log are its own."""
        return range(self.first_call, self.first_call + self.call_count)


class CallLog:
    """All calls of a trace, kept as the bytes in which they came and decoded one by one when asked for.

    `data[starts[i]:ends[i]]` is call i as msgpack. The bytes have been validated by whoever made the log.
    """

    __slots__ = ("_decode", "data", "ends", "starts")

    def __init__(self, data: bytes, starts: "array[int]", ends: "array[int]") -> None:
        self.data = data
        self.starts = starts
        self.ends = ends
        self._decode = msgspec.msgpack.Decoder(FunctionCalled).decode

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, index: int) -> FunctionCalled:
        """The call with this number, from the end for a negative one; raises IndexError when there is none."""
        body = self.data[self.starts[index] : self.ends[index]]
        if len(body) < _LARGE_CALL:
            return self._decode(body)
        with without_collecting():
            return self._decode(body)

    def __iter__(self) -> Iterator[FunctionCalled]:
        return (self[i] for i in range(len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CallLog) or len(self) != len(other):
            return False
        return all(a == b for a, b in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(len(self))


class Trace(msgspec.Struct, frozen=True, weakref=True):
    """What a replay answers. `scenario` is the one that was replayed: the trace points into its rows.

    `output_names` are the columns of the output. `printed_at_load` is what the module printed before any call.
    `expires_by` is the clock that timeouts and timers are compared with, None when there are none. `function_name` is
    what the user's source calls the function, `rows_as` how it is given its rows, `state_shape` what its state is.
    """

    scenario: Scenario
    ending: Ending
    error: ErrorRecord | None
    batches: tuple[BatchRan, ...]
    calls: CallLog
    output_names: tuple[str, ...] = ()
    printed_at_load: str = ""
    expires_by: ExpiryClock = None
    function_name: str = ""
    rows_as: RowsAs = "list"
    state_shape: StateShape = "group_state"

    @property
    def has_variables(self) -> bool:
        """Whether a key has state variables and any number of timers; else it has one value and at most one timeout."""
        return self.state_shape == "variables"

    @property
    def start_ms(self) -> int:
        """When the first trigger fired."""
        return self.scenario.batches[0].processing_time_ms

    def batch_of(self, call: FunctionCalled) -> BatchRan:
        """The batch in which the call was made."""
        return self.batches[call.batch_index]

    def batch_index_at(self, call_index: int) -> int:
        """The index of the batch in which a call was made, found without decoding the call."""
        return max(0, bisect_right(self.batches, call_index, key=lambda batch: batch.first_call) - 1)

    def rows_of(self, call: FunctionCalled) -> list[dict[str, Any]]:
        """The rows that the call was given, as the scenario wrote them: of its trigger, or of the initial state."""
        initial = self.scenario.initial_state
        if call.reason == "initial_state" and initial is not None:
            return [initial.rows[i] for i in call.row_indexes]
        rows = self.scenario.batches[self.batch_of(call).trigger].rows
        return [rows[i] for i in call.row_indexes]

    def calls_of(self, batch: BatchRan) -> list[FunctionCalled]:
        """The calls of a batch, in the order in which they were made."""
        return [self.calls[index] for index in batch.call_indexes]
