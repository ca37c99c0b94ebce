"""Columns of times. Lives here: reading ISO text, and numbers since the epoch whatever their unit."""

import datetime
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, Final

from engine.model.moments import EPOCH, micros_of, moment_of

#: A number below the limit counts in a unit of so many microseconds. Small ones are seconds, as in Spark's cast to
#: timestamp; the limits are the year 5138 in seconds, in milliseconds and in microseconds.
_UNITS_US: Final = ((10**11, 1_000_000), (10**14, 1000), (10**17, 1))
_NANOSECONDS_IN_ONE: Final = 1000


class NotATime(ValueError):
    """A value of a column that is no time; `row` counts from 0."""

    def __init__(self, row: int, value: Any) -> None:
        super().__init__(f"{value!r:.60} is not a time")
        self.row = row


def times_us(values: Sequence[Any]) -> list[int | None]:
    """Microseconds since the epoch in UTC of every value; NULL is None. Raises NotATime.

    All numbers of a column have one unit, found from the largest.
    """
    try:
        known: dict[Any, int | None] = dict.fromkeys(values)
    except TypeError:  # a list or an object
        row, value = next((row, value) for row, value in enumerate(values) if isinstance(value, (list, dict)))
        raise NotATime(row, value) from None
    largest = max((abs(value) for value in known if isinstance(value, (int, float))), default=0)
    unit_us = next((unit for limit, unit in _UNITS_US if largest < limit), None)
    for value in known:
        try:
            known[value] = None if value is None else _micros(value, unit_us)
        except (ValueError, OverflowError):
            raise NotATime(values.index(value), value) from None
    return list(map(known.__getitem__, values))


def _micros(value: Any, unit_us: int | None) -> int:
    if isinstance(value, str):
        return micros_of(moment_of(value))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(value)
    micros = int(value // _NANOSECONDS_IN_ONE if unit_us is None else value * unit_us)
    iso_time(micros)  # raises for a time outside the calendar
    return micros


def iso_time(micros: int) -> str:
    """A time as a scenario writes it, `2024-01-01T10:12:00`. Raises OverflowError outside the calendar."""
    return (EPOCH + datetime.timedelta(microseconds=micros)).isoformat()


def filled(values: Sequence[Any]) -> list[Any]:
    """The values with that before it for each NULL, and the first one for those before it; all NULL when all are."""
    if None not in values:
        return list(values)
    first = next((value for value in values if value is not None), None)
    return list(accumulate([first, *values], lambda before, value: before if value is None else value))[1:]
