"""What the JVM can read of a pickled Python value, and the text it makes of it. Lives here: those two only."""

import datetime
import decimal
import enum
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
    zone = getattr(value, "tzinfo", None)
    if zone is not None:
        return f"{type(zone).__module__}.{type(zone).__qualname__}"
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
        kind = "enum" if isinstance(value, enum.Enum) else "class"
        return f"pyspark.cloudpickle.cloudpickle._make_skeleton_{kind}"
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
        return _java_calendar(value)
    if isinstance(value, datetime.time):
        return f"Time: {value.hour} hours, {value.minute} minutes, {value.second} seconds, {value.microsecond} microseconds"
    if isinstance(value, (bytes, bytearray)):
        return "[B@…"
    if type(value).__name__ == "NAType":
        return "net.razorvine.pickle.objects.ClassDictConstructor@…"
    return "[Ljava.lang.Object;@…" if isinstance(value, tuple) else str(value)


def _java_calendar(value: datetime.date) -> str:
    """A calendar of which nobody asked the time yet: most of its fields are not known."""
    hour, minute, second = value.timetuple()[3:6]
    millisecond = value.microsecond // 1000 if isinstance(value, datetime.datetime) else "?"
    return (
        "java.util.GregorianCalendar[time=?,areFieldsSet=false,areAllFieldsSet=false,lenient=true,"
        'zone=sun.util.calendar.ZoneInfo[id="UTC",offset=0,dstSavings=0,useDaylight=false,transitions=0,lastRule=null],'
        f"firstDayOfWeek=1,minimalDaysInFirstWeek=1,ERA=?,YEAR={value.year},MONTH={value.month - 1},WEEK_OF_YEAR=?,"
        f"WEEK_OF_MONTH=?,DAY_OF_MONTH={value.day},DAY_OF_YEAR=?,DAY_OF_WEEK=?,DAY_OF_WEEK_IN_MONTH=?,"
        f"AM_PM={hour // 12},HOUR={hour % 12},HOUR_OF_DAY={hour},MINUTE={minute},SECOND={second},"
        f"MILLISECOND={millisecond},ZONE_OFFSET=?,DST_OFFSET=?]"
    )


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
