"""The state timeline as one Vega-Lite spec, and its datasets. Lives here: the whole; its marks are in the files beside.

The spec depends on the layout and the theme only. A new window, a new trace or a wider page change datasets and widths,
which the browser takes in without drawing the chart anew.
"""

from typing import Final

import pandas as pd

from engine.views import Picture, WatermarkStrip
from ui.charts import timeline_ground as ground
from ui.charts import timeline_lanes as lanes
from ui.charts.layout import EDGES, Layout
from ui.charts.marks import Spec, chart, click
from ui.theme import Theme

_CHARACTER_PX: Final = 7
_SMALL_CHARACTER_PX: Final = 5.5
_SHORTEST_LABEL_PX: Final = 44
_MOMENT_PAD_PX: Final = 12


def spec(layout: Layout, theme: Theme) -> Spec:
    """The chart. A click selects the `call` of a mark; the plot lies between PLOT_LEFT_PX and PLOT_RIGHT_PX."""
    layers = [
        *ground.ground(layout, theme),
        *ground.header(layout, theme),
        *(ground.strip(layout, theme) if layout.has_watermark else ()),
        *lanes.states(layout, theme),
        *lanes.timeouts(layout, theme),
        *lanes.calls(layout, theme),
    ]
    layers[0]["params"] = click("call")
    return chart(layout.height, EDGES, layout.is_large, layers)


def datasets(picture: Picture) -> dict[str, pd.DataFrame]:
    """The named datasets of the spec."""
    timeouts = picture.timeouts
    return {
        "triggers": _with_middle(picture.triggers),
        "lanes": picture.lanes,
        "bars": _with_room(picture.bars),
        "ends": picture.ends,
        "calls": picture.calls,
        "timeout_lines": timeouts.lines,
        "timeout_marks": timeouts.marks,
        "waits": timeouts.waits.assign(
            needs=_needed_px(timeouts.waits["label"], _SMALL_CHARACTER_PX),
            needs_short=_needed_px(timeouts.waits["short_label"], _SMALL_CHARACTER_PX),
        ),
        **(_strip_datasets(picture.watermark) if picture.watermark else {}),
    }


def _needed_px(labels: pd.Series, character_px: float = _CHARACTER_PX) -> pd.Series:
    return labels.str.len().astype("float64") * character_px


def _with_middle(triggers: pd.DataFrame) -> pd.DataFrame:
    """`moment_px` is the room that the longest moment needs, so that either all in a stride are there or none."""
    later = triggers["moment"].tail(max(1, len(triggers) - 1))  # the first one says its date, and may be cut
    needed = _needed_px(later, _SMALL_CHARACTER_PX).max()
    return triggers.assign(middle=triggers["x"] + 0.5, moment_px=needed + _MOMENT_PAD_PX)


def _with_room(bars: pd.DataFrame) -> pd.DataFrame:
    """`needs` is the width below which no label is drawn: a number is whole or not there, other values may be cut.

    Names are there from `needs_names` on: from where the first of them has room for its value too.
    """
    is_number = bars["values"].str.fullmatch(r"-?[\d.e+-]+")
    needed = _needed_px(bars["values"])
    first = bars["label"].str.replace(", .*", "", regex=True)
    return bars.assign(
        needs=needed.where(is_number, needed.clip(upper=_SHORTEST_LABEL_PX)), needs_names=_needed_px(first)
    )


def _strip_datasets(strip: WatermarkStrip) -> dict[str, pd.DataFrame]:
    """`part` is a place in the strip: 0 at its top, 1 at its bottom."""
    span = (strip.most_ms - strip.least_ms) or 1.0
    late = strip.lines.assign(part=(strip.most_ms - strip.lines["late_ms"]) / span)
    return {
        "strip_rows": strip.rows.assign(part=(strip.most_ms - strip.rows["ahead_ms"]) / span),
        "strip_zero": strip.lines.assign(part=strip.most_ms / span),
        "strip_late": late[late["part"].notna()],
        "strip_ticks": strip.ticks.assign(part=(strip.most_ms - strip.ticks["ahead_ms"]) / span),
    }
