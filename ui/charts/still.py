"""The timeline as a still picture for a document: SVG and PNG. Lives here: what a spec lacks without a page around it."""

from typing import Any, Final

import vl_convert

from engine.views import Picture
from ui.charts import timeline
from ui.charts.layout import Layout
from ui.theme import Theme

_WIDTH_PX: Final = 1100
_PNG_SCALE: Final = 2
_VEGA_LITE: Final = "6.4"


def svg(picture: Picture, theme: Theme) -> str:
    """The picture as SVG; texts in it are text, and nothing in it is loaded from elsewhere."""
    drawn: str = vl_convert.vegalite_to_svg(_spec(picture, theme), vl_version=_VEGA_LITE)
    return drawn


def png(picture: Picture, theme: Theme) -> bytes:
    """The picture as PNG, sharp enough for print."""
    drawn: bytes = vl_convert.vegalite_to_png(_spec(picture, theme), vl_version=_VEGA_LITE, scale=_PNG_SCALE)
    return drawn


def _spec(picture: Picture, theme: Theme) -> dict[str, Any]:
    layout = Layout(len(picture.lanes), picture.watermark is not None)
    frames = timeline.datasets(picture)
    rows = {name: frame.astype(object).where(frame.notna(), None).to_dict("records") for name, frame in frames.items()}
    return {**timeline.spec(layout, theme), "width": _WIDTH_PX, "background": theme.page, "datasets": rows}
