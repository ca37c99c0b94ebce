"""Looking inside a call: line by line without touching the picture, from stop to stop, and an expression at every call."""

import re

from tests.browser.stateline import Stateline
from tests.browser.test_the_logs import click_row
from tests.browser.test_the_picture import WATCH


def look_at(app: Stateline, view: str) -> None:
    app.click(app.page.locator(".st-key-inside").get_by_role("radio", name=view))


def test_lines_are_stepped_through_in_the_browser_and_the_picture_is_left_alone(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.chart.wait_for()
    look_at(app, "Lines of this call")
    app.inside.get_by_text("updateState begins").wait_for()
    app.is_at_rest()
    app.page.evaluate(WATCH)
    app.press(".", ".", ".")
    app.inside.get_by_text("state.update(count)", exact=True).wait_for()
    app.inside.get_by_text("state: update(2)").wait_for()
    executing = app.function.box.locator(".executing-line")
    app.finds(lambda: executing.inner_text().strip(), "state.update(count)")
    app.press(",")
    app.inside.get_by_role("row", name=re.compile("● count 2 int")).wait_for()
    app.stands_at("call 1 of 5")
    assert app.page.evaluate("window.changes") == 0


def test_the_lines_follow_the_call_player(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    look_at(app, "Lines of this call")
    app.inside.get_by_role("row", name="key 'hello' str").wait_for()
    app.press("ArrowRight")
    app.stands_at("call 2 of 5")
    app.inside.get_by_role("row", name="key 'spark' str").wait_for()


def test_a_caught_exception_is_marked_at_its_line(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.function.fill(
        "def updateState(key, values, state):\n    try:\n        {}[key]\n    except KeyError:\n        return [(key, 0)]\n"
    )
    app.inspector.get_by_text("nothing").nth(1).wait_for()
    look_at(app, "Lines of this call")
    app.inside.get_by_text("updateState begins").wait_for()
    app.press(".", ".")
    app.inside.get_by_text("⚠ KeyError: 'hello' (caught)").wait_for()


def test_a_breakpoint_with_a_condition_leads_to_the_call_and_to_the_line(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    look_at(app, "Breakpoints")
    line = app.page.get_by_label("Line", exact=True)
    line.fill("5")
    line.press("Enter")
    app.click(app.page.get_by_role("button", name="Stop at line 5"))
    app.shows("3 stops in 3 calls")
    condition = app.page.get_by_label("Condition at line 5")
    condition.fill('key == "hello" and count > 2')
    condition.press("Enter")
    app.shows("1 stop in 1 call")
    app.click(app.page.get_by_role("button", name="Next stop"))
    app.stands_at("call 3 of 5")
    app.inside.get_by_text("state.update(count)", exact=True).wait_for()
    app.inside.get_by_role("row", name="count 3 int").wait_for()


def test_an_expression_is_seen_at_every_call_and_a_row_leads_to_its_call(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    look_at(app, "Watches")
    expression = app.page.get_by_label("Watch", exact=True)
    expression.fill("count * 10")
    expression.press("Enter")
    click_row(app, 2)
    app.stands_at("call 3 of 5")
    app.inspector.get_by_text("Call 3 of 5").wait_for()


def test_what_is_no_expression_is_said_and_runs_nothing(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    look_at(app, "Watches")
    expression = app.page.get_by_label("Watch", exact=True)
    expression.fill("import os")
    expression.press("Enter")
    app.shows("import os: SyntaxError: invalid syntax")
