"""A file as a table: its rows in its order, with a type for each column. Lives here: the noun, and how columns are named."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any, Final

import msgspec

from engine.events.lines import Problems, short
from engine.events.times import times_us
from engine.events.values import column_type
from engine.model.problems import Problem
from engine.model.rows import Rows
from engine.model.schema import DataType, Field, Schema

#: Is told how much of a file has been read, from 0 to 1.
Tell = Callable[[float], object]
#: How many rows are read between two times that it is told. So few stay in the processor's cache while they become columns:
#: with 10,000 at a time that takes half as long again.
ROWS_AT_A_TIME: Final = 500
#: How many columns, and how many bytes of text, a file may have.
MAX_COLUMNS: Final = 2_000
MAX_BYTES: Final = 512 * 1024 * 1024


class Table(msgspec.Struct, frozen=True, dict=True):
    """What a file holds. Values are plain data, as a scenario file can hold them; `schema[i]` is the type of column i.

    `problems` tell what was left out, or read in another way than it stands; all else was read.
    """

    rows: Rows
    schema: Schema
    problems: list[Problem] = []

    @property
    def names(self) -> tuple[str, ...]:
        return self.rows.names

    def times_us(self, name: str) -> list[int | None]:
        """The values of a column as times (engine/events/times.py), read once. Raises NotATime."""
        if name not in self._times:
            self._times[name] = times_us(self.rows.column(name))
        return self._times[name]

    @cached_property
    def _times(self) -> dict[str, list[int | None]]:
        """Those that were read, by column."""
        return {}

    @cached_property
    def objects_by_column(self) -> dict[str, dict[str, dict[str, Any]]]:
        """The objects that are the texts of a column (engine/events/nested.py), for columns that were looked at."""
        return {}


def untold(_done: float) -> None:
    """For those who do not want to be told."""


def table_of(
    names: Sequence[str], columns: Sequence[list[Any]], problems: Problems, types: Iterable[DataType] | None = None
) -> Table | list[Problem]:
    """The table of these columns; `types` are found from the values unless given. A table without rows is a problem."""
    if len(columns) > MAX_COLUMNS:
        return [too_many_columns(len(columns))]
    names = _distinct_names(names, problems)
    if not columns or not columns[0]:
        return [*problems.all(), Problem("file", "it holds no rows", "Choose a file with a row for each event")]
    types = types or [column_type(column) for column in columns]
    schema = tuple(Field(name, data_type) for name, data_type in zip(names, types, strict=True))
    return Table(Rows(names, columns), schema, problems.all())


def too_many_columns(count: int) -> Problem:
    """What is told of a file with more than MAX_COLUMNS columns."""
    what = f"it has {count:,} columns; at most {MAX_COLUMNS:,} can be read"
    return Problem("file", what, "Keep only the columns that the function reads")


def _distinct_names(names: Sequence[str], problems: Problems) -> list[str]:
    """The names without the space around them; an empty one and one that Spark would take for another get a number."""
    taken = {name.strip().lower() for name in names}
    distinct: dict[str, None] = {}
    seen: set[str] = set()
    for number, raw in enumerate(names, 1):
        name = raw.strip()
        if not name or name.lower() in seen:
            given = _free_name(name or "column", 2 if name else number, taken)
            problems.add(1, None, _why_renamed(name, number, given), "Give each column its own name")
            name = given
        seen.add(name.lower())
        taken.add(name.lower())
        distinct[name] = None
    return list(distinct)


def _free_name(stem: str, number: int, taken: set[str]) -> str:
    while f"{stem}_{number}".lower() in taken:
        number += 1
    return f"{stem}_{number}"


def _why_renamed(name: str, number: int, given: str) -> str:
    if not name:
        return f"column {number} has no name, so it is called {given}"
    return f"'{short(name)}' names more than one column, so column {number} is called {short(given)}"
