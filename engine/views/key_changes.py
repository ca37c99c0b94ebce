"""The state variables and the timers of a key, before and after a call. Lives here: those rows; the call around them does not."""

from collections.abc import Iterable
from typing import Final

import msgspec

from engine.model.state import StateEntry
from engine.model.trace import BatchRan, FunctionCalled, Trace
from engine.views.differences import Difference, variable_differences
from engine.views.variables import declared_variables, entries_by_variable, variables_of
from engine.views.words import moment_text, short_duration_text, times_of, value_text, visible, waits_for_text

_STATE_LIMIT: Final = 160
_MAX_TIMERS: Final = 20


class VariableChange(msgspec.Struct, frozen=True):
    """A state variable before and after a call; `kind` is value, list or map, `expiry` when what is in it now is over."""

    name: str
    kind: str
    before: str
    before_exists: bool
    after: str
    after_exists: bool
    difference: Difference = Difference()
    expiry: str = ""


class TimerChange(msgspec.Struct, frozen=True):
    """A timer of a key: `kind` is "added" or "removed", "" when it is there before and after; `note` says what comes of it."""

    kind: str
    moment: str
    note: str = ""


def variable_changes(trace: Trace, batch: BatchRan, call: FunctionCalled) -> Iterable[VariableChange]:
    """Every state variable that is declared or stored, in the order of `init`."""
    if not trace.has_variables or call.key is None:
        return
    declared, found = declared_variables(trace), variable_differences(call.before, call.after)
    was, now, entries = variables_of(call.before), variables_of(call.after), entries_by_variable(call.after)
    times = times_of(trace)
    for name in dict.fromkeys([*declared, *found]):
        kind = declared[name].kind if name in declared else "value"
        yield VariableChange(
            visible(name),
            kind,
            value_text(was[name], _STATE_LIMIT, times) if name in was else "nothing",
            name in was,
            value_text(now[name], _STATE_LIMIT, times) if name in now else "nothing",
            name in now,
            found.get(name, Difference()),
            _expiry(batch, entries.get(name, [])),
        )


def _expiry(batch: BatchRan, entries: list[StateEntry]) -> str:
    """When what is in a variable is over: "expires 10:12, in 10 min", "the first expires 10:12, in 10 min; the last 10:20"."""
    moments = sorted({entry.expires_ms for entry in entries if entry.expires_ms is not None})
    if not moments:
        return ""
    now_ms = batch.processing_time_ms
    when = f"expires {moment_text(moments[0], now_ms)}, in {short_duration_text(moments[0] - now_ms)}"
    if len(moments) == 1:
        return when
    return f"the first {when}; the last {moment_text(moments[-1], now_ms)}"


def timer_changes(trace: Trace, batch: BatchRan, call: FunctionCalled) -> tuple[TimerChange, ...]:
    """The timers of the key before and after the call, the earliest first; of very many the last one says how many more."""
    before, after = frozenset(call.before.timers_ms), frozenset(call.after.timers_ms)
    all_ms = sorted(before | after)
    more = len(all_ms) - _MAX_TIMERS
    told = tuple(
        TimerChange(
            "added" if due_ms not in before else "removed" if due_ms not in after else "",
            moment_text(due_ms, batch.processing_time_ms),
            _what_comes_of(trace, batch, call, due_ms, due_ms in after),
        )
        for due_ms in all_ms[:_MAX_TIMERS]
    )
    return (*told, TimerChange("", f"… {more:,} more")) if more > 0 else told


def _what_comes_of(trace: Trace, batch: BatchRan, call: FunctionCalled, due_ms: int, stands: bool) -> str:
    if stands:
        return f"waits for {waits_for_text(trace, due_ms, batch.processing_time_ms)}"
    return "it fired: this call" if due_ms == call.timer_ms else "deleted"
