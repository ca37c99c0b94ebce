"""The picture: drawn once for a trace, left alone by a step, with the cursor over it."""

import pytest

from engine.share import share_encode
from tests.browser.stateline import Stateline
from tests.helpers import TUTORIAL, scenario

WATCH = """() => {
  window.changes = 0
  window.chart = document.querySelector(".st-key-timeline_chart canvas, .st-key-timeline_chart svg")
  new MutationObserver((found) => { window.changes += found.length })
    .observe(document.querySelector(".st-key-timeline_chart"),
      {childList: true, subtree: true, attributes: true, characterData: true})
}"""
CURSOR_X = "() => document.querySelector('.stateline-cursor').getBoundingClientRect().x"


def test_a_step_changes_nothing_in_the_chart(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.chart.wait_for()
    app.is_at_rest()
    app.page.evaluate(WATCH)
    for call in (2, 3, 4, 5):
        app.press("ArrowRight")
        app.inspector.get_by_text(f"Call {call} of 5").wait_for()
    assert app.page.evaluate("window.changes") == 0
    assert app.page.evaluate("window.chart.isConnected")


def test_the_cursor_follows_steps_and_the_width_of_the_page(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.page.locator(".stateline-cursor").wait_for(state="attached")
    app.is_at_rest()
    first = app.page.evaluate(CURSOR_X)
    app.press("End")
    app.stands_at("call 5 of 5")
    app.page.wait_for_function(f"({CURSOR_X})() > {first} + 300")
    last = app.page.evaluate(CURSOR_X)
    app.page.set_viewport_size({"width": 1000, "height": 900})
    app.page.wait_for_function(f"({CURSOR_X})() < {last} - 150")


@pytest.mark.slow
def test_the_page_of_keys_follows_the_cursor(app: Stateline) -> None:
    names = " ".join(f"k{number:02d}" for number in range(30))
    app.open(f"/?s={share_encode(scenario(TUTORIAL, (0, names)), 0)}").stands_at("call 1 of 30")
    app.page.locator(".st-key-timeline-page-1-of-2").wait_for()
    app.press("End")
    app.page.locator(".st-key-timeline-page-2-of-2").wait_for()
    app.press("Home")
    app.page.locator(".st-key-timeline-page-1-of-2").wait_for()


@pytest.mark.slow
def test_a_click_on_a_call_is_a_jump_to_it(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.chart.wait_for()
    app.is_at_rest()
    chart = app.page.locator(".st-key-timeline_chart")
    box = chart.bounding_box()
    chart.click(position={"x": box["width"] * 0.7, "y": 65})
    app.stands_at("call 3 of 5 · batch 2")
    app.inspector.get_by_text("Call 3 of 5").wait_for()
