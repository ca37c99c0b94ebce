"""What a typed stream says in another way than most people would read it. Lives here: these notes; nothing is changed by them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from engine.events.day_and_time import is_time_of_day
from engine.events.lines import short
from engine.events.local_forms import Question, questions
from engine.events.table import Table
from engine.events.values import column_type
from engine.events.words_and_pairs import WORD_COLUMN
from engine.model.problems import Problem
from engine.model.rows import Rows
from engine.model.scenario import Batch
from engine.model.schema import Field

_MOST_ROWS: Final = 2_000


def notes_on(batches: Iterable[Batch]) -> list[Problem]:
    """For columns of text that hold numbers or times as a country writes them, and for times of day among words: what they
    are taken for, and what to write instead. Only the first rows are looked at."""
    rows = _first_rows(batches)
    texts = [name for name in rows.names if _is_text(rows.column(name))]
    columns = [rows.column(name) for name in texts]
    schema = tuple(Field(name, column_type(column)) for name, column in zip(texts, columns, strict=True))
    table = Table(Rows(texts, columns), schema)
    return [*_local_forms(table), *_times_among_words(table)]


def _first_rows(batches: Iterable[Batch]) -> Rows:
    every_row = (row for batch in batches for row in batch.rows)
    return Rows.from_dicts(row for row, _ in zip(every_row, range(_MOST_ROWS), strict=False))


def _is_text(column: Sequence[object]) -> bool:
    return {type(value) for value in column} - {type(None)} == {str}


def _local_forms(table: Table) -> Iterator[Problem]:
    for question, kind in zip(questions(table), ("number", "time"), strict=True):
        if question is not None:
            yield _note(question, kind)


def _note(question: Question, kind: str) -> Problem:
    where = f"column {short(', '.join(question.columns))}"
    meant = " or ".join(dict.fromkeys(question.meanings.values()))
    return Problem(
        where,
        f"{short(question.example)} is read as text here, not as a {kind}",
        f"Write {meant} if it is meant as one",
    )


def _times_among_words(table: Table) -> Iterator[Problem]:
    if table.names == (WORD_COLUMN,):
        words = (word for word in table.rows.column(WORD_COLUMN) if word is not None)
        clock = next(filter(is_time_of_day, words), None)
        if clock is not None:
            what = f"{clock} is read as a word here: it is an event itself"
            yield Problem("words", what, f"To set the clock of a batch, write --- {clock} on a line of its own")
