"""The seam: what the replay loop knows of an API. Lives here: the protocol and the data that crosses it. No API does."""

from typing import Any, Literal, Protocol

import msgspec

from engine.model import rules
from engine.model.state import KeyState, StateEntry
from engine.model.trace import Ending, ErrorRecord, ExpiryClock, Key, Reason, RowsAs
from engine.replay.intake import TypedRows


class BatchClock(msgspec.Struct, frozen=True):
    """The three times that a micro-batch knows (SEMANTICS 0.1, 0.12). Spark really has two watermarks."""

    processing_time_ms: int
    watermark_for_late_events_ms: int
    watermark_for_eviction_ms: int


class Policy(msgspec.Struct, frozen=True):
    """What differs between the APIs and their timeout confs: a row in a table, not an `if` in the loop.

    `drops_late_rows`: SEMANTICS 0.14. `runs_without_data`: SEMANTICS 0.3. `expires_by`: the clock that stored
    timeouts are compared with. `expires_when_equal`: timers fire at `<=`, timeouts at `<` (1.1, 5.41). `expires_each`: a
    key is called once for all its timeouts, or once for each timer (5.43). `expiry_rule` is the id of the rule that such a
    call follows. `opens_with` and `closes_with` are calls without a key around those of each partition, and on the driver
    before the first batch of a run (5.1). `values_expire`: values have a time to live (5.30). `counts_entries`: Spark
    counts values, not keys (7.2). `needs_rocksdb`: no other store can be had (5.8).
    """

    drops_late_rows: bool = False
    runs_without_data: Literal["always", "watermark_moved", "never"] = "never"
    expires_by: ExpiryClock = None
    expires_when_equal: bool = False
    expires_each: Literal["key", "timer"] = "key"
    opens_with: tuple[Reason, ...] = ()
    closes_with: tuple[Reason, ...] = ()
    values_expire: bool = False
    counts_entries: bool = False
    needs_rocksdb: bool = False
    expiry_reason: Reason = "timeout"
    expiry_rule: str = rules.TIMEOUT_FIRES.id


class Group(msgspec.Struct, frozen=True, gc=False):
    """The rows of one key in one batch: `row_indexes` in order of arrival, of the rows that are not late.

    `key` is None for a call without one. `state_key` is the key whose state the call has where Spark takes another one
    (SEMANTICS 5.4), `timer_ms` the timer that is due, and `place` counts the groups of a partition as they are called.
    """

    key: Any
    row_indexes: list[int]
    state_key: Key = None
    timer_ms: int | None = None
    place: int = 0


class Call(msgspec.Struct, frozen=True, gc=False):
    """One call that the loop asks for. `group` has no rows when a timeout or timer is the reason."""

    group: Group
    reason: Reason
    state: KeyState
    clock: BatchClock
    partition: int = 0


class InitialCalls(msgspec.Struct, frozen=True):
    """What becomes of the initial state of one partition: calls of their own, or states that are there before the data."""

    groups: list[Group] = []
    states: list[tuple[Any, KeyState]] = []


class CallResult(msgspec.Struct, frozen=True, gc=False):
    """What a call did. `after` is the state to keep; `writes` and `removals` feed Spark's metrics (SEMANTICS 1.5, 7).

    `state_rule` is the id of the rule by which the state was kept, cleared or deleted (engine.model.rules), `unsaved`
    the value that the function changed in its hands and did not store, None when there is none. The very state of the call
    as `after` means that nothing is written. `rule` is one that the call itself followed, `deleted` are state variables
    that are gone, of all keys, `expiries` entries of maps that are gone or replaced, and whether their expiry stays.
    `given_columns` are as in FunctionCalled.
    With an `error` the batch dies, nothing of it is kept, and the trace ends as `ending` says.
    """

    after: KeyState
    operations: list[list[Any]]
    operation_lines: list[int]
    output: list[list[Any]]
    chunks: list[int]
    printed: str = ""
    writes: int = 0
    removals: int = 0
    state_rule: str = ""
    unsaved: Any = None
    error: ErrorRecord | None = None
    ending: Ending = "user_error"
    rule: str = ""
    deleted: tuple[str, ...] = ()
    expiries: tuple[tuple[StateEntry, bool], ...] = ()
    given_columns: list[str] = []


class Operator(Protocol):
    """One API around one user function."""

    policy: Policy
    rows_as: RowsAs

    def begin_partition(self, rows: TypedRows, groups: list[Group]) -> list[Group]:
        """The rows of the batch, and the groups of the partition in calling order. Which calls are made of them."""

    def begin_initial_state(self, rows: TypedRows, groups: list[Group]) -> InitialCalls:
        """The rows of the initial state, and those of the partition by key, in calling order."""

    def call(self, call: Call) -> CallResult:
        """Call the user's function once. A failure of theirs is data in the result, never an exception."""

    def end_calls(self) -> ErrorRecord | None:
        """The data calls, or the timed-out ones, of a partition are over: what is only then found wrong with them."""

    def take_metrics(self) -> dict[str, int]:
        """What Spark counts besides what the results of calls say, since the last time."""

    @property
    def output_names(self) -> tuple[str, ...]:
        """The columns of the output, as far as they are known now."""


class Around:
    """An operator that does what another one does. Whoever looks on, or steps in, changes one method."""

    def __init__(self, operator: Operator) -> None:
        self.policy: Policy = operator.policy
        self.rows_as: RowsAs = operator.rows_as
        self._operator = operator

    def begin_partition(self, rows: TypedRows, groups: list[Group]) -> list[Group]:
        return self._operator.begin_partition(rows, groups)

    def begin_initial_state(self, rows: TypedRows, groups: list[Group]) -> InitialCalls:
        return self._operator.begin_initial_state(rows, groups)

    def call(self, call: Call) -> CallResult:
        return self._operator.call(call)

    def end_calls(self) -> ErrorRecord | None:
        return self._operator.end_calls()

    def take_metrics(self) -> dict[str, int]:
        return self._operator.take_metrics()

    @property
    def output_names(self) -> tuple[str, ...]:
        return self._operator.output_names


class Stopped(Exception):
    """The replay is over before its last trigger; `ending` and `error` say why."""

    def __init__(self, ending: Ending, error: ErrorRecord) -> None:
        super().__init__(error.message)
        self.ending: Ending = ending
        self.error = error
