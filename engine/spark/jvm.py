"""Between Python and the session's JVM. Lives here: collections, rows and exceptions on their way over; no query."""

import datetime
from functools import cache
from typing import Any

from pyspark.serializers import CPickleSerializer
from pyspark.sql.types import StructType, TimestampNTZType, TimestampType

from engine.model.moments import EPOCH


def scala_object(package: Any, name: str) -> Any:
    """A Scala object (`object MemoryStream`) of a JVM package."""
    return getattr(getattr(package, f"{name}$"), "MODULE$")


def java_list(jvm: Any, items: list[Any]) -> Any:
    made = jvm.java.util.ArrayList()
    for item in items:
        made.add(item)
    return made


def scala_seq(jvm: Any, items: list[Any]) -> Any:
    return jvm.org.apache.spark.api.python.PythonUtils.toSeq(java_list(jvm, items))


def string_array(session: Any, items: list[str]) -> Any:
    made = session.sparkContext._gateway.new_array(session._jvm.java.lang.String, len(items))
    for i, item in enumerate(items):
        made[i] = item
    return made


def python_row(jvm: Any, row: Any) -> Any:
    """A Row of the JVM as a pyspark Row with Python's values."""
    return CPickleSerializer().loads(jvm.org.apache.spark.sql.api.python.PythonSQLUtils.toPyRow(row))


def json_row(row: dict[str, Any], schema: str) -> dict[str, Any]:
    """One row as `from_json` reads it by the DDL: times in milliseconds become ISO text."""
    return {name: iso(value) if name in _timestamp_columns(schema) else value for name, value in row.items()}


@cache
def _timestamp_columns(schema: str) -> set[str]:
    fields = StructType.fromDDL(schema).fields
    return {field.name for field in fields if isinstance(field.dataType, (TimestampType, TimestampNTZType))}


def iso(value: Any) -> Any:
    """Milliseconds since the epoch as ISO text with microseconds; text stays as it is."""
    if not isinstance(value, (int, float)):
        return value
    return (EPOCH + datetime.timedelta(milliseconds=value)).isoformat(timespec="microseconds") + "Z"


def ms_of_iso(text: str) -> int:
    """ISO text in UTC ("1970-01-01T00:00:01.000Z") as milliseconds since the epoch."""
    time = datetime.datetime.fromisoformat(text).replace(tzinfo=None)
    return (time - EPOCH) // datetime.timedelta(milliseconds=1)
