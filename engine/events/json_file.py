"""JSON files as tables: JSON lines, a list of objects, one object that holds such a list, or one with a list a column."""

import json
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any, Final

from engine.events.json_lines import DECODER, not_json
from engine.events.lines import Problems, short
from engine.events.table import MAX_COLUMNS, ROWS_AT_A_TIME, Table, Tell, table_of, untold
from engine.events.values import as_json, column_type, plain_value
from engine.model.problems import Problem
from engine.model.rows import MAX_CELLS
from engine.model.schema import STRING

_GAP: Final = re.compile(r"[\s,\]]*")
_NEXT_LINE_WITH_AN_OBJECT: Final = re.compile(r"\n[ \t]*(?=\{)")
_MOST_BROKEN_VALUES: Final = 50
_EXPECTED: Final = 'Write a list of objects, or an object a line, such as {"word": "hello"}'


def read_json(text: str, tell: Tell = untold) -> Table | list[Problem]:
    """The table of a JSON file: an object is a row, its names are the columns; a name that a row has not is NULL."""
    problems = Problems()
    values = _values(text, problems)
    first_two = list(islice(values, 2))
    if len(first_two) == 1 and isinstance(first_two[0][1], dict):
        position, value = first_two[0]
        if {"api", "batches"} <= value.keys():
            return [Problem("file", "it is a scenario, not a stream of events", "Open it as a scenario")]
        rows = iter([(position, row) for row in _rows_inside(value)])
    else:
        rows = chain(first_two, values)
    columns = _Columns()
    line, counted = 1, 0
    for number, (position, row) in enumerate(rows, 1):
        if number % ROWS_AT_A_TIME == 0:
            tell(position / len(text))
        trouble = columns.add(row)
        if trouble:
            line, counted = line + text.count("\n", counted, position), position
            problems.add(line, None, trouble, _EXPECTED)
        if columns.is_full:
            break
    finished = columns.finished()
    types = [column_type(column) for column in finished]
    typed = [_texts(column) if type_ == STRING else column for column, type_ in zip(finished, types, strict=True)]
    return table_of(list(columns.by_name), typed, problems, types)


def _texts(column: list[Any]) -> list[Any]:
    """A column whose values are of no common type as Spark's JSON source reads it: what is no text is its JSON."""
    if set(map(type, column)) <= {str, type(None)}:
        return column
    return [value if value is None or isinstance(value, str) else as_json(value) for value in column]


def _values(text: str, problems: Problems) -> Iterator[tuple[int, Any]]:
    """The values of a list or of JSON lines, each with its position. After a broken one it goes on in another line."""
    position = len(text) - len(text.lstrip())
    position += text.startswith("[", position)
    for _ in range(_MOST_BROKEN_VALUES):
        try:
            while (position := _end_of_gap(text, position)) < len(text):
                value, end = DECODER.raw_decode(text, position)
                yield position, value
                position = end
            return
        except json.JSONDecodeError as error:
            problems.add(error.lineno, error.colno, not_json(error), _EXPECTED)
        except RecursionError:
            problems.add(text.count("\n", 0, position) + 1, None, "this is nested too deep", "Write flatter objects")
        following = _NEXT_LINE_WITH_AN_OBJECT.search(text, position)
        if following is None:
            return
        position = following.end()


def _end_of_gap(text: str, position: int) -> int:
    match: Any = _GAP.match(text, position)
    return int(match.end())


def _rows_inside(value: dict[str, Any]) -> list[Any]:
    """The rows of a file that is one object: its longest list of objects, else its columns, else it is the only row."""
    lists = [member for member in value.values() if isinstance(member, list) and member]
    of_objects = [member for member in lists if isinstance(member[0], dict)]
    if of_objects:
        return max(of_objects, key=len)
    if len(lists) == len(value) and len({len(member) for member in lists}) == 1:
        return [dict(zip(value, cells, strict=True)) for cells in zip(*lists, strict=True)]
    columns = [member for member in value.values() if isinstance(member, dict) and member]
    if len(columns) == len(value) and len({tuple(column) for column in columns}) == 1:  # as pandas writes a frame
        return [{name: column[index] for name, column in value.items()} for index in columns[0]]
    return [value] if value else []


class _Columns:
    """Columns that grow by one object a time. Equal texts are one object; a column is filled up with NULL when needed."""

    def __init__(self) -> None:
        self.by_name: dict[str, list[Any]] = {}
        self.is_full = False
        self._texts: dict[str, str] = {}
        self._count = 0
        self._cells = 0

    def add(self, row: Any) -> str:
        """Take one row; what is wrong with it, or an empty text."""
        if not isinstance(row, dict):
            return f"{short(as_json(row))} is no object"
        for name, value in row.items():
            column = self.by_name.setdefault(name, [])
            self._fill(column)
            column.append(self._texts.setdefault(value, value) if type(value) is str else value)
        self._count += 1
        self._cells += len(row)
        self.is_full = self._cells > MAX_CELLS or len(self.by_name) > MAX_COLUMNS
        return "the file has more cells or columns than can be read; it is read up to here" if self.is_full else ""

    def finished(self) -> list[list[Any]]:
        """The columns, all of one length, with values that a scenario file can hold."""
        for name, column in self.by_name.items():
            self._fill(column)
            if not set(map(type, column)) <= {bool, type(None)}:
                self.by_name[name] = [plain_value(value) for value in column]
        return list(self.by_name.values())

    def _fill(self, column: list[Any]) -> None:
        missing = self._count - len(column)
        if missing > 0:
            self._cells += missing
            column.extend([None] * missing)
