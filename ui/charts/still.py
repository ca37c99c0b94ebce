"""The timeline as a still picture for a document: SVG and PNG, saved by Altair. Lives here: what a spec lacks without a page."""

from io import BytesIO, StringIO
from typing import Any, Final

import altair

from engine.views import Picture
from ui.charts import timeline
from ui.charts.layout import Layout
from ui.theme import Theme

_WIDTH_PX: Final = 1100
_PNG_SCALE: Final = 2


def svg(picture: Picture, theme: Theme) -> str:
    """The picture as SVG; texts in it are text, and nothing in it is loaded from elsewhere."""
    file = StringIO()
    _chart(picture, theme).save(file, format="svg")
    return file.getvalue()


def png(picture: Picture, theme: Theme) -> bytes:
    """The picture as PNG, sharp enough for print."""
    file = BytesIO()
    _chart(picture, theme).save(file, format="png", scale_factor=_PNG_SCALE)
    return file.getvalue()


def _chart(picture: Picture, theme: Theme) -> altair.LayerChart:
    """The chart without its clicks. Raises altair's SchemaValidationError when it is no Vega-Lite: our own bug."""
    layout = Layout(len(picture.lanes), picture.watermark is not None)
    frames = timeline.datasets(picture)
    rows = {name: frame.astype(object).where(frame.notna(), None).to_dict("records") for name, frame in frames.items()}
    spec = timeline.spec(layout, theme)
    layers = [{name: part for name, part in layer.items() if name != "params"} for layer in spec["layer"]]
    given: dict[str, Any] = {"layer": layers, "width": _WIDTH_PX, "background": theme.page, "datasets": rows}
    return altair.LayerChart.from_dict({**spec, **given})
