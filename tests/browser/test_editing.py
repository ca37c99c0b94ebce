"""Typing: the replay is there at once, what is wrong is told at its line, and nothing typed is lost."""

import re

import pytest

from tests.browser.stateline import Stateline

FAILS_IN_BATCH_3 = """\
def updateState(key, values, state):
    if state.hasTimedOut():
        return [1 / 0]
    state.update(len(list(values)))
    state.setTimeoutDuration("10 minutes")
    return [(key, state.get())]
"""
NEVER_ENDS = """\
def updateState(key, values, state):
    while state.exists:
        pass
    state.update(1)
"""
NEVER_ENDS_AT_LOAD = "while True:\n    pass\n"


def test_editing_the_function_replays_it(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.function.fill(app.function.text.replace("sum(1 for", "sum(10 for"))
    app.inspector.get_by_text("It stores 20.").wait_for()


def test_typing_events_replays_them(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.events.fill("a b c d\n---\na")
    app.stands_at("call 1 of 5 · batch 1")
    app.inspector.get_by_text('updateState("a", ["a"], state)').wait_for()


def test_a_syntax_error_is_marked_at_its_line_and_the_picture_stays(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.function.fill(app.function.text + "x = (1\n")
    app.shows("SyntaxError: '(' was never closed")
    app.function.has_problems_at(8)
    app.shows("The picture is still that of the last replay.")
    app.stands_at("call 1 of 5")


@pytest.mark.slow
@pytest.mark.parametrize("code", ["def updateState(key, values, state):\n    return 1 / 0\n", "def updateState(:\n"])
def test_the_editor_stays_where_it_is_when_the_function_is_broken(app: Stateline, code: str) -> None:
    app.open().stands_at("call 1 of 5")
    app.function.area.wait_for()
    app.is_at_rest()
    place = app.function.editor.bounding_box()
    app.function.fill(code)
    app.page.locator(".st-key-failure").wait_for()
    app.is_at_rest()
    assert app.function.editor.bounding_box() == place


@pytest.mark.slow
def test_an_exception_in_the_third_batch_is_looked_at_where_it_happened(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.function.fill(FAILS_IN_BATCH_3)
    app.stands_at("call 4 of 4 · batch 3")
    app.shows("Line 3 failed in call 4")
    app.press("Home")
    app.stands_at("call 1 of 4")
    app.click(app.page.get_by_role("button", name="Show the call"))
    app.stands_at("call 4 of 4")


@pytest.mark.slow
def test_an_endless_loop_is_stopped_at_its_line_and_the_page_goes_on(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.function.fill(NEVER_ENDS)
    app.page.get_by_role("button", name="Stop", exact=True).wait_for()
    app.page.locator(".st-key-failure").get_by_text("Line 2 failed in call 3").wait_for(timeout=60_000)
    app.function.fill(FAILS_IN_BATCH_3)
    app.stands_at("call 4 of 4")


@pytest.mark.slow
def test_an_edit_calls_off_the_replay_that_runs(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.function.fill(NEVER_ENDS_AT_LOAD)
    app.page.get_by_role("button", name="Stop", exact=True).wait_for()
    app.function.fill(FAILS_IN_BATCH_3)
    app.stands_at("call 4 of 4")
    app.page.get_by_role("button", name="Stop", exact=True).wait_for(state="detached")


@pytest.mark.slow
def test_a_replay_can_be_stopped_and_started_again(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.function.fill(NEVER_ENDS_AT_LOAD)
    app.page.get_by_role("button", name="Stop", exact=True).click()
    app.shows("The replay was stopped.")
    app.click(app.page.get_by_role("button", name="Replay"))
    app.page.get_by_role("button", name="Stop", exact=True).wait_for()


@pytest.mark.slow
def test_events_that_cannot_be_read_are_told_by_line_and_stay_as_typed(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.events.fill("word=hello\nspark\n--- tomorrow")
    app.page.locator(".st-key-problems_events").get_by_text(re.compile("^line 2")).wait_for()
    app.events.has_problems_at(2, 3)
    app.events.holds("word=hello\nspark\n--- tomorrow")
    app.stands_at("call 1 of 5")


@pytest.mark.slow
def test_an_empty_page_says_what_to_do(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.events.fill("")
    app.stands_at("nothing to step through yet")
    app.function.fill("")
    app.page.locator(".st-key-failure").wait_for()
    app.function.fill(FAILS_IN_BATCH_3)
    app.events.fill("hello")
    app.stands_at("call 1 of 1")


@pytest.mark.slow
def test_what_is_typed_in_python_is_indented_as_python(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.function.fill("")
    app.function.type("def f(x):\nreturn x")
    app.function.press("Shift+Tab")
    app.function.press("Tab")
    app.function.holds("def f(x):\n    return x")
    app.function.press("Control+z")
    app.function.press("Escape")
    app.function.press("Tab")
    app.finds(lambda: app.page.evaluate("document.activeElement.closest('.st-key-code') === null"), True)
