"""Where the table of a CSV file begins, and what separates its cells. Lives here: that look at the first lines."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from engine.events.csv_lines import DELIMITERS
from engine.events.lines import Problems
from engine.events.values import is_data

#: What people put before a line that is no row, or before the header.
COMMENT: Final = "#"
#: The column of a file whose lines are no rows, as Spark's text source calls it.
LINE_COLUMN: Final = "value"
#: The reader needs one; this one stands in no text.
NO_DELIMITER: Final = "\x1f"
_SAMPLE_LINES: Final = 50
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")
_ONE_NAME: Final = re.compile(r"[\w#$@%&/().:^-]+(?: [\w#$@%&/().:^-]+){0,2}")

#: A row of the sample, and the line on which it begins.
_Row = tuple[int, list[str]]


def beginning_of(text: str, problems: Problems) -> tuple[str, int]:
    """The delimiter by which most of the first lines have as many cells as the table's first, and that line (from 1).

    Lines above it, a title or comments, are told.
    """
    sample = list(islice(lines_of(text), _SAMPLE_LINES))
    best, best_score, first = NO_DELIMITER, (0.0, 1), 1
    for delimiter in DELIMITERS:
        rows = _table(list(_rows(sample, delimiter)))
        widths = [len(row) for _, row in rows]
        score = (widths.count(widths[0]) / len(widths), widths[0]) if widths else (0.0, 0)
        if score > best_score and score[1] > 1:
            best, best_score, first = delimiter, score, rows[0][0]
    _tell_above(sample[: first - 1], problems)
    return best, first


def is_one_name(text: str) -> bool:
    """Whether a line without a delimiter can be the header of one column; a sentence or a line of a log cannot."""
    return _ONE_NAME.fullmatch(text.strip()) is not None


def lines_of(text: str, position: int = 0) -> Iterator[str]:
    """The lines with their ends; only a line feed ends one (str.splitlines knows eight more ends)."""
    return map(re.Match.group, _LINE.finditer(text, position))


def position_of(text: str, line: int) -> int:
    """Where a line (from 1) begins; the end of the text for one below the last."""
    position = 0
    for _ in range(line - 1):
        position = text.find("\n", position) + 1
        if position == 0:
            return len(text)
    return position


def _rows(sample: Sequence[str], delimiter: str) -> Iterator[_Row]:
    """The rows up to the first that cannot be read."""
    reader = csv.reader(sample, delimiter=delimiter, skipinitialspace=True)
    line = 1
    try:
        for row in reader:
            if row:
                yield line, row
            line = reader.line_num + 1
    except csv.Error:
        return


def _table(rows: list[_Row]) -> list[_Row]:
    """Without what stands above the header: lines of one cell that are comments, or a title above names and values."""
    widths = Counter(len(row) for _, row in rows if len(row) > 1)
    if not widths or len(rows[0][1]) > 1:
        return rows
    width = widths.most_common(1)[0][0]
    begin = next(place for place, (_, row) in enumerate(rows) if len(row) == width)
    above, table = rows[:begin], rows[begin:]
    are_comments = all(row[0].startswith(COMMENT) for _, row in above)
    has_values = any(map(_is_a_value, (cell for _, row in table[1:] for cell in row)))
    is_titled = all(len(row) == 1 for _, row in above) and not any(map(_is_a_value, table[0][1])) and has_values
    return table if are_comments or (is_titled and len(table) > 1) else rows


def _is_a_value(cell: str) -> bool:
    """Whether a cell is no name: also when it is a number or a time as a country writes it."""
    return is_data(cell) or cell.strip()[:1].isdigit()


def _tell_above(lines: Sequence[str], problems: Problems) -> None:
    said = [number for number, line in enumerate(lines, 1) if line.strip() and not line.startswith(COMMENT)]
    if said:
        what = (
            "this line is above the table, and is left out"
            if len(said) == 1
            else (f"{len(said)} lines from here on are above the table, and are left out")
        )
        problems.add(said[0], None, what, "Keep only the header and the rows")
