"""Where the replay's trace and real Spark's differ, place by place; and, in one table, what is no difference to us."""

import math
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import msgspec

from engine.model.problems import Problem
from engine.model.state import KeyState
from engine.model.trace import BatchRan, ErrorRecord, FunctionCalled, Trace

#: The replay has no pyarrow, and does not spell out what that guesses of a list or a struct that it cannot cast.
_NESTED = re.compile(r"(?<=Unsupported cast from list)<.*>|(?<=Unsupported cast from struct)<.*>")

Calls = list[FunctionCalled]


class Accepted(NamedTuple):
    """Fields that may differ in some calls or batches, and why."""

    fields: tuple[str, ...]
    when: Callable[[BatchRan, Any, Any], bool]
    reason: str


def _died(batch: BatchRan, ours: Any, sparks: Any) -> bool:
    return not batch.committed


def _told_for_the_batch(batch: BatchRan, ours: Any, sparks: Any) -> bool:
    return not batch.committed and sparks is None


def _duration_text(batch: BatchRan, ours: Any, sparks: Any) -> bool:
    return _without_times(ours) == _without_times(sparks)


def _expiry_not_told(batch: BatchRan, ours: KeyState, sparks: KeyState) -> bool:
    if len(ours.entries) != len(sparks.entries):
        return False
    untold = [theirs.expires_ms is None for theirs in sparks.entries]
    entries = [
        msgspec.structs.replace(mine, expires_ms=None) if no else mine
        for mine, no in zip(ours.entries, untold, strict=True)
    ]
    return repr(msgspec.structs.replace(ours, entries=tuple(entries))) == repr(sparks)


def _seen_through_pandas(batch: BatchRan | None, ours: Any, sparks: Any) -> bool:
    pairs = list(zip(ours, sparks, strict=True)) if ours and sparks and len(ours) == len(sparks) else []
    return bool(pairs) and all(_is_same_in_pandas(mine, theirs) for mine, theirs in pairs)


def _is_same_in_pandas(mine: Any, theirs: Any) -> bool:
    if isinstance(theirs, float) and isinstance(mine, int):
        return not isinstance(mine, bool) and float(mine) == theirs
    return repr(mine) == repr(theirs) or (mine is None and isinstance(theirs, float) and math.isnan(theirs))


ACCEPTED = (
    Accepted(
        ("key",), _seen_through_pandas, "a call has the key of its rows; the function is given what pandas makes of it"
    ),
    Accepted(("metrics", "dropped", "event_times"), _died, "of a batch that died Spark tells its times only"),
    Accepted(("after", "output"), _died, "of a batch that died Spark keeps no state and no output"),
    Accepted(("error",), _told_for_the_batch, "what fails after the function is told for the batch, not for a call"),
    Accepted(
        ("before", "after"), _expiry_not_told, "when a value expires is known of what is left at the run's end only"
    ),
    Accepted(("operations",), _duration_text, "the replay notes '10 seconds' in milliseconds; `after` must be equal"),
)

_BATCH_FIELDS: dict[str, Callable[[BatchRan], Any]] = {
    "trigger": lambda batch: batch.trigger,
    "batch_id": lambda batch: batch.batch_id,
    "committed": lambda batch: batch.committed,
    "processing_time_ms": lambda batch: batch.processing_time_ms,
    "watermark_ms": lambda batch: batch.watermark_ms,
    "late_watermark_ms": lambda batch: batch.late_watermark_ms,
    "input_rows": lambda batch: batch.input_rows,
    "event_times": lambda batch: batch.event_times,
    "dropped": lambda batch: [row.row_index for row in batch.dropped],
    "metrics": lambda batch: dict(sorted(batch.metrics.items())),
}
_CALL_FIELDS: dict[str, Callable[[FunctionCalled], Any]] = {
    "key": lambda call: call.key,
    "partition": lambda call: call.partition,
    "reason": lambda call: call.reason,
    "row_indexes": lambda call: call.row_indexes,
    "chunks": lambda call: call.chunks,
    "before": lambda call: call.before,
    "operations": lambda call: call.operations,
    "operation_lines": lambda call: call.operation_lines,
    "after": lambda call: call.after,
    "output": lambda call: call.output,
    "printed": lambda call: call.printed,
    "error": lambda call: _told(call.error),
}


def differences(ours: Trace | list[Problem], sparks: Trace | list[Problem]) -> list[str]:
    """One line for each place: "batch 1, call 2 ('a',), after: ours …, Spark's …". Empty when the traces agree."""
    if not isinstance(ours, Trace) or not isinstance(sparks, Trace):
        return [] if ours == sparks else [_line("scenario", ours, sparks)]
    return [*_ends(ours, sparks), *_batches(ours, sparks)]


def _ends(ours: Trace, sparks: Trace) -> Iterator[str]:
    for field in ("ending", "output_names", "printed_at_load", "expires_by"):
        if getattr(ours, field) != getattr(sparks, field):
            yield _line(field, getattr(ours, field), getattr(sparks, field))
    if not _same_error(ours.error, sparks.error):
        yield _line("error", _told(ours.error), _told(sparks.error))
    if len(ours.batches) != len(sparks.batches):
        triggers = [[batch.trigger for batch in trace.batches] for trace in (ours, sparks)]
        yield _line("triggers that ran a batch", *triggers)


def _batches(ours: Trace, sparks: Trace) -> Iterator[str]:
    for our_batch, spark_batch in zip(ours.batches, sparks.batches, strict=False):
        place = f"batch {spark_batch.batch_id}"
        yield from _fields(place, _BATCH_FIELDS, spark_batch, our_batch, spark_batch)
        our_calls, spark_calls = _surely_made(spark_batch, ours.calls_of(our_batch), sparks.calls_of(spark_batch))
        if len(our_calls) != len(spark_calls):
            yield _line(
                f"{place}, keys called", *([(c.key, c.reason) for c in calls] for calls in (our_calls, spark_calls))
            )
        for i, (our_call, spark_call) in enumerate(zip(our_calls, spark_calls, strict=False)):
            yield from _fields(f"{place}, call {i} {spark_call.key}", _CALL_FIELDS, spark_batch, our_call, spark_call)


def _surely_made(batch: BatchRan, ours: Calls, sparks: Calls) -> tuple[Calls, Calls]:
    """The calls that are no chance: Spark's up to the one that failed, since tasks of later partitions may have begun by
    then; where the batch died of what a call gave back, those that both tell, since the worker may have gone on."""
    failed = next((i for i, call in enumerate(sparks) if call.error), None)
    if failed is not None:
        return ours, sparks[: failed + 1]
    told = None if batch.committed else min(len(ours), len(sparks))
    return ours[:told], sparks[:told]


def _fields(place: str, fields: dict[str, Any], batch: BatchRan, ours: Any, sparks: Any) -> Iterator[str]:
    for name, value_of in fields.items():
        our_value, spark_value = value_of(ours), value_of(sparks)
        if repr(our_value) != repr(spark_value) and not _accepted(name, batch, our_value, spark_value):
            yield _line(f"{place}, {name}", our_value, spark_value)


def _accepted(field: str, batch: BatchRan, ours: Any, sparks: Any) -> bool:
    return any(field in row.fields and row.when(batch, ours, sparks) for row in ACCEPTED)


def _same_error(ours: ErrorRecord | None, sparks: ErrorRecord | None) -> bool:
    """Equal, but for the line and the key where Spark tells none: what failed was not the function itself."""
    if ours is None or sparks is None:
        return ours is sparks
    mine, theirs = _told(ours), _told(sparks)
    if sparks.key is None:
        return bool(mine[:2] == theirs[:2])
    return mine[:-1] == theirs[:-1] and _is_same_key(ours.key, sparks.key)


def _is_same_key(mine: Any, theirs: Any) -> bool:
    return repr(mine) == repr(theirs) or _seen_through_pandas(None, mine, theirs)


def _told(error: ErrorRecord | None) -> Any:
    """What of an error is Spark's or Python's; advice and traceback are our own words, and so are nested Arrow types."""
    return error and (error.error_class, _NESTED.sub("<…>", error.message), error.line, error.batch_id, error.key)


def _without_times(operations: list[list[Any]]) -> list[Any]:
    timed = ("setTimeoutDuration", "setTimeoutTimestamp")
    return [[name, *([] if name in timed else [arguments]), *rest] for name, arguments, *rest in operations]


def _line(place: str, ours: Any, sparks: Any) -> str:
    return f"{place}: ours {ours!r}, Spark's {sparks!r}"
