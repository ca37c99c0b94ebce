"""The order of things in a replay, top to bottom: triggers, batches, partitions, calls. Spark's rules live beside it.

Nothing here knows an API; nothing here reads a clock.
"""

from collections import defaultdict
from typing import Any, Final

import msgspec

from engine.model.intervals import Interval
from engine.model.scenario import Scenario
from engine.model.state import KeyState
from engine.model.trace import DroppedRow, ErrorRecord, FunctionCalled, Reason
from engine.replay.intake import Intake, TypedRows
from engine.replay.operator import BatchClock, Call, CallResult, Group, Operator, Stopped
from engine.replay.ordering import partition_of, sort_key, store_order
from engine.replay.recorder import Recorder
from engine.replay.store import StateStore
from engine.replay.triggers import Triggers
from engine.replay.watermark import WatermarkTracker

_STORE_PROVIDER: Final = "spark.sql.streaming.stateStore.providerClass"
_NO_DATA_BATCHES: Final = "spark.sql.streaming.noDataMicroBatches.enabled"
_LATE: Final = "late"

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
        self._recorder = recorder
        self._intake = Intake(scenario)
        self._restarts = frozenset(scenario.restart_before)
        self._key_indexes = _key_indexes(scenario, self._intake)
        self._key_types = tuple(self._intake.schema[i].type for i in self._key_indexes)
        delay_ms = Interval.parse(scenario.watermark.delay).ms if scenario.watermark else 0
        self._watermark = WatermarkTracker(delay_ms)
        self._triggers = Triggers(operator.policy, _is_on(scenario.conf.get(_NO_DATA_BATCHES, True)))
        provider = str(scenario.conf.get(_STORE_PROVIDER, ""))
        self._stores = [StateStore(store_order(provider, self._key_types)) for _ in range(scenario.shuffle_partitions)]
        self._next_batch_id = 0

    def trigger(self, trigger: int) -> None:
        if trigger in self._restarts:
            self._triggers.restart()
        if self._triggers.runs_batch(len(self._scenario.batches[trigger].rows) > 0, self._watermark):
            self._batch(trigger)

    def _batch(self, trigger: int) -> None:
        rows = self._intake.rows(trigger)
        clock = self._begin_clock(trigger)
        kept, dropped = self._without_late_rows(rows, clock)
        self._tell_batch_began(trigger, clock, rows, dropped)
        metrics = _Metrics(len(dropped))
        groups = self._groups(rows, kept)
        try:
            for partition in range(len(self._stores)):
                self._run_partition(partition, groups[partition], rows, clock, metrics)
        except Stopped:
            self._recorder.batch_ended(metrics.numbers(self._total_rows()), committed=False)
            raise
        self._recorder.batch_ended(metrics.numbers(self._total_rows()), committed=True)
        self._watermark.observe(_latest(rows.event_times_us))
        self._triggers.batch_ran()
        self._next_batch_id += 1

    def _begin_clock(self, trigger: int) -> BatchClock:
        self._watermark.begin_batch()
        return BatchClock(
            processing_time_ms=self._scenario.batches[trigger].processing_time_ms,
            watermark_for_late_events_ms=self._watermark.for_late_events_ms,
            watermark_for_eviction_ms=self._watermark.for_eviction_ms,
        )

    def _tell_batch_began(self, trigger: int, clock: BatchClock, rows: TypedRows, dropped: list[DroppedRow]) -> None:
        self._recorder.batch_began(
            batch_id=self._next_batch_id,
            trigger=trigger,
            processing_time_ms=clock.processing_time_ms,
            watermark_ms=clock.watermark_for_eviction_ms,
            late_watermark_ms=clock.watermark_for_late_events_ms,
            input_rows=rows.count,
            dropped=dropped,
        )

    def _without_late_rows(self, rows: TypedRows, clock: BatchClock) -> tuple[list[int], list[DroppedRow]]:
        """Rows are late iff event time <= the watermark of the batch before, to the microsecond (SEMANTICS 0.12)."""
        if not self._operator.policy.drops_late_rows or rows.event_times_us is None:
            return list(range(rows.count)), []
        limit_us = clock.watermark_for_late_events_ms * 1000
        late = [i for i, time_us in enumerate(rows.event_times_us) if time_us is not None and time_us <= limit_us]
        late_set = set(late)
        return [i for i in range(rows.count) if i not in late_set], [DroppedRow(i, _LATE) for i in late]

    def _groups(self, rows: TypedRows, kept: list[int]) -> Groups:
        """The kept rows by partition and key, in Spark's calling order (SEMANTICS 0.16, 0.17)."""
        keys = list(zip(*(rows.columns[i] for i in self._key_indexes), strict=True))
        indexes_by_key: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for index in kept:
            indexes_by_key[keys[index]].append(index)
        groups: Groups = [[] for _ in self._stores]
        for key in sorted(indexes_by_key, key=sort_key):
            partition = partition_of(key, self._key_types, len(self._stores))
            groups[partition].append(Group(key, indexes_by_key[key]))
        return groups

    def _run_partition(
        self, partition: int, groups: list[Group], rows: TypedRows, clock: BatchClock, metrics: "_Metrics"
    ) -> None:
        """First every key with data, then, when all of those wrote their state, what is due (SEMANTICS 1.1)."""
        store = self._stores[partition]
        store.begin_version()
        self._operator.begin_partition(rows, groups)
        self._call_all(partition, groups, "data", clock, metrics)
        expired = [Group(key, []) for key in self._due(store, clock)]
        self._call_all(partition, expired, self._operator.policy.expiry_reason, clock, metrics)

    def _call_all(
        self, partition: int, groups: list[Group], reason: Reason, clock: BatchClock, metrics: "_Metrics"
    ) -> None:
        if groups:
            self._recorder.calls_planned(reason, [group.key for group in groups])
        for group in groups:
            self._call(partition, group, reason, clock, metrics)

    def _due(self, store: StateStore, clock: BatchClock) -> list[tuple[Any, ...]]:
        policy = self._operator.policy
        match policy.expires_by:
            case "processing_time":
                return store.due(clock.processing_time_ms, policy.expires_when_equal)
            case "watermark":
                return store.due(clock.watermark_for_eviction_ms, policy.expires_when_equal)
            case None:
                return []

    def _call(self, partition: int, group: Group, reason: Reason, clock: BatchClock, metrics: "_Metrics") -> None:
        store = self._stores[partition]
        before = store.get(group.key)
        result = self._operator.call(Call(group, reason, before, clock))
        self._recorder.called(self._record(partition, group, reason, before, result))
        if result.error is not None:
            raise Stopped(result.ending, self._placed(result.error, group))
        if result.writes or result.removals:
            store.put(group.key, result.after)
            metrics.writes += result.writes
            metrics.removals += result.removals

    def _record(
        self, partition: int, group: Group, reason: Reason, before: KeyState, result: CallResult
    ) -> FunctionCalled:
        return FunctionCalled(
            self._next_batch_id,
            group.key,
            partition,
            reason,
            group.row_indexes,
            result.chunks,
            before,
            result.operations,
            result.operation_lines,
            result.after,
            result.output,
            result.printed,
            result.error,
        )

    def _placed(self, error: ErrorRecord, group: Group) -> ErrorRecord:
        """The error with the batch and the key in which it happened."""
        return msgspec.structs.replace(error, batch_id=self._next_batch_id, key=group.key)

    def _total_rows(self) -> int:
        return sum(len(store) for store in self._stores)


class _Metrics:
    """Spark's numbers for one batch, under Spark's names (SEMANTICS 7)."""

    def __init__(self, dropped: int) -> None:
        self.writes = 0
        self.removals = 0
        self._dropped = dropped

    def numbers(self, total_rows: int) -> dict[str, int]:
        return {
            "numRowsTotal": total_rows,
            "numRowsUpdated": self.writes,
            "numRowsRemoved": self.removals,
            "numRowsDroppedByWatermark": self._dropped,
        }


def _key_indexes(scenario: Scenario, intake: Intake) -> tuple[int, ...]:
    names = [field.name for field in intake.schema]
    return tuple(names.index(name) for name in scenario.key_columns)


def _is_on(setting: Any) -> bool:
    return str(setting).lower() == "true"


def _latest(event_times_us: list[int | None] | None) -> int | None:
    """The largest event time; a NULL counts as 0 and so never moves the watermark (SEMANTICS 0.10)."""
    return max((time_us for time_us in event_times_us or () if time_us is not None), default=None)
