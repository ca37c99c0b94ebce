"""What the readers of the four notations share: a line, an event, and the list of what was found wrong."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple, Protocol

from engine.model.problems import Problem

_MAX_PROBLEMS: Final = 50
_MAX_QUOTE: Final = 60


class Line(NamedTuple):
    """One line of the text as it was typed; `number` counts from 1."""

    number: int
    text: str


class Event(NamedTuple):
    """One event: the line on which it begins, and its cells by column name."""

    line: int
    cells: dict[str, Any]


class Unreadable(Exception):
    """A line that cannot be read: the column (from 1), what is wrong there, and how to mend it."""

    def __init__(self, column: int, what: str, mend: str) -> None:
        super().__init__(what)
        self.column = column
        self.what = what
        self.mend = mend


class Problems:
    """Collects problems up to a limit, and counts the rest."""

    def __init__(self) -> None:
        self._found: list[Problem] = []
        self._left_out = 0

    def add(self, line: int, column: int | None, what: str, mend: str) -> None:
        """Note what is wrong at a line and column (both from 1), and how to put it right."""
        if len(self._found) == _MAX_PROBLEMS:
            self._left_out += 1
            return
        where = f"line {line}" if column is None else f"line {line}, column {column}"
        self._found.append(Problem(where, what, mend, line, column))

    def all(self) -> list[Problem]:
        """Those found, by line; the last says how many more there are."""
        found = sorted(self._found, key=lambda problem: problem.line or 0)
        if self._left_out:
            what = f"there are {self._left_out:,} more problems"
            found.append(Problem("further down", what, "Fix those above first"))
        return found


def short(text: str) -> str:
    """As much of a text as a message can hold."""
    return text if len(text) <= _MAX_QUOTE else f"{text[:_MAX_QUOTE]}…"


class Reader(Protocol):
    """The reader of one notation.

    `typed` says that the cells are values already; else they are text, and those of `text_columns` stay text.
    """

    typed: bool
    text_columns: set[str]

    def read(self, lines: Sequence[Line], problems: Problems) -> Iterator[Event]:
        """The events of one batch. A line that cannot be read becomes a problem and gives no event."""


class LineReader:
    """A reader that needs to see one line at a time: `events` is all that a notation has to say."""

    typed = False

    def __init__(self) -> None:
        self.text_columns: set[str] = set()

    def read(self, lines: Sequence[Line], problems: Problems) -> Iterator[Event]:
        for line in lines:
            try:
                _refuse_json(line.text)
                yield from self.events(line)
            except Unreadable as bad:
                problems.add(line.number, bad.column, bad.what, bad.mend)

    def events(self, line: Line) -> list[Event]:
        """The events on one line. Raises Unreadable."""
        raise NotImplementedError


def _refuse_json(text: str) -> None:
    if text.lstrip().startswith("{"):
        what = "this line is JSON, but the first event is not"
        raise Unreadable(len(text) - len(text.lstrip()) + 1, what, "Write all events of a text in the same way")
