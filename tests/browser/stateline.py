"""The page in the words of a visitor. Lives here: the only test code that knows where things are on the page."""

import re
from typing import Any


class Stateline:
    """One open page. Every wait is for something on the screen."""

    def __init__(self, page: Any, server: str) -> None:
        self.page = page
        self._server = server

    def open(self, address: str = "/") -> "Stateline":
        self.page.goto(self._server + address)
        self.player.locator(".label").wait_for()
        return self

    @property
    def player(self) -> Any:
        return self.page.locator(".st-key-player")

    @property
    def inspector(self) -> Any:
        return self.page.locator(".st-key-inspector")

    @property
    def function(self) -> Any:
        return self.page.get_by_label("The function")

    @property
    def events(self) -> Any:
        return self.page.get_by_label("The events")

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
