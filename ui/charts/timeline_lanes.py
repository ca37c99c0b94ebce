"""The two lanes of a key: states above, calls and timeouts below. Lives here: their marks; words come with the frames."""

from typing import Final

from ui.charts.layout import SMALL_FONT_PX, Layout
from ui.charts.marks import (
    BROKEN_STROKE,
    CROSS,
    DIAMOND,
    HOURGLASS,
    SLASH,
    STROKE,
    TRIANGLE,
    WIDTH,
    Spec,
    layer,
    tooltip,
    value,
    when,
    x,
    x2,
)
from ui.theme import Theme

_FADED: Final = 0.35
_CROSS_PX: Final = 20
_FADE_PX: Final = 46
_BESIDE_CALL_PX: Final = 9
_WAITS_PAD_PX: Final = 12
_PENDING_PX: Final = 52
_WOKEN: Final = "datum.kind === 'timeout' || datum.kind === 'timer'"
_QUIET: Final = "datum.fate === 'replaced' || datum.fate === 'removed' || datum.fate === 'not_committed'"


def states(layout: Layout, theme: Theme) -> list[Spec]:
    """The upper lanes."""
    bars = [_bars(layout, theme), _fading(layout, theme), _labels(layout, theme)]
    return [_removed(layout, theme), *bars, _timed_out(layout, theme), _worn_out(layout, theme)]


def timeouts(layout: Layout, theme: Theme) -> list[Spec]:
    """The dotted lines of the lower lanes, and where they lead."""
    return [*_lines(layout, theme), *_marks(layout, theme), *_waits(layout, theme)]


def calls(layout: Layout, theme: Theme) -> list[Spec]:
    """The strokes of the lower lanes; a call that failed is marked in the upper one too."""
    return [_strokes(layout, theme), *_failed(layout, theme)]


def _bars(layout: Layout, theme: Theme) -> Spec:
    steps = len(theme.values)
    shades = {f"datum.shade < {(place + 1) / steps}": shade for place, shade in enumerate(theme.values[:-1])}
    dashes = {"expr": "datum.kind === 'value' ? [1, 0] : [3, 2]"}
    return layer(
        "bars",
        {"type": "rect", "cornerRadius": 3, "strokeWidth": 1.2, "strokeDash": dashes, "cursor": "pointer"},
        x=x(),
        x2=x2(),
        y=value(layout.y(layout.lanes.bar_top)),
        y2=value(layout.y(layout.lanes.bar_top + layout.lanes.bar)),
        fill=when({"datum.kind !== 'value'": theme.page, **shades}, theme.values[-1]),
        stroke=when({"datum.kind === 'value'": theme.page, "datum.kind === 'lost'": theme.problem}, theme.no_value),
        tooltip=tooltip(since="since", until="until"),
    )


def _fading(layout: Layout, theme: Theme) -> Spec:
    """The end of a bar that its time to live ends: it fades into the page."""
    stops = [{"offset": 0, "color": f"{theme.page}00"}, {"offset": 1, "color": f"{theme.page}e0"}]
    fade = {"gradient": "linear", "x1": 0, "x2": 1, "y1": 0, "y2": 0, "stops": stops}
    return layer(
        "bars",
        {"type": "rect", "cursor": "pointer"},
        x=value(f"scale('x', datum.x2) - min({_FADE_PX}, {WIDTH} / 2)"),
        x2=value("scale('x', datum.x2)"),
        y=value(layout.y(layout.lanes.bar_top)),
        y2=value(layout.y(layout.lanes.bar_top + layout.lanes.bar)),
        fill={"value": fade},
        where="datum.fades",
        tooltip=tooltip(since="since", until="until"),
    )


def _labels(layout: Layout, theme: Theme) -> Spec:
    """The values, with their names where these fit too: a long one is cut, a number never."""
    pad_px = layout.lanes.label_pad
    mark = {"type": "text", "align": "left", "baseline": "middle", "fontSize": layout.lanes.font, "fontWeight": 600}
    is_high = f"datum.kind === 'value' && datum.shade >= {theme.high_from}"
    colours = {
        "datum.kind === 'lost'": theme.problem,
        "datum.kind === 'no_value'": theme.faint_text,
        is_high: theme.text_on_high,
    }
    return layer(
        "bars",
        {**mark, "dx": pad_px, "limit": {"expr": f"{WIDTH} - {2 * pad_px}"}},
        x=x(),
        y=value(layout.y(layout.bar_middle)),
        text=value(f"{WIDTH} - {2 * pad_px} >= datum.needs_names ? datum.label : datum.values"),
        color=when(colours, theme.text_on_low),
        opacity=when({f"{WIDTH} >= datum.needs + {2 * pad_px}": 1}, 0),
    )


def _timed_out(layout: Layout, theme: Theme) -> Spec:
    size = layout.lanes.stroke**2 * 0.85
    return layer(
        "ends",
        {"type": "point", "filled": True, "shape": TRIANGLE, "size": size, "strokeWidth": 1.5, "cursor": "pointer"},
        x=x(),
        y=value(layout.y(layout.lanes.bar_top)),
        fill=value(theme.timeout_call),
        stroke=value(theme.page),
        where="datum.kind === 'timed_out'",
        tooltip=tooltip(state="state"),
    )


def _removed(layout: Layout, theme: Theme) -> Spec:
    """Behind the bar that ended, unless the next one begins at once."""
    return layer(
        "ends",
        {"type": "point", "shape": CROSS, "size": 60, "strokeWidth": 2, "xOffset": 12, "cursor": "pointer"},
        x=x(),
        y=value(layout.y(layout.bar_middle)),
        stroke=value(theme.faint_text),
        opacity=when({f"{WIDTH} >= {_CROSS_PX}": 1}, 0),
        where="datum.kind === 'removed'",
        tooltip=tooltip(state="state"),
    )


def _worn_out(layout: Layout, theme: Theme) -> Spec:
    """Where a value was over without a call: an hourglass for its time to live, a cross for its deleted variable."""
    mark = {"type": "point", "filled": True, "size": 80, "strokeWidth": 1.6, "cursor": "pointer"}
    is_expired = "datum.kind === 'expired'"
    return layer(
        "ends",
        mark,
        x=x(),
        y=value(layout.y(layout.bar_middle)),
        shape=when({is_expired: HOURGLASS}, CROSS),
        fill=when({is_expired: theme.timeout}, "transparent"),
        stroke=when({is_expired: "transparent"}, theme.faint_text),
        where=f"{is_expired} || datum.kind === 'deleted'",
        tooltip=tooltip(state="state"),
    )


def _timeout_words() -> Spec:
    return tooltip(set="set", due="due", outcome="outcome")


def _lines(layout: Layout, theme: Theme) -> list[Spec]:
    """The second one is not seen: it is there because a thin line is hard to hit."""
    place: Spec = {"x": x(), "x2": x2(), "y": value(layout.y(layout.lanes.calls_middle))}
    thin = {"type": "rule", "strokeWidth": 2, "strokeDash": [2, 3]}
    thick = {"type": "rule", "strokeWidth": 11, "opacity": 0, "cursor": "pointer"}
    faded = when({f"{_QUIET} || datum.part === 'lost'": _FADED}, 1)
    return [
        layer("timeout_lines", thin, **place, color=value(theme.timeout), opacity=faded),
        layer("timeout_lines", thick, **place, tooltip=_timeout_words()),
    ]


def _marks(layout: Layout, theme: Theme) -> list[Spec]:
    """Where a timeout is due, and the stroke through one that a call lost."""
    place: Spec = {"y": value(layout.y(layout.lanes.calls_middle)), "tooltip": _timeout_words()}
    beside_its_call = f"max(scale('x', datum.x), scale('x', datum.after) + {_BESIDE_CALL_PX})"
    mark = {"type": "point", "cursor": "pointer"}
    due = layer(
        "timeout_marks",
        {**mark, "filled": True, "shape": DIAMOND, "size": 95, "strokeWidth": 1.8},
        **place,
        x=value(beside_its_call),
        fill=when({"datum.fate === 'fired'": theme.timeout}, theme.page),
        stroke=value(theme.timeout),
        opacity=when({_QUIET: _FADED}, 1),
        where="datum.mark === 'due'",
    )
    lost = layer(
        "timeout_marks",
        {**mark, "shape": SLASH, "size": 260, "strokeWidth": 2.5},
        **place,
        x=value(f"datum.mark === 'due' ? {beside_its_call} : scale('x', datum.x)"),
        stroke=when({"datum.fate === 'cancelled'": theme.problem}, theme.timeout),
        where="datum.fate === 'cancelled' || datum.fate === 'deleted'",
    )
    return [due, lost]


def _waits(layout: Layout, theme: Theme) -> list[Spec]:
    """What pending timeouts wait for, on their own line: twice, as the page's colour around the letters breaks it."""
    mark = {"type": "text", "align": "right", "baseline": "middle", "fontSize": SMALL_FONT_PX, "dx": -4}
    halo = {**mark, "stroke": theme.page, "strokeWidth": 6, "strokeJoin": "round"}
    room = f"{WIDTH} - {_WAITS_PAD_PX}"
    words = f"{room} >= datum.needs ? datum.label : {room} >= datum.needs_short ? datum.short_label"
    encoding: Spec = {
        "x": x("x2"),
        "y": value(layout.y(layout.lanes.calls_middle)),
        "text": value(f"{words} : {WIDTH} >= {_PENDING_PX} ? 'pending' : ''"),
    }
    return [layer("waits", halo, **encoding), layer("waits", mark, **encoding, color=value(theme.faint_text))]


def _call_words() -> Spec:
    return tooltip(key="key", rows="rows", state="state", timeout="wake-up")


def _strokes(layout: Layout, theme: Theme) -> Spec:
    """Each has an unseen border: a thin stroke is hard to hit."""
    mark = {"type": "point", "filled": True, "stroke": "transparent", "strokeWidth": 8, "cursor": "pointer"}
    colours = {
        "datum.kind === 'data'": theme.data_call,
        _WOKEN: theme.timeout_call,
        "datum.kind === 'failed'": theme.problem,
    }
    return layer(
        "calls",
        {**mark, "size": layout.lanes.stroke**2},
        x=x(),
        y=value(layout.y(layout.lanes.calls_middle)),
        shape=when({_WOKEN: BROKEN_STROKE}, STROKE),
        fill=when(colours, theme.faint_text),
        tooltip=_call_words(),
    )


def _failed(layout: Layout, theme: Theme) -> list[Spec]:
    circle = {"type": "point", "filled": True, "shape": "circle", "size": 260, "cursor": "pointer"}
    sign = {"type": "text", "baseline": "middle", "fontWeight": 800, "fontSize": 13}
    place: Spec = {"x": x(), "y": value(layout.y(layout.bar_middle)), "where": "datum.kind === 'failed'"}
    return [
        layer("calls", circle, **place, color=value(theme.problem), tooltip=_call_words()),
        layer("calls", sign, **place, color=value(theme.page), text=value("'!'")),
    ]
