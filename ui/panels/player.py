"""The player panel. Lives here: what the player in the browser has to know of a trace and of the picture."""

from collections.abc import Callable
from typing import Any, Final

from engine import Session, debugger
from ui import store
from ui.charts.layout import PLOT_LEFT_PX, PLOT_RIGHT_PX, Layout
from ui.components.player import player
from ui.panels import jumps

_TIMELINE: Final = ".st-key-timeline"
_NO_WINDOW: Final = [0, 1]


def draw(session: Session, on_step: Callable[[debugger.Action], None]) -> None:
    """The player over the steps of the session's trace; without steps it says so and does nothing."""

    def jump(asked: list[Any]) -> None:
        where, step_index, rev = asked
        found = jumps.action(store.get(), where, int(step_index)) if rev == session.seek_rev else None
        if found is not None:
            on_step(found)

    player("player", _data(session), lambda at: on_step(debugger.GoToStep(int(at[0]), int(at[1]))), jump)


def _data(session: Session) -> dict[str, Any]:
    """The same after each step in the browser, which is then sent nothing: the steps of many batches are long."""
    window = store.window()
    return {
        **store.kept("steps of the player", session.steps, lambda: _steps(session)),
        "rev": session.seek_rev,
        "step": store.kept("sought step", session.seek_rev, lambda: session.step_index),
        "timeline": _TIMELINE,
        "window": [window.first_trigger, window.end_trigger] if window else _NO_WINDOW,
        "top": Layout.header_height,  # the line must not strike out the names of the batches
        "left": PLOT_LEFT_PX,
        "right": PLOT_RIGHT_PX,
        "failed": session.trace is not None and session.trace.error is not None,
        "nothing": "nothing to step through yet",
    }


def _steps(session: Session) -> dict[str, Any]:
    """For each trigger its first step and its batch id (None when no batch ran); the numbers of calls as `Steps` has them."""
    if session.trace is None or not session.steps:
        return {"starts": [0], "batches": [], "numbers": [], "all": 0}
    by_trigger = {batch.trigger: batch.batch_id for batch in session.trace.batches}
    return {
        "starts": session.steps.starts,
        "batches": [by_trigger.get(trigger) for trigger in range(len(session.steps.starts) - 1)],
        "numbers": session.steps.numbers,
        "all": len(session.trace.calls),
    }
