"""Which widget of a control is on the page, and what it was last known to show. Lives here: to tell a choice from an echo.

With other news a browser may send what a widget shows, or showed, that is on the page no more. Streamlit has forgotten
its value, takes that for a change, and calls its callback: so each change of the server's makes another widget, and of
the newest one a value counts only once. The store keeps this, and knows what is on the page.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

OnPage = Mapping[str | int, Any]


class _Widget(msgspec.Struct, frozen=True):
    """The newest of a control; `among` is what one chooses from, where that changes."""

    number: int
    stands_at: Any = None
    among: Any = None


_NONE_YET: Final = _Widget(0)


class Controls:
    """The controls of one visitor by their names; the key of a widget is the name with a number."""

    def __init__(self) -> None:
        self._newest: dict[str, _Widget] = {}

    def key(self, name: str) -> str:
        """The key of the control's newest widget. Raises KeyError for one that was never drawn."""
        return f"{name}-{self._newest[name].number}"

    def showing(self, name: str, value: Any, on_page: OnPage) -> str:
        """The key of a widget that shows this value; one that stands at another value is replaced."""
        last = self._newest.get(name, _NONE_YET)
        is_new = last is _NONE_YET or on_page.get(self.key(name), last.stands_at) != value
        self._newest[name] = _Widget(last.number + is_new, value)
        return self.key(name)

    def choosing(self, name: str, among: Any, on_page: OnPage) -> str:
        """The key of a widget in which one chooses among these (equal means the same), and nothing is chosen at first.

        It is replaced when one chooses among others, and when it was away from the page.
        """
        last = self._newest.get(name, _NONE_YET)
        if last is _NONE_YET or last.among != among or self.key(name) not in on_page:
            self._newest[name] = _Widget(last.number + 1, among=among)
        return self.key(name)

    def is_chosen(self, key: str, value: Any) -> bool:
        """Whether the visitor chose this value, which is then what the control stands at. Of what is no control: yes."""
        name, _, number = key.rpartition("-")
        newest = self._newest.get(name)
        if newest is None:
            return True
        if number != str(newest.number) or value == newest.stands_at:
            return False
        self._newest[name] = msgspec.structs.replace(newest, stands_at=value)
        return True
