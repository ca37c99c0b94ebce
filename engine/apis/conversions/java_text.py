"""The text that the JVM makes of an unpickled Python value. Lives here: that."""

import datetime
import decimal
import math
from collections.abc import Iterable
from typing import Any, Final

from engine.apis.conversions.java_maps import unpickled_order
from engine.apis.conversions.java_unpickler import class_dict

#: Java writes a double in full between these, and with an exponent outside.
_FULL_FROM: Final = 1e-3
_FULL_BELOW: Final = 1e7


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
        return _braces({key: value[key] for key in _keys_in_order(value)})
    if isinstance(value, datetime.timedelta):
        return _java_timedelta(value)
    if isinstance(value, datetime.date):
        return _java_calendar(value)
    if isinstance(value, datetime.time):
        return f"Time: {value.hour} hours, {value.minute} minutes, {value.second} seconds, {value.microsecond} microseconds"
    if isinstance(value, (bytes, bytearray)):
        return "[B@…"
    if isinstance(value, type) or type(value).__name__ == "NAType":
        return "net.razorvine.pickle.objects.ClassDictConstructor@…"
    if isinstance(value, tuple):
        return "[Ljava.lang.Object;@…"
    parts = class_dict(value)
    return str(value) if parts is None else _braces(parts)


def _braces(entries: dict[Any, Any]) -> str:
    return "{" + ", ".join(f"{java_text(key)}={java_text(item)}" for key, item in entries.items()) + "}"


def _keys_in_order(value: dict[Any, Any]) -> Iterable[Any]:
    """As a Java hash map lists them, if they are texts: of other keys the hash is not imitated."""
    return unpickled_order(value) if all(type(key) is str for key in value) else value


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
