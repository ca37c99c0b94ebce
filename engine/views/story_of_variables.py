"""What a call did to the state variables and the timers of its key, in plain words. Lives here: those sentences of a story."""

from collections import Counter
from typing import Any, Final

from engine.model.trace import BatchRan, FunctionCalled, Trace
from engine.views.differences import Change, Difference, variable_differences
from engine.views.operations import WRITES
from engine.views.variables import variables_of
from engine.views.words import count_text, joined_text, moment_text, value_text, visible, waits_for_text

_VALUE_LIMIT: Final = 40
_MOST_VARIABLES: Final = 4


def variables_changed(call: FunctionCalled) -> tuple[str, ...]:
    """One sentence for each state variable that is not what it was; one for all when none is."""
    was, now = variables_of(call.before), variables_of(call.after)
    changed = [
        _variable_changed(visible(name), found, was.get(name), now.get(name))
        for name, found in variable_differences(call.before, call.after).items()
        if found.changes
    ]
    return tuple(changed[:_MOST_VARIABLES]) or (_unchanged(call),)


def _unchanged(call: FunctionCalled) -> str:
    if not call.before.exists:
        return "It stores nothing."
    if call.after.entries != call.before.entries:
        return "It stores the same value again: its time to live starts over."
    if any(_writes(operation) for operation in call.operations):
        return "It stores the same value again."
    return "It changes no state variable: everything stays as it was."


def _writes(operation: list[Any]) -> bool:
    """Whether the operation stored something, and was not refused."""
    return len(operation) == 2 and str(operation[0]).rpartition(".")[2] in WRITES


def _variable_changed(name: str, found: Difference, was: Any, now: Any) -> str:
    first = found.changes[0]
    if now is None and first.kind == "removed":
        return f"It clears {name}: {value_text(was, _VALUE_LIMIT)} is forgotten."
    if was is None and first.field == "":
        return f"It stores {name} = {value_text(now, _VALUE_LIMIT)}."
    if len(found.changes) == 1 and not found.more:
        return _part_changed(name, first)
    counts = Counter(change.kind for change in found.changes)
    parts = [f"{count:,} {kind}" for kind, count in counts.items()]
    return f"{name}: {', '.join(parts)}{f', {found.more:,} more' if found.more else ''}."


def _part_changed(name: str, change: Change) -> str:
    place = f"{name}{'' if not change.field or change.field.startswith('[') else '.'}{change.field}"
    match change.kind:
        case "changed":
            return f"It stores {place} = {change.after} in place of {change.before}."
        case "added":
            return f"It adds {place} = {change.after}."
        case "removed":
            return f"It removes {place}, which was {change.before}."


def timers_changed(trace: Trace, batch: BatchRan, call: FunctionCalled) -> tuple[str, ...]:
    """A sentence for each thing that becomes of the key's timers."""
    now_ms, before, after = batch.processing_time_ms, set(call.before.timers_ms), set(call.after.timers_ms)
    new, gone = sorted(after - before), sorted(before - after - {call.timer_ms})
    told = []
    if new:
        waits = waits_for_text(trace, new[0], now_ms)
        others = f", and {count_text(len(new) - 1, 'other')} after that" if len(new) > 1 else ""
        told.append(f"It registers a timer that waits for {waits}{others}.")
    if gone:
        moments = (moment_text(due_ms, now_ms) for due_ms in gone)
        told.append(
            f"It deletes the {'timer' if len(gone) == 1 else 'timers'} due at {joined_text(moments, len(gone))}."
        )
    if call.after.timers_ms and not call.after.exists and call.before.exists:
        told.append("No state is left, but its timers are: clear() deletes no timers.")
    return tuple(told)
