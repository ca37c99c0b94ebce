"""The notation of typed CSV: a header, then a line an event. Lives here: that, and what all notations with a header share."""

import re
from collections.abc import Sequence
from typing import Final

from engine.events.lines import Event, Line, LineReader, Unreadable, short
from engine.events.values import is_data
from engine.events.words_and_pairs import begins_with_a_pair

#: What may stand between cells, in typed text and in files.
DELIMITERS: Final = (",", ";", "\t", "|")
_NAME: Final = re.compile(r"[^\W\d][^={}\[\]]*")
_QUOTED: Final = re.compile(r'\s*"((?:[^"]|"")*)"\s*')

#: The cells of a line, each with the column (from 1) at which it begins.
Cells = list[tuple[str, int]]


def typed_csv(first: str, second: str | None) -> "CsvLines | None":
    """The reader of typed CSV whose first two lines these are; None when they are not CSV. One line alone is not yet CSV."""
    for delimiter in DELIMITERS:
        above, below = _bare_cells(first, delimiter), _bare_cells(second or "", delimiter)
        if min(len(above), len(below)) < 2:
            continue
        if _is_header(above, below):
            return CsvLines(delimiter)
        if _are_rows(above, below):
            return CsvLines(delimiter, tuple(named("", number) for number in range(1, len(above) + 1)))
    return None


def _is_header(names: Sequence[str], below: Sequence[str]) -> bool:
    """A header names columns, and the line below has none of the names: people also put commas between words.

    A name that is missing or appears twice is one only above a value, such as a number.
    """
    said = [name for name in names if name]
    if not said or not set(said).isdisjoint(below) or not all(map(_is_name, said)):
        return False
    return len(set(said)) == len(names) or any(map(is_data, below))


def _is_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None and not is_data(text)


def _are_rows(above: Sequence[str], below: Sequence[str]) -> bool:
    """Whether both lines have values such as numbers in the same places, and words in the others: no header is there."""
    kinds = [is_data(cell) for cell in above]
    return any(kinds) and not all(kinds) and kinds == [is_data(cell) for cell in below]


def _bare_cells(text: str, delimiter: str) -> list[str]:
    return [cell.strip().strip('"') for cell in text.split(delimiter)]


def named(name: str, number: int) -> str:
    """The name of a column that has none."""
    return name or f"column_{number}"


class CellLines(LineReader):
    """What notations with a header share: `cells` finds the cells of a line, the first line names the columns.

    Repeated, the header is passed over. An empty cell is NULL.
    """

    #: How to mend a line with too many cells.
    mend_too_many = 'Leave it out, or put a cell with a comma in "quotation marks"'

    def __init__(self, names: Sequence[str] = ()) -> None:
        """`names` are those of the columns when no line has them."""
        super().__init__()
        self._names = list(names)
        self._header = list(names)

    def cells(self, text: str) -> Cells:
        """The cells of a line. Raises Unreadable."""
        raise NotImplementedError

    def events(self, line: Line) -> list[Event]:
        cells = self.cells(line.text)
        texts = [text for text, _ in cells]
        if not self._names:
            self._header = texts
            self._names = [named(name, number) for number, name in enumerate(texts, 1)]
            _refuse_equal_names(self._names, cells)
        if texts == self._header:
            return []
        self._check(cells, line.text)
        return [Event(line.number, dict(zip(self._names, texts, strict=True)))]

    def _check(self, cells: Cells, text: str) -> None:
        header = short(",".join(self._names))
        if all(begins_with_a_pair(cell) for cell, _ in cells):
            what = f"these are name=value pairs, but the text begins with a CSV header ({header})"
            raise Unreadable(1, what, "Write the values only, in the order of the header")
        expected, found = len(self._names), len(cells)
        if found > expected:
            what = f"cell {expected + 1} begins here, but the header has {expected} columns ({header})"
            raise Unreadable(cells[expected][1], what, self.mend_too_many)
        if found < expected:
            what = f"{found} of the {expected} cells are here; the header is {header}"
            raise Unreadable(len(text) + 1, what, f"Write all {expected}; leave a cell empty where a value is missing")


def _refuse_equal_names(names: Sequence[str], cells: Cells) -> None:
    seen: set[str] = set()
    for name, (_, column) in zip(names, cells, strict=True):
        if name in seen:
            raise Unreadable(column, f"'{short(name)}' names two columns", "Give each column its own name")
        seen.add(name)


class CsvLines(CellLines):
    """Cells with a delimiter between them; one in quotation marks may hold it."""

    def __init__(self, delimiter: str, names: Sequence[str] = ()) -> None:
        super().__init__(names)
        self._delimiter = delimiter

    def cells(self, text: str) -> Cells:
        cells = []
        position = 0
        while position <= len(text):
            quoted = _QUOTED.match(text, position)
            end = quoted.end() if quoted else text.find(self._delimiter, position)
            end = len(text) if end == -1 else end
            raw = quoted.group(1).replace('""', '"') if quoted else text[position:end].strip()
            if (end < len(text) and text[end] != self._delimiter) or (not quoted and raw.startswith('"')):
                what = 'the " of this cell is never closed, or something follows its closing quotation mark'
                raise Unreadable(position + 1, what, 'Write "" for a quotation mark inside a cell in quotation marks')
            cells.append((raw, position + 1))
            position = end + 1
        return cells
