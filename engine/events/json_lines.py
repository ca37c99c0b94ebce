"""The notation of JSON, or of Python: an object or a tuple an event, on one line or spread over several, bare or in a list."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from engine.events.lines import Event, Line, Problems, Unreadable, short
from engine.events.literals import integer, read_literal
from engine.events.values import as_json, plain_value
from engine.events.words_and_pairs import WORD_COLUMN

# Objects; lists of objects, lists, tuples, texts or numbers, alone or where they are given a name; tuples of texts; rows.
_IN_LIST: Final = r"""(?:$|[\[({"'“‘\]]|-?[0-9.]+\s*,|Row\()"""
_BEGINS: Final = re.compile(
    rf"""\s*(?:\{{|(?:[^\W\d]\w*\s*=\s*)?\[\s*{_IN_LIST}|\(\s*["'“‘]|\(\s*-?[0-9.]+\s*,|Row\()"""
)
_NAME_OF_LIST: Final = re.compile(r"\s*[^\W\d]\w*\s*=(?=\s*\[)")
_AFTER: Final = re.compile(r"[\s,]*(?:(?://|#).*)?")
_IN_WORDS: Final = {
    "Unterminated string": "the text that begins here never ends",
    "Invalid control character": "a text does not end on its line, or has a tab in it",
}
_EXAMPLE: Final = 'Write an object such as {"word": "hello"}'


DECODER: Final = json.JSONDecoder(parse_int=integer)


def not_json(error: json.JSONDecodeError) -> str:
    """What is wrong with a text that is no JSON."""
    said = next((words for begins, words in _IN_WORDS.items() if error.msg.startswith(begins)), error.msg)
    return f"this is not JSON: {said[:1].lower()}{said[1:]}"


def begins_with_json(text: str) -> bool:
    """Whether a line begins an object, a list, a tuple or a Row. `[INFO] hello` does not."""
    return _BEGINS.match(text) is not None


def value_at(text: str, position: int) -> tuple[Any, int]:
    """The value at a position, in JSON or as Python prints it, and where it ends. Raises JSONDecodeError."""
    try:
        return DECODER.raw_decode(text, position)
    except RecursionError:
        raise json.JSONDecodeError("nested too deep", text, position) from None
    except json.JSONDecodeError as strict:
        return literal_instead(text, position, strict)


def literal_instead(text: str, position: int, strict: json.JSONDecodeError) -> tuple[Any, int]:
    """What Python printed where no JSON is, and where it ends. Raises JSONDecodeError, the one that is further on."""
    try:
        return read_literal(text, position)
    except json.JSONDecodeError as loose:
        raise max(strict, loose, key=lambda error: error.pos) from None


def as_object(value: Any, first: Any) -> dict[str, Any] | None:
    """The columns of a value, None when it has none or is of another kind than the first of its stream.

    An object has names. The values of a list or a tuple are called `_1`, `_2` as Spark calls them, one alone is a word.
    """
    if isinstance(value, dict):
        return value if isinstance(first, dict) else None
    if isinstance(value, (list, tuple)):
        return (
            {f"_{number}": part for number, part in enumerate(value, 1)} if isinstance(first, (list, tuple)) else None
        )
    return None if isinstance(first, (dict, list, tuple)) else {WORD_COLUMN: value}


class JsonLines:
    """Reads objects one after another; one that is not complete on its line goes on in the lines below."""

    typed = True

    def __init__(self) -> None:
        self.text_columns: set[str] = set()
        self._first: Any = None

    def read(self, lines: Sequence[Line], problems: Problems) -> Iterator[Event]:
        index = 0
        while index < len(lines):
            block = lines[index : index + _block_length(lines, index)]
            if _unnamed(block[0].text).strip(" \t,") in ("", "[", "]"):  # a list written over several lines
                index += 1
                continue
            try:
                value, line_count = _first_value(_unnamed("\n".join(line.text for line in block)))
                yield from self._events(value, block[0])
            except json.JSONDecodeError as error:
                line_count = len(block)
                mend = f"{_EXAMPLE}; all events of a text are written in the same way"
                problems.add(block[error.lineno - 1].number, error.colno, not_json(error), mend)
            except Unreadable as bad:
                problems.add(block[0].number, bad.column, bad.what, bad.mend)
            index += line_count

    def _events(self, value: Any, line: Line) -> list[Event]:
        items = value if isinstance(value, list) and not self._is_row(value) else [value]
        self._first = items[0] if self._first is None and items else self._first
        objects = [as_object(item, self._first) for item in items]
        for item, cells in zip(items, objects, strict=True):
            if not cells:
                what = f"{short(as_json(item))} is not an object with columns"
                raise Unreadable(_indent(line.text) + 1, what, _EXAMPLE)
        return [Event(line.number, plain_value(cells)) for cells in objects]

    def _is_row(self, values: list[Any]) -> bool:
        """Whether a list is no list of events: it has a text beside a number, or stands where rows by place do."""
        kinds = set(map(type, values)) - {type(None)}
        return kinds.isdisjoint((dict, list, tuple)) and (len(kinds) > 1 or type(self._first) in (list, tuple))


def _block_length(lines: Sequence[Line], start: int) -> int:
    """How many lines one value can take: up to the next one that begins an object and is not indented deeper."""
    if not _opens(lines[start].text):
        return 1
    indent = _indent(lines[start].text)
    end = start + 1
    while end < len(lines) and not (_opens(lines[end].text) and _indent(lines[end].text) <= indent):
        end += 1
    return end - start


def _opens(text: str) -> bool:
    return text.lstrip().startswith(("{", "[", "(", "Row("))


def _unnamed(text: str) -> str:
    """`data = [` without the name, in its place."""
    name = _NAME_OF_LIST.match(text)
    return text if name is None else " " * name.end() + text[name.end() :]


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _first_value(text: str) -> tuple[Any, int]:
    """The value at the beginning of the text, and how many lines it takes. Raises JSONDecodeError."""
    value, end = value_at(text, _indent(text))
    rest = text[end:].partition("\n")[0]
    if not _AFTER.fullmatch(rest):
        raise json.JSONDecodeError("expected the end of the line after this value", text, end)
    return value, text.count("\n", 0, end) + 1
