"""CSV files as tables: their rows, their header, and what their cells mean. Where the table begins is found elsewhere."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, compress, islice
from typing import Any, Final

from engine.events.csv_beginning import (
    COMMENT,
    LINE_COLUMN,
    NO_DELIMITER,
    beginning_of,
    is_one_name,
    lines_of,
    position_of,
)
from engine.events.lines import Problems
from engine.events.table import MAX_BYTES, MAX_COLUMNS, ROWS_AT_A_TIME, Table, Tell, table_of, too_many_columns, untold
from engine.events.values import FILE_NULLS, is_data, read_cells
from engine.events.words_and_pairs import WORD_COLUMN
from engine.model.problems import Problem
from engine.model.rows import MAX_CELLS

csv.field_size_limit(MAX_BYTES)  # of this process; what a file may hold is bounded before
_ESCAPED_QUOTE: Final = re.compile(r'[^\\]\\"[^,;\t|\r\n"]')
#: What Excel reads its delimiter from, above the header.
_SAID_DELIMITER: Final = re.compile(r'("?sep=(.)"?)\r?\n', re.IGNORECASE)
_ONE_HEADER: Final = "Keep only the first header"
_MOST_BROKEN_ROWS: Final = 50
#: What part of the way it is to have all rows; the rest is to read their values.
_ROWS_PART: Final = 0.5


def read_csv(text: str, tell: Tell = untold, may_be_words: bool = False) -> Table | list[Problem]:
    """The table of a CSV file. Rows with too many cells are left out, missing cells are NULL; both are told.

    `may_be_words`: a text with one column is a word a line, without a header.
    """
    if "\n" not in text:
        text = text.replace("\r", "\n")
    problems = Problems()
    text = _with_doubled_quotes(text)
    said = _SAID_DELIMITER.match(text)
    if said:
        text = text[said.end(1) :]
    delimiter, line = (said[2], 1) if said else beginning_of(text, problems)
    records = _Records(text, delimiter, line, problems)
    header, rows = _header(iter(records), may_be_words and delimiter == NO_DELIMITER, problems)
    if len(header) > MAX_COLUMNS:  # before each of them becomes a list
        return [too_many_columns(len(header))]
    fitted = records.fitted(rows, len(header))
    most_rows = MAX_CELLS // max(len(header), 1)
    line_count = text.count("\n") + 1
    cells = _columns(islice(fitted, most_rows), len(header), lambda: tell(_ROWS_PART * records.line / line_count))
    if next(fitted, None) is not None:
        what = f"only the {most_rows:,} rows above this line are read"
        problems.add(records.line, None, what, "Use only a part of the file")
    _leave_out_headers(header, cells, problems)
    used = [number for number, name in enumerate(header) if name.strip() or any(cells[number])]
    return table_of([header[n] for n in used], list(_values([cells[n] for n in used], tell)), problems)


def says_its_delimiter(text: str) -> bool:
    """Whether the first line is that from which Excel reads the delimiter."""
    return _SAID_DELIMITER.match(text) is not None


def _with_doubled_quotes(text: str) -> str:
    """Spark writes a quotation mark inside a cell with a backslash before it, most others write it twice."""
    return text.replace('\\"', '""') if '\\"' in text and _ESCAPED_QUOTE.search(text) else text


def _leave_out_headers(header: Sequence[str], cells: Sequence[list[str]], problems: Problems) -> None:
    """Take out, in place, the header of each file that was put behind the first: it is one above numbers or times."""
    if not header or not all(name in column for name, column in zip(header, cells, strict=True)):
        return
    are_rows = [row != tuple(header) for row in zip(*cells, strict=True)]
    left_out = are_rows.count(False)
    if left_out and any(is_data(next(compress(column, are_rows), "")) for column in cells):
        times = "once" if left_out == 1 else f"{left_out:,} times"
        problems.add(1, None, f"the header is repeated {times} further down, and is left out there", _ONE_HEADER)
        for column in cells:
            column[:] = compress(column, are_rows)


def _header(rows: Iterator[list[str]], are_words: bool, problems: Problems) -> tuple[list[str], Iterator[list[str]]]:
    """The names of the columns, and the rows below them; a first row that holds values is no header."""
    first = next(rows, None)
    if first is None:
        return [], rows
    if are_words:
        return [WORD_COLUMN], chain([first], rows)
    if len(first) == 1 and not is_one_name(first[0]):
        what = f"nothing in this line separates cells, so each line is an event, in the column {LINE_COLUMN}"
        problems.add(1, None, what, "Put one of , ; | or a tab between the cells, and a header above them")
        return [LINE_COLUMN], chain([first], rows)
    if not any(map(is_data, first)):
        return [first[0].lstrip(f"{COMMENT} "), *first[1:]] if len(first) > 1 else first, rows
    names = [f"column_{number}" for number in range(1, len(first) + 1)]
    what = f"this line holds values, so the columns are called {names[0]} and so on"
    problems.add(1, None, what, "Add a line with the names of the columns above it")
    return names, chain([first], rows)


class _Records:
    """The rows of a CSV text as lists of cells; what is no row becomes a problem at its line."""

    def __init__(self, text: str, delimiter: str, line: int, problems: Problems) -> None:
        """`line` is that on which the table begins."""
        self._text = text
        self._delimiter = delimiter
        self._problems = problems
        self._broken = 0
        self._begin(line)

    def _begin(self, line: int) -> None:
        self._lines_before = line - 1
        lines = lines_of(self._text, position_of(self._text, line))
        self._reader = csv.reader(lines, delimiter=self._delimiter, strict=True, skipinitialspace=True)

    @property
    def line(self) -> int:
        """The last line that was read."""
        return self._lines_before + int(self._reader.line_num)

    def __iter__(self) -> Iterator[list[str]]:
        while True:
            line = self.line + 1
            try:
                row = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                self._leave_out(line, error)
                continue
            if row:
                yield row

    def _leave_out(self, line: int, error: csv.Error) -> None:
        """Tell what is wrong with the row that begins here, and go on below its first line: a quotation mark that is never
        closed would take all others with it."""
        mend = 'Close every ", and write "" for one inside a cell'
        self._problems.add(line, None, f"the row that begins here cannot be read: {error}", mend)
        self._broken += 1
        if self._broken <= _MOST_BROKEN_ROWS:
            self._begin(line + 1)

    def fitted(self, rows: Iterable[list[str]], width: int) -> Iterator[list[str]]:
        """The rows with as many cells as the header has."""
        for row in rows:
            if len(row) == width:
                yield row
            elif len(row) < width and row[0].startswith(COMMENT):
                continue
            elif len(row) < width:
                what = f"this row has {len(row)} cells and the header {width}; the missing ones are NULL"
                self._problems.add(self.line, None, what, "Write a cell for every column, even if it is empty")
                yield row + [""] * (width - len(row))
            elif not any(row[width:]):
                yield row[:width]
            else:
                what = f"this row has {len(row)} cells and the header {width}; it is left out"
                mend = 'Put a cell that holds the delimiter into "quotation marks"'
                self._problems.add(self.line, None, what, mend)


def _columns(rows: Iterator[list[str]], width: int, go_on: Callable[[], object]) -> list[list[str]]:
    """The rows turned into columns; equal cells of a column are one object. Calls `go_on` after some rows each."""
    columns: list[list[str]] = [[] for _ in range(width)]
    distinct: list[dict[str, str]] = [{} for _ in range(width)]
    while some := list(islice(rows, ROWS_AT_A_TIME)):
        for column, seen, cells in zip(columns, distinct, zip(*some, strict=True), strict=True):
            column.extend(map(seen.setdefault, cells, cells))
        go_on()
    return columns


def _values(columns: Sequence[list[str]], tell: Tell) -> Iterator[list[Any]]:
    """What the cells mean, column by column."""
    for number, column in enumerate(columns):
        tell(_ROWS_PART + (1 - _ROWS_PART) * number / len(columns))
        yield read_cells(column, FILE_NULLS)
