"""What the JVM can read of a pickled Python value, and the text it makes of it. Lives here: those two only."""

import datetime
import decimal
import math
from typing import Any, Final

_PLAIN: Final = frozenset(
    {
        type(None),
        bool,
        int,
        float,
        str,
        bytes,
        bytearray,
        complex,
        decimal.Decimal,
        datetime.date,
        datetime.datetime,
        datetime.time,
        datetime.timedelta,
    }
)
#: Java writes a double in full between these, and with an exponent outside.
_FULL_FROM: Final = 1e-3
_FULL_BELOW: Final = 1e7


def unreadable_class(value: Any) -> str | None:
    """The class at which the JVM's unpickler would fail, None when it can read the value."""
    if type(value) in _PLAIN or type(value).__name__ == "NAType":
        return None
    if isinstance(value, (list, tuple, set, frozenset)):
        return next((name for name in map(unreadable_class, value) if name is not None), None)
    if isinstance(value, dict):
        return unreadable_class([*value.keys(), *value.values()])
    return _pickled_class(value)


def _pickled_class(value: Any) -> str:
    module = type(value).__module__
    if module.startswith("numpy") or type(value).__name__ == "DataFrame":
        return "numpy.dtype"
    if module.startswith("pandas"):
        return "pandas.core.indexes.base._new_Index"
    if callable(value) and hasattr(value, "__code__"):
        return "pyspark.cloudpickle.cloudpickle._builtin_type"
    if module in ("your_function", "__main__"):
        return "pyspark.cloudpickle.cloudpickle._make_skeleton_class"
    return f"{module}.{type(value).__qualname__}"


def java_text(value: Any) -> str:
    """`Object.toString` of the Java value that the unpickled value is: 'true', '[1, 2]', '{a=1}', '1.0E20'."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _java_double(value)
    if isinstance(value, (list, set, frozenset)):
        return f"[{', '.join(map(java_text, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{java_text(key)}={java_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, datetime.timedelta):
        return _java_timedelta(value)
    if isinstance(value, datetime.date):
        return f"java.util.GregorianCalendar[…,YEAR={value.year},MONTH={value.month - 1},DAY_OF_MONTH={value.day},…]"
    if isinstance(value, (bytes, bytearray)):
        return "[B@…"
    if type(value).__name__ == "NAType":
        return "net.razorvine.pickle.objects.ClassDictConstructor@…"
    return "[Ljava.lang.Object;@…" if isinstance(value, tuple) else str(value)


def _java_timedelta(value: datetime.timedelta) -> str:
    total = value // datetime.timedelta(seconds=1)
    return f"Timedelta: {value.days} days, {value.seconds} seconds, {value.microseconds} microseconds (total: {total} seconds)"


def _java_double(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 or _FULL_FROM <= abs(value) < _FULL_BELOW:
        return format(decimal.Decimal(repr(value)), "f")
    sign, digits, exponent = decimal.Decimal(repr(value)).normalize().as_tuple()
    first, rest = digits[0], "".join(map(str, digits[1:])) or "0"
    return f"{'-' if sign else ''}{first}.{rest}E{int(exponent) + len(digits) - 1}"
