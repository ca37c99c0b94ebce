"""The editors: what is marked stands at its place, what is typed stays, and a step does not touch them."""

import re

import pytest

from tests.browser.stateline import Stateline

NEW_STATE = "\n\ndef other(key, values, state):\n    state"
FAILS = "def updateState(key, values, state):\n    state.update(None)\n    return []\n"
COUNT_CHANGES = """area => {
  area.changes = 0
  const observer = new MutationObserver((changes) => { area.changes += changes.length })
  observer.observe(area, { subtree: true, childList: true, characterData: true, attributes: true })
}"""
# Each class of the text with the contrast of its colour to the editor's ground. A canvas says what a colour is in RGB.
CONTRASTS = """area => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })
  const luminance = (colour) => {
    canvas.fillStyle = colour
    canvas.fillRect(0, 0, 1, 1)
    const parts = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => part / 255)
    const [red, green, blue] = parts.map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const ground = luminance(getComputedStyle(area.closest(".editor")).backgroundColor)
  const contrast = (node) => {
    const own = luminance(getComputedStyle(node).color)
    return (Math.max(own, ground) + 0.05) / (Math.min(own, ground) + 0.05)
  }
  const pieces = [...area.querySelectorAll("[class^=code-]")]
  return Object.fromEntries(pieces.map((node) => [node.className, contrast(node)]))
}"""


@pytest.fixture
def ready(app: Stateline) -> Stateline:
    app.open().stands_at("call 1 of 5")
    return app


def test_a_finding_is_underlined_and_says_what_to_do(ready: Stateline) -> None:
    ready.function.box.locator(".cm-lintRange-warning").first.hover()
    told = ready.page.locator(".cm-tooltip-lint")
    told.get_by_text("Real Spark would not forget this").wait_for()
    told.locator(".hint").wait_for()
    ready.function.box.get_by_role("button", name="1 warning").wait_for()


def test_a_failure_is_underlined_where_it_happened_and_goes_when_it_is_mended(ready: Stateline) -> None:
    ready.function.fill(FAILS)
    ready.function.box.locator(".cm-lintRange-error", has_text="state.update(None)").hover()
    ready.page.locator(".cm-tooltip-lint", has_text="'null' is not a valid state value").wait_for()
    ready.function.fill(FAILS.replace("None", "1"))
    ready.function.box.locator(".cm-lintRange-error").wait_for(state="detached")


def test_marks_move_with_the_text_before_the_server_has_heard_of_it(ready: Stateline) -> None:
    ready.function.press("Control+Home")
    ready.page.keyboard.insert_text("# one\n# two\n")
    ready.function.has_problems_at(4)


def test_events_that_cannot_be_read_are_underlined_at_the_word(ready: Stateline) -> None:
    ready.events.fill("hello\n--- tomorrow\n")
    ready.events.box.locator(".cm-lintRange-error", has_text=re.compile("^tomorrow$")).wait_for()


def test_batch_marks_are_told_from_events_and_comments(ready: Stateline) -> None:
    ready.events.fill("# first\nuser=ann amount=5\n--- +5 minutes\nuser=bob amount=7")
    for mark, texts in (
        (".batch-mark", ["--- +5 minutes"]),
        (".code-comment", ["# first"]),
        (".code-name", ["user", "amount", "user", "amount"]),
    ):
        ready.finds(ready.events.box.locator(mark).all_text_contents, texts)


def test_undo_takes_back_what_was_typed_before_the_last_replays(ready: Stateline) -> None:
    before = ready.function.text
    ready.function.press("Control+Home")
    for typed, stored in (("sum(10 for", "It stores 20."), ("sum(100 for", "It stores 200.")):
        ready.function.fill(re.sub(r"sum\(\d+ for", typed, before))
        ready.inspector.get_by_text(stored).wait_for()
    for _ in range(10):
        ready.function.press("Control+z")
    ready.function.holds(before)
    ready.inspector.get_by_text("It stores 2.").wait_for()


def test_undo_takes_back_what_was_typed_before_another_tab_was_looked_at(ready: Stateline) -> None:
    before = ready.function.text
    ready.function.press("Control+End")
    ready.function.type("# mine")
    ready.open_tab("Calls")
    ready.function.area.wait_for(state="detached")
    ready.open_tab("Code and events")
    ready.function.holds(before + "# mine")
    ready.function.press("Control+z")
    ready.function.holds(before)


def test_another_sample_takes_the_place_of_the_text_and_undo_brings_it_back(ready: Stateline) -> None:
    before = ready.function.text
    ready.click(ready.page.get_by_role("button", name="Scenarios"))
    ready.click(ready.page.locator(".st-key-sample_2 button"))
    ready.function.box.locator(".cm-line", has_text="visitor").first.wait_for()
    ready.function.press("Control+z")
    ready.function.holds(before)


def test_ctrl_enter_replays_without_waiting_for_a_pause(ready: Stateline) -> None:
    ready.events.press("Control+End")
    ready.events.type("\ncat")
    ready.events.press("Control+Enter")
    ready.stands_at("call 1 of 6")
    ready.events.holds("hello hello spark\n---\nhello\n--- +11 minutes\ncat")


def test_a_breakpoint_is_set_and_taken_away_by_click_and_by_key(ready: Stateline) -> None:
    signs = ready.function.box.locator(".sign-breakpoint")
    ready.function.click_beside(4)
    signs.wait_for()
    ready.function.press("Control+Home")
    ready.function.press("F9")
    signs.nth(1).wait_for()
    ready.function.click_beside(4)
    signs.nth(1).wait_for(state="detached")
    ready.function.press("F9")
    signs.wait_for(state="detached")


def test_breakpoints_come_back_from_the_server_and_move_with_their_lines(ready: Stateline) -> None:
    ready.function.click_beside(4)
    ready.function.press("Control+Home")
    ready.page.keyboard.insert_text("# above\n")
    ready.open_tab("Calls")
    ready.function.area.wait_for(state="detached")
    ready.open_tab("Code and events")
    ready.function.has_signs_at(".sign-breakpoint", 5)


def test_a_breakpoint_can_have_a_condition(ready: Stateline) -> None:
    ready.function.press("Control+Home")
    ready.function.press("Shift+F9")
    question = ready.page.get_by_label("Stop at line 1 only when")
    question.fill('key == "hello"')
    question.press("Enter")
    sign = ready.function.box.locator(".sign-breakpoint")
    ready.finds(lambda: sign.get_attribute("title"), 'stops when key == "hello"')
    ready.function.press("Shift+F9")
    ready.finds(question.input_value, 'key == "hello"')


def test_what_the_state_offers_is_completed_with_a_sentence_each(ready: Stateline) -> None:
    ready.function.press("Control+End")
    ready.function.type(NEW_STATE + ".")
    options = ready.function.box.get_by_role("option")
    options.filter(has_text=re.compile(r"^getOption\(\)$")).wait_for()
    options.filter(has_text=re.compile(r"^update\(newState\)$")).wait_for()
    ready.function.type("upd")
    ready.function.box.locator(".cm-completionInfo", has_text="when the call is over").wait_for()
    ready.is_at_rest()  # a list that has just come up takes no Enter: it might have been meant for the line
    ready.function.press("Enter")
    ready.function.box.locator(".cm-line", has_text=re.compile(r"state\.update\(\)$")).wait_for()


def test_a_step_leaves_the_editors_as_they_are(ready: Stateline) -> None:
    ready.is_at_rest()
    areas = [editor.area.element_handle() for editor in (ready.function, ready.events)]
    for area in areas:
        area.evaluate(COUNT_CHANGES)
    ready.press("ArrowRight", "ArrowRight")
    ready.stands_at("call 3 of 5")
    ready.inspector.get_by_text("Call 3 of 5").wait_for()
    assert [area.evaluate("area => [area.isConnected, area.changes]") for area in areas] == [[True, 0], [True, 0]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_of_the_text_stands_out_from_its_ground(app: Stateline, scheme: str) -> None:
    """4.5 to 1, as WCAG's AA wants it of text of this size."""
    app.page.emulate_media(color_scheme=scheme)
    app.open().stands_at("call 1 of 5")
    app.function.fill('@decorated\ndef f(x):  # comment\n    return "text", 12, None, f(x)\n')
    app.function.box.locator(".code-decorator").first.wait_for()
    found: dict[str, float] = app.function.area.evaluate(CONTRASTS)
    assert {"code-keyword", "code-string", "code-number", "code-name", "code-comment"} <= set(found)
    assert {name: ratio for name, ratio in found.items() if ratio < 4.5} == {}
