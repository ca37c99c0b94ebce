"""State on its way through the JVM and back: EvaluatePython.makeFromJava, when all calls are over (SEMANTICS 2.3, 3.9).

Lives here: only that. A value of the wrong type silently becomes NULL; a few kill the query.
"""

import datetime
import decimal
import math
import struct
from collections.abc import Callable
from typing import Any, Final

from engine.apis.conversions.java_maps import stored_map
from engine.apis.conversions.java_text import java_text
from engine.apis.conversions.java_unpickler import unpickling_failure
from engine.apis.row import Row
from engine.model.moments import EPOCH
from engine.model.schema import INTEGER_BITS, DataType, Schema

Convert = Callable[[Any], Any]

_EPOCH_ORDINAL: Final = EPOCH.toordinal()
_WORD: Final = 1 << 64
_SINGLE: Final = struct.Struct("<f")


class JvmRefused(Exception):
    """The JVM cannot store the value; `error_class` is the exception that kills the query."""

    def __init__(self, error_class: str, message: str) -> None:
        super().__init__(message)
        self.error_class = error_class


def _demand_picklable(value: Any) -> None:
    """Raises JvmRefused for a value whose pickle the JVM cannot read, such as a numpy array."""
    failure = unpickling_failure(value)
    if failure is not None:
        raise JvmRefused("net.razorvine.pickle.PickleException", failure)


def jvm_side(type_: DataType) -> Convert:
    """How a value of the type, never None, is stored and comes back. What it returns raises JvmRefused."""
    if type_.name in INTEGER_BITS:
        return _jvm_integer(INTEGER_BITS[type_.name])
    if type_.name == "decimal":
        return _jvm_decimal(type_.precision, type_.scale)
    if type_.name == "array" and type_.element:
        return _jvm_array(jvm_side(type_.element))
    if type_.name == "map" and type_.key and type_.element:
        return _jvm_map(jvm_side(type_.key), jvm_side(type_.element))
    if type_.name == "struct":
        return _jvm_struct(type_.fields)
    return _JVM_SIMPLE[type_.name]


def _jvm_integer(bits: int) -> Convert:
    """Any whole number that pickle writes as a Java Integer or Long, cut to the width of the field; else NULL."""
    half, whole = 1 << (bits - 1), 1 << bits

    def integer(value: Any) -> int | None:
        if type(value) is not int:
            _demand_picklable(value)
            return None
        if not -(_WORD >> 1) <= value < _WORD >> 1:
            return None  # a BigInteger
        return (value + half) % whole - half

    return integer


def _jvm_float(value: Any) -> float | None:
    if type(value) is float:
        return value
    _demand_picklable(value)
    return math.nan if isinstance(value, decimal.Decimal) and value.is_nan() else None


def _jvm_single_float(value: Any) -> float | None:
    number = _jvm_float(value)
    if number is None:
        return None
    try:
        single: float = _SINGLE.unpack(_SINGLE.pack(number))[0]
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")
    return single


def _jvm_boolean(value: Any) -> bool | None:
    if type(value) is not bool:
        _demand_picklable(value)
        return None
    return value


def _jvm_string(value: Any) -> str:
    if type(value) is str:
        return value
    _demand_picklable(value)
    return java_text(value)


def _jvm_binary(value: Any) -> bytes | None:
    if type(value) in (bytes, bytearray):
        return bytes(value)
    _demand_picklable(value)
    return value.encode() if type(value) is str else None


def _jvm_date(days: Any) -> datetime.date | None:
    return datetime.date.fromordinal(days + _EPOCH_ORDINAL) if type(days) is int else None


def _jvm_timestamp(micros: Any) -> datetime.datetime | None:
    return EPOCH + datetime.timedelta(microseconds=micros) if type(micros) is int else None


def _jvm_nothing(value: Any) -> None:
    _demand_picklable(value)


def _jvm_decimal(precision: int, scale: int) -> Convert:
    quantum = decimal.Decimal(1).scaleb(-scale)
    limit = decimal.Decimal(10) ** (precision - scale)

    def decimal_out(value: Any) -> decimal.Decimal | None:
        if not isinstance(value, decimal.Decimal) or not value.is_finite():
            _demand_picklable(value)
            return None
        with decimal.localcontext(prec=80):
            rounded = value.quantize(quantum, rounding=decimal.ROUND_HALF_UP)
        if abs(rounded) >= limit:
            raise JvmRefused(
                "org.apache.spark.SparkArithmeticException",
                f"[NUMERIC_VALUE_OUT_OF_RANGE.WITHOUT_SUGGESTION]  The {rounded} rounded half up from {value} cannot be "
                f"represented as Decimal({precision}, {scale}). SQLSTATE: 22003",
            )
        return rounded or abs(rounded)  # Java knows no -0.00

    return decimal_out


def _jvm_array(element: Convert) -> Convert:
    def array(value: Any) -> list[Any] | None:
        _demand_picklable(value)
        if type(value) in (bytes, bytearray):
            value = memoryview(value).cast("b")  # an array of Java's bytes, which have a sign
        elif type(value) not in (list, tuple):
            return None
        return [None if item is None else element(item) for item in value]

    return array


def _jvm_map(key: Convert, item: Convert) -> Convert:
    def map_out(value: Any) -> dict[Any, Any] | None:
        _demand_picklable(value)
        if not isinstance(value, dict):
            return None
        entries = {key(k): None if v is None else item(v) for k, v in value.items() if k is not None}
        return stored_map(entries) if all(type(k) is str for k in entries) else entries

    return map_out


def _jvm_struct(fields: Schema) -> Convert:
    names = tuple(field.name for field in fields)
    converts = [jvm_side(field.type) for field in fields]

    def row(values: Any) -> Row:
        if len(values) != len(converts):
            raise length_mismatch(len(converts), len(values))
        cells = zip(converts, values, strict=True)
        return Row.of(names, tuple(None if value is None else convert(value) for convert, value in cells))

    return row


def length_mismatch(needed: int, given: int) -> JvmRefused:
    """A row or a struct with another number of values than its schema has fields."""
    return JvmRefused(
        "org.apache.spark.SparkIllegalArgumentException",
        "[STRUCT_ARRAY_LENGTH_MISMATCH] Input row doesn't have expected number of values required by the schema. "
        f"{needed} fields are required while {given} values are provided. SQLSTATE: 2201E",
    )


_JVM_SIMPLE: Final[dict[str, Convert]] = {
    "double": _jvm_float,
    "float": _jvm_single_float,
    "boolean": _jvm_boolean,
    "string": _jvm_string,
    "binary": _jvm_binary,
    "date": _jvm_date,
    "timestamp": _jvm_timestamp,
    "timestamp_ntz": _jvm_timestamp,
    "void": _jvm_nothing,
}
