"""One time as a country or a program writes it: `01.02.2024 10:12`, `1/2/24 5:06 PM`, `[1/Feb/2024:10:12:13 +0000]`.

Lives here: what such a text is when the day comes first, and when the month does.
"""

import datetime
import re
from fractions import Fraction
from typing import Final

from engine.events.times import iso_time

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = rf"(?:{'|'.join(_MONTHS)})[a-z]*\.?"
_DAY: Final = (
    r"(?P<y>[0-9]{4})(?P<s>[-/.])(?P<m>[0-9]{1,2})(?P=s)(?P<d>[0-9]{1,2})",
    r"(?P<yb>[0-9]{4})(?P<mb>[0-9]{2})(?P<db>[0-9]{2})(?=T)",
    r"(?P<first>[0-9]{1,2})(?P<t>[-/.])(?P<second>[0-9]{1,2})(?P=t)(?P<yt>[0-9]{4}|[0-9]{2})",
    rf"(?P<dn>[0-9]{{1,2}})[-/ ](?P<mn>{_MONTH})[-/ ](?P<yn>[0-9]{{4}})",
    rf"(?P<mw>{_MONTH}) (?P<dw>[0-9]{{1,2}}),? (?P<yw>[0-9]{{4}})",
)
_CLOCK: Final = (
    r"(?P<hour>[0-9]{1,2}):?(?P<minute>[0-9]{2})(?::?(?P<second_of>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r"(?: ?(?P<half>[ap])\.?m\.?)?(?: ?(?P<zone>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}))?"
)
_TIME: Final = re.compile(rf"(?:[a-z]{{3,9}},? )?(?:{'|'.join(_DAY)})(?:(?:,? |T|:){_CLOCK})?", re.IGNORECASE)
#: By the number of digits that a time between 2001 and 2286 has.
_UNITS_US: Final = {10: Fraction(1_000_000), 13: Fraction(1_000), 16: Fraction(1), 19: Fraction(1, 1_000)}
#: As a number: 20240201, 20240201101200.
_DIGITS: Final = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})(?:([0-9]{2})([0-9]{2})([0-9]{2}))?")
_FIRST_YEAR_OF_TWO_DIGITS: Final = 69  # as in POSIX: 69 is 1969, 68 is 2068


def day_first(text: str) -> str | datetime.date | None:
    """A time as ISO text, a day without a time as a date; None where the text is neither, or not on the calendar."""
    return _time(text, day_first=True)


def month_first(text: str) -> str | datetime.date | None:
    """The same, where the month comes first."""
    return _time(text, day_first=False)


def of_digits(text: str) -> str | datetime.date | None:
    """The day or the time in digits alone, `20240201` or `20240201101200`; None where there is none."""
    match = _DIGITS.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        time = datetime.datetime(year, month, day, hour, minute, second)
        return time.isoformat() if match[4] else time.date()
    except ValueError:
        return None


def since_1970(text: str) -> str | None:
    """The time that digits count since 1970 in seconds, milliseconds or smaller; None where they are no such number."""
    micros_a_unit = _UNITS_US.get(len(text)) if text.isascii() and text.isdigit() else None
    if micros_a_unit is None:
        return None
    return iso_time(int(int(text) * micros_a_unit))


def _time(text: str, *, day_first: bool) -> str | datetime.date | None:
    in_brackets = text[:1] == "[" and text[-1:] == "]"
    match = _TIME.fullmatch(text[1:-1] if in_brackets else text)
    if match is None:
        return None
    try:
        day = _day(match, day_first)
        return day if day is None or match["hour"] is None else f"{day}T{_clock(match)}"
    except ValueError:
        return None


def _day(match: re.Match[str], day_first: bool) -> datetime.date | None:
    """The day, None for one that nobody writes: with points the day comes first."""
    if match["first"] is None:
        year = match["y"] or match["yb"] or match["yn"] or match["yw"]
        name = match["mn"] or match["mw"]
        month = _MONTHS.index(name[:3].lower()) + 1 if name else int(match["m"] or match["mb"])
        return datetime.date(int(year), month, int(match["d"] or match["db"] or match["dn"] or match["dw"]))
    if match["t"] == "." and not day_first:
        return None
    first, second = int(match["first"]), int(match["second"])
    day, month = (first, second) if day_first else (second, first)
    return datetime.date(_year(match["yt"]), month, day)


def _year(digits: str) -> int:
    if len(digits) > 2:
        return int(digits)
    return int(digits) + (1900 if int(digits) >= _FIRST_YEAR_OF_TWO_DIGITS else 2000)


def _clock(match: re.Match[str]) -> str:
    """The time of day in ISO form. Raises ValueError for one that no clock shows."""
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    micros = int((match["fraction"] or "0").ljust(6, "0")[:6])
    time = datetime.time(hour, int(match["minute"]), int(match["second_of"] or 0), micros)
    zone = (match["zone"] or "").upper()
    return time.isoformat() + ("Z" if zone in ("Z", "UTC", "GMT") else _offset(zone))


def _offset(zone: str) -> str:
    return f"{zone[:3]}:{zone[-2:]}" if zone else ""
