"""The rows of a window against the watermark. Lives here: that frame; which row is late was decided by the replay."""

import math
from collections.abc import Iterator
from typing import Any, Final

import msgspec
import pandas as pd

from engine.model.columns import spelled
from engine.model.moments import micros_of, moment_of
from engine.model.trace import BatchRan, Trace
from engine.views.once import once_per_trace
from engine.views.scene import Scene, frame
from engine.views.words import batch_name, count_text, row_text, short_duration_text

ROW_COLUMNS: Final = {
    "x": "float64",
    "ahead_ms": "float64",
    "kind": "str",
    "call": "int64",
    "title": "str",
    "event_time": "str",
    "watermark": "str",
    "late": "str",
}
LINE_COLUMNS: Final = {"x": "float64", "x2": "float64", "late_ms": "float64", "title": "str", "late": "str"}
TICK_COLUMNS: Final = {"ahead_ms": "float64", "label": "str"}

_ROW_LIMIT: Final = 60
#: More rows than this in a window are drawn one for all of its kind in a cell of a grid.
_MANY_ROWS: Final = 1_200
_GRID_COLUMNS: Final = 160
_GRID_ROWS: Final = 24
#: Of a trigger with more rows than this only every second, third … is looked at; all that were dropped are.
_MOST_ROWS_A_TRIGGER: Final = 4_000
#: Two ticks stand at least this part of the scale apart.
_TICKS_APART: Final = 4
_WHOLE_SECONDS_FROM_MS: Final = 10_000


class WatermarkStrip(msgspec.Struct, frozen=True):
    """Each row by how far its event time is ahead of the watermark of its batch (the one timeouts are compared with).

    `rows`: `kind` is kept, dropped, or early (its batch had no watermark yet; `ahead_ms` then counts from the earliest
    row of the batch). `call` got the row, -1 when that is not in the window. `lines`: a stretch for each batch with a
    watermark; `late_ms` is the watermark of the batch before on the same scale: rows at or below it are dropped
    (SEMANTICS 0.12); NaN while that one is not set. `ticks` name heights. `least_ms` and `most_ms` are the range of all.
    """

    rows: pd.DataFrame
    lines: pd.DataFrame
    ticks: pd.DataFrame
    least_ms: float
    most_ms: float


class _Point(msgspec.Struct, frozen=True, gc=False):
    """A row in its place; `zero_ms` is what its event time is compared with."""

    trigger: int
    row_index: int
    x: float
    time_ms: float
    zero_ms: float
    kind: str

    @property
    def ahead_ms(self) -> float:
        return self.time_ms - self.zero_ms


def watermark_strip(scene: Scene) -> WatermarkStrip | None:
    """The strip of a window; None for a query without a watermark."""
    if scene.trace.scenario.watermark is None:
        return None
    batches = [batch for trigger in range(scene.begin, scene.end) if (batch := scene.axis.batch(trigger))]
    points = [point for batch in batches for point in _points(scene, batch)]
    lines = frame([line for batch in batches for line in _lines(scene, batch)], LINE_COLUMNS)
    values = [0.0, *(point.ahead_ms for point in points), *lines["late_ms"].dropna()]
    least_ms, most_ms = min(values), max(values)
    calls = _call_of_row(scene)
    rows = [_row(scene, calls, *cell) for cell in _cells(scene, points, least_ms, most_ms)]
    ticks = frame(list(_ticks(least_ms, most_ms)), TICK_COLUMNS)
    return WatermarkStrip(frame(rows, ROW_COLUMNS), lines, ticks, least_ms, most_ms)


def _points(scene: Scene, batch: BatchRan) -> Iterator[_Point]:
    """The rows of a batch that have an event time, those of a large batch in part."""
    values = _event_times(scene, batch)
    dropped = {row.row_index for row in batch.dropped}
    every = math.ceil(len(values) / _MOST_ROWS_A_TRIGGER)
    times_ms = {
        index: micros_of(moment_of(value)) / 1000
        for index, value in enumerate(values)
        if value is not None and (index % every == 0 or index in dropped)
    }
    zero_ms = batch.watermark_ms or min(times_ms.values(), default=0.0)
    for index, time_ms in times_ms.items():
        kind = "dropped" if index in dropped else "kept" if batch.watermark_ms else "early"
        x = batch.trigger + (index + 0.5) / len(values)
        yield _Point(batch.trigger, index, x, time_ms, zero_ms, kind)


def _event_times(scene: Scene, batch: BatchRan) -> list[Any]:
    return scene.trace.scenario.batches[batch.trigger].rows.column(_event_time_column(scene.trace))


@once_per_trace
def _event_time_column(trace: Trace) -> str:
    """The watermark's column as the events spell it, "" without one."""
    watermark = trace.scenario.watermark
    return spelled(trace.scenario, watermark.column) if watermark else ""


def _lines(scene: Scene, batch: BatchRan) -> Iterator[tuple[Any, ...]]:
    if batch.watermark_ms:
        late_ms = float(batch.late_watermark_ms - batch.watermark_ms) if batch.late_watermark_ms else math.nan
        title = f"watermark of {batch_name(batch.batch_id)}: {scene.axis.moment(batch.watermark_ms)}"
        x = float(batch.trigger)
        yield (x, x + 1, late_ms, title, _late_rule(scene, batch.late_watermark_ms))


def _ticks(least_ms: float, most_ms: float) -> Iterator[tuple[float, str]]:
    """The watermark itself, and the ends of the scale as far as they are apart from it."""
    yield (0.0, "watermark")
    apart_ms = (most_ms - least_ms) / _TICKS_APART
    if most_ms > apart_ms:
        yield (most_ms, f"+{short_duration_text(_rounded(most_ms))}")
    if -least_ms > apart_ms:
        yield (least_ms, short_duration_text(_rounded(least_ms)))


def _rounded(length_ms: float) -> int:
    """Without the milliseconds that nobody reads on a scale."""
    return round(length_ms / 1000) * 1000 if abs(length_ms) >= _WHOLE_SECONDS_FROM_MS else round(length_ms)


def _cells(scene: Scene, points: list[_Point], least_ms: float, most_ms: float) -> list[tuple[_Point, int]]:
    """The points to draw, and how many rows each stands for."""
    if len(points) <= _MANY_ROWS:
        return [(point, 1) for point in points]
    width = (scene.end - scene.begin) / _GRID_COLUMNS
    height = max(1.0, most_ms - least_ms) / _GRID_ROWS
    cells: dict[tuple[int, int, str], tuple[_Point, int]] = {}
    for point in points:
        cell = (int((point.x - scene.begin) / width), int((point.ahead_ms - least_ms) / height), point.kind)
        first, count = cells.get(cell, (point, 0))
        cells[cell] = (first, count + 1)
    return list(cells.values())


def _call_of_row(scene: Scene) -> dict[tuple[int, int], int]:
    """By trigger and row: the call that got the row, as far as its lane is in the window."""
    return {
        (scene.batch(index).trigger, row_index): index
        for lane in scene.lanes
        for index in scene.shown(lane.calls)
        for row_index in scene.call(index).event_indexes
    }


def _row(scene: Scene, calls: dict[tuple[int, int], int], point: _Point, count: int) -> tuple[Any, ...]:
    batch = scene.axis.batch(point.trigger)
    beside_ms = int(point.time_ms)
    row = row_text(scene.trace.scenario.batches[point.trigger].rows[point.row_index], _ROW_LIMIT)
    return (
        point.x,
        point.ahead_ms,
        point.kind,
        calls.get((point.trigger, point.row_index), -1),
        f"{'dropped' if point.kind == 'dropped' else 'kept'}: {row if count == 1 else count_text(count, 'row')}",
        scene.axis.moment(beside_ms),
        _against(scene, point, batch.watermark_ms if batch else 0),
        _late_rule(scene, batch.late_watermark_ms if batch else 0),
    )


def _against(scene: Scene, point: _Point, watermark_ms: int) -> str:
    if not watermark_ms:
        return "not set yet"
    side = "ahead of it" if point.ahead_ms > 0 else "behind it"
    return f"{scene.axis.moment(watermark_ms)}; the row is {short_duration_text(round(abs(point.ahead_ms)))} {side}"


def _late_rule(scene: Scene, late_watermark_ms: int) -> str:
    if not late_watermark_ms:
        return "no row, as the batch before had no watermark"
    return f"at or before {scene.axis.moment(late_watermark_ms)}, the watermark of the batch before"
