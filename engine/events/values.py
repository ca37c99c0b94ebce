"""What a cell of text means: a number, a truth value, NULL or text. Lives here: that rule, and the type of a column.

Cells are read column by column, because one word that is no number makes text of all: `7` beside `007` is a name.
"""

import datetime
import json
import math
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, Final

import msgspec

from engine.model.schema import STRING, TIMESTAMP, DataType, Field


class Nulls(msgspec.Struct, frozen=True):
    """The words that mean NULL: in a column of text, and in a column that is otherwise numbers or truth values."""

    in_text: frozenset[str]
    beside_numbers: frozenset[str]


_TYPED_NULLS: Final = frozenset({"", "null"})
_FILE_NULLS: Final = _TYPED_NULLS | {"NULL", "NaN", "nan", "<NA>", "\\N"}
#: What people type.
NOTATION_NULLS: Final = Nulls(_TYPED_NULLS, _TYPED_NULLS)
#: What programs write. NA and None are words too, so they are NULL only beside numbers.
FILE_NULLS: Final = Nulls(_FILE_NULLS, _FILE_NULLS | {"NA", "N/A", "n/a", "#N/A", "None"})

#: As deep as a schema can be (engine.model.schema).
_MOST_NESTED: Final = 50
_LONGS: Final = range(-(2**63), 2**63)
_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]{0,18}")
# A point or a signed exponent is needed: `12e5` is more often a name than a number.
_FRACTION: Final = re.compile(r"-?(?:(?:0|[1-9][0-9]*)?\.[0-9]+(?:[eE][+-]?[0-9]+)?|(?:0|[1-9][0-9]*)[eE][+-][0-9]+)")
_TRUTHS: Final = {"true": True, "false": False}
_ISO_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ISO_TIME: Final = re.compile(_ISO_DATE.pattern + r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?.{0,7})?")
_MAX_DEPTH: Final = 30


def read_cells(cells: Sequence[str | None], nulls: Nulls = NOTATION_NULLS) -> list[Any]:
    """The values of one column: all numbers, or all true or false, else the text as it stands; NULL is None.

    A cell is a number only if nothing is lost: `007`, `+5` and an integer of more than 64 bits make the column text.
    Equal cells become the same object.
    """
    distinct = dict.fromkeys(cells)
    meaning = (
        _all_read_by(_number, distinct, nulls.beside_numbers)
        or _all_read_by(_truth, distinct, nulls.beside_numbers)
        or {cell: None if cell in nulls.in_text else cell for cell in distinct}
    )
    return list(map(meaning.__getitem__, cells))


def _all_read_by(
    read: Callable[[str], Any], cells: Iterable[str | None], nulls: frozenset[str]
) -> dict[str | None, Any]:
    """What each cell means by one way of reading; empty when some cell cannot be read so, or all are NULL."""
    meaning: dict[str | None, Any] = {}
    for cell in cells:
        text = cell.strip() if cell is not None else ""
        meaning[cell] = None if text in nulls else read(text)
        if meaning[cell] is None and text not in nulls:
            return {}
    return meaning if any(value is not None for value in meaning.values()) else {}


def _number(text: str) -> int | float | None:
    if _INTEGER.fullmatch(text):
        value = int(text)
        return value if value in _LONGS else None
    if _FRACTION.fullmatch(text):
        fraction = float(text)
        return fraction if math.isfinite(fraction) else None
    return None


def _truth(text: str) -> bool | None:
    return _TRUTHS.get(text.lower())


def is_data(text: str) -> bool:
    """Whether a cell is surely a value and no column's name: a number, a truth value or a time."""
    return _number(text) is not None or _truth(text) is not None or _are_all(_ISO_TIME, [text])


def plain_value(value: Any, depth: int = 0) -> Any:
    """A decoded JSON value as a scenario file can hold it: what its numbers cannot say becomes text, NaN is NULL.

    What is nested deeper than a schema can be is left out, and says so.
    """
    if depth == _MOST_NESTED and isinstance(value, (list, tuple, dict)):
        return f"<nested deeper than {_MOST_NESTED} levels>"
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, int):
        return value if value in _LONGS else str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
    if isinstance(value, (list, tuple)):
        return [plain_value(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {plain_value(name): plain_value(item, depth + 1) for name, item in value.items()}
    return value


def as_json(value: Any) -> str:
    """Plain data as JSON text, on one line and with every letter as it is."""
    return json.dumps(value, ensure_ascii=False)


def column_type(values: Iterable[Any], depth: int = 0) -> DataType:
    """Spark's type for plain values: the common one, string where they disagree (as its JSON source infers)."""
    values = list(values)
    kinds = set(map(type, values)) - {type(None)}
    if kinds == {bool}:
        return DataType("boolean")
    if kinds == {int}:
        return DataType("bigint")
    if kinds and kinds <= {int, float}:
        return DataType("double")
    if kinds == {str}:
        return _type_of_texts(set(values) - {None})
    if kinds == {list} and depth < _MAX_DEPTH:
        items = [item for value in values if value is not None for item in value]
        return DataType("array", element=column_type(items, depth + 1))
    if kinds == {dict} and depth < _MAX_DEPTH:
        return _type_of_structs([value for value in values if value is not None], depth)
    return STRING


def as_type(values: list[Any], data_type: DataType) -> list[Any]:
    """The values of a column that has this type: where they have none in common, what is no text is its JSON, as in Spark."""
    if data_type != STRING or set(map(type, values)) <= {str, type(None)}:
        return values
    return [value if value is None or isinstance(value, str) else as_json(value) for value in values]


def _type_of_structs(values: list[dict[str, Any]], depth: int) -> DataType:
    names = dict.fromkeys(name for value in values for name in value)
    if not names:
        return STRING
    columns = {name: [value.get(name) for value in values] for name in names}
    return DataType("struct", fields=tuple(Field(name, column_type(columns[name], depth + 1)) for name in names))


def _type_of_texts(texts: set[str]) -> DataType:
    if _are_all(_ISO_DATE, texts):
        return DataType("date")
    return TIMESTAMP if _are_all(_ISO_TIME, texts) else STRING


def _are_all(form: re.Pattern[str], texts: Collection[str]) -> bool:
    """Whether all texts have this form of ISO, and are on the calendar."""
    try:
        return all(map(form.fullmatch, texts)) and all(map(datetime.datetime.fromisoformat, texts))
    except ValueError:
        return False
