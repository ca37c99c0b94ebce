"""State that stays although nobody wants it, or goes by a rule that Spark does not have. Lives here: those findings."""

from collections.abc import Iterable
from typing import Final

from engine.diagnostics import cures
from engine.diagnostics.finding import CallDiagnostic, Case, Diagnostic, Finding, Kind, last_line
from engine.model import rules
from engine.model.trace import BatchRan, FunctionCalled, Trace
from engine.views.call_table import call_table
from engine.views.lane_story import LaneStory, lane_story
from engine.views.variables import declared_variables
from engine.views.words import call_name, count_text, due_name, key_text, value_text

_REMOVES: Final = r"\.\s*(?:remove|clear|removeKey|deleteIfExists)\s*\("
#: Below this many batches nothing can be said about growth.
_MIN_BATCHES: Final = 2


class NeverRemoved(Diagnostic):
    """Live keys only grow, and the source removes nothing."""

    kind = Kind(
        "state-is-never-removed",
        "warning",
        "No call removed any state, the source has no `remove()`, and keys are remembered that wait for no timeout.",
    )

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self._removed = any(batch.removed for batch in case.trace.batches)

    def see(self, index: int, call: FunctionCalled, batch: BatchRan) -> None:
        if call.before.stored and not call.after.stored and batch.committed:
            self._removed = True

    def findings(self) -> Iterable[Finding]:
        few_batches = len(self.case.trace.batches) < _MIN_BATCHES
        if self._removed or few_batches or _all_expire(self.case.trace) or self.case.source.has(_REMOVES):
            return
        trace = self.case.trace
        stories = (lane_story(trace, place) for place in range(len(call_table(trace).lanes)))
        live = [lane for lane in stories if lane.remembered]
        for_ever = [lane for lane in live if not _waits(lane)]
        if not for_ever:
            return
        quietest = min(for_ever, key=lambda lane: lane.calls[-1])
        yield self.finding(
            f"State is never removed: {count_text(len(live), 'key')} remembered at the end",
            why="Each new key stays in memory and in every checkpoint for ever. "
            f"{key_text(quietest.key)}, for one, was last seen in {call_name(quietest.calls[-1])}.",
            fix=f"Decide when a key is over. Set a {due_name(self.case.trace)} in every call, and remove the state when it "
            "fires.",
            code=cures.remove_when_timed_out(self.case),
            line=self.case.source.first_line(cures.ASKS_HAS_TIMED_OUT),
            call_index=quietest.calls[-1],
            count=len(live),
        )


def _all_expire(trace: Trace) -> bool:
    """Whether every state variable has a time to live."""
    declared = declared_variables(trace).values()
    return bool(declared) and all(variable.ttl_ms is not None for variable in declared)


def _waits(lane: LaneStory) -> bool:
    """Whether a timeout will call for the key once more."""
    return any(timeout.fate == "pending" for timeout in reversed(lane.timeouts))


class ZombieTimeout(CallDiagnostic):
    """A timed-out call touched nothing: PySpark keeps the timeout too, and it fires for ever (SEMANTICS 1.6)."""

    kind = Kind(
        "zombie-timeout",
        "warning",
        "A timed-out call left its state as it was: in PySpark the timeout stays too, and fires again in every batch.",
    )

    def see(self, index: int, call: FunctionCalled, batch: BatchRan) -> None:
        stays = call.after.timers_ms and call.after.timers_ms == call.before.timers_ms
        if call.reason == "timeout" and batch.committed and stays:  # Spark takes no new one that is due already
            self.seen.add(index)

    def told(self, call: FunctionCalled) -> Finding:
        return self.of_first(
            "A timeout fires again in every batch",
            why=f"{key_text(call.key)} timed out, and the call neither removed nor stored anything. Then PySpark writes "
            "nothing back: the state stays, and so does the timeout that is due. From now on every batch calls the "
            "function for this key once more, and what it returns is written each time.",
            fix="Remove the state where the function sees that it has timed out, or set a new timeout there.",
            code=cures.remove_when_timed_out(self.case),
            line=self.case.source.first_line(cures.ASKS_HAS_TIMED_OUT),
        )


class TimedOutKept(CallDiagnostic):
    """A timeout fired, the call neither removed nor renewed the state, and it is still there, without a timeout."""

    kind = Kind(
        "timed-out-state-is-kept",
        "warning",
        "A key timed out and its state is still there: in Spark a timeout deletes nothing, whatever tutorials say.",
    )

    def see(self, index: int, call: FunctionCalled, batch: BatchRan) -> None:
        if call.reason != "timeout" or not batch.committed:
            return
        stays = call.before.exists and call.after.exists and not call.after.timers_ms
        renewed = any(len(operation) == 2 for operation in call.operations)
        self.seen.add(index, stays and not renewed)

    def told(self, call: FunctionCalled) -> Finding:
        return self.of_first(
            "The state of a key that timed out is kept",
            why=f"{key_text(call.key)} timed out, and {value_text(call.after.value, 40)} is still remembered: in Spark a "
            f"timeout deletes nothing, whatever tutorials say. Without another timeout nothing will ever ask about it again.",
            fix="Remove the state where the function sees that it has timed out.",
            code=cures.remove_when_timed_out(self.case),
            line=self.case.source.first_line(cures.ASKS_HAS_TIMED_OUT),
        )


class ForgottenByTutorial(CallDiagnostic):
    """State that only the tutorial's rule removed."""

    kind = Kind(
        "forgotten-only-by-the-tutorial",
        "warning",
        "A key that timed out was forgotten by the tutorial's rule alone: real Spark would keep its state.",
    )

    def see(self, index: int, call: FunctionCalled, batch: BatchRan) -> None:
        if call.state_rule == rules.TUTORIAL_FORGETS.id and call.before.exists and batch.committed:
            self.seen.add(index)

    def told(self, call: FunctionCalled) -> Finding:
        return self.of_first(
            "Real Spark would not forget this",
            why=f"{key_text(call.key)} timed out and was forgotten because the tutorial says so. Spark keeps "
            f"{value_text(call.before.value, 40)} for ever. Switch to Spark's rules to see it stay.",
            fix="Remove the state yourself: then it is forgotten under both rules.",
            code=cures.remove_when_timed_out(self.case),
            line=self.case.source.first_line(cures.ASKS_HAS_TIMED_OUT),
        )


class RowWithoutValue(CallDiagnostic):
    """A timeout on a key without a value keeps a row in the store (SEMANTICS 1.11, 1.12)."""

    kind = Kind(
        "timeout-without-a-value",
        "note",
        "A call set a timeout for a key without a value (or removed it in the same call): Spark keeps an empty row.",
    )

    def see(self, index: int, call: FunctionCalled, batch: BatchRan) -> None:
        if self.case.trace.has_variables:
            return
        if call.after.stored and not call.after.exists and batch.committed:
            self.seen.add(index)

    def told(self, call: FunctionCalled) -> Finding:
        return self.of_first(
            "A timeout without a value keeps an empty row",
            why=f"{key_text(call.key)} has no value, but its timeout takes a row in the state store. When it fires, the "
            "function is called and finds no state: get() fails there.",
            fix="Set a timeout only together with a value, and none after remove().",
            line=last_line(call),
        )
