"""The order of things in a replay, top to bottom: triggers, batches, partitions, calls. Spark's rules live beside it.

Nothing here knows an API; nothing here reads a clock.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from engine.model import rules
from engine.model.columns import places_in
from engine.model.intervals import Interval
from engine.model.keys import as_stored
from engine.model.scenario import Scenario
from engine.model.state import StateEntry
from engine.model.trace import DRIVER, DroppedRow, EntryRemoved, ErrorRecord, FunctionCalled, Reason
from engine.replay.intake import Intake, TypedRows, cell_columns, initial_rows
from engine.replay.operator import BatchClock, Call, CallResult, Group, InitialCalls, Operator, Stopped
from engine.replay.ordering import partition_of, sort_key, sorted_keys, store_order
from engine.replay.recorder import Recorder
from engine.replay.row_order import rows_as_shuffled
from engine.replay.store import StateStore
from engine.replay.store_of_floats import Store, store_for
from engine.replay.triggers import Triggers
from engine.replay.unsafe_row import Key, nested_row
from engine.replay.watermark import WatermarkTracker, event_times_of

_STORE_PROVIDER: Final = "spark.sql.streaming.stateStore.providerClass"
_NO_DATA_BATCHES: Final = "spark.sql.streaming.noDataMicroBatches.enabled"
_ROCKSDB: Final = "RocksDB"
_LATE: Final = "late"
_NO_KEY: Final = Group(None, [])

Groups = list[list[Group]]


def replay(scenario: Scenario, operator: Operator, recorder: Recorder) -> None:
    """Replay all triggers and tell the recorder; ends with `recorder.ended`.

    The scenario has been checked (engine.apis.plan): its schemas, key and watermark can be read.
    """
    run = _Replay(scenario, operator, recorder)
    try:
        for trigger in range(len(scenario.batches)):
            run.trigger(trigger)
    except Stopped as stop:
        recorder.ended(stop.ending, stop.error, operator.output_names)
    else:
        recorder.ended("completed", None, operator.output_names)


class _Replay:
    """The query while it runs: its stores, its watermark, its next batch id."""

    def __init__(self, scenario: Scenario, operator: Operator, recorder: Recorder) -> None:
        self._scenario = scenario
        self._operator = operator
        self._values_expire = operator.policy.values_expire
        self._recorder = recorder
        self._intake = Intake(scenario)
        self._restarts = frozenset(scenario.restart_before)
        self._key_indexes = places_in(self._intake.schema, scenario.key_columns, scenario)
        self._key_types = tuple(self._intake.schema[i].type for i in self._key_indexes)
        delay_ms = Interval.parse(scenario.watermark.delay).ms if scenario.watermark else 0
        self._watermark = WatermarkTracker(delay_ms)
        self._triggers = Triggers(operator.policy, _is_on(scenario.conf.get(_NO_DATA_BATCHES, True)))
        self._stores = [self._new_store() for _ in range(scenario.shuffle_partitions)]
        self._next_batch_id = 0
        self._run_begins = True
        self._initial_rows: TypedRows | None = None

    def _new_store(self) -> Store:
        policy = self._operator.policy
        provider = _ROCKSDB if policy.needs_rocksdb else str(self._scenario.conf.get(_STORE_PROVIDER, ""))
        return store_for(StateStore(store_order(provider, self._key_types), policy.counts_entries), self._key_types)

    def trigger(self, trigger: int) -> None:
        if trigger in self._restarts:
            self._restart()
        has_data = len(self._scenario.batches[trigger].rows) > 0
        rule = "" if has_data else self._triggers.rule_to_run_without_data(self._watermark)
        if rule is not None:
            self._batch(trigger, rule)

    def _restart(self) -> None:
        self._triggers.restart()
        self._run_begins = True
        for store in self._stores:
            store.reload()

    def _batch(self, trigger: int, rule: str) -> None:
        rows = self._intake.rows(trigger)
        clock = self._begin_clock(trigger)
        kept, dropped = self._without_late_rows(rows, clock)
        event_times = event_times_of(rows.event_times_us)
        self._recorder.batch_began(
            batch_id=self._next_batch_id,
            trigger=trigger,
            processing_time_ms=clock.processing_time_ms,
            watermark_ms=clock.watermark_for_eviction_ms,
            late_watermark_ms=clock.watermark_for_late_events_ms,
            input_rows=rows.count,
            dropped=dropped,
            rule=rule,
            event_times=event_times,
        )
        metrics = _Metrics(len(dropped))
        groups = self._groups(rows, kept)
        initial = self._initial_groups()
        removed: list[EntryRemoved] = []
        try:
            self._plan(_Task(DRIVER, self._stores[0], clock, metrics, removed))
            for partition in range(len(self._stores)):
                task = _Task(partition, self._stores[partition], clock, metrics, removed)
                self._run_partition(task, groups[partition], rows, initial[partition])
        except Stopped:
            self._recorder.batch_ended(metrics.numbers(self._total_rows()), committed=False)
            raise
        if removed:
            self._recorder.entries_removed(removed)
        self._recorder.batch_ended(metrics.numbers(self._total_rows()), committed=True)
        self._watermark.observe(event_times)
        self._triggers.batch_ran()
        self._next_batch_id += 1

    def _begin_clock(self, trigger: int) -> BatchClock:
        self._watermark.begin_batch()
        return BatchClock(
            processing_time_ms=self._scenario.batches[trigger].processing_time_ms,
            watermark_for_late_events_ms=self._watermark.for_late_events_ms,
            watermark_for_eviction_ms=self._watermark.for_eviction_ms,
        )

    def _without_late_rows(self, rows: TypedRows, clock: BatchClock) -> tuple[list[int], list[DroppedRow]]:
        """Rows are late iff event time <= the watermark of the batch before, to the microsecond (SEMANTICS 0.12)."""
        if not self._operator.policy.drops_late_rows or rows.event_times_us is None:
            return list(range(rows.count)), []
        limit_us = clock.watermark_for_late_events_ms * 1000
        late = [i for i, time_us in enumerate(rows.event_times_us) if time_us is not None and time_us <= limit_us]
        late_set = set(late)
        dropped = [DroppedRow(i, _LATE, rules.LATE_ROW.id) for i in late]
        return [i for i in range(rows.count) if i not in late_set], dropped

    def _groups(self, rows: TypedRows, kept: list[int]) -> Groups:
        """The kept rows by partition and key, in Spark's calling order (SEMANTICS 0.16 to 0.18)."""
        key_columns = cell_columns(rows, self._key_indexes)
        return self._by_partition(_indexes_by_key(key_columns, self._as_sorted(key_columns, kept)))

    def _by_partition(self, indexes_by_key: dict[Key, list[int]]) -> Groups:
        groups: Groups = [[] for _ in self._stores]
        for key in sorted_keys(indexes_by_key):
            partition = partition_of(key, self._key_types, len(groups)) if len(groups) > 1 else 0
            groups[partition].append(Group(key, indexes_by_key[key]))
        return groups

    def _as_sorted(self, key_columns: list[list[Any]], kept: list[int]) -> list[int]:
        """The kept rows in the order in which Spark's sort leaves rows of equal keys."""
        order = rows_as_shuffled(key_columns, self._key_types, len(self._stores), self._scenario.input_partitions)
        if isinstance(order, range):
            return kept
        kept_set = set(kept)
        return [index for index in order if index in kept_set]

    def _plan(self, task: "_Task") -> None:
        """What runs on the driver before the first batch of a run (SEMANTICS 5.1)."""
        policy = self._operator.policy
        if self._run_begins:
            self._call_without_key(task, (*policy.opens_with, *policy.closes_with))
        self._run_begins = False

    def _run_partition(self, task: "_Task", groups: list[Group], rows: TypedRows, initial: list[Group]) -> None:
        """First every key with data, then, when all of those wrote their state, what is due (SEMANTICS 1.1)."""
        policy = self._operator.policy
        task.store.begin_version()
        calls = self._begin_initial_state(task, initial, groups)
        groups = self._operator.begin_partition(rows, _beside_initial(groups, calls))
        self._call_without_key(task, policy.opens_with)
        self._call_all(task, calls.groups, "initial_state")
        self._call_all(task, groups, "data")
        self._call_all(task, self._expired(task), policy.expiry_reason, groups)
        self._call_without_key(task, policy.closes_with)
        self._remove_expired(task)
        task.metrics.count(self._operator.take_metrics())

    def _initial_groups(self) -> Groups:
        """The rows of the initial state by partition and key, in the first batch only (SEMANTICS 3.5, 5.62)."""
        initial = self._scenario.initial_state
        if initial is None or self._next_batch_id:
            return [[] for _ in self._stores]
        self._initial_rows = initial_rows(initial)
        places = places_in(self._initial_rows.schema, initial.key_columns, self._scenario)
        columns = cell_columns(self._initial_rows, places)
        return self._by_partition(_indexes_by_key(columns, list(range(self._initial_rows.count))))

    def _begin_initial_state(self, task: "_Task", initial: list[Group], groups: list[Group]) -> InitialCalls:
        """What the API makes of it: calls, or states that are put into the store before the first call."""
        if not initial or self._initial_rows is None:
            return InitialCalls()
        calls = self._operator.begin_initial_state(self._initial_rows, initial)
        keys = {group.key: group.key for group in groups}  # data of 0.0 is called under it, also beside a state of -0.0
        for key, state in calls.states:
            task.store.put(keys.get(key, key), state)
        return calls

    def _call_without_key(self, task: "_Task", reasons: tuple[Reason, ...]) -> None:
        for reason in reasons:
            self._call_all(task, [_NO_KEY], reason)

    def _call_all(
        self, task: "_Task", groups: list[Group], reason: Reason, groups_with_data: Sequence[Group] = ()
    ) -> None:
        if not groups:
            return
        is_expiry = reason == self._operator.policy.expiry_reason
        keys_with_data = {as_stored(group.key) for group in groups_with_data}
        self._recorder.calls_planned(reason, task.partition, [(group.key, group.row_indexes) for group in groups])
        for group in groups:
            self._call(task, group, reason, self._rule_of(as_stored(group.key) in keys_with_data) if is_expiry else "")
        error = self._operator.end_calls()
        if error is not None:
            raise Stopped("user_error", msgspec.structs.replace(error, batch_id=self._next_batch_id))

    def _rule_of(self, had_data: bool) -> str:
        """The rule by which a call without data is made; a key with data may time out in the same batch (1.2)."""
        policy = self._operator.policy
        is_second = had_data and policy.expires_each == "key"
        return rules.TIMEOUT_FIRES_AFTER_DATA.id if is_second else policy.expiry_rule

    def _expired(self, task: "_Task") -> list[Group]:
        """What is due now: keys in the order of the store, or timers by time (SEMANTICS 1.3, 5.42)."""
        policy = self._operator.policy
        if policy.expires_by is None:
            return []
        clock = task.clock
        by_watermark = policy.expires_by == "watermark"
        now_ms = clock.watermark_for_eviction_ms if by_watermark else clock.processing_time_ms
        if policy.expires_each == "key":
            return [Group(key, []) for key in task.store.due(now_ms, policy.expires_when_equal)]
        timers = task.store.due_timers(now_ms, policy.expires_when_equal)
        timers.sort(key=lambda timer: (timer[0], nested_row(timer[1], self._key_types)))
        return [Group(key, [], timer_ms=timer_ms) for timer_ms, key in timers]

    def _call(self, task: "_Task", group: Group, reason: Reason, rule: str) -> None:
        key = group.key if group.state_key is None else group.state_key
        before = task.store.get(key)
        call = Call(group, reason, before, task.clock, task.partition)
        result = self._operator.call(call)
        self._recorder.called(self._record(call, result, rule))
        if result.error is not None:
            raise Stopped(result.ending, self._placed(result.error, group))
        if result.after is not before and key is not None:
            task.store.put(key, result.after)
        task.metrics.writes += result.writes
        task.metrics.removals += result.removals
        for entry, stays in result.expiries:
            task.store.leave_expiry(key, entry, stays)
        for variable in result.deleted:
            self._removed(task, task.store.remove_variable(variable), rules.VARIABLE_DELETED.id)

    def _record(self, call: Call, result: CallResult, rule: str) -> FunctionCalled:
        group, before, after = call.group, call.state, result.after
        if self._values_expire:  # what is expired is still stored until the batch ends, but nobody sees it (5.30)
            now_ms = call.clock.processing_time_ms
            before, after = before.visible_at(now_ms), after.visible_at(now_ms)
        return FunctionCalled(
            self._next_batch_id,
            group.key,
            call.partition,
            call.reason,
            group.row_indexes,
            result.chunks,
            before,
            result.operations,
            result.operation_lines,
            after,
            result.output,
            result.printed,
            result.error,
            result.rule or rule,
            result.state_rule,
            result.unsaved,
            group.timer_ms,
            group.state_key,
            result.given_columns,
        )

    def _remove_expired(self, task: "_Task") -> None:
        """When a partition is done its expired values are taken out, those of keys that were not called too (5.33)."""
        if self._values_expire:
            expired = task.store.remove_expired(task.clock.processing_time_ms)
            self._removed(task, expired.over, rules.TTL_REMOVES.id)
            self._removed(task, expired.early, rules.EXPIRY_LEFT_BEHIND.id)
            task.metrics.removals += expired.count
            task.metrics.count({"numValuesRemovedDueToTTLExpiry": expired.count})

    def _removed(self, task: "_Task", entries: list[tuple[Key, StateEntry]], rule: str) -> None:
        task.removed.extend(EntryRemoved(key, entry, rule) for key, entry in entries)

    def _placed(self, error: ErrorRecord, group: Group) -> ErrorRecord:
        """The error with the batch and the key in which it happened."""
        return msgspec.structs.replace(error, batch_id=self._next_batch_id, key=group.key)

    def _total_rows(self) -> int:
        return sum(len(store) for store in self._stores)


class _Task(msgspec.Struct, frozen=True):
    """One partition in one batch, as Spark runs it: its store, its clock, and the batch's numbers."""

    partition: int
    store: Store
    clock: BatchClock
    metrics: "_Metrics"
    removed: list[EntryRemoved]


class _Metrics:
    """Spark's numbers for one batch, under Spark's names (SEMANTICS 7)."""

    def __init__(self, dropped: int) -> None:
        self.writes = 0
        self.removals = 0
        self._dropped = dropped
        self._counted: Counter[str] = Counter()

    def count(self, numbers: dict[str, int]) -> None:
        """What the operator has counted itself, in one partition."""
        for name, number in numbers.items():
            self._counted[name] += number

    def numbers(self, total_rows: int) -> dict[str, int]:
        counted = dict(self._counted)
        return {
            "numRowsTotal": total_rows,
            "numRowsUpdated": self.writes + counted.pop("numRowsUpdated", 0),
            "numRowsRemoved": self.removals + counted.pop("numRowsRemoved", 0),
            "numRowsDroppedByWatermark": self._dropped,
            **counted,
        }


def _beside_initial(groups: list[Group], calls: InitialCalls) -> list[Group]:
    """The groups of the first batch: a key with states is called also without data (SEMANTICS 3.5), and one that had a
    call is called by that key again, as the -0.0 that it then is."""
    if calls.groups:
        keys = {group.key: group.key for group in calls.groups}
        return [msgspec.structs.replace(group, key=keys.get(group.key, group.key)) for group in groups]
    if not calls.states:
        return groups
    known = {group.key for group in groups}
    others = [Group(key, []) for key, _ in calls.states if key not in known]
    return sorted((*groups, *others), key=lambda group: sort_key(group.key)) if others else groups


def _indexes_by_key(columns: list[list[Any]], kept: list[int]) -> dict[Key, list[int]]:
    """The rows of each key. A single column is grouped by its bare values: hashing them is half the cost."""
    keys = columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))
    indexes: dict[Any, list[int]] = defaultdict(list)
    for index in kept:
        indexes[keys[index]].append(index)
    return {(key,): found for key, found in indexes.items()} if len(columns) == 1 else indexes


def _is_on(setting: Any) -> bool:
    return str(setting).lower() == "true"
