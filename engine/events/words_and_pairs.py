"""Two notations: words (`hello hello spark`, each an event) and pairs (`word=hello amount=5`, a line an event)."""

import re
from typing import Any, Final

from engine.events.lines import Event, Line, LineReader, Unreadable, short

#: The column of a stream of bare words.
WORD_COLUMN: Final = "word"

_NAME: Final = r"[^\W\d][\w.-]*"
_GAP: Final = re.compile(r"[\s,]*")
_QUOTED: Final = re.compile(r"""(?:"((?:[^"\\]|\\.)*)"|'([^']*)')(?=[\s,]|$)""")
_WORD: Final = re.compile(r"[^\s,]+")
_PAIR_NAME: Final = re.compile(rf"({_NAME})=")
# A bare value may hold a comma, but not the one that stands before the next pair or at the end.
_BARE_VALUE: Final = re.compile(rf"(?:(?!,\s*(?:{_NAME}=|$))\S)*")
_ESCAPE: Final = re.compile(r"\\(.)")
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"'}
_NULLS: Final = ("", "null")
_LIKE_A_MARK: Final = re.compile(r"\s*(?:--|={2,}|\*{3,}|_{3,}|~{3,}|(?:[-*_]\s+){2,}[-*_]|\+\s*[0-9]+\s*[a-zA-Z]+)\s*")


def begins_with_a_pair(text: str) -> bool:
    """Whether a line is in the notation of pairs."""
    return _PAIR_NAME.match(text.lstrip()) is not None


class _Tokens(LineReader):
    """What both notations share: values that are bare, or stand in quotation marks."""

    def value(self, text: str, position: int, bare: re.Pattern[str], column_name: str) -> tuple[str | None, int]:
        """The value at a position, and where it ends. A quoted one makes its column text. Raises Unreadable."""
        quoted = _QUOTED.match(text, position)
        if quoted:
            self.text_columns.add(column_name)
            return _unquoted(quoted), quoted.end()
        if text.startswith('"', position):
            what = 'this " is never closed, or something follows its closing quotation mark'
            raise Unreadable(position + 1, what, 'Write "two words", and \\" for a quotation mark inside')
        match: Any = bare.match(text, position)
        return None if match.group() in _NULLS else match.group(), match.end()


class Words(_Tokens):
    """Words between spaces or commas; one in quotation marks may hold both."""

    def events(self, line: Line) -> list[Event]:
        events = []
        if _LIKE_A_MARK.fullmatch(line.text):
            mend = "Write '---' for the end of a batch, '--- +10 minutes' for time, or put a word into quotation marks"
            raise Unreadable(1, "this is neither a mark nor a word", mend)
        position = _after_gap(line.text, 0)
        while position < len(line.text):
            pair = _PAIR_NAME.match(line.text, position)
            if pair:
                what = f"'{short(pair.group())}' begins a pair, but the first event is a word"
                raise Unreadable(position + 1, what, "Write all events as words, or all as name=value")
            word, position = self.value(line.text, position, _WORD, WORD_COLUMN)
            events.append(Event(line.number, {WORD_COLUMN: word}))
            position = _after_gap(line.text, position)
        return events


class Pairs(_Tokens):
    """Pairs of a name and a value; `name=` and `name=null` are NULL, `name=""` is the empty text."""

    def events(self, line: Line) -> list[Event]:
        cells: dict[str, Any] = {}
        position = _after_gap(line.text, 0)
        while position < len(line.text):
            name = _PAIR_NAME.match(line.text, position)
            if name is None:
                raise _no_pair(line.text, position)
            if name.group(1) in cells:
                raise Unreadable(
                    position + 1, f"'{short(name.group(1))}' appears twice", "Give each value its own name"
                )
            cells[name.group(1)], position = self.value(line.text, name.end(), _BARE_VALUE, name.group(1))
            position = _after_gap(line.text, position)
        return [Event(line.number, cells)] if cells else []


def _no_pair(text: str, position: int) -> Unreadable:
    match: Any = _WORD.match(text, position)
    word = short(match.group())
    what = f"'{word}' is not a name=value pair, but the first event is one"
    return Unreadable(position + 1, what, f"Write name={word}, or put a value with spaces in quotation marks")


def _after_gap(text: str, position: int) -> int:
    match: Any = _GAP.match(text, position)
    return int(match.end())


def _unquoted(match: re.Match[str]) -> str:
    double, single = match.groups()
    return single if double is None else _ESCAPE.sub(lambda m: _ESCAPED.get(m.group(1), m.group()), double)
