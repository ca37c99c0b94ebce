"""Trace files (docs/formats.md). Lives here: writing a trace as JSON. The shape of state is a row in the catalogue."""

from typing import Any

import msgspec

from engine.codec.plain import jsonable
from engine.codec.state_json import removed_entry, state_of_call, stored_state, waiting_timers
from engine.model import rules
from engine.model.state import NO_STATE, KeyState
from engine.model.trace import DRIVER, BatchRan, EntryRemoved, ErrorRecord, FunctionCalled, Key, Trace

#: The state of each key by the key's repr: a NaN is not equal to itself.
States = dict[str, tuple[Key, KeyState]]


def trace_to_data(trace: Trace) -> dict[str, Any]:
    """The trace as plain data, in the order of docs/formats.md."""
    state: States = {}
    return {
        "format": 1,
        "ending": trace.ending,
        "error": _error(trace.error),
        "printed_at_load": trace.printed_at_load,
        "batches": [_batch(trace, batch, state) for batch in trace.batches],
    }


def trace_to_json(trace: Trace) -> str:
    return msgspec.json.encode(trace_to_data(trace)).decode()


def _batch(trace: Trace, batch: BatchRan, state: States) -> dict[str, Any]:
    """One batch; `state` is what the batches before committed, and is brought forward when this one did."""
    calls = trace.calls_of(batch)
    rows = trace.scenario.batches[batch.trigger].rows
    if batch.committed:
        _bring_forward(state, batch, calls)
    kept = [(key, stored) for key, stored in state.values() if stored.stored]
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
        **(_of_variables(batch, kept) if trace.has_variables else {}),
        "metrics": batch.metrics,
    }


def _of_variables(batch: BatchRan, kept: list[tuple[Key, KeyState]]) -> dict[str, Any]:
    """What a batch of a StatefulProcessor has besides."""
    return {"timers": waiting_timers(kept), "removed": [removed_entry(removed) for removed in batch.removed]}


def _bring_forward(state: States, batch: BatchRan, calls: list[FunctionCalled]) -> None:
    """What a committed batch left: variables are deleted before its calls, what is expired is removed after them."""
    _remove(state, [removed for removed in batch.removed if removed.rule == rules.VARIABLE_DELETED.id])
    for call in calls:
        if call.key is not None:
            state[repr(call.stored_under)] = (call.stored_under, call.after)
    _remove(state, [removed for removed in batch.removed if removed.rule != rules.VARIABLE_DELETED.id])


def _remove(state: States, entries: list[EntryRemoved]) -> None:
    by_key: dict[str, list[EntryRemoved]] = {}
    for removed in entries:
        by_key.setdefault(repr(removed.key), []).append(removed)
    for name, of_key in by_key.items():
        _, kept = state.get(name, (of_key[0].key, NO_STATE))
        state[name] = (of_key[0].key, kept.without(removed.entry for removed in of_key))


def _call(trace: Trace, call: FunctionCalled) -> dict[str, Any]:
    return {
        "key": jsonable(call.key),
        "partition": None if call.partition == DRIVER else call.partition,
        "reason": call.reason,
        "rows": jsonable(trace.rows_of(call)),
        "chunks": call.chunks,
        "before": state_of_call(trace.state_shape, call.before),
        "operations": jsonable(call.operations),
        "operation_lines": call.operation_lines,
        "after": state_of_call(trace.state_shape, call.after),
        "output": jsonable(call.output),
        "printed": call.printed,
        "error": _error(call.error),
        "rule": call.rule or None,
        "state_rule": call.state_rule or None,
        **({"timer_ms": call.timer_ms} if call.timer_ms is not None else {}),
        **({"state_key": jsonable(call.state_key)} if call.state_key is not None else {}),
        **({"given_columns": call.given_columns} if call.given_columns else {}),
    }


def _named(names: tuple[str, ...], cells: list[Any]) -> dict[str, Any]:
    return {name: jsonable(cells[i]) if i < len(cells) else None for i, name in enumerate(names)}


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
