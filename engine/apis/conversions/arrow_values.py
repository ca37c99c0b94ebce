"""What pyarrow says to one value, and by what it guesses a column's type. Lives here: refusals, kinds of values, micros.

There is no pyarrow in the process that replays; a test holds these modules to the real one where it is installed.
"""

import datetime
import decimal
import math
from collections.abc import Callable
from typing import Any, Final, Literal

import msgspec
import numpy as np
import pandas as pd

from engine.model.moments import micros_of

Convert = Callable[[Any], Any]

#: What Arrow takes for a number.
NUMBERS: Final = (int, float, decimal.Decimal, np.number)
MICROSECOND: Final = datetime.timedelta(microseconds=1)

_KINDS: Final[tuple[tuple[str, Any], ...]] = (
    ("text", (str, bytes, bytearray, memoryview)),
    ("truth", (bool, np.bool_)),
    ("decimal", decimal.Decimal),
    ("whole", int),
    ("number", NUMBERS),
    ("time", (datetime.date, datetime.time, datetime.timedelta)),
)
_ARROW_NAMES: Final[tuple[tuple[Any, str], ...]] = (
    (datetime.date, "date32[day]"),
    (datetime.timedelta, "duration[us]"),
    (datetime.time, "time64[us]"),
    (bool, "bool"),
    ((list, tuple, set, np.ndarray), "list<item: …>"),
    (dict, "struct<…>"),
)
#: Numpy's times and durations that pyarrow knows, under its names.
NUMPYS_TIMES: Final = {
    f"{numpys}[{unit}]": f"{name}[{unit}]"
    for numpys, name in (("datetime64", "timestamp"), ("timedelta64", "duration"))
    for unit in ("s", "ms", "us", "ns")
}
#: The functions that pyarrow names in another way than the type that they cast to.
_CASTS: Final = {"bool": "boolean", "decimal128": "decimal"}


class Refused(Exception):
    """The value does not fit the field. `kind`: "type" and "invalid" are ArrowTypeError and ArrowInvalid; "raw" is an
    error that PySpark lets through as it is, named by `error_class`."""

    def __init__(self, kind: Literal["type", "invalid", "raw"], message: str = "", error_class: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.error_class = error_class


class ArrowType(msgspec.Struct, frozen=True):
    """How the values of one type are taken: `name` is pyarrow's."""

    name: str
    accept: Convert
    cast: Convert


def is_null(value: Any) -> bool:
    """What pandas calls missing: None, NaN, NaT, pd.NA."""
    if value is None or type(value) is float:
        return value is None or math.isnan(value)
    return bool(pd.api.types.is_scalar(value) and pd.isna(value))


def kind_of(value: Any) -> str:
    """The kind by which pyarrow guesses a column's type: a text, a truth value, some number, a time, or something else."""
    return next((name for name, kinds in _KINDS if isinstance(value, kinds)), "other")


def micros(time: datetime.datetime) -> int:
    """Microseconds since the epoch; a time without a zone is in UTC."""
    if isinstance(time, pd.Timestamp):
        time = time.to_pydatetime(warn=False)
    # Not by astimezone: a time of the year 9999 may be one of 10000 in UTC, for which Python has no datetime.
    ahead = time.utcoffset() or datetime.timedelta()
    return micros_of(time.replace(tzinfo=None)) - ahead // MICROSECOND


def text_of(value: Any) -> str | None:
    """The text to parse, None when the value is none."""
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode(errors="replace")
    return value if isinstance(value, str) else None


def no_cast(name: str) -> Convert:
    """For a type that nothing is cast to."""

    def cast(value: Any) -> Any:
        raise cannot_cast(value, name)

    return cast


def cannot_cast(value: Any, name: str) -> Refused:
    """No such cast: a text that does not parse or a value out of range is invalid, another kind is not implemented."""
    demand_no_infinity(value)
    if isinstance(value, (np.datetime64, np.timedelta64)):
        return _no_cast_of_numpys(value, name)
    if isinstance(value, decimal.Decimal) and name != "bool":
        return Refused("invalid", f"{value} does not fit {name}")
    arrow_name = _arrow_name(value)
    if arrow_name:
        return unsupported_cast(arrow_name, name.partition("(")[0])
    return Refused("invalid", f"Could not convert {value!r:.60} to {name}")


def _no_cast_of_numpys(time: np.datetime64 | np.timedelta64, name: str) -> Refused:
    """Pyarrow guesses that a time of numpy's is one of its unit; days of numpy's it takes for dates, and finds none."""
    if time.dtype.name == "datetime64[D]":
        return Refused("type", "a date of numpy's is no datetime.date")
    if time.dtype.name not in NUMPYS_TIMES:
        kind = time.dtype.name.partition("[")[0]
        return Refused("raw", f"Unsupported {kind} time unit", "ArrowNotImplementedError")
    return unsupported_cast(NUMPYS_TIMES[time.dtype.name], name.partition("(")[0])


def demand_no_infinity(value: Any) -> None:
    """Pyarrow fails to count the digits of an infinite decimal, whatever it is cast to."""
    if isinstance(value, decimal.Decimal) and not value.is_finite():
        raise Refused("type", f"{value} has no digits")


def unsupported_cast(given: str, target: str) -> Refused:
    """Pyarrow's error for two types, by its own names, between which it knows no way."""
    message = f"Unsupported cast from {given} to {target} using function cast_{_CASTS.get(target, target)}"
    return Refused("raw", message, "ArrowNotImplementedError")


def _arrow_name(value: Any) -> str:
    """The type that pyarrow guesses of one value, as it writes it; "" for what is guessed otherwise."""
    if isinstance(value, decimal.Decimal):
        digits, exponent = len(value.as_tuple().digits), int(value.as_tuple().exponent)
        return f"decimal128({max(digits, -exponent)}, {max(-exponent, 0)})"
    if isinstance(value, datetime.datetime):
        return f"timestamp[us, tz={_zone_name(value)}]" if value.tzinfo else "timestamp[us]"
    return next((arrow_name for kind, arrow_name in _ARROW_NAMES if isinstance(value, kind)), "")


def _zone_name(time: datetime.datetime) -> str:
    """The zone as pyarrow writes it: by its name, else by how far it is from UTC."""
    name = getattr(time.tzinfo, "key", None)
    return str(name) if name else "UTC" if time.tzinfo is datetime.UTC else time.isoformat()[-6:]
