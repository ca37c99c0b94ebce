"""Which columns a frame has after a step of a job, and their types as far as the job shows them. Lives here: pure functions.

Names have no case, as in Spark. No expression is computed: a function of pyspark.sql.functions has the type that it always has,
or none that is known.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from engine.apis.spark_names.errors import PySparkValueError
from engine.apis.spark_names.said import Column, Columns, Said
from engine.apis.spark_names.types import ArrayType, DataType, StructField, StructType, from_ddl

_ALWAYS: Final = {
    "timestamp": "to_timestamp current_timestamp now timestamp_seconds timestamp_millis timestamp_micros date_trunc "
    "to_utc_timestamp from_utc_timestamp make_timestamp",
    "date": "to_date current_date date_add date_sub last_day next_day trunc make_date",
    "string": "concat_ws lower upper trim ltrim rtrim initcap regexp_replace regexp_extract substring sha1 sha2 md5 "
    "date_format from_unixtime get_json_object to_json uuid hex base64 decode format_string lpad rpad substring_index",
    "int": "length year quarter month dayofmonth dayofweek dayofyear weekofyear hour minute second size datediff instr",
    "bigint": "unix_timestamp unix_seconds unix_millis unix_micros xxhash64 monotonically_increasing_id",
    "double": "sqrt log log10 exp pow rand randn radians degrees",
    "boolean": "isnull isnotnull isnan",
    "binary": "encode unhex unbase64",
    "array<string>": "split",
}
_TYPES: Final = {name: from_ddl(ddl) for ddl, names in _ALWAYS.items() for name in names.split()}
_LITERALS: Final = {bool: "boolean", int: "int", float: "double", str: "string"}
#: As createDataFrame finds the types of values.
_INFERRED: Final = {bool: "boolean", int: "bigint", float: "double", str: "string"}
#: The columns of the sources that have always the same.
SOURCES: Final = {
    "kafka": "key binary, value binary, topic string, partition int, offset bigint, timestamp timestamp, timestampType int",
    "rate": "timestamp timestamp, value bigint",
    "rate-micro-batch": "timestamp timestamp, value bigint",
    "socket": "value string",
    "text": "value string",
}
_CAST: Final = re.compile(
    r"cast\s*\(\s*([\w.]{1,200})\s+as\s+([\w<>(),: ]{1,200}?)\s*\)(?:\s+as\s+`?(\w+)`?)?", re.IGNORECASE
)
_RENAMED: Final = re.compile(r"([\w.]{1,200})(?:\s+as\s+`?(\w+)`?)?", re.IGNORECASE)
_NAMED_AT_LAST: Final = re.compile(r".{1,2000}\s+as\s+`?(\w+)`?", re.IGNORECASE | re.DOTALL)


def type_of(given: Any) -> DataType | None:
    """A type as jobs write it: an object, or DDL; None for anything else."""
    if isinstance(given, DataType):
        return given
    try:
        return from_ddl(given) if isinstance(given, str) else None
    except PySparkValueError:
        return None


def columns_of(schema: Any) -> Columns | None:
    """The columns that a schema names; None when it is none."""
    type_ = type_of(schema)
    return tuple(Column(field.name, field.dataType) for field in type_) if isinstance(type_, StructType) else None


def columns_of_rows(names: Any, rows: Any) -> Columns | None:
    """The columns of rows that stand in the job, whose names alone are given."""
    if not isinstance(names, (list, tuple)) or not rows or not all(isinstance(name, str) for name in names):
        return None
    first = rows[0].values() if isinstance(rows[0], dict) else rows[0]
    types = [_INFERRED.get(type(value)) for value in first] if isinstance(first, Iterable) else []
    found = zip(names, types, strict=False)
    return tuple(Column(name, from_ddl(type_) if type_ else None) for name, type_ in found)


def schema_of(columns: Columns | None) -> StructType | None:
    """The schema, when the type of each column is known. All are nullable, as those of Spark's sources are."""
    if columns is None or not all(column.type for column in columns):
        return None
    return StructType([StructField(column.name, column.type) for column in columns if column.type])


def function_type(name: str, args: tuple[Any, ...]) -> DataType | None:
    """The type of the column that this function of pyspark.sql.functions makes."""
    match name, args:
        case (("lit" | "when"), (*_, value)):
            return literal_type(value)
        case "from_json", (_, schema, *_):
            return type_of(schema)
        case "explode", (Said(type=ArrayType() as array),):
            return array.elementType
    return _TYPES.get(name)


def literal_type(value: Any) -> DataType | None:
    """The type of a column, or of a value that stands for one."""
    if isinstance(value, Said):
        return value.type
    return from_ddl(_LITERALS[type(value)]) if type(value) in _LITERALS else None


def selected(columns: Columns | None, items: Iterable[Any]) -> Columns | None:
    """The columns after select(…); None when one of them cannot be known by name."""
    chosen: list[Column] = []
    for item in items:
        parts = _of_item(columns, item)
        if parts is None:
            return None
        chosen += parts
    return tuple(chosen)


def _of_item(columns: Columns | None, item: Any) -> list[Column] | None:
    said = Said(name=item, source=item) if isinstance(item, str) else item
    if not isinstance(said, Said) or not said.name:
        return None
    if said.source == said.name and said.name.endswith("*"):
        return _star(columns, said.name.removesuffix("*").removesuffix("."))
    name = said.name.rpartition(".")[2] if said.name == said.source else said.name
    return [Column(name, resolved(columns, said))]


def _star(columns: Columns | None, struct: str) -> list[Column] | None:
    """All columns of the frame, or all fields of one of them."""
    if not struct:
        return None if columns is None else list(columns)
    type_ = resolved(columns, Said(source=struct))
    return [Column(field.name, field.dataType) for field in type_] if isinstance(type_, StructType) else None


def resolved(columns: Columns | None, said: Said) -> DataType | None:
    """The type of a column of the frame, also of a field in one: "a.b"."""
    if said.type is not None:
        return said.type
    type_: DataType | None = schema_of(tuple(column for column in columns or () if column.type))
    for name in said.source.split("."):
        type_ = next(_fields(type_, name), None)
    return type_


def _fields(type_: DataType | None, name: str) -> Iterator[DataType]:
    if isinstance(type_, StructType):
        yield from (field.dataType for field in type_ if field.name.lower() == name.lower())


def with_column(columns: Columns | None, name: Any, said: Any) -> Columns | None:
    """The columns after withColumn(…)."""
    if columns is None or not isinstance(name, str):
        return None
    column = Column(name, resolved(columns, said) if isinstance(said, Said) else None)
    replaced = tuple(column if one.name.lower() == name.lower() else one for one in columns)
    return replaced if column in replaced else (*columns, column)


def renamed(columns: Columns | None, names: dict[Any, Any]) -> Columns | None:
    """The columns under other names."""
    if columns is None:
        return None
    found = {name.lower(): new for name, new in names.items() if isinstance(name, str)}
    return tuple(Column(found.get(one.name.lower(), one.name), one.type) for one in columns)


def from_expression(text: Any) -> Any:
    """What a text in selectExpr(…) says, as a column; what it computes is not known."""
    if not isinstance(text, str):
        return None
    if text.strip().endswith("*"):
        return text.strip()
    cast, simple, named = (kind.fullmatch(text.strip()) for kind in (_CAST, _RENAMED, _NAMED_AT_LAST))
    if cast:
        source, type_, name = cast.groups()
        return Said(name=name or source.rpartition(".")[2], source=source, type=type_of(type_))
    if simple:
        source, name = simple.groups()
        return Said(name=name or source, source=source)
    return Said(name=named.group(1)) if named else None
