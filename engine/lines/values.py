"""Values of the user's as a person looks at them: a type, short text, a small table. Lives here: how, and the bounds.

Text is Python's own repr where it is short, cut where it is not. Nothing here raises, whatever a value's own methods do.
"""

import re
import reprlib
from types import GeneratorType
from typing import Any, Final

import pandas as pd

from engine.apis.entry import USER_MODULE
from engine.model.lines import Raised, Shown, SmallTable
from engine.model.user_objects import LimitReached, beginning, class_name

_MAX_NAME: Final = 80
_MAX_MESSAGE: Final = 500
_MAX_CELL: Final = 40
_MAX_ROWS: Final = 6
_MAX_COLUMNS: Final = 8
_MAX_ATTRIBUTES: Final = 20
_ADDRESS: Final = re.compile(r" at 0x[0-9a-fA-F]+")


class _Texts(reprlib.Repr):
    """Python's bounded repr, which keeps the order of a dict and tells what is in an object without a repr of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 4
        self.maxdict = self.maxlist = self.maxtuple = self.maxset = self.maxfrozenset = self.maxdeque = 20
        self.maxstring = self.maxlong = 200
        self.maxother = 300

    def repr_dict(self, value: dict[Any, Any], level: int) -> str:
        if level <= 0 and value:
            return "{…}"
        items = list(zip(value.items(), range(self.maxdict), strict=False))
        parts = [f"{self.repr1(key, level - 1)}: {self.repr1(item, level - 1)}" for (key, item), _ in items]
        more = [f"… {len(value) - len(items):,} more"] if len(value) > len(items) else []
        return "{" + ", ".join([*parts, *more]) + "}"

    def repr_instance(self, value: Any, level: int) -> str:
        if isinstance(value, pd.DataFrame):
            return f"<DataFrame of {value.shape[0]:,} × {value.shape[1]:,}>"
        if isinstance(value, pd.Series):
            return f"<Series of {len(value):,}>"
        if isinstance(value, GeneratorType):
            return "<generator>"
        if _has_its_own(value, "__repr__"):
            return beginning(repr(value), self.maxother)
        if _has_its_own(value, "__str__"):
            return beginning(str(value), self.maxother)
        return self._attributes(value, level)

    def _attributes(self, value: Any, level: int) -> str:
        attributes = _attributes_of(value)[:_MAX_ATTRIBUTES] if level > 0 else []
        parts = (f"{name}={self.repr1(item, level - 1)}" for name, item in attributes)
        return f"{class_name(value)}({', '.join(parts)})" if attributes else f"<{class_name(value)}>"


def _attributes_of(value: Any) -> list[tuple[str, Any]]:
    """What is in an object; of a class that is not the user's own only what it shows to others."""
    is_theirs = type(value).__module__ == USER_MODULE
    return [(name, item) for name, item in getattr(value, "__dict__", {}).items() if is_theirs or name[:1] != "_"]


def _has_its_own(value: Any, method: str) -> bool:
    return getattr(type(value), method) is not getattr(object, method)


_TEXTS: Final = _Texts()


def shown(value: Any) -> Shown:
    """The value, small enough to keep ten thousand of them."""
    return Shown(_clean(class_name(value), _MAX_NAME), _text(value, _TEXTS.maxother * 2), _table(value))


def raised(error: BaseException) -> Raised:
    """An exception as data; its own text may fail too."""
    try:
        message = str(error)
    except LimitReached:
        raise
    except BaseException as broken:  # the user's own __str__
        message = f"(its message cannot be read: {class_name(broken)})"
    return Raised(_clean(class_name(error), _MAX_NAME), _clean(message, _MAX_MESSAGE))


def _text(value: Any, limit: int) -> str:
    try:
        text = _TEXTS.repr(value)
    except LimitReached:
        raise
    except BaseException as broken:  # the user's own __repr__
        text = f"<{class_name(value)}: its repr raises {class_name(broken)}>"
    return _clean(_ADDRESS.sub("", text), limit)


def _table(value: Any) -> SmallTable | None:
    """A frame, or a series as its only column; None for all else, and for a frame that cannot be cut."""
    if not issubclass(type(value), (pd.DataFrame, pd.Series)):
        return None
    try:
        frame = value.to_frame() if isinstance(value, pd.Series) else value
        corner = frame.iloc[:_MAX_ROWS, :_MAX_COLUMNS]
        rows = [[_text(cell, _MAX_CELL) for cell in row] for row in corner.itertuples(index=False, name=None)]
        return SmallTable([_clean(str(name), _MAX_CELL) for name in corner.columns], rows, *frame.shape)
    except LimitReached:
        raise
    except BaseException:  # a subclass of the user's; its text says what it is
        return None


def _clean(text: str, limit: int) -> str:
    """Text that can be sent, at most so many characters of it."""
    sendable = str.encode(text, "utf-8", "backslashreplace").decode()
    return sendable if len(sendable) <= limit else f"{sendable[: limit - 1]}…"
