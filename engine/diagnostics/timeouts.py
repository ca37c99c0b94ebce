"""Timeouts that were lost, wait, or meet a function that does not expect them. Lives here: those findings."""

import re
from collections.abc import Iterable

from engine.diagnostics import cures
from engine.diagnostics.finding import CallDiagnostic, Case, Diagnostic, Finding, Kind, last_line
from engine.model.trace import BatchRan, FunctionCalled
from engine.views.lane_story import timeout_fates
from engine.views.timeouts import EXPIRY_REASONS, setting_line
from engine.views.words import count_text, due_name, key_text, moment_text, visible, waits_for_text


class LostTimeout(CallDiagnostic):
    """A data call left the state and set no timeout, although one stood (SEMANTICS 1.7)."""

    kind = Kind(
        "lost-timeout",
        "warning",
        "A call left state without a timeout although an earlier call had set one: a timeout holds for one call only.",
    )

    def see(self, index: int, call: FunctionCalled, batch: BatchRan) -> None:
        lost = call.before.timers_ms and not call.after.timers_ms and call.after.exists
        if lost and call.reason not in EXPIRY_REASONS and batch.committed and not self.case.trace.has_variables:
            self.seen.add(index)

    def told(self, call: FunctionCalled) -> Finding:
        batch = self.case.trace.batch_of(call)
        due = moment_text(min(call.before.timers_ms), batch.processing_time_ms)
        return self.of_first(
            "A timeout was lost",
            why=f"{key_text(call.key)} had a timeout due at {due}. This call kept the state and set none, and Spark then "
            "clears the old one: if nothing more comes, the key is never called again.",
            fix="Set the timeout again in every call that keeps the state.",
            code=visible(self._own_line()) or cures.set_timeout(self.case),
            line=last_line(call),
        )

    def _own_line(self) -> str:
        """The function's own way to set a timeout, when it is one plain call."""
        state = re.escape(self.case.source.state_name)
        return self.case.source.statement(rf"^\s*{state}\.setTimeout\w+\([^()]*\)\s*$")


class PendingTimeouts(Diagnostic):
    """The stream ended before these timeouts could fire."""

    kind = Kind(
        "timeouts-are-pending",
        "note",
        "The stream ended while timeouts were waiting; says what the first of them waits for.",
    )

    def findings(self) -> Iterable[Finding]:
        trace = self.case.trace
        pending = [timeout for timeout in timeout_fates(trace) if timeout.fate == "pending" and not timeout.kept_by]
        if not pending or trace.ending != "completed":
            return
        first = min(pending, key=lambda timeout: timeout.due_ms)
        last_ms = trace.batches[-1].processing_time_ms
        waits = waits_for_text(trace, first.due_ms, last_ms)
        more = f", and {count_text(len(pending) - 1, 'other')} like it" if len(pending) > 1 else ""
        yield self.finding(
            f"The stream ended with {count_text(len(pending), due_name(trace))} pending",
            why=f"{key_text(first.key)} waits for {waits}{more}. What the function does then is not seen here.",
            fix=_how_to_fire(self.case, first.due_ms),
            line=setting_line(trace, first) or None,
            call_index=first.set_by,
            count=len(pending),
        )


class NeverAsksForTimeout(CallDiagnostic):
    """Timeouts fired, and the source does not know the word."""

    kind = Kind(
        "timeout-is-not-expected",
        "warning",
        "Timeouts fired, but the function never asks `hasTimedOut`: it takes such a call for one with data.",
    )

    def see(self, index: int, call: FunctionCalled, batch: BatchRan) -> None:
        if call.reason == "timeout":
            self.seen.add(index)

    def told(self, call: FunctionCalled) -> Finding | None:
        if self.case.source.has(cures.ASKS_HAS_TIMED_OUT):
            return None
        return self.of_first(
            "The function does not ask whether it has timed out",
            times="timeout",
            why=f"{key_text(call.key)} timed out, and the function was called without rows. It went on as if rows had "
            "come: it may store, or return, what never happened.",
            fix="Ask first, and handle the key that has gone quiet.",
            code=cures.ask_whether_timed_out(self.case),
        )


class BranchNeverRan(Diagnostic):
    """The function asks hasTimedOut, and no timeout fired."""

    kind = Kind(
        "timed-out-branch-never-ran",
        "note",
        "The function asks `hasTimedOut`, or handles timers, but in this stream none fired: that branch was not tried.",
    )

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self._fired = False
        self._earliest: tuple[int, int] | None = None

    def see(self, index: int, call: FunctionCalled, batch: BatchRan) -> None:
        self._fired = self._fired or call.reason in EXPIRY_REASONS
        for due_ms in call.after.timers_ms:
            if self._earliest is None or due_ms < self._earliest[0]:  # calls come in order
                self._earliest = due_ms, index

    def findings(self) -> Iterable[Finding]:
        trace = self.case.trace
        is_timer = trace.has_variables
        line = self.case.source.first_line(cures.HANDLES_TIMERS if is_timer else cures.ASKS_HAS_TIMED_OUT)
        if self._fired or line is None or not trace.calls or trace.ending != "completed":
            return
        title = "handleExpiredTimer never ran" if is_timer else "The branch for timeouts never ran"
        yield (
            self._none_was_set(title, line)
            if self._earliest is None
            else self._none_was_due(title, line, *self._earliest)
        )

    def _none_was_set(self, title: str, line: int) -> Finding:
        return self.finding(
            title,
            why=f"No call set a {due_name(self.case.trace)}, so none can fire.",
            fix="Set one in every call that keeps the state.",
            code=cures.set_timeout(self.case),
            line=line,
        )

    def _none_was_due(self, title: str, line: int, due_ms: int, call_index: int) -> Finding:
        name = due_name(self.case.trace).capitalize()
        return self.finding(
            title,
            why=f"{name}s were set, but the stream ended, or new rows came, before one was due.",
            fix=_how_to_fire(self.case, due_ms),
            line=line,
            call_index=call_index,
        )


def _how_to_fire(case: Case, due_ms: int) -> str:
    """What to add to the events, so that a timeout that is due then fires."""
    due = moment_text(due_ms, case.trace.batches[-1].processing_time_ms)
    watermark = case.scenario.watermark
    if case.trace.expires_by == "watermark" and watermark is not None:
        return f"To see it, add a row whose {watermark.column} is more than {watermark.delay} after {due}, then one more batch."
    return f"To see it, add a batch without rows after {due}."
