"""A column of pandas' texts for a field of another type: pyarrow casts it as it parses a CSV file (SEMANTICS 5.63).

Lives here: times and decimals. Texts for numbers and truth values go the way of columns of objects, which is the same.
"""

import datetime
import decimal
import re
from collections.abc import Callable
from typing import Any, Final

from engine.apis.conversions.arrow_numbers import decimals
from engine.apis.conversions.arrow_values import Refused, unsupported_cast
from engine.model.moments import EPOCH
from engine.model.schema import DataType

Cast = Callable[[str], Any]

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d(?::\d\d(?::\d\d(?:\.\d{1,6})?)?)?)(Z|[+-]\d\d(?::?\d\d)?)?)?", re.ASCII
)
_DECIMAL: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def text_cast(type_: DataType) -> Cast | None:
    """How a text becomes a value of the type; None for types that a column of objects takes in the same way."""
    if type_.name == "decimal":
        return _decimal(decimals(type_.precision, type_.scale))
    return _CASTS.get(type_.name)


def _decimal(accept: Callable[[Any], Any]) -> Cast:
    def cast(text: str) -> Any:
        if not _DECIMAL.fullmatch(text):
            raise Refused("invalid")
        return accept(decimal.Decimal(text))

    return cast


def _date(text: str) -> datetime.date:
    if not _DATE.fullmatch(text):
        raise Refused("invalid")
    return _parsed(text).date()


def _timestamp(text: str) -> datetime.datetime:
    """With a zone, which Spark's type has too."""
    time = _parsed(text)
    if time.tzinfo is None:
        raise Refused("invalid")
    return EPOCH + (time - EPOCH.replace(tzinfo=datetime.UTC))


def _timestamp_ntz(text: str) -> datetime.datetime:
    """Without a zone, as Spark's type."""
    time = _parsed(text)
    if time.tzinfo is not None:
        raise Refused("invalid")
    return time


def _parsed(text: str) -> datetime.datetime:
    if not _TIME.fullmatch(text):
        raise Refused("invalid")
    try:
        return datetime.datetime.fromisoformat(text)
    except ValueError:  # the 30th of February
        raise Refused("invalid") from None


def _nothing(text: str) -> Any:
    raise unsupported_cast("large_string", "null")


_CASTS: Final[dict[str, Cast]] = {
    "date": _date,
    "timestamp": _timestamp,
    "timestamp_ntz": _timestamp_ntz,
    "void": _nothing,
}
