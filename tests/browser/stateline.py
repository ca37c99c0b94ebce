"""The page in the words of a visitor. Lives here: the only test code that knows where things are on the page."""

import re
from typing import Any


class Stateline:
    """One open page. Every wait is for something on the screen."""

    def __init__(self, page: Any, server: str) -> None:
        self.page = page
        self.server = server

    def open(self, address: str = "/") -> "Stateline":
        self.page.goto(self.server + address)
        self.player.locator(".label").wait_for()
        return self

    @property
    def player(self) -> Any:
        return self.page.locator(".st-key-player")

    @property
    def inspector(self) -> Any:
        return self.page.locator(".st-key-inspector")

    @property
    def inside(self) -> Any:
        """What is shown of the inside of a call."""
        return self.page.locator(".st-key-inside-panel")

    @property
    def function(self) -> "TextEditor":
        return TextEditor(self.page, "code", "The function")

    @property
    def events(self) -> "TextEditor":
        return TextEditor(self.page, "events", "The events")

    def stands_at(self, words: str) -> None:
        """Wait until the player says these words, such as "call 3 of 5"."""
        self.player.locator(".label", has_text=re.compile(words)).wait_for()

    def shows(self, words: str) -> None:
        """Wait until these words are somewhere on the page."""
        self.page.get_by_text(words).first.wait_for()

    def press(self, *keys: str) -> None:
        """Press keys with nothing focused, after a click on the margin."""
        self.page.mouse.click(4, 400)
        for key in keys:
            self.page.keyboard.press(key)


class TextEditor:
    """One of the two editors. Only lines on the screen are in the page, so `text` is for short texts."""

    def __init__(self, page: Any, key: str, label: str) -> None:
        self._page = page
        self.box = page.locator(f".st-key-{key}")
        self.area = page.get_by_label(label, exact=True)

    @property
    def text(self) -> str:
        """What stands in it."""
        self.area.wait_for()
        if self.box.locator(".cm-placeholder").count():
            return ""
        return "\n".join(self.box.locator(".cm-line").all_text_contents())

    @property
    def lines_with_problems(self) -> list[int]:
        """The numbers of the lines with a sign of a problem beside them, once there is one."""
        return self.lines_beside(".cm-lint-marker")

    def lines_beside(self, sign: str) -> list[int]:
        """The numbers of the lines beside which these signs stand, once there is one."""
        self.box.locator(sign).first.wait_for()
        return [self._line_beside(found.bounding_box()) for found in self.box.locator(sign).all()]

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

    def _line_beside(self, sign: dict[str, float]) -> int:
        middle = sign["y"] + sign["height"] / 2
        for number in self.box.locator(".cm-lineNumbers .cm-gutterElement").all():
            place = number.bounding_box()
            if place and place["y"] <= middle <= place["y"] + place["height"]:
                return int(number.inner_text())
        raise AssertionError("no line stands beside the sign")
