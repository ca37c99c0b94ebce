"""The picture of a window: everything that the timeline draws, as frames in triggers and lanes. Lives here: the whole of it."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
import pandas as pd

from engine.debugger.steps import Steps
from engine.model.trace import Trace
from engine.views.axis import TriggerKind
from engine.views.call_table import Lane
from engine.views.picture_calls import calls
from engine.views.picture_states import bars, ends
from engine.views.picture_timeouts import TimeoutFrames, timeouts
from engine.views.scene import Scene, frame
from engine.views.watermark_strip import WatermarkStrip, watermark_strip
from engine.views.window import Window
from engine.views.words import batch_name, call_name, count_text, due_name, key_text

TRIGGER_COLUMNS: Final = {
    "x": "float64",
    "x2": "float64",
    "kind": "str",
    "every": "int64",
    "label": "str",
    "number": "str",
    "moment": "str",
    "call": "int64",
    "title": "str",
    "what": "str",
}
LANE_COLUMNS: Final = {"row": "int64", "label": "str", "call": "int64", "title": "str", "what": "str"}

_NAME_LIMIT: Final = 60
#: Where there is no room for every label, those of every 5th, 10th, 50th … trigger stay.
_STRIDES: Final = (100_000, 50_000, 10_000, 5_000, 1_000, 500, 100, 50, 10, 5)


class Picture(msgspec.Struct, frozen=True):
    """All frames of a window. `row` is a lane of the window, `x` a place on the axis in triggers (TriggerAxis).

    `call` is where a click leads, -1 when it leads nowhere. Texts are plain, short and harmless.
    """

    begin: int
    end: int
    triggers: pd.DataFrame
    lanes: pd.DataFrame
    bars: pd.DataFrame
    ends: pd.DataFrame
    calls: pd.DataFrame
    timeouts: TimeoutFrames
    watermark: WatermarkStrip | None


def picture(trace: Trace, steps: Steps, window: Window, places: Sequence[int]) -> Picture:
    """What a window shows; `places` are the lanes to choose from, in order (`chosen_lanes`)."""
    scene = Scene(trace, steps, window, places)
    return Picture(
        begin=scene.begin,
        end=scene.end,
        triggers=frame(list(_triggers(scene)), TRIGGER_COLUMNS),
        lanes=frame([_lane(scene, row, lane) for row, lane in enumerate(scene.lanes)], LANE_COLUMNS),
        bars=bars(scene),
        ends=ends(scene),
        calls=calls(scene),
        timeouts=timeouts(scene),
        watermark=watermark_strip(scene),
    )


def _triggers(scene: Scene) -> Iterator[tuple[Any, ...]]:
    """A row a trigger; `every` is the largest stride of labels that keeps this one's, `number` a label for no room."""
    for trigger in range(scene.begin, scene.end):
        batch = scene.axis.batch(trigger)
        kind = scene.axis.kind(trigger)
        name = _name(kind, batch.batch_id) if batch else _name(kind, trigger)
        every = next((stride for stride in _STRIDES if (trigger + 1) % stride == 0), 1)
        moment = scene.axis.trigger_moment(trigger, max(scene.begin, trigger - 1) if trigger > scene.begin else 0)
        call = batch.first_call if batch and batch.call_count else -1
        title = f"{name}, {scene.axis.trigger_moment(trigger)}"
        number = f"{batch.batch_id + 1:,}" if batch else ""
        yield (trigger, trigger + 1, kind, every, name, number, moment, call, title, _what_happened(scene, trigger))


def _name(kind: TriggerKind, number: int) -> str:
    match kind:
        case "no_batch":
            return "no batch"
        case "not_reached":
            return "not reached"
        case _:
            return batch_name(number)


def _what_happened(scene: Scene, trigger: int) -> str:
    batch = scene.axis.batch(trigger)
    if batch is None:
        is_reached = trigger < scene.axis.reached
        no_data = f"no new data came, and no {due_name(scene.trace)} asked for a batch"
        return no_data if is_reached else "the query had died"
    dropped = f", {count_text(len(batch.dropped), 'row')} dropped" if batch.dropped else ""
    died = "" if batch.committed else "; it failed, and nothing of it is kept"
    return f"{count_text(batch.input_rows, 'row')}, {count_text(scene.axis.calls_at(trigger), 'call')}{dropped}{died}"


def _lane(scene: Scene, row: int, lane: Lane) -> tuple[Any, ...]:
    name = key_text(lane.key, _NAME_LIMIT)
    first, last = lane.calls[0], lane.calls[-1]
    what = (
        f"{count_text(len(lane.calls), 'call')}, first in {scene.axis.place(first)}, last in {scene.axis.place(last)}"
    )
    return (row, name, first, f"{name} ({call_name(first)})", what)
