"""A cell of a key whose column is a struct, an array, a map or bytes. Lives here: these nouns, and the way there and back.

A dict cannot be looked up by, and a key that was written is read by its types, which tell no list from a struct and no bytes
from text: in a key such a value is one of these.
"""

import math
from collections.abc import Callable
from typing import Any, Final

import msgspec

from engine.model.schema import DataType


class StructCell(msgspec.Struct, frozen=True, tag="struct"):
    """The fields of a struct, in the order of its schema."""

    names: tuple[str, ...]
    cells: "tuple[KeyCell, ...]"

    def __str__(self) -> str:
        return str(value_of(self))


class ArrayCell(msgspec.Struct, frozen=True, tag="array"):
    """The elements of an array."""

    cells: "tuple[KeyCell, ...]"

    def __str__(self) -> str:
        return str(value_of(self))


class MapCell(msgspec.Struct, frozen=True, tag="map"):
    """The entries of a map, in the order in which it has them: to Spark, another order is another key."""

    keys: "tuple[KeyCell, ...]"
    cells: "tuple[KeyCell, ...]"

    def __str__(self) -> str:
        return str(value_of(self))


class BinaryCell(msgspec.Struct, frozen=True, tag="binary"):
    """The bytes of a binary."""

    value: bytes

    def __str__(self) -> str:
        return str(self.value)


NestedCell = StructCell | ArrayCell | MapCell
KeyCell = None | bool | int | float | str | BinaryCell | NestedCell
#: What is a cell of its own in a key; any other value is its own cell.
CELLS: Final = (StructCell, ArrayCell, MapCell, BinaryCell)
#: How deep values may stand in one another in a key: a frame of a trace holds each in two lists, and has other depths too.
MAX_KEY_DEPTH: Final = 20
#: Of how many cells a key may be made, cells within cells too: views keep all keys, sort them, and write them out.
MAX_KEY_PARTS: Final = 2_000

Convert = Callable[[Any], Any]


def value_of(cell: Any) -> Any:
    """The cell as a row has it: a struct and a map are dicts, an array is a list, each time a new one. Bytes are bytes."""
    if isinstance(cell, StructCell):
        return dict(zip(cell.names, map(value_of, cell.cells), strict=False))
    if isinstance(cell, ArrayCell):
        return list(map(value_of, cell.cells))
    if isinstance(cell, MapCell):
        return dict(zip(cell.keys, map(value_of, cell.cells), strict=False))
    return cell.value if isinstance(cell, BinaryCell) else cell


def parts_of(cell: NestedCell) -> "tuple[KeyCell, ...]":
    """What the cell is made of, in Spark's order: of a map each key before its value."""
    if isinstance(cell, MapCell):
        return tuple(part for pair in zip(cell.keys, cell.cells, strict=False) for part in pair)
    return cell.cells


def has_too_many_parts(key: "tuple[KeyCell, ...]") -> bool:
    """Whether the key is made of more cells than MAX_KEY_PARTS; no more than those are counted."""
    nested = [cell for cell in key if isinstance(cell, NestedCell)]
    count = len(key)
    while nested and count <= MAX_KEY_PARTS:
        parts = parts_of(nested.pop())
        count += len(parts)
        nested += [part for part in parts[: MAX_KEY_PARTS + 1] if isinstance(part, NestedCell)]
    return count > MAX_KEY_PARTS


def with_cells(cell: NestedCell, convert: Convert) -> NestedCell:
    """The cell with every cell in it converted, keys of a map too."""
    cells = tuple(map(convert, cell.cells))
    if isinstance(cell, MapCell):
        return MapCell(tuple(map(convert, cell.keys)), cells)
    return msgspec.structs.replace(cell, cells=cells)


def holds_nan(cell: Any) -> bool:
    """Whether the cell is a NaN, or has one in it: no key that Python finds again."""
    if isinstance(cell, NestedCell):
        return any(map(holds_nan, parts_of(cell)))
    return isinstance(cell, float) and math.isnan(cell)


def with_nan(cell: Any, nan: Callable[[], float]) -> Any:
    """The cell with such a NaN in the place of each."""
    if isinstance(cell, NestedCell):
        return with_cells(cell, lambda part: with_nan(part, nan))
    return nan() if isinstance(cell, float) and math.isnan(cell) else cell


def cell_maker(data_type: DataType) -> Convert | None:
    """A function from a value of the type, as a row has it, to its cell; None where the value is its own cell."""
    if data_type.name == "struct":
        return _struct_maker(data_type)
    if data_type.name == "array" and data_type.element:
        return _array_maker(_part_maker(data_type.element))
    if data_type.name == "map" and data_type.key and data_type.element:
        return _map_maker(_part_maker(data_type.key), _part_maker(data_type.element))
    return BinaryCell if data_type.name == "binary" else None


def _part_maker(data_type: DataType) -> Convert:
    """The same for a value inside another one, which may be NULL."""
    make = cell_maker(data_type)
    if make is None:
        return lambda value: value
    return lambda value: None if value is None else make(value)


def _struct_maker(data_type: DataType) -> Convert:
    names = tuple(field.name for field in data_type.fields)
    parts = [(field.name, _part_maker(field.type)) for field in data_type.fields]
    return lambda value: StructCell(names, tuple(part(value.get(name)) for name, part in parts))


def _array_maker(part: Convert) -> Convert:
    return lambda value: ArrayCell(tuple(map(part, value)))


def _map_maker(key: Convert, part: Convert) -> Convert:
    return lambda value: MapCell(tuple(map(key, value)), tuple(map(part, value.values())))
