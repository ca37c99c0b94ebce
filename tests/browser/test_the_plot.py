"""The plot of the timeline: where the player draws the cursor, there the triggers are, at every width of the page."""

from tests.browser.stateline import Stateline
from ui.charts.layout import PLOT_LEFT_PX, PLOT_RIGHT_PX

#: The lines at which the triggers begin stand where they share the plot, to a pixel.
ARE_IN_PLACE = f"""() => {{
  const host = document.querySelector(".st-key-timeline").getBoundingClientRect()
  const left = host.left + {PLOT_LEFT_PX}, width = host.width - {PLOT_LEFT_PX + PLOT_RIGHT_PX}
  const lines = [...document.querySelectorAll(".st-key-timeline svg.marks .mark-rule > *")]
    .map((line) => line.getBoundingClientRect()).filter((line) => line.height > 100)
  return lines.length === 3 && lines.every((line, trigger) =>
    Math.abs(line.left + line.width / 2 - left - width * trigger / 3) < 1)
}}"""


def test_the_triggers_share_what_lies_between_the_fixed_edges(app: Stateline) -> None:
    app.open()
    app.page.locator(".st-key-timeline svg.marks").wait_for()
    app.is_at_rest()
    app.page.evaluate("window.chart = document.querySelector('.st-key-timeline svg.marks')")
    for width in (1440, 1280, 1000):
        app.page.set_viewport_size({"width": width, "height": 900})
        app.page.wait_for_function(ARE_IN_PLACE)
    assert app.page.evaluate("window.chart.isConnected"), "a new width drew the chart anew"


def test_a_picture_tells_what_is_under_the_pointer(app: Stateline) -> None:
    app.open()
    chart = app.page.locator(".st-key-timeline svg.marks")
    chart.wait_for()
    app.is_at_rest()
    box = chart.bounding_box()
    app.page.mouse.move(box["x"] + PLOT_LEFT_PX + (box["width"] - PLOT_LEFT_PX - PLOT_RIGHT_PX) / 3, box["y"] + 60)
    tooltip = app.page.locator("#vg-tooltip-element.visible")
    tooltip.get_by_text("hello: 2").wait_for()
    tooltip.get_by_text("batch 2, +1 min (call 3)").wait_for()
