"""The lower lane of a key: its calls. Lives here: that frame, no colours; timeouts are drawn beside it."""

from typing import Any, Final

import pandas as pd

from engine.model.trace import FunctionCalled
from engine.views.scene import Scene, frame
from engine.views.words import count_text, cut, key_text, visible

CALL_COLUMNS: Final = {
    "row": "int64",
    "x": "float64",
    "kind": "str",
    "call": "int64",
    "title": "str",
    "key": "str",
    "rows": "str",
    "state": "str",
    "timeout": "str",
}

_ERROR_LIMIT: Final = 160
_KINDS: Final = {"data": "data", "timeout": "timeout", "timer": "timer"}


def calls(scene: Scene) -> pd.DataFrame:
    """One row for each call in the window. `kind`: data, timeout, timer, other, or failed, whatever its reason was."""
    rows = [_row(scene, row, index) for row, lane in enumerate(scene.lanes) for index in scene.shown(lane.calls)]
    return frame(rows, CALL_COLUMNS)


def _row(scene: Scene, row: int, index: int) -> tuple[Any, ...]:
    call = scene.call(index)
    kind = "failed" if call.error else _KINDS.get(call.reason, "other")
    title = f"{_name(call)} · {scene.axis.place(index)}"
    rows = count_text(len(call.row_indexes), "row")
    change, timeout = _change(scene, call), _timeout(scene, index)
    return (row, scene.x(index), kind, index, title, key_text(call.key), rows, change, timeout)


def _name(call: FunctionCalled) -> str:
    name = f"{visible(call.reason).replace('_', ' ')} call"
    return f"failed {name}" if call.error else name


def _change(scene: Scene, call: FunctionCalled) -> str:
    """What the call did to the state: "2 → 3", "3, as before", or why it failed."""
    if call.error:
        return cut(visible(f"{call.error.error_class}: {call.error.message}"), _ERROR_LIMIT)
    before, after = scene.remembered(call.before), scene.remembered(call.after)
    return f"{after}, as before" if call.after.entries == call.before.entries else f"{before} → {after}"


def _timeout(scene: Scene, index: int) -> str:
    """The timeout or timers that stand after the call, the earliest first; or that it lost one."""
    call = scene.call(index)
    if call.after.timers_ms:
        more = f", and {len(call.after.timers_ms) - 1:,} more" if len(call.after.timers_ms) > 1 else ""
        timer = "timer " if scene.trace.has_variables else ""
        return f"{timer}due {scene.axis.moment(min(call.after.timers_ms))}{more}"
    if scene.trace.has_variables:
        return "no timer waits"
    is_lost = call.reason == "data" and call.before.timers_ms and call.after.exists and not call.error
    return "lost: this call did not set it again" if is_lost else "none"
