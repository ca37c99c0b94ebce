"""Batches as text in the notation that `read_text` reads. Lives here: the writer, which checks itself by reading."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from engine.events.marks import BARE, mark_text
from engine.events.text import read_text
from engine.events.values import read_cells
from engine.events.words_and_pairs import WORD_COLUMN
from engine.model.intervals import MS_PER_DAY
from engine.model.rows import Rows
from engine.model.scenario import Batch

_WORDS_A_LINE: Final = 10
_FEWEST_COLUMNS_FOR_CSV: Final = 4
_PLAIN_WORD: Final = re.compile(r"[\w.:/@+-]+")
_IN_QUOTES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"})

#: Writes the rows of each batch as lines.
_Writer = Callable[[Sequence[Rows]], list[list[str]]]


def write_text(batches: Sequence[Batch], restart_before: Sequence[int] = ()) -> str:
    """The text that `read_text` reads as these batches, in the plainest notation that loses nothing.

    Words for a column `word` of simple words, pairs for a few columns, CSV for many, else JSON lines. Clocks that go back
    and numbers that JSON cannot say are not read back; raise TypeError for values that are not plain data.
    """
    rows = [batch.rows for batch in batches]
    for writer in _writers(rows):
        text = _text(batches, restart_before, writer(rows))
        if _is_read_as(text, rows):
            return text
    return _text(batches, restart_before, _json_lines(rows))


def _writers(batches: Sequence[Rows]) -> Iterator[_Writer]:
    """The notations worth trying, the plainest first."""
    headers = {rows.names for rows in batches if len(rows)}
    if headers == {(WORD_COLUMN,)}:
        yield _words
    if len(headers) == 1 and len(min(headers)) >= _FEWEST_COLUMNS_FOR_CSV:
        yield _csv
    yield _pairs


def _is_read_as(text: str, batches: Sequence[Rows]) -> bool:
    """Whether the text says just these rows; as JSON, which tells 1, 1.0 and true apart."""
    read = read_text(text)
    return not read.problems and [_as_json(batch.rows) for batch in read.batches] == [
        _as_json(rows) for rows in batches
    ]


def _as_json(rows: Rows) -> str:
    return json.dumps(list(rows))


def _text(batches: Sequence[Batch], restart_before: Sequence[int], lines_of_batches: list[list[str]]) -> str:
    by_time = bool(batches) and batches[0].processing_time_ms >= MS_PER_DAY
    lines: list[str] = []
    before_ms: int | None = None
    for index, (batch, event_lines) in enumerate(zip(batches, lines_of_batches, strict=True)):
        must_open = index == len(batches) - 1 and not event_lines
        restart = index in restart_before
        mark = mark_text(batch.processing_time_ms, before_ms, restart=restart, by_time=by_time, must_open=must_open)
        if index > 0 or mark != BARE or not event_lines:
            lines.append(mark)
        lines += event_lines
        before_ms = batch.processing_time_ms
    return "\n".join(lines)


def _words(batches: Sequence[Rows]) -> list[list[str]]:
    return [_wrapped([_bare(value) for value in rows.column(WORD_COLUMN)]) for rows in batches]


def _wrapped(words: Sequence[str]) -> list[str]:
    return [" ".join(words[start : start + _WORDS_A_LINE]) for start in range(0, len(words), _WORDS_A_LINE)]


def _pairs(batches: Sequence[Rows]) -> list[list[str]]:
    return [
        [" ".join(f"{name}={_pair_value(value)}" for name, value in row.items()) for row in rows] for rows in batches
    ]


def _csv(batches: Sequence[Rows]) -> list[list[str]]:
    """The header stands once, above the first event."""
    lines = [[_csv_line(_bare(value) for value in values) for values in rows.tuples()] for rows in batches]
    first = next(index for index, rows in enumerate(batches) if len(rows))
    lines[first].insert(0, _csv_line(batches[first].names))
    return lines


def _csv_line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


def _json_lines(batches: Sequence[Rows]) -> list[list[str]]:
    return [[json.dumps(row, ensure_ascii=False) for row in rows] for rows in batches]


def _bare(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _pair_value(value: Any) -> str:
    """Text goes into quotation marks, unless it is one plain word that is read as text."""
    if not isinstance(value, str) or (_PLAIN_WORD.fullmatch(value) and read_cells([value]) == [value]):
        return _bare(value)
    return f'"{value.translate(_IN_QUOTES)}"'
