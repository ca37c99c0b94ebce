"""Parquet files as tables. Lives here: what Arrow's types become in a scenario, and all that touches pyarrow."""

import base64
import datetime
from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from engine.events.lines import Problems
from engine.events.table import MAX_BYTES, Table, table_of
from engine.events.values import plain_value
from engine.model.problems import Problem
from engine.model.rows import MAX_CELLS
from engine.model.schema import STRING, TIMESTAMP, DataType, Field

_MEND: Final = "Write it again, as Parquet or CSV"
_SIMPLE_TYPES: Final[dict[pa.DataType, DataType]] = {
    pa.bool_(): DataType("boolean"),
    pa.int8(): DataType("tinyint"),
    pa.int16(): DataType("smallint"),
    pa.int32(): DataType("int"),
    pa.int64(): DataType("bigint"),
    pa.uint8(): DataType("smallint"),
    pa.uint16(): DataType("int"),
    pa.uint32(): DataType("bigint"),
    pa.uint64(): DataType("decimal", precision=20),
    pa.float16(): DataType("float"),
    pa.float32(): DataType("float"),
    pa.float64(): DataType("double"),
    pa.date32(): DataType("date"),
    pa.date64(): DataType("date"),
}


def read_parquet(data: bytes) -> Table | list[Problem]:
    """The table of a Parquet file. Times become ISO text in UTC, decimals text, bytes base64: what a scenario can hold."""
    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        too_large = _too_large(file.metadata)
        if too_large:
            return too_large
        table = file.read()
        columns = [_values(column) for column in table.columns]
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        return [Problem("file", f"the Parquet file cannot be read: {str(error)[:200]}", _MEND)]
    return table_of(table.column_names, columns, Problems(), [_type_of(field.type) for field in table.schema])


def _too_large(metadata: pq.FileMetaData) -> list[Problem]:
    """A small file can unpack to an enormous table; its footer says so beforehand."""
    cells = metadata.num_rows * metadata.num_columns
    size = sum(metadata.row_group(index).total_byte_size for index in range(metadata.num_row_groups))
    if cells <= MAX_CELLS and size <= MAX_BYTES:
        return []
    what = f"it holds {metadata.num_rows:,} rows of {metadata.num_columns:,} columns, more than can be replayed"
    return [Problem("file", what, "Use only a part of it")]


def _values(column: pa.ChunkedArray) -> list[Any]:
    """The values of a column as plain data; equal ones are one object."""
    array = column.combine_chunks()
    if pa.types.is_timestamp(array.type):
        array = array.cast(pa.timestamp("us"), safe=False)
    if pa.types.is_nested(array.type):
        return [_plain(value) for value in array.to_pylist(maps_as_pydicts="lossy")]
    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    distinct = [_plain(value) for value in encoded.dictionary.to_pylist()]
    return [None if index is None else distinct[index] for index in encoded.indices.to_pylist()]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.datetime) and value.tzinfo:
        value = value.astimezone(datetime.UTC).replace(tzinfo=None)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return plain_value(value) if value is None or isinstance(value, (bool, int, float, str)) else str(value)


def _type_of(arrow: pa.DataType) -> DataType:
    """Spark's type for one of Arrow's (ArrowUtils.fromArrowType, read the other way where it has none: text)."""
    if pa.types.is_dictionary(arrow):
        return _type_of(arrow.value_type)
    if pa.types.is_timestamp(arrow):
        return TIMESTAMP
    if pa.types.is_decimal(arrow):
        return DataType("decimal", precision=arrow.precision, scale=arrow.scale)
    if pa.types.is_binary(arrow) or pa.types.is_large_binary(arrow) or pa.types.is_fixed_size_binary(arrow):
        return DataType("binary")
    if pa.types.is_map(arrow):
        return DataType("map", key=STRING, element=_type_of(arrow.item_type))
    if pa.types.is_struct(arrow):
        return DataType("struct", fields=tuple(Field(field.name, _type_of(field.type)) for field in arrow))
    if pa.types.is_nested(arrow) and hasattr(arrow, "value_type"):
        return DataType("array", element=_type_of(arrow.value_type))
    return _SIMPLE_TYPES.get(arrow, STRING)
