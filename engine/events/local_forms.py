"""Numbers and times as a country writes them: `12,50`, `01.02.2024 10:12`, `1/2/24 5:06 PM`. Lives here: what such text may
mean, and reading it. Which of two meanings holds is never guessed: a person says so.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Literal, TypeGuard

import msgspec

from engine.events.guess import is_named_a_time
from engine.events.local_numbers import are_local, comma_number, point_number
from engine.events.local_times import day_first, month_first, of_digits, since_1970
from engine.events.table import Table
from engine.events.values import FILE_NULLS, column_type
from engine.model.rows import Rows
from engine.model.schema import STRING, Field

#: How a column of text can be read. `as written`: only one meaning is possible, as in `1 Feb 2024` or `13/02/2024 GMT`.
Form = Literal["decimal comma", "decimal point", "day first", "month first", "as written"]
#: What a person says of a question: a form, or that the columns stay text. None: nothing, so only what is sure is read.
Answer = Form | Literal["text"] | None


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


_DIGIT_TYPES: Final = ("string", "bigint")
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
        [None if value is None else columns[field.name].get(str(value)) for value in table.rows.column(field.name)]
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
    found = _found(table, {"decimal comma": comma_number, "decimal point": point_number})
    return {name: readings for name, readings in found.items() if are_local(next(iter(readings.values())))}


def _times(table: Table) -> dict[str, _Readings]:
    """Times of digits alone are such only under a name that says so."""
    found = _found(table, {"day first": day_first, "month first": month_first})
    for field in table.schema:
        if field.name not in found and is_named_a_time(field.name) and field.type.name in _DIGIT_TYPES:
            texts = [None if value is None else str(value) for value in table.rows.column(field.name)]
            days = _readings(texts, {"as written": of_digits})
            found[field.name] = days if days or field.type != STRING else _readings(texts, {"as written": since_1970})
    return {name: readings for name, readings in found.items() if readings}


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
