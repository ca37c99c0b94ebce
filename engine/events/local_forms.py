"""Numbers and times as a country writes them: `12,50`, `01.02.2024 10:12`, `1/2/24 5:06 PM`. Lives here: what such text may
mean, and reading it. Which of two meanings holds is never guessed: a person says so.
"""

import datetime
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Literal, TypeGuard

import msgspec

from engine.events.table import Table
from engine.events.values import FILE_NULLS, column_type
from engine.model.rows import Rows
from engine.model.schema import STRING, Field

#: How a column of text can be read. `as written`: only one meaning is possible, as in `1 Feb 2024` or `13/02/2024 GMT`.
Form = Literal["decimal comma", "decimal point", "day first", "month first", "as written"]
#: What a person says of a question: a form, or that the columns stay text. None: nothing, so only what is sure is read.
Answer = Form | Literal["text"] | None

_LONGS: Final = range(-(2**63), 2**63)
_WHOLE: Final = r"-?(?:0|[1-9][0-9]*|[1-9][0-9]{{0,2}}(?:[{group}'’\u00a0\u202f][0-9]{{3}})+)"
_COMMA: Final = re.compile(_WHOLE.format(group=".") + r"(?:,[0-9]+)?")
_POINT: Final = re.compile(_WHOLE.format(group=",") + r"(?:\.[0-9]+)?")
_GROUPS: Final = str.maketrans("", "", "'’\u00a0\u202f")
#: Without any of these a text such as `1.234.567` or `10.100.200.250` is rather a version or an address.
_LOCAL_MARK: Final = re.compile("[,'’\u00a0\u202f]")

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
_FIRST_YEAR_OF_TWO_DIGITS: Final = 69  # as in POSIX: 69 is 1969, 68 is 2068


class Question(msgspec.Struct, frozen=True):
    """What to ask of the columns that hold local numbers, or local times.

    `meanings` has what `example` is in each form in which the columns can be read. `sure` is the form that the cells
    themselves prove; None: they can mean either, and somebody has to say which.
    """

    columns: tuple[str, ...]
    example: str
    meanings: dict[Form, str]
    sure: Form | None


class LocalForms(msgspec.Struct, frozen=True):
    """What is said of a table's local numbers and times."""

    numbers: Answer = None
    times: Answer = None


# What the cells of a column mean, in each form in which all of them can be read.
_Readings = Mapping[Form, dict[str, Any]]


def questions(table: Table) -> tuple[Question | None, Question | None]:
    """What to ask about a table's numbers, and about its times; None where it has no local ones."""
    return _question(_numbers(table)), _question(_times(table))


def read_local(table: Table, forms: LocalForms) -> Table:
    """The table with its local numbers and times as values. A column that cannot be read as was said stays text."""
    columns = {**_chosen(_numbers(table), forms.numbers), **_chosen(_times(table), forms.times)}
    if not columns:
        return table
    read = [
        [columns[field.name].get(value) for value in table.rows.column(field.name)]
        if field.name in columns
        else table.rows.column(field.name)
        for field in table.schema
    ]
    schema = tuple(
        Field(field.name, column_type(values)) if field.name in columns else field
        for field, values in zip(table.schema, read, strict=True)
    )
    return Table(Rows(table.names, read), schema, table.problems)


def _chosen(found: Mapping[str, _Readings], answer: Answer) -> dict[str, dict[str, Any]]:
    """What the cells of each column mean by the answer; a column that can be read in one way only is read so."""
    if answer == "text":
        return {}
    sole = {name: next(iter(readings.values())) for name, readings in found.items() if len(readings) == 1}
    return sole | {name: readings[answer] for name, readings in found.items() if answer and answer in readings}


def _question(found: Mapping[str, _Readings]) -> Question | None:
    """Columns of one file are of one country: what is sure of one of them decides for those that can be either."""
    if not found:
        return None
    by_telling = sorted(found.values(), key=lambda readings: (-len(readings), "as written" in readings))
    shown, can_be_either = by_telling[0], len(by_telling[0]) > 1
    proved = {form for readings in by_telling if len(readings) == 1 for form in readings} - {"as written"}
    sure = next(iter(proved if can_be_either else shown)) if not can_be_either or len(proved) == 1 else None
    example = _telling(shown)
    return Question(tuple(found), example, {form: str(meaning[example]) for form, meaning in shown.items()}, sure)


def _telling(readings: _Readings) -> str:
    """A cell that means something else in each form, else one that is no bare number, if there are such."""
    cells = next(iter(readings.values()))
    different = (cell for cell in cells if len({str(meaning[cell]) for meaning in readings.values()}) > 1)
    return next(different, next((cell for cell in cells if not cell.isdigit()), next(iter(cells))))


def _numbers(table: Table) -> dict[str, _Readings]:
    found = _found(table, {"decimal comma": _comma_number, "decimal point": _point_number})
    return {
        name: readings
        for name, readings in found.items()
        if any(map(_LOCAL_MARK.search, next(iter(readings.values()))))
    }


def _times(table: Table) -> dict[str, _Readings]:
    return _found(table, {"day first": _day_first, "month first": _month_first})


def _found(table: Table, read: Mapping[Form, Callable[[str], Any]]) -> dict[str, _Readings]:
    """The columns of text that can be read so."""
    texts = [field.name for field in table.schema if field.type == STRING]
    found = {name: _readings(table.rows.column(name), read) for name in texts}
    return {name: readings for name, readings in found.items() if readings}


def _readings(column: Sequence[str | None], read: Mapping[Form, Callable[[str], Any]]) -> _Readings:
    """The forms that fit all cells but NULLs; forms that give the same are one."""
    first = next(filter(_is_said, column), None)
    if first is None or all(of_cell(first.strip()) is None for of_cell in read.values()):
        return {}
    cells = list(filter(_is_said, dict.fromkeys(column)))
    found = {form: meaning for form, of_cell in read.items() if (meaning := _meaning(cells, of_cell))}
    meanings = list(found.values())
    return {"as written": meanings[0]} if len(meanings) > 1 and meanings[0] == meanings[1] else found


def _is_said(cell: str | None) -> TypeGuard[str]:
    """Whether a cell is not one of those that mean NULL beside numbers."""
    return cell is not None and cell.strip() not in FILE_NULLS.beside_numbers


def _meaning(cells: Iterable[str], of_cell: Callable[[str], Any]) -> dict[str, Any]:
    """What each cell is; empty as soon as one is nothing."""
    meaning: dict[str, Any] = {}
    for cell in cells:
        meaning[cell] = of_cell(cell.strip())
        if meaning[cell] is None:
            return {}
    return _all_of_one_kind(meaning)


def _all_of_one_kind(meaning: dict[str, Any]) -> dict[str, Any]:
    """Days alone are dates; beside times they are midnights."""
    days = {cell for cell, value in meaning.items() if isinstance(value, datetime.date)}
    time = "T00:00:00" if len(days) < len(meaning) else ""
    return {cell: f"{value}{time}" if cell in days else value for cell, value in meaning.items()}


def _comma_number(text: str) -> int | float | None:
    return _number(text.translate(_GROUPS).replace(".", "").replace(",", ".")) if _COMMA.fullmatch(text) else None


def _point_number(text: str) -> int | float | None:
    return _number(text.translate(_GROUPS).replace(",", "")) if _POINT.fullmatch(text) else None


def _number(text: str) -> int | float | None:
    if "." in text:
        return float(text) if math.isfinite(float(text)) else None
    value = int(text) if len(text) <= len(str(_LONGS[0])) else _LONGS.stop
    return value if value in _LONGS else None


def _day_first(text: str) -> str | datetime.date | None:
    return _time(text, day_first=True)


def _month_first(text: str) -> str | datetime.date | None:
    return _time(text, day_first=False)


def _time(text: str, *, day_first: bool) -> str | datetime.date | None:
    """A time as ISO text, a day without a time as a date; None where the text is neither, or not on the calendar."""
    match = _TIME.fullmatch(text)
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
    """The time of day in ISO form. Raise ValueError for one that no clock shows."""
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
