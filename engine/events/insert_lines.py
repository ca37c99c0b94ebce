"""Rows of SQL: `INSERT INTO t (user, amount) VALUES ('ann', 5), ('bob', 7);`. Lives here: that notation. No SQL is run."""

import json
import re
from collections.abc import Generator, Iterator, Sequence
from typing import Final

from engine.events.csv_lines import named
from engine.events.json_lines import value_at
from engine.events.lines import Event, Line, Problems
from engine.events.values import plain_value

_INSERT: Final = re.compile(
    r"INSERT\s+(?:INTO|OVERWRITE)\s+(?:TABLE\s+)?[^\s(]+\s*(?:\(([^()]*)\))?\s*VALUES\s*(?=\()", re.IGNORECASE
)
#: What is written otherwise than in Python: a quotation mark in a text, and words.
_OF_SQL: Final = re.compile(r"'(?:[^']|'')*'|\b(?:NULL|TRUE|FALSE)\b|\b(?:TIMESTAMP|DATE)\s+(?=')", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"\s*,\s*(?=\()")
_MEND: Final = "Write INSERT INTO t (user, amount) VALUES ('ann', 5), ('bob', 7);"


def begins_with_insert(text: str) -> bool:
    """Whether a line begins a statement that inserts."""
    return re.match(r"\s*INSERT\s+(?:INTO|OVERWRITE)\s", text, re.IGNORECASE) is not None


class InsertLines:
    """Reads the rows of all statements; without names the columns are called `column_1` and so on."""

    typed = True

    def __init__(self) -> None:
        self.text_columns: set[str] = set()

    def read(self, lines: Sequence[Line], problems: Problems) -> Iterator[Event]:
        text = _OF_SQL.sub(_as_literal, "\n".join(line.text for line in lines))
        found = _INSERT.search(text)
        if found is None and lines:
            problems.add(lines[0].number, None, "this inserts no rows", _MEND)
        while found is not None:
            names = [name.strip().strip('`"[]') for name in (found[1] or "").split(",") if name.strip()]
            end = yield from _rows(text, found.end(), names, lines, problems)
            found = _INSERT.search(text, end)


def _rows(
    text: str, position: int, names: list[str], lines: Sequence[Line], problems: Problems
) -> Generator[Event, None, int]:
    """The rows of one statement; its result is where they end."""
    while True:
        line = lines[text.count("\n", 0, position)].number
        try:
            row, end = value_at(text, position)
        except json.JSONDecodeError as error:
            problems.add(
                lines[error.lineno - 1].number, error.colno, f"this is not a row of values: {error.msg.lower()}", _MEND
            )
            return position
        values = row if isinstance(row, tuple) else (row,)
        columns = names or [named("", number) for number in range(1, len(values) + 1)]
        if len(columns) == len(values):
            yield Event(line, dict(zip(columns, map(plain_value, values), strict=True)))
        else:
            problems.add(
                line, None, f"the number of values ({len(values)}) is not the number of columns ({len(columns)})", _MEND
            )
        following = _BETWEEN.match(text, end)
        if following is None:
            return end
        position = following.end()


def _as_literal(found: re.Match[str]) -> str:
    """The same as Python writes it, of the same length."""
    text = found[0]
    if text.startswith("'"):
        inside = text[1:-1].replace("''", "\\'")
        return f"'{inside}'"
    return text.lower() if text[-1].isalpha() else " " * len(text)
