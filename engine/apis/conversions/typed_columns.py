"""Columns of numbers, truth values and times for a field of a frame, which pyarrow takes by their dtype (SEMANTICS 5.63).

Lives here: how each value of such a column is taken, and what pyarrow says where it cannot be.
"""

import datetime
import decimal
import math
from collections.abc import Callable
from typing import Any, Final

import pandas as pd

from engine.apis.conversions.arrow_numbers import floating
from engine.apis.conversions.arrow_values import MICROSECOND, Refused, micros, unsupported_cast
from engine.model.moments import EPOCH
from engine.model.schema import INTEGER_BITS, DataType

_FLOATS: Final = ("double", "float")
#: What pyarrow calls the type of a numpy array, where it says that it cannot cast it.
_ARROW_NAMES: Final = {"float64": "double", "float32": "float", "boolean": "bool"}
#: And what it calls the type of a field there.
_TARGETS: Final = {
    **{name: f"int{bits}" for name, bits in INTEGER_BITS.items()},
    "timestamp_ntz": "timestamp",
    "date": "date32",
    "decimal": "decimal128",
    "boolean": "bool",
}
_NANOSECONDS: Final = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}
_DIGITS: Final = {8: 19, 4: 10, 2: 5, 1: 3}

Cell = Callable[[Any], Any]


def typed_cast(type_: DataType, dtype: Any) -> Cell | None:
    """How the values of a column of this dtype are taken; None where pyarrow looks at each of them by itself."""
    of_kind = _BY_KIND.get(dtype.kind)
    return of_kind(type_, dtype) if of_kind is not None else None


def unit_of(dtype: Any) -> str:
    """In what a column of times counts: "s", "ms", "us" or "ns"."""
    return str(dtype).partition("[")[2][:2].rstrip(",]")


def _refuse(kind: Any) -> Cell:
    def refuse(value: Any) -> Any:
        raise Refused(kind)

    return refuse


def _no_cast(dtype: Any, type_: DataType) -> Cell:
    """Pyarrow's error for two types between which it knows no way."""
    name = str(dtype).lower()
    if dtype.kind == "M":
        name = f"timestamp[{unit_of(dtype)}]"
    given, target = _ARROW_NAMES.get(name, name), _TARGETS.get(type_.name, type_.name)

    def refuse(value: Any) -> Any:
        raise unsupported_cast(given, target)

    return refuse


def _in_range(bits: int) -> Cell:
    limit = 1 << (bits - 1)

    def in_range(value: Any) -> int:
        number = int(value)
        if number != value or not -limit <= number < limit:
            raise Refused("invalid")
        return number

    return in_range


def _finite_whole(bits: int) -> Cell:
    in_range = _in_range(bits)
    return lambda value: in_range(value) if math.isfinite(value) else _refuse("invalid")(value)


def _decimal(type_: DataType) -> Cell:
    quantum = decimal.Decimal(1).scaleb(-type_.scale)
    limit = decimal.Decimal(10) ** (type_.precision - type_.scale)

    def to_decimal(value: Any) -> decimal.Decimal:
        if not math.isfinite(value):
            raise Refused("invalid")
        with decimal.localcontext(prec=80):
            number = decimal.Decimal(repr(value)).quantize(quantum)
        if abs(number) >= limit:
            raise Refused("invalid")
        return number

    return to_decimal


def _of_integers(type_: DataType, dtype: Any) -> Cell:
    if type_.name in INTEGER_BITS:
        return _in_range(INTEGER_BITS[type_.name])
    if type_.name in _FLOATS:
        return floating(type_.name)
    if type_.name == "decimal":
        fits = type_.precision - type_.scale >= _DIGITS[dtype.itemsize]
        return _decimal(type_) if fits else _refuse("invalid")
    if type_.name in ("timestamp", "timestamp_ntz") and dtype.itemsize == 8:
        return lambda value: EPOCH + value * MICROSECOND
    if type_.name == "date" and dtype.itemsize == 4:
        return lambda value: EPOCH.date() + datetime.timedelta(days=value)
    return _of_others(type_, dtype)


def _of_floats(type_: DataType, dtype: Any) -> Cell:
    if type_.name in INTEGER_BITS:
        return _finite_whole(INTEGER_BITS[type_.name])
    if type_.name in _FLOATS:
        return floating(type_.name)
    return _decimal(type_) if type_.name == "decimal" else _of_others(type_, dtype)


def _of_booleans(type_: DataType, dtype: Any) -> Cell:
    if type_.name in INTEGER_BITS:
        return int
    return floating(type_.name) if type_.name in _FLOATS else _of_others(type_, dtype)


def _of_times(type_: DataType, dtype: Any) -> Cell:
    if type_.name in ("timestamp", "timestamp_ntz"):
        return _whole_micros
    if type_.name == "date":
        return lambda value: (EPOCH + micros(value) * MICROSECOND).date()
    if type_.name == "bigint":
        unit = unit_of(dtype)
        return lambda value: (micros(value) * 1000 + value.nanosecond) // _NANOSECONDS[unit]
    return _refuse("type") if type_.name in ("string", "binary") else _no_cast(dtype, type_)


def _whole_micros(value: pd.Timestamp) -> datetime.datetime:
    """Nanoseconds that Spark's type cannot keep are an error, not cut."""
    if value.nanosecond:
        raise Refused("invalid")
    return EPOCH + micros(value) * MICROSECOND


def _of_others(type_: DataType, dtype: Any) -> Cell:
    """What is common to numbers and truth values: a truth value of them, their bytes, and no text."""
    if type_.name == "boolean":
        return bool
    if type_.name == "binary":
        return _bytes_of(dtype)
    return _refuse("type") if type_.name == "string" else _no_cast(dtype, type_)


def _bytes_of(dtype: Any) -> Cell:
    """The bytes of the number in memory up to the first zero: pyarrow reads numpy's array as one of texts of C."""

    def bytes_of(value: Any) -> bytes:
        in_memory: bytes = dtype.type(value).tobytes()
        return in_memory.partition(b"\0")[0]

    return bytes_of


_BY_KIND: Final[dict[str, Callable[[DataType, Any], Cell]]] = {
    "i": _of_integers,
    "u": _of_integers,
    "f": _of_floats,
    "b": _of_booleans,
    "M": _of_times,
}
