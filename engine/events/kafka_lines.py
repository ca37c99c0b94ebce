"""What Kafka's console consumer prints: key, tab, value, after the message's time, partition and offset if it was told to.

Lives here: that notation. A value that is a JSON object gives its fields as columns.
"""

import json
import re
from typing import Any, Final

from engine.events.json_lines import not_json, value_at
from engine.events.lines import Event, Line, LineReader, Unreadable
from engine.events.times import iso_time
from engine.events.values import plain_value

_TIME: Final = re.compile(r"(?:CreateTime|LogAppendTime):([0-9]{1,15})")
_NUMBER: Final = re.compile(r"(Partition|Offset|Epoch):([0-9]{1,18})")
_BEGINS: Final = re.compile(rf"(?:{_TIME.pattern}|{_NUMBER.pattern})\t|[^\t{{]*\t\{{")
_AROUND: Final = re.compile(r"Processed a total of \d+ messages")


def begins_with_a_message(text: str) -> bool:
    """Whether a line is what the console consumer prints of a message."""
    return _BEGINS.match(text) is not None


class MessageLines(LineReader):
    """A message a line: `timestamp`, `partition`, `offset`, `key` as Spark's Kafka source calls them, then its value."""

    typed = True

    def events(self, line: Line) -> list[Event]:
        if _AROUND.fullmatch(line.text.strip()):
            return []
        cells: dict[str, Any] = {}
        text, position = line.text, 0
        while (known := _known(text, position)) is not None:
            name, cells[name], position = known
        key, tab, _ = text[position:].partition("\t")
        if tab and not key.startswith("{"):
            cells["key"] = None if key == "null" else key
            position += len(key) + 1
        return [Event(line.number, _named_apart(cells, _fields(text, position)))]


def _known(text: str, position: int) -> tuple[str, Any, int] | None:
    """The name and value of what the consumer prints about a message at this position, and where the next part begins."""
    part = text[position:].partition("\t")[0]
    end = position + len(part) + 1
    time, number = _TIME.fullmatch(part), _NUMBER.fullmatch(part)
    if time and end <= len(text):
        try:
            return "timestamp", iso_time(int(time[1]) * 1000), end
        except OverflowError:
            raise Unreadable(
                position + 1, f"{time[1]} is not a time in milliseconds", "Write CreateTime:1704103200000"
            ) from None
    return (number[1].lower(), int(number[2]), end) if number and end <= len(text) else None


def _fields(text: str, position: int) -> dict[str, Any]:
    """The columns of a message's value: those of an object, else `value`."""
    value = text[position:]
    if not value.startswith("{"):
        return {"value": None if value == "null" else value}
    try:
        fields, end = value_at(text, position)
    except json.JSONDecodeError as error:
        raise Unreadable(
            error.colno, not_json(error), 'Write an object such as {"word": "hello"} as the value'
        ) from None
    if text[end:].strip():
        raise Unreadable(end + 1, "the message ends before this", "Write one message per line")
    return dict(plain_value(fields))


def _named_apart(about: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """Both, where what is about the message gives way to fields of the same name."""
    return {(f"kafka_{name}" if name in fields else name): value for name, value in about.items()} | fields
