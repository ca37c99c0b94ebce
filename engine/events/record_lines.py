"""Records with a name and a value on each line: Spark's show(vertical=True), psql's \\x, MySQL's \\G, lists of YAML.

Lives here: that notation. What is nested in YAML is none of it.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from engine.events.lines import Event, Line, Problems, short
from engine.events.values import FILE_NULLS

#: The line above a record, and what begins one in YAML.
_ABOVE: Final = re.compile(r"-RECORD \d+-*|-\[ RECORD \d+ \][-+]*|\*+ \d+\. row \*+")
_DASH: Final = re.compile(r"-\s+(?=[^\W\d][\w.-]*:(?:\s|$))")
_PAIR: Final = re.compile(r"([^\W\d][\w.-]*(?: [\w.-]+)*)\s*(?::(?:\s+|$)|\|)(.*)")
_QUOTED: Final = re.compile(r'"([^"]*)"|\'([^\']*)\'')
_NULLS: Final = FILE_NULLS.in_text | {"~"}
_MEND: Final = "Write name: value, one per line; write nested values as JSON"


def begins_with_a_record(text: str) -> bool:
    """Whether a line begins the first record of such a text."""
    return _ABOVE.fullmatch(text.strip()) is not None or _DASH.match(text) is not None


class RecordLines:
    """Reads records one after another; each ends where the next begins, or with its batch."""

    typed = False

    def __init__(self) -> None:
        self.text_columns: set[str] = set()

    def read(self, lines: Sequence[Line], problems: Problems) -> Iterator[Event]:
        number = 0
        cells: dict[str, str | None] = {}
        for line in lines:
            dash, is_above = _DASH.match(line.text), _ABOVE.fullmatch(line.text.strip())
            if dash or is_above:
                if cells:
                    yield Event(number, cells)
                number, cells = line.number, {}
            if not is_above:
                self._take(line, line.text[dash.end() if dash else 0 :], cells, problems)
        if cells:
            yield Event(number, cells)

    def _take(self, line: Line, text: str, cells: dict[str, str | None], problems: Problems) -> None:
        """Put the pair of a line among the cells, or tell what is wrong with it."""
        pair = _PAIR.fullmatch(text.strip())
        column = len(line.text) - len(text.lstrip()) + 1
        if pair is None:
            problems.add(line.number, column, f"'{short(text.strip())}' is not a name with a value", _MEND)
        elif pair[1] in cells:
            problems.add(line.number, column, f"'{short(pair[1])}' appears twice in this record", _MEND)
        else:
            cells[pair[1]] = self._value(pair[1], pair[2].strip())

    def _value(self, name: str, text: str) -> str | None:
        quoted = _QUOTED.fullmatch(text)
        if quoted:
            self.text_columns.add(name)
            return quoted[1] if quoted[2] is None else quoted[2]
        return None if text in _NULLS else text
