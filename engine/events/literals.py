"""Values as Python prints them, and JSON with comments or commas too many. Lives here: reading one, without running anything.

Lists, tuples, dicts, strings in all quotes, numbers, True and None, `Row(user='ann')`, `datetime.datetime(2024, 1, 1, 10, 12)`.
"""

import datetime
import json
import re
from collections.abc import Callable
from typing import Any, Final, NoReturn

_GAP: Final = re.compile(r"(?:\s+|//[^\n]*|#[^\n]*|/\*.*?\*/)*", re.DOTALL)
_STRING: Final = re.compile(
    r"""[uU]?(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|[“”„]([^“”„]*)[“”]|[‘’]([^‘’]*)[‘’])""", re.DOTALL
)
_ESCAPE: Final = re.compile(
    r"\\(?:u([0-9a-fA-F]{4})|U(000[0-9a-fA-F]{5}|0010[0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL
)
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "\0", "\n": ""}
_NUMBER: Final = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?(?![\w.])")
_WORD: Final = re.compile(r"-?[^\W\d][\w.]*")
_WORDS: Final = {
    "true": True,
    "True": True,
    "false": False,
    "False": False,
    "null": None,
    "None": None,
    "nan": None,
    "NaN": None,
    "inf": "Infinity",
    "-inf": "-Infinity",
    "Infinity": "Infinity",
    "-Infinity": "-Infinity",
}
_TIMES: Final[dict[str, Callable[..., datetime.date]]] = {"datetime": datetime.datetime, "date": datetime.date}
_LONGEST_INTEGER: Final = 20
_MOST_NESTED: Final = 100


def read_literal(text: str, position: int) -> tuple[Any, int]:
    """The value that begins at a position, and where it ends; a tuple is one. Raises JSONDecodeError where it is none."""
    reader = _Reader(text, position)
    return reader.value(0), reader.at


def integer(text: str) -> int | str:
    """Integers that no column can hold stay text; Python would refuse to read very long ones."""
    return int(text) if len(text) <= _LONGEST_INTEGER else text


class _Reader:
    """Reads from left to right: `at` is the next character."""

    def __init__(self, text: str, position: int) -> None:
        self.text = text
        self.at = position

    def value(self, depth: int) -> Any:
        if depth > _MOST_NESTED:
            self._fail("nested too deep")
        if self._takes("{"):
            return dict(self._items("}", lambda: self._pair(":", depth)))
        if self._takes("["):
            return self._items("]", lambda: self.value(depth + 1))
        if self._takes("("):
            return tuple(self._items(")", lambda: self.value(depth + 1)))
        string = self._match(_STRING)
        if string:
            return _string(string)
        number = self._match(_NUMBER)
        if number:
            digits = number.group()
            return integer(digits) if digits.lstrip("+-").isdigit() else float(digits)
        return self._named(depth)

    def _named(self, depth: int) -> Any:
        """A word that stands for a value, or a call such as Row(user='ann')."""
        start = self.at
        word = self._match(_WORD)
        if word and self._takes("("):
            is_pairs = re.match(r"\s*[^\W\d]\w*\s*=", self.text[self.at : self.at + 200]) is not None
            arguments = self._items(")", lambda: self._pair("=", depth) if is_pairs else self.value(depth + 1))
            return dict(arguments) if is_pairs else self._made(word.group(), arguments, start)
        if word is None or word.group() not in _WORDS:
            self.at = start
            self._fail("expecting value")
        return _WORDS[word.group()]

    def _made(self, name: str, arguments: list[Any], start: int) -> Any:
        """What a call without names makes: a row, a time, or what its only argument says, such as Decimal('1.5')."""
        kind = name.rpartition(".")[2]
        if kind == "Row":
            return tuple(arguments)
        time = _time(kind, arguments)
        if time is None and (kind in _TIMES or len(arguments) != 1):
            self.at = start
            self._fail("expecting value")
        return time or arguments[0]

    def _pair(self, between: str, depth: int) -> tuple[str, Any]:
        """A name in quotation marks and a value, with a colon between them; or as in a call, `name=value`."""
        match = self._match(_STRING if between == ":" else _WORD)
        if match is None:
            self._fail("expecting property name enclosed in double quotes")
        if not self._takes(between):
            self._fail(f"expecting '{between}' delimiter")
        name = _string(match) if between == ":" else match.group()
        return name, self.value(depth + 1)

    def _items(self, end: str, item: Callable[[], Any]) -> list[Any]:
        """What stands between commas up to the end; one comma more is no harm."""
        items = []
        while not self._takes(end):
            items.append(item())
            if not self._takes(",") and not self._peeks(end):
                self._fail("expecting ',' delimiter")
        return items

    def _takes(self, character: str) -> bool:
        taken = self._peeks(character)
        self.at += taken
        return taken

    def _peeks(self, character: str) -> bool:
        gap: Any = _GAP.match(self.text, self.at)
        self.at = gap.end()
        return self.text.startswith(character, self.at)

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        gap: Any = _GAP.match(self.text, self.at)
        self.at = gap.end()
        match = pattern.match(self.text, self.at)
        if match:
            self.at = match.end()
        return match

    def _fail(self, what: str) -> NoReturn:
        raise json.JSONDecodeError(what, self.text, self.at)


def _time(kind: str, arguments: list[Any]) -> str | None:
    """The ISO text of datetime.datetime(…) or datetime.date(…); None for anything else."""
    try:
        return _TIMES[kind](*arguments).isoformat() if kind in _TIMES else None
    except (TypeError, ValueError, OverflowError):
        return None


def _string(match: re.Match[str]) -> str:
    text = next(part for part in match.groups() if part is not None)
    if "\\" not in text:
        return text
    # JSON writes a character beyond the first 65,536 as two escapes.
    return _ESCAPE.sub(_character, text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2] or escape[3]
    return chr(int(code, 16)) if code else _ESCAPED.get(escape[4], escape[4])
