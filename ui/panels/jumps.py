"""Where the player's jumps lead: this key's calls, the next finding, the next error. Lives here: that, as actions."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from engine import Session, debugger, diagnostics, views


def action(session: Session, where: str, step_index: int) -> debugger.Action | None:
    """The action for a jump from this step; None where there is nothing to jump to."""
    trace, steps = session.trace, session.steps
    if trace is None or not steps:
        return None
    match where:
        case "key_back" | "key_forward":
            current = views.last_call_at(trace, steps.at(step_index))
            calls = views.calls_with_the_key_of(trace, current).indexes
            place = bisect_right(calls, current) if where == "key_forward" else bisect_left(calls, current) - 1
            return debugger.GoToCall(calls[place]) if 0 <= place < len(calls) else None
        case "finding":
            return _next(steps, step_index, diagnostics.findings(trace))
        case "error":
            errors = (finding for finding in diagnostics.findings(trace) if finding.severity == "error")
            return _next(steps, step_index, errors)
        case _:
            return None


def _next(steps: debugger.Steps, step_index: int, findings: Iterable[diagnostics.Finding]) -> debugger.Action | None:
    """To the next of these findings after the step, and after the last one to the first again."""
    places = sorted({place for finding in findings if (place := _step_of(steps, finding)) is not None})
    if not places:
        return None
    later = bisect_right(places, step_index)
    step = steps.at(places[later % len(places)])
    return debugger.GoToTrigger(step.trigger) if step.call_index is None else debugger.GoToCall(step.call_index)


def _step_of(steps: debugger.Steps, finding: diagnostics.Finding) -> int | None:
    """The step that a finding points to; None when it points to none."""
    if finding.call_index is not None:
        return steps.of_call(finding.call_index)
    return steps.of_trigger(finding.trigger) if finding.trigger is not None else None
