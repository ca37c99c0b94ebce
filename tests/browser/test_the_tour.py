"""The tour: eight stops on the live page, that can be left at any of them."""

from tests.browser.stateline import Stateline
from ui.panels.tour import STOPS

FRAMED = """() => [...document.querySelectorAll("[class*=st-key-]")]
  .filter((one) => getComputedStyle(one).outlineStyle === "solid")
  .flatMap((one) => [...one.classList].filter((name) => name.startsWith("st-key-")))"""


def test_the_tour_moves_the_page_to_what_it_tells_of(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.click(app.page.get_by_role("button", name="Tour"))
    for number, stop in enumerate(STOPS, 1):
        app.shows(f"{number} of {len(STOPS)}")
        app.page.locator(".st-key-tour_card").get_by_text(stop.title).wait_for()
        app.stands_at(f"call {stop.call_index + 1} of 5")
        app.finds(lambda: app.page.evaluate(FRAMED), [f"st-key-{stop.place}"])
        if number < len(STOPS):
            app.click(app.page.get_by_role("button", name="Next", exact=True))
    app.click(app.page.get_by_role("button", name="Finish"))
    app.page.locator(".st-key-tour_card").wait_for(state="detached")
    app.finds(lambda: app.page.evaluate(FRAMED), [])


def test_the_tour_can_be_left_where_one_likes_and_leaves_the_page_as_it_is(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.click(app.page.get_by_role("button", name="Tour"))
    for number in (1, 2, 3):
        app.shows(f"{number} of {len(STOPS)}")
        app.click(app.page.get_by_role("button", name="Next", exact=True))
    app.stands_at("call 3 of 5")
    app.click(app.page.get_by_role("button", name="Leave the tour"))
    app.page.get_by_role("button", name="Tour").wait_for()
    app.stands_at("call 3 of 5")
