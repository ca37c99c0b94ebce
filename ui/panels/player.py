"""The player panel. Lives here: what the player in the browser has to know of a trace, and the action it sends."""

from typing import Any, Final

from engine import Session, debugger
from ui.components.player import player

_TIMELINE: Final = ".st-key-timeline"


def draw(session: Session) -> None:
    """The player over the steps of the session's trace; without steps it says so and does nothing."""
    player("player", _data(session), _go_to_step)


def _go_to_step(at: Any) -> debugger.GoToStep:
    step_index, rev = at
    return debugger.GoToStep(int(step_index), int(rev))


def _data(session: Session) -> dict[str, Any]:
    return {
        **_steps(session),
        "rev": session.seek_rev,
        "step": session.step_index,
        "timeline": _TIMELINE,
        "window": [0, 3],
        "left": 100,
        "right": 10,
        "colour": "var(--st-primary-color)",
        "nothing": "nothing to step through yet",
    }


def _steps(session: Session) -> dict[str, Any]:
    """For each trigger: its first step, its batch id (None when no batch ran) and its number of calls."""
    if session.trace is None or not session.steps:
        return {"starts": [0], "batches": [], "calls": []}
    by_trigger = {batch.trigger: batch for batch in session.trace.batches}
    batches = [by_trigger.get(trigger) for trigger in range(len(session.steps.starts) - 1)]
    return {
        "starts": session.steps.starts,
        "batches": [batch and batch.batch_id for batch in batches],
        "calls": [batch.call_count if batch else 0 for batch in batches],
    }
