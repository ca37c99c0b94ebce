"""What a pasted job says of the query's other side: its output mode, its session's settings, its initial state. Child side only.

What has no field in a scenario, or stands elsewhere, is told in a sentence and not made up.
"""

import datetime
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from engine.apis.spark_names.columns import schema_of
from engine.apis.spark_names.said import Handed, Said, handover
from engine.apis.spark_names.stubs import Stub, frame_of
from engine.model.job import LONGEST_SENTENCE, MOST_UNTOLD
from engine.model.scenario import InitialState

_PROVIDER: Final = "spark.sql.streaming.stateStore.providerClass"
_PARTITIONS: Final = "spark.sql.shuffle.partitions"
#: Settings that a replay follows; the number of partitions has a field of its own.
_FOLLOWED: Final = (
    "spark.sql.execution.arrow.maxRecordsPerBatch",
    "spark.sql.streaming.noDataMicroBatches.enabled",
    _PROVIDER,
    "spark.sql.caseSensitive",
)
#: What a replay is like anyway.
_SO_HERE: Final = {"spark.sql.session.timeZone": ("UTC", "Etc/UTC", "GMT")}
_NAMES: Final = {
    "outputStructType": "output schema",
    "stateStructType": "state schema",
    "outputMode": "output mode",
    "timeoutConf": "timeout conf",
    "timeMode": "time mode",
}
_PLAIN: Final = (str, int, float, bool, type(None))
_MOST_ROWS: Final = 1_000
#: Settings that change nothing of what a query answers; all else that is not followed is told.
_OF_NO_CONCERN: Final = (
    "spark.app.",
    "spark.jars",
    "spark.master",
    "spark.ui.",
    "spark.driver.",
    "spark.executor.",
    "spark.hadoop.",
    "spark.sql.streaming.checkpointLocation",
    "spark.sql.streaming.schemaInference",
    "spark.sql.extensions",
    "spark.sql.catalog",
    "spark.sql.warehouse",
    "spark.databricks.",
    "spark.sql.streaming.metricsEnabled",
    "spark.sql.execution.arrow.pyspark",
    "spark.sql.adaptive",
)


def query_of(handed: Handed, number: int, needs_rocksdb: bool) -> dict[str, Any]:
    """The fields of a Job that the frame around the operator does not say. What `needs_rocksdb` has it anyway."""
    return {
        "query_output_mode": _query_output_mode(number),
        "initial_state": _initial_state(handed.arguments.get("initialState")),
        "shuffle_partitions": _partitions(),
        "conf": _conf(needs_rocksdb) or None,
    }


def untold_of(handed: Handed, number: int) -> tuple[str, ...]:
    """A sentence for each thing that the job says and that cannot be taken over."""
    sentences = dict.fromkeys((*handover.guesses, *_untold(handed, number)))
    return tuple(sentence[:LONGEST_SENTENCE] for sentence in islice(sentences, MOST_UNTOLD))


def _untold(handed: Handed, number: int) -> Iterator[str]:
    if not handed.frame.key:
        yield "Its key is more than plain column names: choose it below"
    for argument, name in _NAMES.items():
        if isinstance(handed.arguments.get(argument), Stub):
            yield f"Its {name} is defined elsewhere: choose it below"
    modes = sorted(set(handover.modes.get(number, ())))
    if len(modes) > 1:
        yield f"Its queries have different output modes: {' and '.join(modes)}"
    initial = handed.arguments.get("initialState")
    if initial is not None and _initial_state(initial) is None:
        yield "The rows of its initialState are defined elsewhere: write them under More, as the state so far"
    for name, setting in handover.settings.items():
        is_taken = name in (_PARTITIONS, *_FOLLOWED) or name.startswith(_OF_NO_CONCERN)
        if not is_taken and setting not in _SO_HERE.get(name, ()):
            yield f"{name} has no effect here (the job sets it to {setting})"


def _query_output_mode(number: int) -> str | None:
    """The mode of the query that writes what the operator gives."""
    modes = set(handover.modes.get(number, ()))
    return modes.pop() if len(modes) == 1 else None


def _partitions() -> int | None:
    text = str(handover.settings.get(_PARTITIONS, ""))
    return int(text) if re.fullmatch("[1-9][0-9]{0,5}", text) else None


def _conf(needs_rocksdb: bool) -> dict[str, str]:
    settings = {name: str(value) for name, value in handover.settings.items() if name in _FOLLOWED}
    if needs_rocksdb and "RocksDB" in settings.get(_PROVIDER, ""):
        del settings[_PROVIDER]
    return settings


def _initial_state(given: Any) -> InitialState | None:
    """Rows that stand in the job itself, grouped by columns that are named."""
    frame = frame_of(given)
    schema = schema_of(frame.columns) if frame else None
    if frame is None or schema is None or frame.key is None or not frame.rows:
        return None
    rows = [_row(schema.names, row) for row in frame.rows[:_MOST_ROWS]]
    if not all(rows):
        return None
    ddl = ", ".join(f"{field.name} {field.dataType.simpleString()}" for field in schema)
    return InitialState(ddl, list(frame.key), [row for row in rows if row])


def _row(names: list[str], row: Any) -> dict[str, Any] | None:
    """A row by its columns' names; None for one that cannot be written down."""
    if isinstance(row, Said):
        return None
    values = (
        [row.get(name) for name in names]
        if isinstance(row, dict)
        else list(row)
        if isinstance(row, tuple | list)
        else []
    )
    plain = [value.isoformat() if isinstance(value, datetime.datetime) else value for value in values]
    return dict(zip(names, plain, strict=False)) if plain and all(isinstance(one, _PLAIN) for one in plain) else None
