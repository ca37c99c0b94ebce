"""The heat map of a large trace as one Vega-Lite spec, and its datasets. Lives here: marks and colours only."""

from typing import Any, Final

import pandas as pd

from engine.views import Overview, Window
from ui.charts.layout import EDGES, SMALL_FONT_PX
from ui.charts.marks import Spec, axis, chart, click, layer, text, tooltip, value, when, x, x2
from ui.theme import Theme

_MOST_PX: Final = 132
_ROW_PX: Final = 12


def height_px(rows: int) -> int:
    """How high the chart of so many lanes is."""
    return min(_MOST_PX, max(2, rows) * _ROW_PX)


def spec(rows: int, theme: Theme) -> Spec:
    """The chart. A click selects the `call` of a cell; the plot lies between the same edges as the timeline's."""
    height = height_px(rows)
    y, y2 = (value(f"datum.{field} * {height / max(1, rows)}") for field in ("row", "row2"))
    place: Spec = {"x": x(), "x2": x2(), "y": y, "y2": y2}
    cells = _cells(place, theme)
    cells["params"] = click("call")
    ground: Spec = {**place, "x": axis("whole"), "y": value(0), "y2": value(height)}
    frame = {"type": "rect", "filled": False, "strokeWidth": 2, "cornerRadius": 2}
    names = {"type": "text", "align": "right", "baseline": "top", "fontSize": SMALL_FONT_PX, "clip": False}
    layers = [
        layer("whole", {"type": "rect"}, **ground, color=value(theme.band)),
        cells,
        *_marked(place, theme),
        layer("window", frame, **place, stroke=value(theme.text)),
        layer("names", names, x=value(-10), y=value("datum.y"), text=text("label"), color=value(theme.faint_text)),
    ]
    return chart(height, EDGES, True, layers)


def _cells(place: dict[str, Any], theme: Theme) -> Spec:
    steps = len(theme.values)
    shades = {f"datum.part <= {(place + 1) / steps}": shade for place, shade in enumerate(theme.values[:-1])}
    words = tooltip(keys="keys", triggers="time")
    mark = {"type": "rect", "cursor": "pointer"}
    return layer("cells", mark, **place, color=when(shades, theme.values[-1]), tooltip=words)


def _marked(place: dict[str, Any], theme: Theme) -> list[Spec]:
    """Over a cell: from below the part of its calls that timeouts made; all of one in which a call failed."""
    top, bottom = (place[end]["value"]["expr"] for end in ("y", "y2"))
    timed_out = {**place, "y": value(f"{bottom} - datum.timed_out * ({bottom} - {top})")}
    mark = {"type": "rect", "interactive": False}
    return [
        layer("cells", mark, where="datum.timed_out > 0", **timed_out, color=value(theme.timeout_call)),
        layer("cells", mark, where="datum.failed", **place, color=value(theme.problem)),
    ]


def datasets(overview: Overview, window: Window) -> dict[str, pd.DataFrame]:
    """The named datasets of the spec."""
    frame = {
        "x": [float(window.first_trigger)],
        "x2": [float(min(window.end_trigger, overview.end))],
        "row": [float(window.first_key)],
        "row2": [float(min(window.first_key + window.key_count, overview.rows))],
    }
    names = {"label": [f"{overview.rows:,} keys", f"{overview.end:,} triggers"], "y": [0.0, 15.0]}
    return {
        "whole": pd.DataFrame({"x": [0.0], "x2": [float(overview.end)]}),
        "cells": overview.cells,
        "window": pd.DataFrame(frame),
        "names": pd.DataFrame(names),
    }
