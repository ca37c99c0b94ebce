"""The bytes in which Spark stores a row: UnsafeRow (sql/catalyst/.../expressions/UnsafeRow). Lives here: those bytes.

Stores that sort by bytes iterate in their order; what is sorted and hashed by them is in ordering.py and with the APIs.
"""

import datetime
import decimal
import struct
from collections.abc import Iterable, Iterator
from itertools import cycle
from typing import Any, Final

from engine.model.key_cells import ArrayCell, BinaryCell, MapCell, NestedCell, StructCell, parts_of
from engine.model.moments import EPOCH, micros_of
from engine.model.schema import DataType

Key = tuple[Any, ...]
KeyTypes = tuple[DataType, ...]


def _micros(value: datetime.datetime) -> int:
    if value.tzinfo is not None:
        value = value.astimezone(datetime.UTC).replace(tzinfo=None)
    return micros_of(value)


def _days(value: datetime.date) -> int:
    return value.toordinal() - EPOCH.toordinal()


def _unscaled(value: decimal.Decimal, scale: int) -> int:
    return int(value.scaleb(scale).to_integral_value())


def _double_bits(value: float) -> int:
    return int(struct.unpack("<q", struct.pack("<d", value))[0])


def _float_bits(value: float) -> int:
    return int(struct.unpack("<i", struct.pack("<f", value))[0])


def as_integer(value: Any, key_type: DataType) -> int:
    """The integer that Spark stores for a value of fixed width."""
    match key_type.name:
        case "double":
            return _double_bits(value)
        case "float":
            return _float_bits(value)
        case "timestamp" | "timestamp_ntz":
            return _micros(value)
        case "date":
            return _days(value)
        case "decimal":
            return _unscaled(value, key_type.scale)
        case _:
            return int(value)


def _as_bytes(value: Any) -> bytes:
    if isinstance(value, BinaryCell):
        return value.value
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else bytes(value)


def is_variable(key_type: DataType) -> bool:
    return key_type.name in ("string", "binary", "struct", "array", "map") or _is_wide_decimal(key_type)


def _is_wide_decimal(key_type: DataType) -> bool:
    """Too wide for a word: such a decimal has 16 bytes of its own, a NULL too (UnsafeRowWriter.write)."""
    return key_type.name == "decimal" and key_type.precision > 18


def _wide_decimal(value: decimal.Decimal, key_type: DataType) -> bytes:
    unscaled = _unscaled(value, key_type.scale)
    return unscaled.to_bytes(unscaled.bit_length() // 8 + 1, "big", signed=True)


def variable_bytes(value: Any, key_type: DataType) -> bytes:
    """What stands behind the words of a row for a value that does not fit into one."""
    if key_type.name == "decimal":
        return _wide_decimal(value, key_type)
    if key_type.name == "struct":
        values = value.cells if isinstance(value, StructCell) else tuple(value)
        return unsafe_row(values, tuple(field.type for field in key_type.fields))
    if key_type.name == "array" and key_type.element:
        return _unsafe_array(value.cells if isinstance(value, ArrayCell) else value, key_type.element)
    if isinstance(value, MapCell):
        return _unsafe_map(value, key_type)
    return _as_bytes(value)


def typed_parts(cell: NestedCell, key_type: DataType) -> Iterator[tuple[Any, DataType]]:
    """What a nested cell of a key is made of (`parts_of`), each part with its type."""
    if isinstance(cell, StructCell):
        part_types: Iterable[DataType] = [field.type for field in key_type.fields]
    else:
        part_types = cycle(part for part in (key_type.key, key_type.element) if part is not None)
    return zip(parts_of(cell), part_types, strict=False)


#: How wide a value is in its word of an UnsafeRow; the rest of the word is zero (UnsafeRowWriter). Others take it all.
NARROW_BITS: Final = {"boolean": 8, "tinyint": 8, "smallint": 16, "int": 32, "date": 32, "float": 32}
#: How many bytes an element takes in an array; any other takes a word.
_ELEMENT_BYTES: Final = {name: bits // 8 for name, bits in NARROW_BITS.items()}


def unsafe_row(key: Key, key_types: KeyTypes) -> bytes:
    """The bytes of the key as an UnsafeRow: null bits, one word a column, then what is of variable length."""
    null_bytes = _null_bytes(len(key))
    nulls, fixed, variable = 0, b"", b""
    start = null_bytes + 8 * len(key)
    for i, (value, key_type) in enumerate(zip(key, key_types, strict=True)):
        nulls |= (value is None) << i
        if is_variable(key_type) and (value is not None or _is_wide_decimal(key_type)):
            data = b"" if value is None else variable_bytes(value, key_type)
            fixed += _place(start + len(variable), data)
            variable += data.ljust(16, b"\0") if _is_wide_decimal(key_type) else data + bytes(-len(data) % 8)
        else:
            fixed += bytes(8) if value is None else _word(value, key_type)
    return nulls.to_bytes(null_bytes, "little") + fixed + variable


def _null_bytes(count: int) -> int:
    return (count + 63) // 64 * 8


def _place(offset: int, data: bytes) -> bytes:
    """The word that says where data of variable length begins, and how long it is."""
    return struct.pack("<Q", (offset << 32) | len(data))


def _word(value: Any, key_type: DataType) -> bytes:
    mask = (1 << NARROW_BITS.get(key_type.name, 64)) - 1
    return struct.pack("<Q", as_integer(value, key_type) & mask)


def _unsafe_array(values: Any, element: DataType) -> bytes:
    """UnsafeArrayData: the number of elements, null bits, the elements side by side, then what is of variable length."""
    width = _ELEMENT_BYTES.get(element.name, 8)
    header = 8 + _null_bytes(len(values))
    start = header + (width * len(values) + 7) // 8 * 8
    nulls, fixed, variable = 0, b"", b""
    for i, value in enumerate(values):
        nulls |= (value is None) << i
        if value is None or not is_variable(element):
            fixed += bytes(width) if value is None else _word(value, element)[:width]
            continue
        data = variable_bytes(value, element)
        fixed += _place(start + len(variable), data)
        variable += data + bytes(-len(data) % 8)
    count = len(values).to_bytes(8, "little")
    return count + nulls.to_bytes(header - 8, "little") + fixed + bytes(-len(fixed) % 8) + variable


def _unsafe_map(cell: MapCell, map_type: DataType) -> bytes:
    """UnsafeMapData: the length of the array of keys, that array, and the array of values."""
    if map_type.key is None or map_type.element is None:
        raise TypeError("a map has a type for its keys and one for its values")
    keys = _unsafe_array(cell.keys, map_type.key)
    return len(keys).to_bytes(8, "little") + keys + _unsafe_array(cell.cells, map_type.element)


def nested_row(key: Key, key_types: KeyTypes) -> bytes:
    """The bytes of a key inside another row, as map state and timers have it: its length first, then the key.

    The length is little-endian, so that 256 bytes sort before 24.
    """
    row = unsafe_row(key, key_types)
    return len(row).to_bytes(8, "little") + row


def timer_bytes(timer_ms: int) -> bytes:
    """The word by which the timers of one key are sorted: little-endian, so not by time (SEMANTICS 5.47)."""
    return struct.pack("<q", timer_ms)
