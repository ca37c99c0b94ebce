"""Trace files (docs/formats.md). Lives here: writing a trace as JSON. The shape of state is a row in the catalogue."""

from typing import Any

import msgspec

from engine.codec.plain import jsonable
from engine.model.state import KeyState
from engine.model.trace import BatchRan, ErrorRecord, FunctionCalled, Key, Trace


def trace_to_data(trace: Trace) -> dict[str, Any]:
    """The trace as plain data, in the order of docs/formats.md."""
    state: dict[str, tuple[Key, KeyState]] = {}
    return {
        "format": 1,
        "ending": trace.ending,
        "error": _error(trace.error),
        "printed_at_load": trace.printed_at_load,
        "batches": [_batch(trace, batch, state) for batch in trace.batches],
    }


def trace_to_json(trace: Trace) -> str:
    return msgspec.json.encode(trace_to_data(trace)).decode()


def _batch(trace: Trace, batch: BatchRan, state: dict[str, tuple[Key, KeyState]]) -> dict[str, Any]:
    """One batch; `state` is what the batches before committed, and is brought forward when this one did.

    Its keys are told apart by their repr: a NaN is not equal to itself.
    """
    calls = trace.calls_of(batch)
    rows = trace.scenario.batches[batch.trigger].rows
    if batch.committed:
        state.update(_changes(batch, calls))
    return {
        "batch_id": batch.batch_id,
        "trigger": batch.trigger,
        "processing_time_ms": batch.processing_time_ms,
        "watermark_ms": batch.watermark_ms,
        "late_watermark_ms": batch.late_watermark_ms,
        "input_rows": batch.input_rows,
        "committed": batch.committed,
        "rule": batch.rule or None,
        "event_times": None if batch.event_times is None else msgspec.to_builtins(batch.event_times),
        "dropped": [
            {"row": jsonable(rows[row.row_index]), "reason": row.reason, "rule": row.rule or None}
            for row in batch.dropped
        ],
        "calls": [_call(trace, call) for call in calls],
        "output": [_named(trace.output_names, row) for call in calls for row in call.output] if batch.committed else [],
        "state": stored_state(trace.state_shape, kept),
        **({"timers": waiting_timers(kept)} if trace.state_shape == "variables" else {}),
        "removed": [removed_entry(removed) for removed in batch.removed],
        "metrics": batch.metrics,
    }


def _changes(batch: BatchRan, calls: list[FunctionCalled]) -> Iterator[tuple[str, tuple[Key, KeyState]]]:
    """What a committed batch left: the state after its calls, without what was removed when they were over."""
    after = {repr(call.stored_under): (call.stored_under, call.after) for call in calls if call.key is not None}
    yield from after.items()
    for removed in batch.removed:
        yield repr(removed.key), (removed.key, removed.after)


def _call(trace: Trace, call: FunctionCalled) -> dict[str, Any]:
    return {
        "key": jsonable(call.key),
        "partition": call.partition,
        "reason": call.reason,
        "rows": jsonable(trace.rows_of(call)),
        "chunks": call.chunks,
        "before": _group_state(call.before),
        "operations": jsonable(call.operations),
        "operation_lines": call.operation_lines,
        "after": _group_state(call.after),
        "output": jsonable(call.output),
        "printed": call.printed,
        "error": _error(call.error),
        "rule": call.rule or None,
        "state_rule": call.state_rule or None,
    }


def _named(names: tuple[str, ...], cells: list[Any]) -> dict[str, Any]:
    return {name: jsonable(cells[i]) if i < len(cells) else None for i, name in enumerate(names)}


def _group_state(state: KeyState) -> dict[str, Any]:
    return {"exists": state.exists, "value": jsonable(state.value), "timeout_ms": state.timeout_ms}


def _stored(key: Key, state: KeyState) -> dict[str, Any]:
    return {"key": jsonable(key), "value": jsonable(state.value), "timeout_ms": state.timeout_ms}


def _error(error: ErrorRecord | None) -> dict[str, Any] | None:
    if error is None:
        return None
    return {
        "class": error.error_class,
        "message": error.message,
        "line": error.line,
        "batch_id": error.batch_id,
        "key": jsonable(error.key),
        "advice": error.advice,
        "traceback": error.traceback,
        "field": error.field or None,
    }
