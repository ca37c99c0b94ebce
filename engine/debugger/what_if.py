"""The same function with another stream: events left out or moved, batches, restarts and time put in. Lives here: those edits.

Pure: each takes the stream of a scenario and gives another one. Nothing is replayed, and what was typed is not read.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from engine.model.columns import spelled
from engine.model.intervals import Interval, NotAnInterval
from engine.model.key_cells import value_of
from engine.model.key_fields import value_at
from engine.model.moments import moment_of
from engine.model.rows import Rows
from engine.model.scenario import Batch, Scenario
from engine.model.trace import ExpiryClock

_SOMEBODY_ELSE: Final = "somebody else"


class Stream(msgspec.Struct, frozen=True):
    """What arrives when, and before which triggers the query restarts."""

    batches: tuple[Batch, ...]
    restart_before: tuple[int, ...] = ()

    @classmethod
    def of(cls, scenario: Scenario) -> "Stream":
        return cls(tuple(scenario.batches), tuple(scenario.restart_before))

    def put_into(self, scenario: Scenario) -> Scenario:
        """The scenario with this stream in place of its own."""
        return msgspec.structs.replace(scenario, batches=list(self.batches), restart_before=list(self.restart_before))


def without_events(stream: Stream, trigger: int, row_indexes: Sequence[int]) -> Stream:
    """The stream in which these events never came; their trigger still fires."""
    batch = stream.batches[trigger]
    gone = set(row_indexes)
    left = [index for index in range(len(batch.rows)) if index not in gone]
    return _with_rows(stream, {trigger: batch.rows.take(left)})


def with_events_later(stream: Stream, trigger: int, row_indexes: Sequence[int]) -> Stream:
    """The stream in which these events came with the next trigger, after those that were there; a last one gets one more."""
    if trigger == len(stream.batches) - 1:
        stream = with_batch_after(stream, trigger)
    moved = stream.batches[trigger].rows.take(row_indexes)
    waiting = stream.batches[trigger + 1].rows
    return _with_rows(without_events(stream, trigger, row_indexes), {trigger + 1: _joined(waiting, moved)})


def with_batch_after(stream: Stream, trigger: int, wait_ms: int = 60_000, rows: Rows | None = None) -> Stream:
    """One more trigger, `wait_ms` after this one. Time is put in: all later triggers fire as much later."""
    time_ms = stream.batches[trigger].processing_time_ms + wait_ms
    later = (
        msgspec.structs.replace(batch, processing_time_ms=batch.processing_time_ms + wait_ms)
        for batch in stream.batches[trigger + 1 :]
    )
    batches = (*stream.batches[: trigger + 1], Batch(time_ms, rows or Rows()), *later)
    return Stream(batches, tuple(index + 1 if index > trigger else index for index in stream.restart_before))


def with_restart_before(stream: Stream, trigger: int) -> Stream:
    """The query stops and restarts from its checkpoint before this trigger; where it already does, it no longer does."""
    restarts = set(stream.restart_before) ^ {trigger}
    return Stream(stream.batches, tuple(sorted(restarts)))


def timing_out(
    scenario: Scenario, trigger: int, due_ms: int, expires_by: ExpiryClock, key: Sequence[Any]
) -> Stream | None:
    """The stream in which a timeout of this key, standing after this trigger, fires. None when no event can move the clock.

    By processing time: a trigger just past it. By event time: an event of another key that is late enough to move the
    watermark past it, and a trigger after that (SEMANTICS 0.12, 1.1).
    """
    stream = Stream.of(scenario)
    if expires_by == "processing_time":
        wait_ms = max(1, due_ms - stream.batches[trigger].processing_time_ms + 1)
        return with_batch_after(stream, trigger, wait_ms)
    mover = _mover(scenario, due_ms, key)
    if mover is None:
        return None
    return with_batch_after(with_batch_after(stream, trigger, rows=mover), trigger + 1)


def _mover(scenario: Scenario, due_ms: int, key: Sequence[Any]) -> Rows | None:
    """An event of another key whose time is past the timeout by the delay of the watermark; None without a pattern for it."""
    if scenario.watermark is None:
        return None
    try:
        time_ms = due_ms + Interval.parse(scenario.watermark.delay).ms + 1
    except NotAnInterval:
        return None
    pattern = next(_rows_of_others(scenario, key), None)
    column = spelled(scenario, scenario.watermark.column)
    moment = _like(pattern.get(column), time_ms) if pattern else None
    return Rows.from_dicts([{**pattern, column: moment}]) if pattern and moment else None


def _rows_of_others(scenario: Scenario, key: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """Events of other keys; when there are none and the key is text, one of this key under another name."""
    columns = [spelled(scenario, name) for name in scenario.key_columns]
    plain_key = list(map(value_of, key))
    for batch in scenario.batches:
        for row in batch.rows:
            if [_value(row, name) for name in columns] != plain_key:
                yield row
    if columns and isinstance(key[0], str):
        for batch in scenario.batches:
            for row in batch.rows[:1]:
                yield {**row, columns[0]: _SOMEBODY_ELSE}


def _value(row: dict[str, Any], name: str) -> Any:
    """The value of a column, or of a field of one."""
    return row[name] if name in row else value_at(row, name.split("."))


def _like(value: Any, time_ms: int) -> int | str | None:
    """The moment as the stream writes moments: milliseconds, or ISO text; None beyond the calendar."""
    if isinstance(value, (int, float)):
        return time_ms
    try:
        return moment_of(time_ms).isoformat(timespec="milliseconds")
    except OverflowError:
        return None


def _with_rows(stream: Stream, rows_by_trigger: dict[int, Rows]) -> Stream:
    batches = (
        msgspec.structs.replace(batch, rows=rows_by_trigger.get(trigger, batch.rows))
        for trigger, batch in enumerate(stream.batches)
    )
    return Stream(tuple(batches), stream.restart_before)


def _joined(first: Rows, second: Rows) -> Rows:
    return Rows.from_dicts([*first, *second])
