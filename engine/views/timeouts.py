"""The fate of every timeout and timer. Lives here: that fold over the calls; how it is drawn or told does not."""

from typing import Literal

import msgspec

from engine.model.trace import FunctionCalled, Key, Trace

Fate = Literal["fired", "replaced", "cancelled", "removed", "pending", "not_committed"]


class TimeoutFate(msgspec.Struct, frozen=True):
    """One timeout from the call that set it to what became of it.

    fired: the function was called for it. replaced: a later call set another. cancelled: a later call left the state
    but set no timeout again. removed: it went with the state. pending: it still waits at the end of the trace.
    not_committed: its batch died. `ended_by` is the call that ended it; `kept_by` are calls after which it still stood
    although it had fired (PySpark keeps a timeout that a call does not touch: SEMANTICS 1.6).
    """

    key: Key
    due_ms: int
    set_by: int
    set_line: int
    fate: Fate
    ended_by: int | None = None
    kept_by: tuple[int, ...] = ()


def timeout_fates(trace: Trace) -> list[TimeoutFate]:
    """Every timeout of the trace, in the order in which they were set. One pass over the calls."""
    fates: list[TimeoutFate] = []
    standing: dict[tuple[Key, int], int] = {}
    committed_calls = sum(batch.call_count for batch in trace.batches if batch.committed)
    for index, call in enumerate(trace.calls):
        if index < committed_calls:
            _end_those_gone(index, call, fates, standing)
        for due_ms in call.after.timers_ms:
            if (call.key, due_ms) not in standing:
                standing[call.key, due_ms] = len(fates)
                fate: Fate = "pending" if index < committed_calls else "not_committed"
                fates.append(TimeoutFate(call.key, due_ms, index, _setting_line(call), fate))
    return fates


def _end_those_gone(
    index: int, call: FunctionCalled, fates: list[TimeoutFate], standing: dict[tuple[Key, int], int]
) -> None:
    """Close the timeouts that stood before the call and do not after it; mark those that fired and still stand."""
    for due_ms in call.before.timers_ms:
        place = standing.get((call.key, due_ms))
        if place is None:
            continue
        if due_ms in call.after.timers_ms and not _sets_timeout(call):
            if call.reason in ("timeout", "timer"):
                fates[place] = msgspec.structs.replace(fates[place], kept_by=(*fates[place].kept_by, index))
            continue
        del standing[call.key, due_ms]
        fates[place] = msgspec.structs.replace(fates[place], fate=_fate(call), ended_by=index)


def _fate(call: FunctionCalled) -> Fate:
    if call.reason in ("timeout", "timer"):
        return "fired"
    if call.after.timers_ms:
        return "replaced"
    return "cancelled" if call.after.exists else "removed"


def _sets_timeout(call: FunctionCalled) -> bool:
    return _setting_line(call) > 0


def _setting_line(call: FunctionCalled) -> int:
    """The line of the last operation that set a timeout and did not fail; 0 when none did."""
    for operation, line in zip(reversed(call.operations), reversed(call.operation_lines), strict=True):
        if str(operation[0]).startswith(("setTimeout", "registerTimer")) and len(operation) == 2:
            return line
    return 0
