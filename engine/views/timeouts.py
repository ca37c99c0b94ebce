"""The fate of the timeouts and timers of a key. Lives here: that fold over its calls; how it is drawn or told does not."""

from typing import Any, Final, Literal

import msgspec

from engine.model.trace import BatchRan, ExpiryClock, FunctionCalled, Key, Trace

Fate = Literal["fired", "replaced", "cancelled", "deleted", "removed", "pending", "not_committed"]

#: The reasons of calls that a timeout or timer made.
EXPIRY_REASONS: Final = ("timeout", "timer")
_SETTERS: Final = ("setTimeout", "registerTimer")


class TimeoutFate(msgspec.Struct, frozen=True, gc=False):
    """One timeout or timer from the call that set it to what became of it.

    fired: the function was called for it. replaced: a later call set another. cancelled: a later call left the state
    but set no timeout again. deleted: a later call deleted the timer. removed: it went with the state. pending: it still
    waits at the end of the trace. not_committed: its batch died. `ended_by` is the call that ended it; `kept_by` are
    calls after which it still stood although it had fired (PySpark keeps a timeout that a call does not touch: SEMANTICS 1.6).
    """

    key: Key
    due_ms: int
    set_by: int
    fate: Fate
    ended_by: int | None = None
    kept_by: tuple[int, ...] = ()


def setting_line(trace: Trace, timeout: TimeoutFate) -> int:
    """The line of the user's source that set the timeout, the last of several; 0 when it is not known."""
    return line_that_set(trace.calls[timeout.set_by], timeout.due_ms, trace)


def line_that_set(call: FunctionCalled, due_ms: int, trace: Trace) -> int:
    """The same for a call that is decoded already: thousands of timers may have been set by one."""
    processing_time_ms = trace.batch_of(call).processing_time_ms
    lines = {0: 0}
    for operation, line in zip(call.operations, call.operation_lines, strict=True):
        if _is_setter(operation):
            is_this = operation[1] in ([due_ms], [due_ms - processing_time_ms])
            lines[int(is_this)] = line
    return lines[max(lines)]


class TimeoutFold:
    """What became of the timeouts of one key: show it each call that had the key's state, in order.

    A key has one timeout, which every call sets anew or loses, or any number of timers, which stay until they have fired
    or are deleted (SEMANTICS 1.6, 5.40).
    """

    def __init__(self, key: Key, trace: Trace) -> None:
        self._key = key
        self._expires_by = trace.expires_by
        self._stay = trace.has_variables
        self._fates: list[TimeoutFate] = []
        self._standing: dict[int, int] = {}

    def see(self, index: int, call: FunctionCalled, batch: BatchRan) -> None:
        """Take in call `index` of the trace."""
        if batch.committed and call.before.timers_ms:
            self._end_those_gone(index, call, batch)
        for due_ms in call.after.timers_ms:
            if due_ms not in self._standing:
                self._standing[due_ms] = len(self._fates)
                fate: Fate = "pending" if batch.committed else "not_committed"
                self._fates.append(TimeoutFate(self._key, due_ms, index, fate))

    def fates(self) -> list[TimeoutFate]:
        """What became of the timeouts so far, in the order in which they were set."""
        return self._fates

    def _end_those_gone(self, index: int, call: FunctionCalled, batch: BatchRan) -> None:
        """Close the timeouts that stood before the call and do not after it; mark those that fired and still stand."""
        is_set_anew = not self._stay and _sets_a_timeout(call)
        left_ms = frozenset(call.after.timers_ms)
        for due_ms in call.before.timers_ms:
            place = self._standing.get(due_ms)
            if place is None:
                continue
            fate = self._fates[place]
            if due_ms in left_ms and not is_set_anew:
                if self._fires(call, due_ms, batch):
                    self._fates[place] = msgspec.structs.replace(fate, kept_by=(*fate.kept_by, index))
                continue
            del self._standing[due_ms]
            end = self._end(call, due_ms, batch, is_set_anew)
            self._fates[place] = TimeoutFate(self._key, due_ms, fate.set_by, end, index, fate.kept_by)

    def _end(self, call: FunctionCalled, due_ms: int, batch: BatchRan, is_set_anew: bool) -> Fate:
        if self._fires(call, due_ms, batch):
            return "fired"
        if self._stay:
            return "deleted"
        if call.after.timers_ms and is_set_anew:
            return "replaced"
        return "cancelled" if call.after.exists else "removed"

    def _fires(self, call: FunctionCalled, due_ms: int, batch: BatchRan) -> bool:
        """Whether the function was called for this timeout: of several timers a call may delete one not yet due."""
        if call.timer_ms is not None or call.reason not in EXPIRY_REASONS:
            return call.timer_ms == due_ms
        return due_ms <= expiry_clock_ms(self._expires_by, batch)


def expiry_clock_ms(expires_by: ExpiryClock, batch: BatchRan) -> int:
    """The time of a batch with which its timeouts are compared."""
    return batch.watermark_ms if expires_by == "watermark" else batch.processing_time_ms


def _sets_a_timeout(call: FunctionCalled) -> bool:
    return any(_is_setter(operation) for operation in reversed(call.operations))


def _is_setter(operation: list[Any]) -> bool:
    """Whether the operation sets a timeout, and did not fail."""
    return len(operation) == 2 and str(operation[0]).startswith(_SETTERS)
