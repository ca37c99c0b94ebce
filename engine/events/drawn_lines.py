"""Tables as programs print them: Spark's show(), Markdown, psql, pandas. Lives here: their cells between lines and blanks."""

import re
from itertools import pairwise
from typing import Final

from engine.events.csv_lines import CellLines, Cells
from engine.events.lines import Event, Line, Unreadable
from engine.events.values import FILE_NULLS

#: A line that is drawn, with a crossing or an end in it: a bare `---` is a mark.
_RULE: Final = re.compile(r"(?=.*[+|\u2500-\u257f])(?=.*[-=\u2500-\u257f])[-+|=:\s\u2500-\u257f]+")
_BAR: Final = re.compile("[|\u2502\u2503\u2506\u2551]")
#: What stands around a table: how many rows there are, or were left out.
_AROUND: Final = re.compile(r"only showing top \d+ rows?|\(\d+ rows?\)|\d+ rows? in set.*|\[\d+ rows x \d+ columns\]")
_SHAPE: Final = re.compile(r"shape: \([0-9_]+, [0-9_]+\)")
#: The types of columns that Polars and DuckDB print below their names.
_TYPES: Final = re.compile(
    r"str|cat|enum|[iuf](?:8|16|32|64|128)|u?(?:tiny|small|big|huge)?int(?:eger|8|16|32|64|128)?|bool(?:ean)?|binary|blob|date|time"
    r"|datetime\[.*\]|duration\[.*\]|decimal[(\[].*|list\[.*\]|struct[(\[].*|null|object|varchar|double|float|timestamp.*|uuid|json"
)
#: How Spark's console sink begins each batch.
_CONSOLE_BATCH: Final = re.compile(r"^-{20,}\nBatch: \d+\n-{20,}$", re.MULTILINE)
_IN_BARS: Final = re.compile(rf"\s*{_BAR.pattern}.*{_BAR.pattern}\s*")
_WORD: Final = re.compile(r"\S+")
_FRAME_HEADER: Final = re.compile(r"\s+\S.*")
_FIRST_OF_FRAME: Final = re.compile(r"0\s.*")


def is_rule(line: str) -> bool:
    """Whether a line only separates the rows of a drawn table."""
    return _RULE.fullmatch(line) is not None


def is_shape(line: str) -> bool:
    """Whether a line is what Polars prints above a table."""
    return _SHAPE.fullmatch(line.strip()) is not None


def with_marks_for_console_batches(text: str) -> str:
    """The text with a mark where Spark's console sink begins a batch; every other line stays on its place."""
    return _CONSOLE_BATCH.sub("\n\n---", text)


def drawn_table(first: str, second: str | None) -> "CellLines | None":
    """The reader of a printed table whose first two lines these are; None when they are none."""
    if is_rule(first) or _IN_BARS.fullmatch(first):
        return DrawnLines(in_bars=True)
    if second is not None and is_rule(second) and _BAR.search(first):
        return DrawnLines(in_bars=False)
    if second is not None and _FRAME_HEADER.fullmatch(first) and _FIRST_OF_FRAME.fullmatch(second):
        return FrameLines(first)
    return None


class _PrintedLines(CellLines):
    """What printed tables share: lines without a row in them, and NULL as programs write it."""

    mend_too_many = "Remove the separator from inside the cells"
    #: Types of columns stand above all rows.
    _had_a_row = False

    def events(self, line: Line) -> list[Event]:
        if is_rule(line.text) or _AROUND.fullmatch(line.text.strip()):
            return []
        had_a_header, had_a_row = bool(self._names), self._had_a_row
        self._had_a_row = had_a_row or had_a_header
        if had_a_header and not had_a_row and all(_TYPES.fullmatch(cell) for cell, _ in self.cells(line.text)):
            return []
        return [
            Event(
                event.line, {name: None if cell in FILE_NULLS.in_text else cell for name, cell in event.cells.items()}
            )
            for event in super().events(line)
        ]


class DrawnLines(_PrintedLines):
    """Cells between bars; `in_bars`: the first and the last stand between two as well."""

    def __init__(self, *, in_bars: bool) -> None:
        super().__init__()
        self._in_bars = in_bars

    def cells(self, text: str) -> Cells:
        bars = [match.start() for match in _BAR.finditer(text)]
        if not self._in_bars:
            bars = [-1, *bars, len(text)]
        elif len(bars) < 2 or text[: bars[0]].strip() or text[bars[-1] + 1 :].strip():
            what = "this is not a row of the table that the text begins with"
            raise Unreadable(1, what, "Write each row on one line, with | before, between and after its cells")
        return [(text[start + 1 : end].strip(), start + 2) for start, end in pairwise(bars)]


class FrameLines(_PrintedLines):
    """A printed pandas frame: each cell ends below the end of its column's name; the number of the row is passed over."""

    def __init__(self, header: str) -> None:
        names = list(_WORD.finditer(header))
        super().__init__([name.group() for name in names])
        self._edges = [0, *(name.end() for name in names)]

    def cells(self, text: str) -> Cells:
        number = _WORD.match(text)
        if number is not None:
            if number.group() == "..":
                what = "pandas has left out rows here"
                raise Unreadable(1, what, "Print the whole frame with print(df.to_string()), or upload it as CSV")
            text = " " * number.end() + text[number.end() :]
        for edge in self._edges[1:]:
            if text[edge - 1 : edge].strip() and text[edge : edge + 1].strip():
                what = "this cell does not end below the name of its column"
                raise Unreadable(edge + 1, what, "Write the frame as CSV: print(df.to_csv(index=False))")
        return [(text[start:end].strip(), start + 1) for start, end in pairwise(self._edges)]
