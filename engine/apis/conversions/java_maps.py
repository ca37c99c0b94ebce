"""The order in which a map of texts comes back from the JVM: that of its hash maps (SEMANTICS 5.25). Lives here: that.

On its way to the store a Python dict becomes a java.util.HashMap and then a Scala Map, and on its way back a Scala Map
and then a java.util.HashMap.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

_WORD: Final = 0xFFFFFFFF
_DEFAULT_CAPACITY: Final = 16
#: A Scala Map of so many entries keeps the order in which they were put.
_SMALL: Final = 4
_LEVEL_BITS: Final = 5
_HASH_BITS: Final = 32

Hashed = Sequence[tuple[int, str]]


def stored_map(entries: dict[str, Any]) -> dict[str, Any]:
    """The entries in the order in which they come back from the state store."""
    if len(entries) < 2:
        return entries
    stored = _in_scala(unpickled_order(entries))
    return {key: entries[key] for key in _in_java(stored, _capacity_for(len(stored)))}


def unpickled_order(keys: Iterable[str]) -> list[str]:
    """The keys of a dict that the JVM has just unpickled: taken from a stack, the last one first, and then copied."""
    taken = _in_java(list(keys)[::-1], _DEFAULT_CAPACITY)
    return _in_java(taken, _capacity_for(len(taken) * 4 // 3 + 1))


def _in_java(keys: Sequence[str], capacity: int) -> list[str]:
    """By their places in the table, which doubles when it is over three quarters full; those of one place as they came."""
    while len(keys) > capacity * 3 // 4:
        capacity *= 2
    return sorted(keys, key=lambda key: _spread(_hash_code(key)) & (capacity - 1))


def _capacity_for(length: int) -> int:
    """Of a table that was asked for with this length: the next power of two."""
    return 1 << (length - 1).bit_length()


def _in_scala(keys: Sequence[str]) -> Sequence[str]:
    return keys if len(keys) <= _SMALL else _of_node([(_improved(_hash_code(key)), key) for key in keys], 0)


def _of_node(hashed: Hashed, shift: int) -> list[str]:
    """A node of Scala's tree: first the keys that are alone with their five bits of the hash, then those that share them."""
    if shift >= _HASH_BITS:
        return [key for _, key in hashed]
    places: dict[int, list[tuple[int, str]]] = {}
    for entry in hashed:
        places.setdefault(entry[0] >> shift & (1 << _LEVEL_BITS) - 1, []).append(entry)
    ordered = [places[place] for place in sorted(places)]
    alone = [entries[0][1] for entries in ordered if len(entries) == 1]
    return alone + [key for entries in ordered if len(entries) > 1 for key in _of_node(entries, shift + _LEVEL_BITS)]


def _hash_code(text: str) -> int:
    """String.hashCode, without a sign."""
    value = 0
    units = text.encode("utf-16-le", "surrogatepass")
    for low, high in zip(units[::2], units[1::2], strict=True):
        value = (31 * value + (high << 8 | low)) & _WORD
    return value


def _spread(code: int) -> int:
    """java.util.HashMap.hash."""
    return code ^ code >> 16


def _improved(code: int) -> int:
    """scala.collection.Hashing.improve."""
    value = (code + (~(code << 9) & _WORD)) & _WORD
    value ^= value >> 14
    value = (value + (value << 4)) & _WORD
    return value ^ value >> 10
