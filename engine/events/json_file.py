"""JSON files as tables: JSON lines, a list of objects, one object that holds such a list, or one with a list a column."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, Final

from engine.events.json_lines import DECODER, as_object, literal_instead, not_json
from engine.events.lines import Problems, short
from engine.events.literals import read_literal
from engine.events.table import MAX_COLUMNS, ROWS_AT_A_TIME, Table, Tell, table_of, untold
from engine.events.values import as_json, as_type, column_type, plain_value
from engine.model.problems import Problem
from engine.model.rows import MAX_CELLS

_GAP: Final = re.compile(r"(?:[\s,\]]+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_NEXT_LINE_WITH_AN_OBJECT: Final = re.compile(r"\n[ \t]*(?=\{)")
_MOST_BROKEN_VALUES: Final = 50
#: After so many values that Python printed, all others are read as its: each failure as JSON costs a look over all lines.
_FEW_LITERALS: Final = 20
_DEEPEST_LIST: Final = 3
# A list of rows is read row by row.
_LIST_OF_ROWS: Final = re.compile(r"\s*(?:\[(?=\s*(?:[\[{(]|Row\(|//|/\*|$)))?")
_EXPECTED: Final = 'Write a list of objects, or one object per line, such as {"word": "hello"}'


def read_json(text: str, tell: Tell = untold) -> Table | list[Problem]:
    """The table of a JSON file: an object is a row, its names are the columns; a name that a row has not is NULL."""
    problems = Problems()
    values = _values(text, problems)
    first_two = list(islice(values, 2))
    rows: Iterator[tuple[int, Any]] = chain(first_two, values)
    if len(first_two) == 1:
        position, value = first_two[0]
        if isinstance(value, dict) and {"api", "batches"} <= value.keys():
            return [Problem("file", "it is a scenario, not a stream of events", "Open it as a scenario")]
        if isinstance(value, dict) and {"cells", "nbformat"} <= value.keys():
            return [
                Problem(
                    "file", "it is a notebook, not a stream of events", "Paste its text where the function is typed"
                )
            ]
        rows = iter([(position, row) for row in _rows_inside(value, problems)])
    if first_two and not isinstance(first_two[0][1], dict):
        rows = _by_place(rows)
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
    typed = [as_type(column, type_) for column, type_ in zip(finished, types, strict=True)]
    return table_of(list(columns.by_name), typed, problems, types)


def _values(text: str, problems: Problems) -> Iterator[tuple[int, Any]]:
    """The values of a list or of JSON lines, each with its position. After a broken one it goes on in another line."""
    beginning: Any = _LIST_OF_ROWS.match(text)
    position = beginning.end()
    decode: Callable[[str, int], tuple[Any, int]] = DECODER.raw_decode
    literals = broken = 0
    while broken < _MOST_BROKEN_VALUES:
        try:
            while (position := _end_of_gap(text, position)) < len(text):
                value, end = decode(text, position)
                yield position, value
                position = end
            return
        except (json.JSONDecodeError, RecursionError) as error:
            literal = _literal(text, position, error, problems)
        if literal is not None:
            yield position, literal[0]
            position, literals = literal[1], literals + 1
            decode = read_literal if literals == _FEW_LITERALS else decode
            continue
        broken += 1
        following = _NEXT_LINE_WITH_AN_OBJECT.search(text, position)
        if following is None:
            return
        position = following.end()


def _literal(text: str, position: int, error: Exception, problems: Problems) -> tuple[Any, int] | None:
    """The value that Python printed where no JSON is, and where it ends; None, and a problem, where there is none."""
    if not isinstance(error, json.JSONDecodeError):
        problems.add(text.count("\n", 0, position) + 1, None, "this is nested too deep", "Write flatter objects")
        return None
    try:
        return literal_instead(text, position, error)
    except json.JSONDecodeError as further:
        next_line = text.find("\n{", position)
        if 0 <= next_line < further.pos:  # an object a line: what is wrong is on its own
            line = text.count("\n", 0, next_line) + 1
            problems.add(line, None, "the object on this line has no end", _EXPECTED)
        else:
            problems.add(further.lineno, further.colno, not_json(further), _EXPECTED)
        return None


def _by_place(rows: Iterator[tuple[int, Any]]) -> Iterator[tuple[int, Any]]:
    """Rows that are lists as objects: a first one of texts above other values names the columns, else `_1`, `_2` do.

    Values that are no lists are words.
    """
    first_two = list(islice(rows, 2))
    (_, first), (_, second) = first_two[0], first_two[-1]
    header: list[str] = []
    if isinstance(first, (list, tuple)) and isinstance(second, (list, tuple)) and _are_texts(first):
        header = [] if _are_texts(second) else list(first)
    for position, row in chain(first_two[bool(header) :], rows):
        cells = as_object(row, first)
        yield (
            position,
            row if cells is None else dict(zip([*header, *list(cells)[len(header) :]], cells.values(), strict=False)),
        )


def _are_texts(values: Sequence[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _end_of_gap(text: str, position: int) -> int:
    match: Any = _GAP.match(text, position)
    return int(match.end())


def _rows_inside(value: Any, problems: Problems) -> list[Any]:
    """The rows of a file that is one value: a list, an object's longest list of objects, its columns, else it is the only row."""
    if not isinstance(value, dict):
        return value if isinstance(value, list) and len(set(map(type, value))) == 1 else [value]
    found = _list_inside(value)
    if found:
        name, rows = found
        if len(value) > 1:
            problems.add(
                1, None, f"the rows are those of '{short(name)}'; everything else in this object is left out", _EXPECTED
            )
        return rows
    if isinstance(value.get("columns"), list) and isinstance(
        value.get("data"), list
    ):  # as pandas writes a frame, split
        return [
            dict(zip(map(str, value["columns"]), row, strict=False)) for row in value["data"] if isinstance(row, list)
        ]
    lists = [member for member in value.values() if isinstance(member, list) and member]
    if len(lists) == len(value) and len({len(member) for member in lists}) == 1:
        return [dict(zip(value, cells, strict=True)) for cells in zip(*lists, strict=True)]
    return _rows_of_members(value) or ([value] if value else [])


def _list_inside(value: dict[str, Any], depth: int = 0) -> tuple[str, list[Any]] | None:
    """The longest list of objects in an object or, where it has none, in an object inside it; and its name."""
    lists = {
        name: part for name, part in value.items() if isinstance(part, list) and part and isinstance(part[0], dict)
    }
    if lists:
        return max(lists.items(), key=lambda item: len(item[1]))
    inside = (part for part in value.values() if isinstance(part, dict) and depth < _DEEPEST_LIST)
    return next((found for part in inside if (found := _list_inside(part, depth + 1))), None)


def _rows_of_members(value: dict[str, Any]) -> list[Any]:
    """The rows of an object of objects: columns with a cell for each row, as pandas writes them, or rows by their names."""
    members = [member for member in value.values() if isinstance(member, dict) and member]
    if len(members) < len(value) or not members:
        return []
    if "".join(value).isdigit():
        return members
    indexes = {tuple(member) for member in members}
    if len(indexes) == 1 and "".join(members[0]).isdigit():
        return [{name: column[index] for name, column in value.items()} for index in members[0]]
    if len(members) > 1 and set.intersection(*map(set, members)):
        return [{"key": name, **member} for name, member in value.items()]
    return []


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
            return f"{short(as_json(row))} is not an object"
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
