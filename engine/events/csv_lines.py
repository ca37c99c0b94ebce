"""The notation of typed CSV: a header, then a line an event. Lives here: that; files are read elsewhere."""

import re
from collections.abc import Sequence
from typing import Final

from engine.events.lines import Event, Line, LineReader, Unreadable, short
from engine.events.values import is_data
from engine.events.words_and_pairs import begins_with_a_pair

#: What may stand between cells, in typed text and in files.
DELIMITERS: Final = (",", ";", "\t", "|")
_NAME: Final = re.compile(r"[^\W\d][\w .:/()#%-]*")
_QUOTED: Final = re.compile(r'\s*"((?:[^"]|"")*)"\s*')


def typed_delimiter(first: str, second: str | None) -> str | None:
    """The delimiter of typed CSV whose first two lines these are; None when they are not CSV.

    A header names columns, each once, and the line below has the delimiter too, but none of the names: people also put
    commas between words. One line alone is not yet CSV.
    """
    for delimiter in DELIMITERS:
        names = _bare_cells(first, delimiter)
        below = _bare_cells(second or "", delimiter)
        if min(len(names), len(below)) < 2 or len(set(names)) < len(names) or not set(names).isdisjoint(below):
            continue
        if all(_NAME.fullmatch(name) and not is_data(name) for name in names):
            return delimiter
    return None


def _bare_cells(text: str, delimiter: str) -> list[str]:
    return [cell.strip().strip('"') for cell in text.split(delimiter)]


class CsvLines(LineReader):
    """The first line of the text names the columns; repeated, it is passed over. An empty cell is NULL."""

    def __init__(self, delimiter: str) -> None:
        super().__init__()
        self._delimiter = delimiter
        self._names: list[str] = []

    def events(self, line: Line) -> list[Event]:
        cells = _split(line.text, self._delimiter)
        texts = [text for text, _ in cells]
        if not self._names:
            self._names = texts
        if texts == self._names:
            return []
        self._check(cells, line.text)
        return [Event(line.number, dict(zip(self._names, texts, strict=True)))]

    def _check(self, cells: Sequence[tuple[str, int]], text: str) -> None:
        header = short(self._delimiter.join(self._names))
        if all(begins_with_a_pair(cell) for cell, _ in cells):
            what = f"these are name=value pairs, but the text begins with a header of CSV ({header})"
            raise Unreadable(1, what, "Write the values only, in the order of the header")
        expected, found = len(self._names), len(cells)
        if found > expected:
            what = f"here begins cell {expected + 1}, but the header has {expected} columns ({header})"
            raise Unreadable(cells[expected][1], what, 'Leave it out, or put a cell with a comma in "quotation marks"')
        if found < expected:
            what = f"{found} of the {expected} cells are here; the header is {header}"
            raise Unreadable(len(text) + 1, what, f"Write all {expected}; leave a cell empty where a value is missing")


def _split(text: str, delimiter: str) -> list[tuple[str, int]]:
    """The cells of a line, each with the column (from 1) at which it begins. Raise Unreadable."""
    cells = []
    position = 0
    while position <= len(text):
        quoted = _QUOTED.match(text, position)
        end = quoted.end() if quoted else text.find(delimiter, position)
        end = len(text) if end == -1 else end
        raw = quoted.group(1).replace('""', '"') if quoted else text[position:end].strip()
        if (end < len(text) and text[end] != delimiter) or (not quoted and raw.startswith('"')):
            what = 'the " of this cell is never closed, or something stands right after it'
            raise Unreadable(position + 1, what, 'Write "" for a quotation mark inside a cell in quotation marks')
        cells.append((raw, position + 1))
        position = end + 1
    return cells
