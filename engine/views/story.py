"""What happened in a call, in plain words for somebody who is new to state. Lives here: those sentences, from facts only.

Spark's rules are not repeated: the trace says which state and which timeout a call left.
"""

from bisect import bisect_left
from typing import Final

from engine.model import rules
from engine.model.state import KeyState
from engine.model.trace import BatchRan, FunctionCalled, Trace
from engine.views.call_table import call_table
from engine.views.differences import difference, value_difference
from engine.views.state_words import remembered
from engine.views.story_of_variables import timers_changed, variables_changed
from engine.views.timeouts import EXPIRY_REASONS
from engine.views.variables import variables_of
from engine.views.words import (
    call_name,
    count_text,
    cut,
    due_name,
    duration_text,
    key_text,
    moment_text,
    value_text,
    visible,
)

_VALUE_LIMIT: Final = 40
_OTHER_REASONS: Final = {
    "initial_state": "The query starts with a state for this key: Spark hands it over before the first rows.",
    "init": "Spark makes a fresh copy of the processor for each partition of each batch, and calls init first.",
    "close": "All calls in this partition are done.",
}


def why_called(trace: Trace, batch: BatchRan, call: FunctionCalled) -> str:
    """One sentence: rows came, or its timeout was due at 10:11 and the batch ran at 10:12."""
    if call.reason == "data":
        return f"{count_text(len(call.row_indexes), 'row')} with this key came in this batch."
    if call.reason not in EXPIRY_REASONS:
        return _OTHER_REASONS.get(call.reason, f"Spark calls it for {visible(call.reason)}.")
    earliest_ms = min(call.before.timers_ms, default=batch.processing_time_ms)
    due_ms = earliest_ms if call.timer_ms is None else call.timer_ms
    due = moment_text(due_ms, batch.processing_time_ms)
    if trace.expires_by == "watermark":
        return f"Its {due_name(trace)} was due at {due}; the watermark is at {_watermark(batch)}."
    return f"Its {due_name(trace)} was due at {due}; the batch ran at {_now(batch)}."


def of_call(trace: Trace, batch: BatchRan, place: int, call: FunctionCalled) -> tuple[str, ...]:
    """Two to four short sentences: what it was given, what it stored, what it waits for, what it returned."""
    told = (_corrupted(call), _opening(trace, place, call), *_what_it_did(trace, batch, place, call))
    return tuple(sentence for sentence in told if sentence)


def _what_it_did(trace: Trace, batch: BatchRan, place: int, call: FunctionCalled) -> tuple[str, ...]:
    if call.error is not None:
        return _failed(call)
    if not batch.committed and place < len(trace.calls) - 1:
        return (
            _stored(call),
            "A later call in this batch failed: Spark keeps nothing of the batch, not even this call.",
        )
    if trace.has_variables:
        return (*variables_changed(call), *timers_changed(trace, batch, call), _returned(call))
    return (_stored(call), _woken(batch, call), _returned(call))


def _opening(trace: Trace, place: int, call: FunctionCalled) -> str:
    key = key_text(call.key, _VALUE_LIMIT)
    previous = _previous(trace, place)
    if call.reason == "timer":
        return f"A timer of {key} is due, so Spark calls handleExpiredTimer without rows, and then deletes the timer."
    if call.reason in EXPIRY_REASONS:
        return f"{key} has timed out, so Spark calls the function without rows: hasTimedOut is true."
    if call.before.exists:
        since = "from the start of the query" if previous is None else f"from {call_name(previous)}"
        return f"Spark hands over what is remembered for {key} {since}: {_short(call.before)}."
    if previous is None:
        return f"{key} is seen for the first time: nothing is remembered for it yet."
    return f"{key} was seen before, last in {call_name(previous)}, but nothing is remembered for it."


def _corrupted(call: FunctionCalled) -> str:
    """The key went through pandas and came back as another one (SEMANTICS 5.4)."""
    if call.state_key is None:
        return ""
    key, other = key_text(call.key, _VALUE_LIMIT), key_text(call.stored_under, _VALUE_LIMIT)
    return (
        f"On its way through pandas the key {key} became another one: this call reads and writes the state of {other}."
    )


def _previous(trace: Trace, place: int) -> int | None:
    """The call before this one with the same key; None for its first."""
    table = call_table(trace)
    lane = table.lane_of_call[place]
    calls = table.lanes[lane].calls if lane >= 0 else []
    earlier = bisect_left(calls, place)
    return calls[earlier - 1] if earlier else None


def _stored(call: FunctionCalled) -> str:
    if call.before.exists and not call.after.exists:
        return _forgotten(call)
    if not call.after.exists:
        return "It stores nothing." if not call.after.stored else "It stores no value, only a timeout."
    if _did(call, "update"):
        return _updated(call)
    lost = _lost(call)
    if lost:
        return lost
    kept = _short(call.after)
    if call.reason in EXPIRY_REASONS:
        return f"A timeout deletes nothing in Spark: {kept} stays until the function calls state.remove()."
    return f"It does not call update(), so what is remembered stays {kept}."


def _forgotten(call: FunctionCalled) -> str:
    was = _short(call.before)
    if call.state_rule == rules.TUTORIAL_FORGETS.id:
        return f"By the tutorial's rule a key that timed out is forgotten: {was} is gone. Real Spark would keep it."
    return f"It calls remove(): {was} is forgotten." if _did(call, "remove") else f"{was} is forgotten."


def _updated(call: FunctionCalled) -> str:
    now = _short(call.after)
    if not call.before.exists:
        return f"It stores {now}."
    found = difference(call.before, call.after)
    if not found.changes:
        return f"It stores the same value again: {now}."
    change = found.changes[0]
    if change.field == "":
        return f"It stores {now} in place of {_short(call.before)}."
    if len(found.changes) == 1 and change.kind == "changed":
        return f"It stores {change.field} = {change.after} in place of {change.before}."
    return f"It stores the value with {count_text(len(found.changes) + found.more, 'change')}."


def _lost(call: FunctionCalled) -> str:
    """The function changed the value that it was handed, and did not give it back."""
    if call.unsaved is None:
        return ""
    was, now = variables_of(call.before), call.unsaved
    is_named = "" not in was and isinstance(now, list) and len(now) == len(was)
    changes = value_difference(
        *((was, dict(zip(was, now, strict=True))) if is_named else (call.before.value, now))
    ).changes
    field = f" {cut(changes[0].field, _VALUE_LIMIT)}" if changes and changes[0].field else ""
    return f"It changes{field or ' the value'} in its own copy, but does not call update(): the change is lost."


def _woken(batch: BatchRan, call: FunctionCalled) -> str:
    """What becomes of the key's timeout."""
    due_ms = call.after.timeout_ms
    if due_ms is not None and due_ms != call.before.timeout_ms:
        return _waits(batch, call, due_ms)
    if due_ms is not None and call.reason in EXPIRY_REASONS:
        return "It touches nothing, so the timeout stays too, and fires again in every later batch."
    if due_ms is None and call.after.exists and call.before.timers_ms:
        return _nobody_wakes(batch, call)
    return ""


def _waits(batch: BatchRan, call: FunctionCalled, due_ms: int) -> str:
    due = moment_text(due_ms, batch.processing_time_ms)
    for operation in reversed(call.operations):
        match operation:
            case ["setTimeoutDuration", [int(length_ms)]]:
                return f"If nothing comes for {duration_text(length_ms)}, until {due}, it is called once more."
    return f"When the watermark has passed {due}, it is called once more."


def _nobody_wakes(batch: BatchRan, call: FunctionCalled) -> str:
    if call.reason in EXPIRY_REASONS:
        return "It sets no new timeout, so only new rows can wake this key again."
    was = moment_text(min(call.before.timers_ms), batch.processing_time_ms)
    return f"It sets no timeout, so the one due at {was} is cancelled: only new rows can wake this key again."


def _returned(call: FunctionCalled) -> str:
    return f"It returns {count_text(len(call.output), 'row') if call.output else 'no rows'}."


def _failed(call: FunctionCalled) -> tuple[str, ...]:
    error = call.error
    line = f" on line {error.line}" if error and error.line else ""
    kept = f"{_short(call.before)} stays remembered" if call.before.exists else "nothing new is remembered"
    return (
        f"The function fails{line}: {visible(error.error_class) if error else ''}.",
        f"In Spark that ends the query, and everything that this batch did is lost: {kept}.",
    )


def _did(call: FunctionCalled, name: str) -> bool:
    """Whether an operation of this name succeeded."""
    return any(operation[0] == name and len(operation) == 2 for operation in call.operations)


def _short(state: KeyState) -> str:
    if all(entry.variable == "" for entry in state.entries):
        return value_text(state.value, _VALUE_LIMIT)
    return remembered(state, _VALUE_LIMIT)


def _now(batch: BatchRan) -> str:
    return moment_text(batch.processing_time_ms, batch.processing_time_ms)


def _watermark(batch: BatchRan) -> str:
    return moment_text(batch.watermark_ms, batch.processing_time_ms)
