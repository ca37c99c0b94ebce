"""The notation of JSON: an object an event, on one line or spread over several, bare or in a list."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from engine.events.lines import Event, Line, Problems, Unreadable, short
from engine.events.values import as_json, plain_value

_LONGEST_INTEGER: Final = 20
_EXAMPLE: Final = 'Write an object such as {"word": "hello"}'


def _integer(text: str) -> int | str:
    """Integers that no column can hold stay text; Python would refuse to read very long ones."""
    return int(text) if len(text) <= _LONGEST_INTEGER else text


DECODER: Final = json.JSONDecoder(parse_int=_integer)


def not_json(error: json.JSONDecodeError) -> str:
    """What is wrong with a text that is no JSON."""
    return f"this is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"


def begins_with_json(text: str) -> bool:
    """Whether a line begins an object, or a list of objects. `[INFO] hello` does neither."""
    text = text.lstrip()
    return text.startswith("{") or (text.startswith("[") and text[1:].lstrip()[:1] in ("", "{"))


class JsonLines:
    """Reads objects one after another; one that is not complete on its line goes on in the lines below."""

    typed = True

    def __init__(self) -> None:
        self.text_columns: set[str] = set()

    def read(self, lines: Sequence[Line], problems: Problems) -> Iterator[Event]:
        index = 0
        while index < len(lines):
            block = lines[index : index + _block_length(lines, index)]
            if block[0].text.strip(" \t,") in ("", "[", "]"):  # a list written over several lines
                index += 1
                continue
            try:
                value, line_count = _first_value("\n".join(line.text for line in block))
                yield from _events(value, block[0])
            except json.JSONDecodeError as error:
                line_count = len(block)
                mend = f"{_EXAMPLE}; all events of a text are written in one way"
                problems.add(block[error.lineno - 1].number, error.colno, not_json(error), mend)
            except Unreadable as bad:
                problems.add(block[0].number, bad.column, bad.what, bad.mend)
            index += line_count


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
    return text.lstrip().startswith(("{", "["))


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _first_value(text: str) -> tuple[Any, int]:
    """The value at the beginning of the text, and how many lines it takes. Raise JSONDecodeError."""
    try:
        value, end = DECODER.raw_decode(text, _indent(text))
    except RecursionError:
        raise json.JSONDecodeError("nested too deep", text, 0) from None
    rest = text[end:].partition("\n")[0]
    if rest.strip(" \t,"):
        raise json.JSONDecodeError("expected the end of the line after this value", text, end)
    return value, text.count("\n", 0, end) + 1


def _events(value: Any, line: Line) -> list[Event]:
    items = value if isinstance(value, list) else [value]
    for item in items:
        if not isinstance(item, dict) or not item:
            what = f"{short(as_json(item))} is no object with columns"
            raise Unreadable(_indent(line.text) + 1, what, _EXAMPLE)
    return [Event(line.number, plain_value(item)) for item in items]
