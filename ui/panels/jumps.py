"""Where the player's jumps lead: this key's calls, the next finding, the next error. Lives here: that, as actions."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import Final

from engine import Session, Trace, debugger, diagnostics, views


def action(session: Session, where: str, step_index: int) -> debugger.Action | None:
    """The action for a jump from this step; None where there is nothing to jump to."""
    trace, steps = session.trace, session.steps
    if trace is None or not steps:
        return None
    current = views.last_call_at(trace, steps.at(step_index))
    return _PLACES[where](trace, steps, current, step_index)


def _key_back(trace: Trace, steps: debugger.Steps, current: int, step_index: int) -> debugger.Action | None:
    calls = views.calls_with_the_key_of(trace, current).indexes
    place = bisect_left(calls, current)
    return debugger.GoToCall(calls[place - 1]) if place else None


def _key_forward(trace: Trace, steps: debugger.Steps, current: int, step_index: int) -> debugger.Action | None:
    calls = views.calls_with_the_key_of(trace, current).indexes
    place = bisect_right(calls, current)
    return debugger.GoToCall(calls[place]) if place < len(calls) else None


def _finding(trace: Trace, steps: debugger.Steps, current: int, step_index: int) -> debugger.Action | None:
    return _next(_steps_of(steps, diagnostics.findings(trace)), steps, step_index)


def _error(trace: Trace, steps: debugger.Steps, current: int, step_index: int) -> debugger.Action | None:
    errors = [finding for finding in diagnostics.findings(trace) if finding.severity == "error"]
    return _next(_steps_of(steps, errors), steps, step_index)


def _steps_of(steps: debugger.Steps, findings: list[diagnostics.Finding]) -> list[int]:
    """The steps that findings point to, in order."""
    calls = {steps.of_call(finding.call_index) for finding in findings if finding.call_index is not None}
    triggers = {
        steps.of_trigger(finding.trigger)
        for finding in findings
        if finding.call_index is None and finding.trigger is not None
    }
    return sorted(calls | triggers)


def _next(places: list[int], steps: debugger.Steps, step_index: int) -> debugger.Action | None:
    """The next place after the step, and after the last one the first again."""
    if not places:
        return None
    later = bisect_right(places, step_index)
    step = steps.at(places[later % len(places)])
    return debugger.GoToTrigger(step.trigger) if step.call_index is None else debugger.GoToCall(step.call_index)


_PLACES: Final[dict[str, Callable[[Trace, debugger.Steps, int, int], debugger.Action | None]]] = {
    "key_back": _key_back,
    "key_forward": _key_forward,
    "finding": _finding,
    "error": _error,
}
