"""What Spark's state store holds for a GroupState after each batch. Lives here: reading its change feed, once a run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from engine.model.state import NO_STATE, KeyState, StateEntry
from engine.spark.operator import Ran, States
from engine.spark.recording import CallRecord, plain_key

_NO_TIMEOUT: Final = -1
#: For each batch the rows that it wrote, by the repr of their key: the state, NO_STATE where the row was deleted.
Changes = dict[int, dict[str, KeyState]]


def states_of_calls(session: Any, checkpoint: Path, ran: list[Ran], value_of: Callable[[Any], Any]) -> States:
    """For each batch and each of its calls the state of the key before and after it, as the store has it.

    A call that wrote is never followed by one for the same key and batch, so what the batch wrote is the last one's.
    """
    committed = sum(batch.report.error is None for batch in ran)
    changed = changes(session, checkpoint, committed, value_of)
    states: dict[str, KeyState] = {}
    return [_of_batch(batch.calls, states, changed.get(batch.report.batch_id, {})) for batch in ran]


def _of_batch(
    calls: list[CallRecord], states: dict[str, KeyState], changed: dict[str, KeyState]
) -> list[tuple[KeyState, KeyState]]:
    """The states of one batch's calls; `states` of all keys becomes what it is after the batch."""
    last_calls = {repr(call.key): call for call in calls}
    made = []
    for call in calls:
        key = repr(call.key)  # a NaN is not equal to itself
        before = states.get(key, NO_STATE)
        if call is last_calls[key]:
            states[key] = changed.get(key, before)
        made.append((before, states.get(key, NO_STATE)))
    return made


def changes(session: Any, checkpoint: Path, batches: int, value_of: Callable[[Any], Any]) -> Changes:
    """All changes of the committed batches 0 to `batches` - 1; `value_of` reads the value from its stored row."""
    made: Changes = {batch_id: {} for batch_id in range(batches)}
    if not batches:
        return made
    reader = session.read.format("statestore").option("path", str(checkpoint)).option("readChangeFeed", True)
    feed = reader.option("changeStartBatchId", 0).option("changeEndBatchId", batches - 1).load()
    for row in feed.collect():
        key = repr(plain_key(row.key))
        made[row.batch_id][key] = NO_STATE if row.change_type == "delete" else _stored(row.value, value_of)
    return made


def _stored(row: Any, value_of: Callable[[Any], Any]) -> KeyState:
    entries = () if row.groupState is None else (StateEntry(value_of(row.groupState)),)
    timeout_ms = getattr(row, "timeoutTimestamp", _NO_TIMEOUT)  # under NoTimeout the rows have no such column
    return KeyState(entries, () if timeout_ms == _NO_TIMEOUT else (timeout_ms,), True)
