"""What Spark's state store holds after each batch. Lives here: reading its change feed, once a run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from engine.model.state import NO_STATE, KeyState, StateEntry
from engine.spark.recording import as_plain

_NO_TIMEOUT: Final = -1
#: For each batch the rows that it wrote, by `name_of` their key: the state, NO_STATE where the row was deleted.
Changes = dict[int, dict[str, KeyState]]


def changes(session: Any, checkpoint: Path, batches: int, value_of: Callable[[Any], Any]) -> Changes:
    """All changes of the committed batches 0 to `batches` - 1; `value_of` reads the value from its stored row."""
    made: Changes = {batch_id: {} for batch_id in range(batches)}
    if not batches:
        return made
    reader = session.read.format("statestore").option("path", str(checkpoint)).option("readChangeFeed", True)
    feed = reader.option("changeStartBatchId", 0).option("changeEndBatchId", batches - 1).load()
    for row in feed.collect():
        key = name_of(tuple(as_plain(value) for value in row.key))
        made[row.batch_id][key] = NO_STATE if row.change_type == "delete" else _stored(row.value, value_of)
    return made


def name_of(key: tuple[Any, ...]) -> str:
    """A text that is the same for the same key: a NaN is not equal to itself."""
    return repr(key)


def _stored(row: Any, value_of: Callable[[Any], Any]) -> KeyState:
    entries = () if row.groupState is None else (StateEntry(value_of(row.groupState)),)
    timeout_ms = getattr(row, "timeoutTimestamp", _NO_TIMEOUT)  # under NoTimeout the rows have no such column
    return KeyState(entries, () if timeout_ms == _NO_TIMEOUT else (timeout_ms,), True)
