"""A day in one column and its time of day in the next are one time. Lives here: finding them, and putting them together."""

import datetime
import re
from typing import Any, Final

import msgspec

from engine.events.lines import Problems, short
from engine.events.table import MAX_COLUMNS, Table
from engine.model.rows import Rows
from engine.model.schema import STRING, TIMESTAMP, Field

_CLOCK: Final = re.compile(
    r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,6}))?)?(?: ?([ap])\.?m\.?)?", re.IGNORECASE
)


def with_day_and_time(table: Table) -> Table:
    """The table with a column more for each day that has a time of day beside it, behind all others; that is told."""
    for place in range(len(table.schema) - 1):
        day, clock = _apart(table.schema[place], table.schema[place + 1])
        if day is not None and clock is not None and len(table.names) < MAX_COLUMNS:
            times = _times(table.rows.column(day.name), table.rows.column(clock.name))
            table = table if times is None else _with(table, day, clock, times)
    return table


def is_time_of_day(text: str) -> bool:
    """Whether a text is a time of day, such as `10:12` or `5:06:07 PM`."""
    return _iso(text) is not None


def _apart(first: Field, second: Field) -> tuple[Field | None, Field | None]:
    """The one of two neighbours that holds days, and the one that may hold times of day."""
    fields = (first, second)
    days = next((field for field in fields if field.type.name == "date"), None)
    return days, next((field for field in fields if field.type == STRING), None)


def _times(days: list[Any], clocks: list[Any]) -> list[str | None] | None:
    """Both as one time, row by row; None when a text is no time of day, or there is none at all."""
    known = {clock: _iso(clock) for clock in dict.fromkeys(clocks) if clock is not None}
    if not known or None in known.values():
        return None
    pairs = zip(days, clocks, strict=True)
    return [None if day is None or clock is None else f"{day}T{known[clock]}" for day, clock in pairs]


def _iso(text: str) -> str | None:
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        return None
    hour = int(match[1])
    if match[5]:
        hour = hour % 12 + (12 if match[5].lower() == "p" else 0) if 1 <= hour <= 12 else 24
    try:
        micros = int((match[4] or "0").ljust(6, "0"))
        return datetime.time(hour, int(match[2]), int(match[3] or 0), micros).isoformat()
    except ValueError:
        return None


def _with(table: Table, day: Field, clock: Field, times: list[str | None]) -> Table:
    name = f"{day.name}_{clock.name}"
    while name.lower() in {known.lower() for known in table.names}:
        name += "_"
    problems = Problems()
    what = f"{short(day.name)} and {short(clock.name)} are joined into one time, in a new column {short(name)} after the others"
    problems.add(1, None, what, "Choose another event time if they do not belong together")
    rows = Rows([*table.names, name], [*table.rows.columns, times])
    schema = (*table.schema, Field(name, TIMESTAMP))
    return msgspec.structs.replace(table, rows=rows, schema=schema, problems=[*table.problems, *problems.all()])
