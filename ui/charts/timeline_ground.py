"""What lies around and behind the lanes of the timeline: triggers, names, the watermark strip. Lives here: their marks."""

from typing import Final

from ui.charts.layout import PLOT_LEFT_PX, PLOT_RIGHT_PX, SMALL_FONT_PX, Layout
from ui.charts.marks import NO_ENTRY, WIDTH, Spec, axis, layer, text, tooltip, value, when, x, x2
from ui.theme import Theme

_BESIDE_PX: Final = -10
_NAME_PX: Final = 64
_NUMBER_PX: Final = 26
_MANY_ROWS: Final = 300
_HAS_ROOM: Final = f"{WIDTH} >= {_NAME_PX}"


def ground(layout: Layout, theme: Theme) -> list[Spec]:
    """What lies behind: bands for the lanes, a line at each trigger, and triggers at which nothing was kept."""
    height = {"y": value(layout.header_height), "y2": value(layout.height)}
    bands = layer(
        "lanes",
        {"type": "rect", "clip": False},
        x=value(-PLOT_LEFT_PX),
        x2=value("width"),
        y=value(layout.y(0)),
        y2=value(layout.y(layout.lanes.height)),
        color=value(theme.band),
        where="datum.row % 2 === 0",
    )
    died = layer(
        "triggers",
        {"type": "rect"},
        x=x(),
        x2=x2(),
        **height,
        color=value(theme.problem_band),
        where="datum.kind === 'died'",
    )
    hatched = layer(
        "triggers",
        {"type": "rule", "strokeDash": [1, 4], "strokeWidth": {"expr": WIDTH}},
        x=x("middle"),
        **height,
        color=value(theme.hatch),
        where="datum.kind === 'no_batch' || datum.kind === 'not_reached'",
    )
    lines = layer("triggers", {"type": "rule"}, x=axis(), y=value(4), y2=value(layout.height), color=value(theme.grid))
    return [bands, died, hatched, lines]


def header(layout: Layout, theme: Theme) -> list[Spec]:
    """The names of triggers and keys, beside the plot's edges."""
    place = {"type": "rect", "opacity": 0, "cursor": "pointer"}
    edges: Spec = {"x": x(), "x2": x2(), "y": value(0), "y2": value(layout.header_height)}
    words = layer("triggers", place, **edges, tooltip=tooltip(what="in it"))
    return [words, *_trigger_names(theme), _trigger_moments(theme), _key_names(layout, theme)]


def _trigger_names(theme: Theme) -> list[Spec]:
    """Where "batch 7" has no room, "7" stands alone, and "batch" once at the left."""
    kinds = {"datum.kind === 'died'": theme.problem, "datum.kind === 'batch'": theme.text}
    is_whole = f"scale('x', datum.x) + {_NUMBER_PX} <= width + {PLOT_RIGHT_PX}"
    has_its_number = f"datum.every * {WIDTH} >= {_NUMBER_PX} && {is_whole}"
    names = layer(
        "triggers",
        {"type": "text", "align": "left", "baseline": "middle", "clip": False, "dx": 6, "fontWeight": 600},
        x=x(),
        y=value(12),
        text=value(f"{_HAS_ROOM} ? datum.label : datum.number"),
        color=when(kinds, theme.faint_text),
        opacity=when({f"{_HAS_ROOM} || {has_its_number}": 1}, 0),
    )
    common = layer(
        "triggers",
        {"type": "text", "align": "right", "baseline": "middle", "clip": False, "fontSize": SMALL_FONT_PX},
        x=value(_BESIDE_PX),
        y=value(12),
        text=value(f"{_HAS_ROOM} ? '' : 'batch'"),
        color=value(theme.faint_text),
        where="datum.x === data('triggers')[0].x",
    )
    return [names, common]


def _trigger_moments(theme: Theme) -> Spec:
    is_whole = f"(scale('x', datum.x) + {_NAME_PX} <= width || {_HAS_ROOM})"
    return layer(
        "triggers",
        {"type": "text", "align": "left", "baseline": "middle", "dx": 6, "fontSize": SMALL_FONT_PX},
        x=x(),
        y=value(27),
        text=text("moment"),
        color=value(theme.faint_text),
        opacity=when({f"datum.every * {WIDTH} >= datum.moment_px && {is_whole}": 1}, 0),
    )


def _key_names(layout: Layout, theme: Theme) -> Spec:
    mark = {"type": "text", "align": "right", "baseline": "middle", "clip": False, "fontSize": 13}
    return layer(
        "lanes",
        {**mark, "limit": PLOT_LEFT_PX + _BESIDE_PX - 6},
        x=value(_BESIDE_PX),
        y=value(layout.y(layout.bar_middle)),
        text=text("label"),
        color=value(theme.text),
        tooltip=tooltip(what="calls"),
    )


def strip(layout: Layout, theme: Theme) -> list[Spec]:
    """The rows against the watermark: those that were dropped lie at or below the dashed line, which is the late one."""
    top, height = layout.header_height + 8, layout.strip_height - 16
    y = value(f"{top} + datum.part * {height}")
    ticks = layer(
        "strip_ticks",
        {"type": "text", "align": "right", "baseline": "middle", "fontSize": SMALL_FONT_PX, "clip": False},
        x=value(_BESIDE_PX),
        y=y,
        text=text("label"),
        color=value(theme.faint_text),
    )
    line: Spec = {"x": x(), "x2": x2(), "y": y, "color": value(theme.watermark), "tooltip": tooltip(late="late is")}
    zero = layer("strip_zero", {"type": "rule", "strokeWidth": 2}, **line)
    late = layer("strip_late", {"type": "rule", "strokeWidth": 1.5, "strokeDash": [5, 3]}, **line)
    return [ticks, _rows(y, theme), zero, late]


def _rows(y: Spec, theme: Theme) -> Spec:
    is_dropped, many = "datum.kind === 'dropped'", f"length(data('strip_rows')) > {_MANY_ROWS}"
    return layer(
        "strip_rows",
        {"type": "point", "filled": True, "strokeWidth": 1.5},
        x=x(),
        y=y,
        shape=when({is_dropped: NO_ENTRY}, "circle"),
        size=value(f"{is_dropped} ? {many} ? 36 : 90 : {many} ? 9 : 34"),
        fill=when({"datum.kind === 'kept'": theme.row}, theme.page),
        stroke=when({is_dropped: theme.dropped}, theme.row),
        tooltip=tooltip(event_time="event time", watermark="watermark", late="late is"),
    )
