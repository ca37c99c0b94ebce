"""The page in the words of a visitor. Lives here: the only test code that knows where things are on the page."""

import re
from collections.abc import Callable
from time import monotonic
from typing import Any

#: A bound for a busy machine, not a wait.
PATIENCE_S = 60
#: What Streamlit draws is there: no run of the script goes on, and nothing is left of the run before. (Of what lies in a closed
#: part of the page, Chromium keeps transitions that have ended.)
IS_DRAWN = """() => document.querySelector(".stApp[data-test-script-state=notRunning]")
  && !document.querySelector("[data-stale=true]")
  && !document.getAnimations().some((one) => one instanceof CSSTransition && one.playState === "running")"""
#: For half a second nothing on the page has changed: what is drawn after the run, as charts and editors are, is there.
NOTHING_CHANGES = """() => new Promise((resolve) => {
  let last = performance.now()
  const observer = new MutationObserver(() => { last = performance.now() })
  observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true })
  const look = () => {
    if (performance.now() - last < 500) return requestAnimationFrame(look)
    observer.disconnect()
    resolve()
  }
  look()
})"""
#: The numbers of the lines beside which a sign stands.
LINES_BESIDE = """(editor, sign) => {
  const numbers = [...editor.querySelectorAll(".cm-lineNumbers .cm-gutterElement")]
  const holds = (place, y) => place.top <= y && y <= place.bottom
  return [...editor.querySelectorAll(sign)].map((one) => {
    const { top, height } = one.getBoundingClientRect()
    return Number(numbers.find((number) => holds(number.getBoundingClientRect(), top + height / 2))?.innerText)
  })
}"""
#: Where in the column of breakpoints the middle of a line is, counted from 0.
PLACE_IN_COLUMN = """(editor, line) => {
  const column = editor.querySelector(".gutter-breakpoints").getBoundingClientRect()
  const row = editor.querySelectorAll(".cm-line")[line].getBoundingClientRect()
  return { x: column.width / 2, y: row.top + row.height / 2 - column.top }
}"""


class Stateline:
    """One open page. Every wait is for something on the screen."""

    def __init__(self, page: Any, server: str) -> None:
        self.page = page
        self.server = server

    def open(self, address: str = "/") -> "Stateline":
        self.page.goto(self.server + address)
        self.player.locator(".label").wait_for()
        self.is_drawn()
        return self

    @property
    def player(self) -> Any:
        return self.page.locator(".st-key-player")

    @property
    def chart(self) -> Any:
        """The picture, once it is drawn."""
        return self.page.locator(".st-key-timeline_chart").locator("canvas, svg").first

    @property
    def inspector(self) -> Any:
        return self.page.locator(".st-key-inspector")

    @property
    def inside(self) -> Any:
        """What is shown of the inside of a call."""
        return self.page.locator(".st-key-inside-panel")

    @property
    def function(self) -> "TextEditor":
        return TextEditor(self, "code", "The function")

    @property
    def events(self) -> "TextEditor":
        return TextEditor(self, "events", "The events")

    def is_drawn(self) -> None:
        """Wait until the last run of the script is on the screen."""
        self.page.wait_for_function(IS_DRAWN)

    def is_at_rest(self) -> None:
        """Wait until nothing moves any more: before counting changes, and before aiming at a place."""
        self.is_drawn()
        self.page.evaluate(NOTHING_CHANGES)

    def finds(self, look: Callable[[], Any], expected: Any) -> None:
        """Look until one sees what is expected: the screen may be a frame behind what was waited for."""
        deadline = monotonic() + PATIENCE_S
        while (seen := look()) != expected and monotonic() < deadline:
            self.page.evaluate("() => new Promise(requestAnimationFrame)")
        assert seen == expected, f"{seen!r} instead of {expected!r}"

    def stands_at(self, words: str) -> None:
        """Wait until the player says these words, such as "call 3 of 5", and that call is what is looked into.

        The player moves at once; what the buttons of a panel do is for the call that the server has drawn.
        """
        label = self.player.locator(".label", has_text=re.compile(words))
        label.wait_for()
        call = re.match(r"call \S+ of \S+", label.inner_text())
        if call is not None:
            self.finds(self.inspector.locator(".si-title").all_inner_texts, [call.group().capitalize()])

    def shows(self, words: str) -> None:
        """Wait until these words are somewhere on the page."""
        self.page.get_by_text(words).first.wait_for()

    def click(self, what: Any) -> None:
        """Click on something when no run of the script is about to replace it."""
        what.wait_for()
        self.is_drawn()
        what.click()

    def open_tab(self, name: str) -> None:
        """Open a tab, and wait until what is in it is there.

        Of two clicks within one round trip Streamlit may lose the second: a tab that is being drawn takes none.
        """
        self.click(self.page.get_by_role("tab", name=name))
        self.page.get_by_role("tab", name=name, selected=True).wait_for()
        self.page.get_by_role("tabpanel", name=name).locator("> *").first.wait_for()

    def press(self, *keys: str) -> None:
        """Press keys with nothing focused, after a click on the margin."""
        self.page.mouse.click(4, 400)
        for key in keys:
            self.page.keyboard.press(key)


class TextEditor:
    """One of the two editors. Only lines on the screen are in the page, so `text` is for short texts."""

    def __init__(self, app: Stateline, key: str, label: str) -> None:
        self._app = app
        self._page = app.page
        self.box = app.page.locator(f".st-key-{key}")
        self.editor = self.box.locator(".cm-editor")
        self.area = app.page.get_by_label(label, exact=True)

    @property
    def text(self) -> str:
        """What stands in it."""
        self.area.wait_for()
        if self.box.locator(".cm-placeholder").count():
            return ""
        return "\n".join(self.box.locator(".cm-line").all_text_contents())

    def holds(self, text: str) -> None:
        """Wait until this stands in it."""
        self._app.finds(lambda: self.text, text)

    def has_problems_at(self, *lines: int) -> None:
        """Wait until just these lines have a sign of a problem beside them."""
        self.has_signs_at(".cm-lint-marker", *lines)

    def has_signs_at(self, sign: str, *lines: int) -> None:
        """Wait until these signs stand beside just these lines."""
        self._app.finds(lambda: self.editor.evaluate(LINES_BESIDE, sign), list(lines))

    def click_beside(self, line: int) -> None:
        """Click in the column of breakpoints."""
        self.box.locator(".cm-line").nth(line - 1).wait_for()
        self._app.is_at_rest()
        column = self.box.locator(".gutter-breakpoints")
        column.click(position=self.editor.evaluate(PLACE_IN_COLUMN, line - 1))

    def fill(self, text: str) -> None:
        """Put a text in the place of what stands there, as by pasting."""
        self.press("Control+a")
        self.press("Delete")
        self._page.keyboard.insert_text(text)

    def type(self, text: str) -> None:
        """Type where the cursor is."""
        self.area.focus()
        self._page.keyboard.type(text)

    def press(self, keys: str) -> None:
        self.area.press(keys)
