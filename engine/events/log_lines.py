"""Lines of a log: a time, then a message, with `name=value` in it or not. Lives here: that notation."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from engine.events.lines import Event, Line, Problems

#: A day is part of it: a time of day alone says no time.
_TIME: Final = re.compile(
    r"\[?([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:[.,]([0-9]{1,9}))?"
    r"( ?Z|[+-][0-9]{2}:?[0-9]{2})?\]? +(?=[^\s,;|])(?![AaPp]\.?[Mm]\b|UTC\b|GMT\b|[+-][0-9])"
)
_PAIR: Final = re.compile(r'(?<!\S)([^\W\d][\w.-]*)=(?:"([^"]*)"|([^\s,;]*))[,;]?(?!\S)')
_TIME_COLUMN, _MESSAGE_COLUMN = "timestamp", "message"


def begins_with_a_time(text: str) -> bool:
    """Whether a line is one of a log: a time, a blank, and something that was logged."""
    return _TIME.match(text) is not None


class LogLines:
    """Reads an event a line: `timestamp`, `message`, and each pair in it; lines without a time go on with the one before."""

    typed = False

    def __init__(self) -> None:
        self.text_columns = {_MESSAGE_COLUMN}

    def read(self, lines: Sequence[Line], problems: Problems) -> Iterator[Event]:
        begun: list[Line] = []
        for line in lines:
            if begun and begins_with_a_time(line.text):
                yield self._event(begun)
                begun = []
            if begun or begins_with_a_time(line.text):
                begun.append(line)
            else:
                problems.add(
                    line.number, 1, "this line of a log has no time", "Begin it like this: 2024-01-01 10:12:05 message"
                )
        if begun:
            yield self._event(begun)

    def _event(self, lines: Sequence[Line]) -> Event:
        text = "\n".join(line.text for line in lines)
        time: Any = _TIME.match(text)
        message = text[time.end() :]
        pairs = {pair[1]: pair[3] if pair[2] is None else pair[2] for pair in _PAIR.finditer(message)}
        fraction, zone = f".{time[3][:6]}" if time[3] else "", (time[4] or "").strip()
        said = {
            _TIME_COLUMN: f"{time[1]}T{time[2]}{':00' if fraction and time[2].count(':') == 1 else ''}{fraction}{zone}"
        }
        if _PAIR.sub("", message).strip():
            said[_MESSAGE_COLUMN] = message
        return Event(lines[0].number, {**pairs, **said})
