"""The notation in which people type a stream: events, and marks between micro-batches. Lives here: the reader.

    --- 2024-01-01 10:00      the clock of the first batch (0 without this line)
    hello hello spark         words, or word=hello amount=5, or CSV with a header, or JSON lines, or a printed table
    ---                       ends the batch; the next one comes a minute later
    hello
    --- +10 minutes           a batch without events: the trigger fires, there is no new data

Empty lines and lines that begin with # are passed over.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, Final, Literal

import msgspec

from engine.events.csv_lines import typed_csv
from engine.events.drawn_lines import drawn_table, is_rule, is_shape, with_marks_for_console_batches
from engine.events.insert_lines import InsertLines, begins_with_insert
from engine.events.json_lines import JsonLines, begins_with_json
from engine.events.kafka_lines import MessageLines, begins_with_a_message
from engine.events.lines import Event, Line, Problems, Reader
from engine.events.log_lines import LogLines, begins_with_a_time
from engine.events.marks import BARE_MARK, Mark, read_mark
from engine.events.record_lines import RecordLines, begins_with_a_record
from engine.events.table import MAX_COLUMNS
from engine.events.values import read_cells
from engine.events.words_and_pairs import Pairs, Words, begins_with_a_pair
from engine.model.problems import Problem
from engine.model.rows import Rows
from engine.model.scenario import NO_ROWS, Batch

_MEND_MARK: Final = (
    "Write '--- +10 minutes', '--- 2024-01-01 10:12', '--- 10:12' (on the same day), '--- restart' or just '---'"
)

_SAMPLE: Final = 4096
#: Comments, and the fences of a text that was pasted with them.
_PASSED_OVER: Final = ("#", "//", "```")

#: Notations that are neither CSV nor JSON, nor words.
_PRINTED: Final = ("table", "kafka", "pairs", "records", "sql", "log")

Notation = Literal["words", "pairs", "csv", "table", "json", "kafka", "records", "sql", "log"]


class EventText(msgspec.Struct, frozen=True):
    """What a text says: the batches of a scenario, and what could not be read of it.

    `row_lines[b][r]` is the line (from 1) of row r of batch b. `notation` is the one that was found, None without events.
    """

    batches: list[Batch]
    restart_before: list[int]
    problems: list[Problem]
    notation: Notation | None
    row_lines: list[list[int]]


class _Section(msgspec.Struct, frozen=True):
    """The lines of one batch, and the mark that opened it (a bare one, on line 0, when no mark did)."""

    mark: Mark
    mark_line: int
    lines: list[Line]


def read_text(text: str) -> EventText:
    """The stream that a text describes. Never raises: what cannot be read is a problem, all else is read.

    All events of a text are in one notation, found from the first of them.
    """
    problems = Problems()
    sections = _sections(text)
    clocks_ms = _clocks_ms(sections, problems)
    notation, reader = _reader([line for section in sections for line in section.lines])
    events = [list(reader.read(section.lines, problems)) for section in sections]
    _leave_out_too_many_columns(events, problems)
    if not reader.typed:
        _type_columns(chain.from_iterable(events), reader.text_columns)
    batches = [Batch(clock_ms, _rows(batch, problems)) for clock_ms, batch in zip(clocks_ms, events, strict=True)]
    restarts = [index for index, section in enumerate(sections) if section.mark.restart]
    row_lines = [[event.line for event in batch] for batch in events]
    return EventText(batches, restarts, problems.all(), notation, row_lines)


def _sections(text: str) -> list[_Section]:
    """The batches as lines. A mark before all events opens the first batch; a bare one after all opens none."""
    sections = [_Section(BARE_MARK, 0, [])]
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for number, line in enumerate(with_marks_for_console_batches(text).split("\n"), 1):
        mark = read_mark(line)
        if mark is not None and not is_rule(line):
            sections.append(_Section(mark, number, []))
        elif _says_something(line):
            sections[-1].lines.append(Line(number, line))
    if not sections[0].lines:
        del sections[0]
    if sections and not sections[-1].lines and not sections[-1].mark.opens_a_batch:
        del sections[-1]
    return sections


def _clocks_ms(sections: Sequence[_Section], problems: Problems) -> list[int]:
    clocks_ms: list[int] = []
    for section in sections:
        before_ms = clocks_ms[-1] if clocks_ms else None
        try:
            clocks_ms.append(section.mark.clock_ms(before_ms))
        except ValueError as error:
            problems.add(section.mark_line, section.mark.column, str(error), _MEND_MARK)
            clocks_ms.append(BARE_MARK.clock_ms(before_ms))
    return clocks_ms


def _reader(lines: Sequence[Line]) -> tuple[Notation | None, Reader]:
    """The notation of the first event."""
    if not lines:
        return None, Words()
    first, second = lines[0].text, lines[1].text if len(lines) > 1 else None
    if begins_with_json(first):
        return "json", JsonLines()
    if begins_with_a_message(first):
        return "kafka", MessageLines()
    if begins_with_a_pair(first):
        return "pairs", Pairs()
    if begins_with_a_record(first):
        return "records", RecordLines()
    if begins_with_insert(first):
        return "sql", InsertLines()
    if begins_with_a_time(first):
        return "log", LogLines()
    table = drawn_table(first, second)
    if table:
        return "table", table
    csv = typed_csv(first, second)
    return ("csv", csv) if csv else ("words", Words())


def is_printed(text: str) -> bool:
    """Whether a text begins with a printed table, a message of Kafka's, pairs and the like: with what no CSV or JSON does."""
    lines = [Line(0, line) for line in text[:_SAMPLE].splitlines() if _says_something(line)]
    return bool(lines) and _reader(lines[:2])[0] in _PRINTED


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith(_PASSED_OVER) and not is_shape(line)


def _leave_out_too_many_columns(events: Sequence[list[Event]], problems: Problems) -> None:
    """Take out all events, in place, when together they have more columns than a stream may have."""
    names: set[str] = set().union(*(event.cells for batch in events for event in batch))
    if len(names) > MAX_COLUMNS:
        what = f"together the events have {len(names):,} columns; at most {MAX_COLUMNS:,} can be read"
        first = next(event.line for batch in events for event in batch)
        problems.add(first, None, what, "Keep only the columns that the function reads")
        for batch in events:
            batch.clear()


def _type_columns(events: Iterable[Event], text_columns: Iterable[str]) -> None:
    """Turn cells of text into values, in place, column by column over the whole stream."""
    having: dict[str, list[dict[str, Any]]] = {}
    for event in events:
        for name in event.cells:
            having.setdefault(name, []).append(event.cells)
    for name in having.keys() - set(text_columns):
        for cells, value in zip(having[name], read_cells([cells[name] for cells in having[name]]), strict=True):
            cells[name] = value


def _rows(events: list[Event], problems: Problems) -> Rows:
    """The rows of one batch; events that make no table are taken out of the list and told."""
    if not events:
        return NO_ROWS
    try:
        return Rows.from_dicts(event.cells for event in events)
    except ValueError as error:
        problems.add(events[0].line, None, str(error), "Give all events the same columns")
        events.clear()
        return NO_ROWS
