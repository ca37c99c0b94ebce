"""The small words of Vega-Lite that all charts share. Lives here: encodings and shapes; what is drawn with them does not.

x is always a place in triggers. y is always a formula in pixels, so that nothing but the width of the
page can move a mark.
"""

from collections.abc import Mapping
from typing import Any, Final

Spec = dict[str, Any]

#: Shapes in a box from -1 to 1, as SVG paths; a meaning keeps its shape in both themes.
STROKE: Final = "M-0.2,-1H0.2V1H-0.2Z"
BROKEN_STROKE: Final = "M-0.2,-1H0.2V-0.25H-0.2ZM-0.2,0.25H0.2V1H-0.2Z"
CROSS: Final = "M-1,-1L1,1M-1,1L1,-1"
SLASH: Final = "M-0.9,0.9L0.9,-0.9"
NO_ENTRY: Final = "M-1,0A1,1,0,1,0,1,0A1,1,0,1,0,-1,0M-0.7,0.7L0.7,-0.7"
TRIANGLE: Final = "M-1,-0.75H1L0,0.85Z"
HOURGLASS: Final = "M-0.8,-1H0.8L-0.8,1H0.8Z"
DIAMOND: Final = "M0,-1L0.85,0L0,1L-0.85,0Z"

CLICK: Final = "click"
#: An expression: how many pixels a datum with `x` and `x2` is wide, now.
WIDTH: Final = "((datum.x2 - datum.x) * trigger_px)"
_TRIGGER_PX: Final = {"name": "trigger_px", "expr": "scale('x', 1) - scale('x', 0)"}


def chart(height_px: int, padding: Mapping[str, int], is_large: bool, layers: list[Spec]) -> Spec:
    """A chart of one plot, whose width is that of its place in the page less the padding.

    A large one is drawn on a canvas, which is faster and cannot be taken apart by a test or a style. The page interprets
    every expression for every mark. So they are short, and none of ours is a `field`: Vega-Lite asks of those whether they
    are valid, which takes longer than to draw them.
    """
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "height": height_px,
        "padding": {"top": 0, "bottom": 0, **padding},
        "autosize": {"type": "none", "contains": "padding"},
        "config": {"mark": {"tooltip": None, "aria": False}, "view": {"stroke": None}, "text": {"fontSize": 12}},
        "usermeta": {"embedOptions": {"renderer": "canvas" if is_large else "svg"}},
        "params": [_TRIGGER_PX],
        "layer": layers,
    }


def click(*fields: str) -> list[Spec]:
    """A selection named CLICK: these fields of the mark that was clicked.

    Streamlit sends a selection only when it is another one. Who steps away and clicks again on the same mark must be
    heard, so the selection is gone with the pointer, or with the first key.
    """
    clear = "pointerout, window:keydown"
    return [{"name": CLICK, "select": {"type": "point", "fields": list(fields), "on": "click", "clear": clear}}]


def layer(data: str, mark: Mapping[str, Any], where: str = "", **encoding: Any) -> Spec:
    """One layer over a named dataset, or over those of its rows for which `where` holds; clipped to the plot."""
    rows = {"transform": [{"filter": where}]} if where else {}
    return {"data": {"name": data}, **rows, "mark": {"clip": True, "opacity": 1, **mark}, "encoding": encoding}


def axis(ends: str = "triggers") -> Spec:
    """The place `x` on the shared axis, for the one layer that makes it: it begins and ends with the rows of `ends`."""
    domain = f"[data('{ends}')[0].x, peek(data('{ends}')).x2]"
    scale = {"domain": {"expr": domain}, "zero": False, "nice": False}
    return {"field": "x", "type": "quantitative", "axis": None, "scale": scale}


def x(field: str = "x") -> Spec:
    """A place on the shared axis, for all other layers."""
    return value(f"scale('x', datum.{field})")


def x2() -> Spec:
    return x("x2")


def value(given: float | str) -> Spec:
    """A number, a colour (`#…`), or else a Vega expression over `datum`."""
    is_constant = isinstance(given, (int, float)) or given.startswith("#")
    return {"value": given if is_constant else {"expr": given}}


def when(tests: Mapping[str, Any], otherwise: Any) -> Spec:
    """The value of the first test that holds."""
    return {"condition": [{"test": test, "value": value} for test, value in tests.items()], "value": otherwise}


def text(field: str) -> Spec:
    return value(f"datum.{field}")


def tooltip(**titles: str) -> Spec:
    """A heading and named lines, from the fields `title` and those named: `tooltip(state="state")`."""
    fields = {"title": "title", **titles}
    return value("{" + ", ".join(f"'{title}': datum.{field}" for field, title in fields.items()) + "}")
