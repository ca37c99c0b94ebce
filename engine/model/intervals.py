"""Spark's calendar intervals ("10 minutes", "interval 1 day 2 hours"). Lives here: reading one. What it is for does not."""

import re
from typing import Final

import msgspec

MS_PER_DAY: Final = 86_400_000
#: Spark counts a month of a delay or of a duration as 31 days (GroupStateImpl.parseDuration, SEMANTICS 0.11, 3.2).
MS_PER_MONTH: Final = 31 * MS_PER_DAY

_MICROS_PER_UNIT: Final = {
    "year": 12 * MS_PER_MONTH * 1000,
    "month": MS_PER_MONTH * 1000,
    "week": 7 * MS_PER_DAY * 1000,
    "day": MS_PER_DAY * 1000,
    "hour": 3_600_000_000,
    "minute": 60_000_000,
    "second": 1_000_000,
    "millisecond": 1_000,
    "microsecond": 1,
}
_TERM: Final = re.compile(r"\s*([+-]?)\s*(\d+)(?:\.(\d{1,9}))?\s*([a-z]+)\b\s*", re.IGNORECASE)
_PREFIX: Final = re.compile(r"\s*interval\b", re.IGNORECASE)


class Interval(msgspec.Struct, frozen=True):
    """A length of time as Spark reads it from a string; `ms` may be negative."""

    ms: int

    @classmethod
    def parse(cls, text: str) -> "Interval":
        """Read "10 minutes", "1 hour 30 minutes", "-1 minute", "interval 5 seconds", "1.5 seconds".

        Raises ValueError, saying what was expected, for anything else. A fraction is allowed for seconds only, as in
        Spark (IntervalUtils.stringToInterval).
        """
        prefix = _PREFIX.match(text)
        position = prefix.end() if prefix else 0
        if not text[position:].strip():
            raise _not_an_interval(text)
        micros = 0
        while position < len(text):
            term = _TERM.match(text, position)
            if term is None:
                raise _not_an_interval(text)
            micros += _micros_of(term, text)
            position = term.end()
        return cls(micros // 1000 if micros >= 0 else -(-micros // 1000))


def _micros_of(term: re.Match[str], text: str) -> int:
    sign, whole, fraction, unit = term.groups()
    unit = unit.lower().removesuffix("s")
    if unit not in _MICROS_PER_UNIT or (fraction and unit != "second"):
        raise _not_an_interval(text)
    micros = int(whole) * _MICROS_PER_UNIT[unit]
    if fraction:
        micros += int(fraction.ljust(6, "0")[:6])
    return -micros if sign == "-" else micros


def _not_an_interval(text: str) -> ValueError:
    return ValueError(
        f"'{text}' is not a length of time; write a number and a unit, such as '10 minutes' or '1 hour 30 minutes'"
    )
