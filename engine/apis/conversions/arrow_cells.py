"""One value for one output field, as pyarrow takes it from a column of objects (SEMANTICS 4.5). Lives here: type by type.

`accept` is pyarrow's first attempt; what it refuses as invalid goes to `cast`, Spark's second one.
"""

import datetime
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pandas as pd

from engine.apis.conversions.arrow_numbers import (
    LARGEST_EXACT,
    decimals,
    floating,
    floating_cast,
    integer,
    integer_cast,
)
from engine.apis.conversions.arrow_values import (
    MICROSECOND,
    NUMBERS,
    NUMPYS_TIMES,
    ArrowType,
    Convert,
    Refused,
    cannot_cast,
    is_null,
    micros,
    no_cast,
    text_of,
    unsupported_cast,
)
from engine.apis.conversions.arrow_words import c_name
from engine.model.moments import EPOCH
from engine.model.schema import INTEGER_BITS, DataType
from engine.model.user_objects import LimitReached, class_name

_EPOCH_DAY: Final = EPOCH.date()
#: Of applyInPandasWithState the JVM copies an array of these, or the values of a map, without a look at their NULLs, and dies of
#: one (ColumnarArray.copy).
_PRIMITIVE: Final = frozenset(
    {
        *("bool", "int8", "int16", "int32", "int64", "float", "double"),
        *("date32[day]", "timestamp[us]", "timestamp[us, tz=UTC]"),
    }
)
#: Numpy's types under pyarrow's names.
_NUMPY_NAMES: Final = {
    "float64": "double",
    "float32": "float",
    "float16": "halffloat",
    "datetime64[D]": "date32[day]",
    **NUMPYS_TIMES,
}
_BYTES: Final = (bytes, bytearray, memoryview)
_TRUTHS: Final = {"true": True, "1": True, "false": False, "0": False}


def arrow_type(type_: DataType, keeps_nulls: bool = False) -> ArrowType:
    """The ways of one Spark type. `keeps_nulls`: the JVM looks at the NULLs of an array, as it does for processors."""
    if type_.name in INTEGER_BITS:
        bits = INTEGER_BITS[type_.name]
        return ArrowType(f"int{bits}", integer(bits), integer_cast(bits))
    if type_.name in LARGEST_EXACT:
        return ArrowType(type_.name, floating(type_.name), floating_cast(type_.name))
    if type_.name == "decimal":
        name = f"decimal128({type_.precision}, {type_.scale})"
        return ArrowType(name, decimals(type_.precision, type_.scale), no_cast(name))
    if type_.name == "array" and type_.element:
        return _array(_part_type(type_.element, keeps_nulls), keeps_nulls)
    if type_.name == "map" and type_.key and type_.element:
        return _map(_part_type(type_.key, keeps_nulls), _part_type(type_.element, keeps_nulls), keeps_nulls)
    if type_.name == "struct":
        return _struct([(field.name, _part_type(field.type, keeps_nulls)) for field in type_.fields])
    name, accept, cast = _SIMPLE[type_.name]
    return ArrowType(name, accept, cast)


def _part_type(type_: DataType, keeps_nulls: bool) -> ArrowType:
    """The ways of a type inside another one."""
    if type_.name == "timestamp":
        return ArrowType(_SIMPLE["timestamp"][0], _inner_time, _inner_time)
    return arrow_type(type_, keeps_nulls)


# Texts, truth values and times


def _string(value: Any) -> str:
    if isinstance(value, str):
        return str(value)
    if not isinstance(value, _BYTES):
        raise Refused("type", f"Expected bytes, got a '{c_name(value)}' object")
    try:
        return bytes(value).decode()
    except UnicodeDecodeError:
        raise Refused("invalid", "Invalid UTF8 payload") from None


def _binary(value: Any) -> bytes:
    if isinstance(value, _BYTES):
        return bytes(value)
    if not isinstance(value, str):
        raise Refused("type", f"Expected bytes, got a '{c_name(value)}' object")
    return value.encode()


def _boolean(value: Any) -> bool:
    if not isinstance(value, (bool, np.bool_)):
        raise Refused("invalid")
    return bool(value)


def _boolean_cast(value: Any) -> bool:
    text = text_of(value)
    if text is not None and text.lower() in _TRUTHS:
        return _TRUTHS[text.lower()]
    if isinstance(value, (int, float, np.number)) and not isinstance(value, np.timedelta64):
        return bool(value)
    raise cannot_cast(value, "bool")


def _timestamp(value: Any) -> datetime.datetime:
    if isinstance(value, datetime.datetime):
        return EPOCH + datetime.timedelta(microseconds=micros(value))
    if isinstance(value, np.generic):
        raise _not_numpys(value)
    time: datetime.datetime = _after(EPOCH, MICROSECOND, value)
    return time


def _timestamp_ntz(value: Any) -> datetime.datetime:
    """Without a zone numpy's times fit too, when they count microseconds as the field does."""
    if isinstance(value, np.datetime64) and value.dtype.name == "datetime64[us]":
        return EPOCH + int(value.astype("int64")) * MICROSECOND
    return _timestamp(value)


def _not_numpys(value: Any) -> Refused:
    """Pyarrow's words for numpy's times and numbers that do not fit."""
    kind = value.dtype.name
    message = f"Expected np.datetime64 but got: {_NUMPY_NAMES.get(kind, kind)}"
    if kind.startswith("datetime64") and kind not in _NUMPY_NAMES:
        message = "Unsupported datetime64 time unit"
    return Refused("raw", message, "ArrowNotImplementedError")


def _date(value: Any) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, (np.datetime64, np.timedelta64)):
        raise Refused("type", "int() argument must be a string, a bytes-like object or a real number")
    day: datetime.date = _after(_EPOCH_DAY, datetime.timedelta(days=1), value)
    return day


def _date_cast(value: Any) -> Any:
    """Nothing is cast to a date: what comes here is a number of too many days."""
    if isinstance(value, (int, float, np.number)):
        raise unsupported_cast("double" if isinstance(value, (float, np.floating)) else "int64", "date32")
    raise cannot_cast(value, "date32[day]")


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
    if not isinstance(value, (*NUMBERS, np.bool_)):
        raise Refused("type", f"object of type {type(value)} cannot be converted to int")
    try:
        return int(value)
    except OverflowError as error:
        raise Refused("raw", str(error), "OverflowError") from None


def _null_only(value: Any) -> Any:
    raise Refused("invalid", f"{value!r:.60} is not NULL")


# Nested values: PySpark walks them before pyarrow does, and lets its own errors through


def _array(element: ArrowType, keeps_nulls: bool) -> ArrowType:
    def accept(value: Any) -> list[Any]:
        items = [_inner(element, item) for item in _iterated(value)]
        if not keeps_nulls:
            _demand_no_null(items, element)
        return items

    name = f"list<element: {element.name}>"
    return ArrowType(name, accept, accept)  # the parts have been cast already, where that was needed


def _demand_no_null(items: Iterable[Any], element: ArrowType) -> None:
    if element.name in _PRIMITIVE and any(item is None for item in items):
        raise Refused("raw", "Value at index is null", "java.lang.IllegalStateException")


def _map(key: ArrowType, item: ArrowType, keeps_nulls: bool) -> ArrowType:
    def accept(value: Any) -> dict[Any, Any]:
        try:
            items = value.items()
        except AttributeError as error:
            raise Refused("raw", str(error), type(error).__name__) from None
        converted = {_accepted(key, k): _accepted(item, v) for k, v in items}
        if None in converted:
            raise unsupported_cast("list<item: …>", "map")
        if not keeps_nulls:
            _demand_no_null(converted.values(), item)
        return converted

    def cast(value: Any) -> Any:
        raise unsupported_cast("list<item: …>", "map")  # for pyarrow the items of a map are a list of pairs

    return ArrowType(f"map<{key.name}, {item.name}>", accept, cast)


def _struct(fields: list[tuple[str, ArrowType]]) -> ArrowType:
    names = [name for name, _ in fields]

    def accept(value: Any) -> dict[str, Any]:
        given = value if isinstance(value, dict) else dict(zip(names, _iterated(value), strict=False))
        return {name: _inner(field, given.get(name)) for name, field in fields}

    name = f"struct<{', '.join(f'{name}: {field.name}' for name, field in fields)}>"
    return ArrowType(name, accept, accept)


def _inner_time(value: Any) -> datetime.datetime:
    """A timestamp inside a value: PySpark makes pandas' Timestamp of it, of texts too, which may name no zone; a number
    counts nanoseconds."""
    try:
        time = pd.Timestamp(value)
        is_zoned = isinstance(value, datetime.datetime) and value.tzinfo is not None
        return _timestamp(time if is_zoned else time.tz_localize("UTC"))
    except LimitReached:
        raise
    except Exception as error:  # whatever pandas, or a class of the user's, says
        raise Refused("raw", str(error), class_name(error)) from None


def _iterated(value: Any) -> list[Any]:
    try:
        return list(value)
    except TypeError as error:
        raise Refused("raw", str(error), "TypeError") from None


def _accepted(type_: ArrowType, value: Any) -> Any:
    return None if is_null(value) else type_.accept(value)


def _inner(type_: ArrowType, value: Any) -> Any:
    try:
        return _accepted(type_, value)
    except Refused as refused:
        if refused.kind != "invalid":
            raise
        return type_.cast(value)


_SIMPLE: Final[dict[str, tuple[str, Convert, Convert]]] = {
    "string": ("string", _string, no_cast("string")),
    "binary": ("binary", _binary, no_cast("binary")),
    "boolean": ("bool", _boolean, _boolean_cast),
    "timestamp": ("timestamp[us, tz=UTC]", _timestamp, no_cast("timestamp[us, tz=UTC]")),
    "timestamp_ntz": ("timestamp[us]", _timestamp_ntz, no_cast("timestamp[us]")),
    "date": ("date32[day]", _date, _date_cast),
    "void": ("null", _null_only, no_cast("null")),
}
