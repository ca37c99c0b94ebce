"""A processor on the page: its state variables, its timers, its life, and the query around it."""

from tests.browser.stateline import Stateline


def test_a_visitor_follows_a_machine_from_its_timer_to_its_return(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.click(app.page.get_by_role("button", name="Scenarios"))
    app.click(app.page.get_by_text("Who has gone silent?").first)
    app.stands_at("call 4 of 30 · batch 1")
    app.inspector.get_by_text("handleInputRows").wait_for()
    app.inspector.get_by_text("init(handle) on the driver", exact=False).wait_for()
    app.press("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight")
    app.stands_at("call 16 of 30 · batch 4")
    app.inspector.get_by_text("▼ timer").wait_for()
    app.inspector.get_by_text("handleExpiredTimer", exact=False).first.wait_for()
    app.inspector.get_by_text("it fired: this call").wait_for()
    app.inspector.get_by_text("down_since", exact=True).wait_for()
    app.shows("timer deleted")
    app.open_tab("Calls")
    app.open_tab("Code and events")
    app.shows("Time mode")


def test_state_so_far_is_typed_and_the_first_call_finds_it(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.click(app.page.get_by_text("Schemas, partitions"))
    schema = app.page.get_by_role("textbox", name="State so far: its schema")
    schema.fill("word string, count long")
    schema.press("Enter")
    rows = app.page.get_by_role("textbox", name="State so far: its rows")
    rows.wait_for()
    rows.fill("word=hello count=40")
    rows.press("Control+Enter")
    app.page.keyboard.press("Escape")
    app.inspector.get_by_text("from the start of the query", exact=False).wait_for()
