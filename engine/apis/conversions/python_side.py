"""State on its way out of Python: StructType.toInternal, when a call is over (SEMANTICS 2.3). Lives here: only that.

Only dates, timestamps and structs are touched, and what fits none of them fails with Python's own error.
"""

import calendar
from collections.abc import Callable
from typing import Any, Final

from engine.apis.spark_names.errors import PySparkValueError
from engine.model.moments import EPOCH
from engine.model.schema import DataType, Schema

Convert = Callable[[Any], Any]

_EPOCH_ORDINAL: Final = EPOCH.toordinal()
_CONVERTED: Final = frozenset({"date", "timestamp", "timestamp_ntz", "struct"})


def needs_python(type_: DataType) -> bool:
    """DataType.needConversion: dates, timestamps, and every struct."""
    return type_.holds(_CONVERTED)


def python_side(type_: DataType) -> Convert:
    """How a value of the type leaves Python. What it returns raises AttributeError, PySparkValueError and the like."""
    if not needs_python(type_):
        return lambda value: value
    if type_.name == "array" and type_.element:
        element = python_side(type_.element)
        return lambda value: value and [element(item) for item in value]
    if type_.name == "map" and type_.key and type_.element:
        key, item = python_side(type_.key), python_side(type_.element)
        return lambda value: value and {key(k): item(v) for k, v in value.items()}
    if type_.name == "struct":
        return _python_struct(type_.fields)
    return {"date": _date_in, "timestamp": timestamp_micros, "timestamp_ntz": _timestamp_ntz_in}[type_.name]


def _date_in(value: Any) -> Any:
    return None if value is None else value.toordinal() - _EPOCH_ORDINAL


def timestamp_micros(value: Any) -> Any:
    """TimestampType.toInternal: microseconds; a time without a zone is in UTC. Raises ValueError for pandas' NaT."""
    if value is None:
        return None
    seconds = calendar.timegm(value.utctimetuple() if value.tzinfo else value.timetuple())
    return seconds * 1_000_000 + value.microsecond


def _timestamp_ntz_in(value: Any) -> Any:
    return None if value is None else calendar.timegm(value.timetuple()) * 1_000_000 + value.microsecond


def _python_struct(fields: Schema) -> Convert:
    """StructType.toInternal: dicts and objects by name, tuples and lists by position."""
    names = [field.name for field in fields]
    converts = [python_side(field.type) for field in fields]
    any_converts = any(needs_python(field.type) for field in fields)

    def by_name(values: Any) -> tuple[Any, ...]:
        return tuple(convert(values.get(name)) for name, convert in zip(names, converts, strict=True))

    def struct_in(value: Any) -> Any:
        if value is None:
            return None
        if isinstance(value, dict):
            return by_name(value)
        if isinstance(value, (tuple, list)):
            if not any_converts:
                return tuple(value)
            return tuple(convert(part) for convert, part in zip(converts, value, strict=False))
        if hasattr(value, "__dict__"):
            return by_name(value.__dict__)
        raise PySparkValueError(errorClass="UNEXPECTED_TUPLE_WITH_STRUCT", messageParameters={"tuple": str(value)})

    return struct_in
