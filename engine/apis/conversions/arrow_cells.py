"""One value for one output field, as pyarrow takes it from a column of objects (SEMANTICS 4.5). Lives here: type by type.

`accept` is pyarrow's first attempt; what it refuses as invalid goes to `cast`, Spark's second one. There is no pyarrow
in the process that replays; a test holds this module to the real one where it is installed.
"""

import datetime
import decimal
import math
import re
import struct
from collections.abc import Callable
from typing import Any, Final, Literal

import msgspec
import numpy as np
import pandas as pd

from engine.model.schema import DataType

Convert = Callable[[Any], Any]

_EPOCH: Final = datetime.datetime(1970, 1, 1)
_EPOCH_DAY: Final = _EPOCH.date()
_MICROSECOND: Final = datetime.timedelta(microseconds=1)
_SINGLE: Final = struct.Struct("<f")
_LARGEST_EXACT: Final = {"double": 1 << 53, "float": 1 << 24}
_INTEGER_BITS: Final = {"bigint": 64, "int": 32, "smallint": 16, "tinyint": 8}
_WHOLE: Final = re.compile(r"-?\d+|0[xX][0-9a-fA-F]{1,16}")
_NUMBER: Final = re.compile(r"[-+]?(\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?|inf|infinity|nan)", re.IGNORECASE)
#: The JVM copies an array of these without a look at its NULLs, and dies of one (ColumnarArray.copy).
_PRIMITIVE: Final = frozenset({"bool", "int8", "int16", "int32", "int64", "float", "double"})
_TRUTHS: Final = {"true": True, "1": True, "false": False, "0": False}
_NUMBERS: Final = (int, float, decimal.Decimal, np.number)

_KINDS: Final[tuple[tuple[str, Any], ...]] = (
    ("text", (str, bytes, bytearray)),
    ("truth", (bool, np.bool_)),
    ("decimal", decimal.Decimal),
    ("whole", int),
    ("number", _NUMBERS),
    ("time", (datetime.date, datetime.time, datetime.timedelta)),
)


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


def arrow_type(type_: DataType) -> ArrowType:
    """The ways of one Spark type."""
    if type_.name in _INTEGER_BITS:
        bits = _INTEGER_BITS[type_.name]
        return ArrowType(f"int{bits}", _integer(bits), _integer_cast(bits))
    if type_.name in _LARGEST_EXACT:
        return ArrowType(type_.name, _floating(type_.name), _floating_cast(type_.name))
    if type_.name == "decimal":
        name = f"decimal128({type_.precision}, {type_.scale})"
        return ArrowType(name, _decimal(type_.precision, type_.scale), _no_cast(name))
    if type_.name == "array" and type_.element:
        return _array(arrow_type(type_.element))
    if type_.name == "map" and type_.key and type_.element:
        return _map(arrow_type(type_.key), arrow_type(type_.element))
    if type_.name == "struct":
        return _struct([(field.name, arrow_type(field.type)) for field in type_.fields])
    name, accept, cast = _SIMPLE[type_.name]
    return ArrowType(name, accept, cast)


# Numbers


def _integer(bits: int) -> Convert:
    limit = 1 << (bits - 1)

    def integer(value: Any) -> int:
        if isinstance(value, bool):
            raise Refused("type", "Expected integer, got bool")
        if not isinstance(value, (*_NUMBERS, np.bool_)):
            raise Refused("invalid")
        if isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:
            raise Refused("raw", "Python int too large to convert to C long", "OverflowError")
        number = _truncated(value)
        if not -limit <= number < limit:
            raise Refused("invalid", f"Integer value {number} not in range: {-limit} to {limit - 1}")
        return number

    return integer


def _truncated(value: Any) -> int:
    try:
        return int(value)  # a fraction is cut, not rounded
    except (OverflowError, ValueError):
        raise Refused("invalid", f"Float value {value} was truncated") from None


def _integer_cast(bits: int) -> Convert:
    def cast(value: Any) -> int:
        text = _text_of(value)
        if text is not None and _WHOLE.fullmatch(text):
            return _ranged(int(text, 16) if text[:2] in ("0x", "0X") else int(text), bits)
        if bits == 64 and isinstance(value, datetime.datetime):
            return _micros(value)
        if bits == 64 and isinstance(value, datetime.timedelta):
            return value // _MICROSECOND
        if bits == 32 and isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return (value - _EPOCH_DAY).days
        raise _cannot_cast(value, f"int{bits}")

    return cast


def _ranged(number: int, bits: int) -> int:
    if not -(1 << (bits - 1)) <= number < 1 << (bits - 1):
        raise Refused("invalid", f"Integer value {number} not in range")
    return number


def _floating(name: str) -> Convert:
    def floating(value: Any) -> float:
        if isinstance(value, int) and abs(value) > _LARGEST_EXACT[name]:
            raise Refused("invalid", f"Integer value {value} is outside of the range exactly representable")
        if not isinstance(value, (int, float, np.number)):
            raise Refused("invalid")
        return _as_width(float(value), name)

    return floating


def _floating_cast(name: str) -> Convert:
    def cast(value: Any) -> float:
        text = _text_of(value)
        if text is not None and _NUMBER.fullmatch(text):
            return _as_width(float(text), name)
        if isinstance(value, decimal.Decimal):
            return _decimal_as_floating(value, name)
        if isinstance(value, np.bool_):
            return float(value)
        raise _cannot_cast(value, name)

    return cast


def _decimal_as_floating(value: decimal.Decimal, name: str) -> float:
    """As pyarrow computes it, with its rounding: the digits times a power of ten, both in the width of the field."""
    sign, digits, exponent = value.as_tuple()
    unscaled = int("".join(map(str, digits))) * (-1 if sign else 1)
    width = np.float64 if name == "double" else np.float32
    return float(width(unscaled) * width(10.0 ** int(exponent)))


def _as_width(number: float, name: str) -> float:
    if name == "double":
        return number
    try:
        single: float = _SINGLE.unpack(_SINGLE.pack(number))[0]
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")
    return single


def _decimal(precision: int, scale: int) -> Convert:
    quantum = decimal.Decimal(1).scaleb(-scale)
    limit = decimal.Decimal(10) ** (precision - scale)

    def to_decimal(value: Any) -> decimal.Decimal:
        if isinstance(value, bool):
            raise Refused("invalid")
        if not isinstance(value, (int, decimal.Decimal)):
            raise Refused("type", f"int or Decimal object expected, got {type(value).__name__}")
        with decimal.localcontext(prec=80):
            rescaled = decimal.Decimal(value).quantize(quantum)
        if rescaled != value:
            raise Refused("invalid", "Rescaling Decimal value would cause data loss")
        if abs(rescaled) >= limit:
            raise Refused("invalid", f"Decimal value does not fit in precision {precision}")
        return rescaled

    return to_decimal


# Texts, truth values and times


def _string(value: Any) -> str:
    if isinstance(value, str):
        return str(value)
    if not isinstance(value, (bytes, bytearray)):
        raise Refused("type", f"Expected bytes, got a '{type(value).__name__}' object")
    try:
        return bytes(value).decode()
    except UnicodeDecodeError:
        raise Refused("invalid", "Invalid UTF8 payload") from None


def _binary(value: Any) -> bytes:
    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    if not isinstance(value, str):
        raise Refused("type", f"Expected bytes, got a '{type(value).__name__}' object")
    return value.encode()


def _boolean(value: Any) -> bool:
    if not isinstance(value, (bool, np.bool_)):
        raise Refused("invalid")
    return bool(value)


def _boolean_cast(value: Any) -> bool:
    text = _text_of(value)
    if text is not None and text.lower() in _TRUTHS:
        return _TRUTHS[text.lower()]
    if isinstance(value, (int, float, np.number)):
        return bool(value)
    raise _cannot_cast(value, "bool")


def _timestamp(value: Any) -> datetime.datetime:
    if isinstance(value, datetime.datetime):
        return _EPOCH + datetime.timedelta(microseconds=_micros(value))
    if isinstance(value, np.generic):
        message = f"Expected np.datetime64 but got: {value.dtype}"
        raise Refused("raw", message, "ArrowNotImplementedError")
    time: datetime.datetime = _after(_EPOCH, _MICROSECOND, value)
    return time


def _date(value: Any) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, np.datetime64):
        raise Refused("type", "int() argument must be a string, a bytes-like object or a real number")
    day: datetime.date = _after(_EPOCH_DAY, datetime.timedelta(days=1), value)
    return day


def _after(epoch: Any, unit: datetime.timedelta, value: Any) -> Any:
    """A number where a time is due counts from the epoch."""
    count = _counted(value)
    try:
        return epoch + count * unit
    except OverflowError:
        raise Refused("invalid", f"{count} is out of range") from None


def _counted(value: Any) -> int:
    if isinstance(value, bool):
        raise Refused("type", "Expected integer, got bool")
    if not isinstance(value, (*_NUMBERS, np.bool_)):
        raise Refused("type", f"object of type {type(value)} cannot be converted to int")
    try:
        return int(value)
    except OverflowError as error:
        raise Refused("raw", str(error), "OverflowError") from None


def _micros(time: datetime.datetime) -> int:
    if isinstance(time, pd.Timestamp):
        time = time.to_pydatetime(warn=False)
    if time.tzinfo is not None:
        time = time.astimezone(datetime.UTC).replace(tzinfo=None)
    return (time - _EPOCH) // _MICROSECOND


def _null_only(value: Any) -> Any:
    raise Refused("invalid", f"{value!r:.60} is not NULL")


# Nested values: PySpark walks them before pyarrow does, and lets its own errors through


def _array(element: ArrowType) -> ArrowType:
    def accept(value: Any) -> list[Any]:
        items = [_inner(element, item) for item in _iterated(value)]
        if None in items and element.name in _PRIMITIVE:
            raise Refused("raw", "Value at index is null", "java.lang.IllegalStateException")
        return items

    name = f"list<element: {element.name}>"
    return ArrowType(name, accept, accept)  # the parts have been cast already, where that was needed


def _map(key: ArrowType, item: ArrowType) -> ArrowType:
    def accept(value: Any) -> dict[Any, Any]:
        if not hasattr(value, "items"):
            raise Refused("raw", f"'{type(value).__name__}' object has no attribute 'items'", "AttributeError")
        return {_inner(key, k): _inner(item, v) for k, v in value.items()}

    name = f"map<{key.name}, {item.name}>"
    return ArrowType(name, accept, accept)


def _struct(fields: list[tuple[str, ArrowType]]) -> ArrowType:
    names = [name for name, _ in fields]

    def accept(value: Any) -> dict[str, Any]:
        given = value if isinstance(value, dict) else dict(zip(names, _iterated(value), strict=False))
        return {name: _inner(field, given.get(name)) for name, field in fields}

    name = f"struct<{', '.join(f'{name}: {field.name}' for name, field in fields)}>"
    return ArrowType(name, accept, accept)


def _iterated(value: Any) -> list[Any]:
    try:
        return list(value)
    except TypeError as error:
        raise Refused("raw", str(error), "TypeError") from None


def _inner(type_: ArrowType, value: Any) -> Any:
    if is_null(value):
        return None
    try:
        return type_.accept(value)
    except Refused as refused:
        if refused.kind != "invalid":
            raise
        return type_.cast(value)


# The second attempt


def _text_of(value: Any) -> str | None:
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode(errors="replace")
    return value if isinstance(value, str) else None


def _no_cast(name: str) -> Convert:
    def cast(value: Any) -> Any:
        raise _cannot_cast(value, name)

    return cast


def _cannot_cast(value: Any, name: str) -> Refused:
    """No such cast: a text that does not parse or a value out of range is invalid, another kind is not implemented."""
    arrow_names = (
        (datetime.datetime, "timestamp[us]"),
        (datetime.date, "date32[day]"),
        (datetime.timedelta, "duration[us]"),
        (datetime.time, "time64[us]"),
        (bool, "bool"),
        ((list, tuple, set, np.ndarray), "list<item: …>"),
        (dict, "struct<…>"),
    )
    if isinstance(value, decimal.Decimal) and name != "bool":
        return Refused("invalid", f"{value} does not fit {name}")
    for kind, arrow_name in ((decimal.Decimal, "decimal128"), *arrow_names):
        if isinstance(value, kind):
            message = f"Unsupported cast from {arrow_name} to {name} using function cast_{name}"
            return Refused("raw", message, "ArrowNotImplementedError")
    return Refused("invalid", f"Could not convert {value!r:.60} to {name}")


_SIMPLE: Final[dict[str, tuple[str, Convert, Convert]]] = {
    "string": ("string", _string, _no_cast("string")),
    "binary": ("binary", _binary, _no_cast("binary")),
    "boolean": ("bool", _boolean, _boolean_cast),
    "timestamp": ("timestamp[us, tz=UTC]", _timestamp, _no_cast("timestamp[us, tz=UTC]")),
    "timestamp_ntz": ("timestamp[us]", _timestamp, _no_cast("timestamp[us]")),
    "date": ("date32[day]", _date, _no_cast("date32[day]")),
    "void": ("null", _null_only, _no_cast("null")),
}
