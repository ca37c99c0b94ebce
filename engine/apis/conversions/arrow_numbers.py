"""Numbers for one output field, as pyarrow takes them (SEMANTICS 4.5). Lives here: integers, floats, decimals."""

import datetime
import decimal
import re
import struct
from typing import Any, Final

import numpy as np

from engine.apis.conversions.arrow_values import (
    MICROSECOND,
    NUMBERS,
    NUMPYS_TIMES,
    Convert,
    Refused,
    cannot_cast,
    demand_no_infinity,
    micros,
    text_of,
)
from engine.model.moments import EPOCH

#: The largest whole number from which on a floating one cannot count any more.
LARGEST_EXACT: Final = {"double": 1 << 53, "float": 1 << 24}

_EPOCH_DAY: Final = EPOCH.date()
_SINGLE: Final = struct.Struct("<f")
_WHOLE: Final = re.compile(r"-?\d+|0[xX][0-9a-fA-F]{1,16}")
_NUMBER: Final = re.compile(r"[-+]?(\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?|inf|infinity|nan)", re.IGNORECASE)


def integer(bits: int) -> Convert:
    """Whole numbers of so many bits, and other numbers cut to one."""
    limit = 1 << (bits - 1)

    def integer(value: Any) -> int:
        if isinstance(value, bool):
            raise Refused("type", "Expected integer, got bool")
        if isinstance(value, np.timedelta64):  # a whole number for numpy, but none for int()
            raise Refused("type", "int() argument must be a string, a bytes-like object or a real number")
        if not isinstance(value, (*NUMBERS, np.bool_)):
            raise Refused("invalid")
        demand_no_infinity(value)
        if isinstance(value, (int, np.integer)) and not -(1 << 63) <= value < 1 << 63:
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


def integer_cast(bits: int) -> Convert:
    """Texts that are whole numbers; times as what counts them."""

    def cast(value: Any) -> int:
        text = text_of(value)
        if text is not None and _WHOLE.fullmatch(text):
            return _ranged(int(text, 16) if text[:2] in ("0x", "0X") else int(text), bits)
        if bits == 64 and isinstance(value, np.datetime64) and value.dtype.name in NUMPYS_TIMES:
            return int(value.astype("int64"))
        if bits == 64 and isinstance(value, datetime.datetime):
            return micros(value)
        if bits == 64 and isinstance(value, datetime.timedelta):
            return value // MICROSECOND
        if bits == 64 and isinstance(value, datetime.time):
            return micros(datetime.datetime.combine(_EPOCH_DAY, value))
        if bits == 32 and isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return (value - _EPOCH_DAY).days
        raise cannot_cast(value, f"int{bits}")

    return cast


def _ranged(number: int, bits: int) -> int:
    if not -(1 << (bits - 1)) <= number < 1 << (bits - 1):
        raise Refused("invalid", f"Integer value {number} not in range")
    return number


def floating(name: str) -> Convert:
    """Numbers as a double or a float."""

    def floating(value: Any) -> float:
        demand_no_infinity(value)
        if isinstance(value, np.timedelta64):
            raise Refused("invalid")
        if isinstance(value, (int, np.integer)) and abs(int(value)) > LARGEST_EXACT[name]:
            raise Refused("invalid", f"Integer value {value} is outside of the range exactly representable")
        if not isinstance(value, (int, float, np.number)):
            raise Refused("invalid")
        return _as_width(float(value), name)

    return floating


def floating_cast(name: str) -> Convert:
    """Texts that are numbers, and decimals."""

    def cast(value: Any) -> float:
        text = text_of(value)
        if text is not None and _NUMBER.fullmatch(text):
            return _as_width(float(text), name)
        if isinstance(value, decimal.Decimal):
            return _decimal_as_floating(value, name)
        if isinstance(value, np.bool_):
            return float(value)
        raise cannot_cast(value, name)

    return cast


def _decimal_as_floating(value: decimal.Decimal, name: str) -> float:
    """As pyarrow computes it, with its rounding, in the width of the field: what that cannot count exactly is split into its
    whole part and its fraction (DecimalRealConversion::ToRealPositive)."""
    sign, digits, exponent = value.as_tuple()
    scale = -int(exponent)
    unscaled = int("".join(map(str, digits)))
    width = np.float64 if name == "double" else np.float32
    whole, fraction = (0, unscaled) if scale <= 0 or unscaled <= LARGEST_EXACT[name] else divmod(unscaled, 10**scale)
    number = float(_word_by_word(whole, width) + _word_by_word(fraction, width) * width(10.0**-scale))
    return -number if sign else number


def _word_by_word(unscaled: int, width: Any) -> Any:
    high, low = divmod(unscaled, 1 << 64)
    return width(high) * width(float(1 << 64)) + width(low)


def _as_width(number: float, name: str) -> float:
    if name == "double":
        return number
    try:
        single: float = _SINGLE.unpack(_SINGLE.pack(number))[0]
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")
    return single


def decimals(precision: int, scale: int) -> Convert:
    """Decimals and whole numbers that fit without loss."""
    quantum = decimal.Decimal(1).scaleb(-scale)
    limit = decimal.Decimal(10) ** (precision - scale)

    def to_decimal(value: Any) -> decimal.Decimal:
        if isinstance(value, bool):
            raise Refused("invalid")
        if not isinstance(value, (int, decimal.Decimal)):
            raise Refused("type", f"int or Decimal object expected, got {type(value).__name__}")
        demand_no_infinity(value)
        with decimal.localcontext(prec=80):
            rescaled = decimal.Decimal(value).quantize(quantum)
        if rescaled != value:
            raise Refused("invalid", "Rescaling Decimal value would cause data loss")
        if abs(rescaled) >= limit:
            raise Refused("invalid", f"Decimal value does not fit in precision {precision}")
        return rescaled or abs(rescaled)  # Arrow knows no -0.00

    return to_decimal
