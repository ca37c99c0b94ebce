"""Which partition a key goes to, and in which order keys are called. Lives here: Spark's hash and its stores' orders.

Data calls follow the sorted keys (SEMANTICS 0.17). Timed-out calls follow the iteration order of the state store: for
the default store that of a java.util.concurrent.ConcurrentHashMap of UnsafeRow keys, for RocksDB the bytes (1.3).
"""

import math
import struct
from collections.abc import Iterable
from itertools import chain
from operator import itemgetter
from typing import Any, Final

from engine.model.key_cells import BinaryCell, NestedCell, parts_of
from engine.model.schema import DataType
from engine.replay.unsafe_row import (
    NARROW_BITS,
    Key,
    KeyTypes,
    as_integer,
    is_variable,
    typed_parts,
    unsafe_row,
    variable_bytes,
)

_MASK: Final = 0xFFFFFFFF
_HASH_SEED: Final = 42  # HashPartitioning and UnsafeRow.hashCode both start from 42
_LARGEST_HASH: Final = 0x7FFFFFFF
#: Python orders these as Spark does, as long as no null is among them.
_PLAINLY_ORDERED: Final = frozenset({str, int, bool})

# Murmur3_x86_32 as Spark has it (common/unsafe/.../hash/Murmur3_x86_32.java)


def _mix_word(hash_: int, word: int) -> int:
    word = (word * 0xCC9E2D51) & _MASK
    word = ((word << 15) | (word >> 17)) & _MASK
    hash_ ^= (word * 0x1B873593) & _MASK
    hash_ = ((hash_ << 13) | (hash_ >> 19)) & _MASK
    return (hash_ * 5 + 0xE6546B64) & _MASK


def _finish(hash_: int, length: int) -> int:
    hash_ ^= length
    hash_ ^= hash_ >> 16
    hash_ = (hash_ * 0x85EBCA6B) & _MASK
    hash_ ^= hash_ >> 13
    hash_ = (hash_ * 0xC2B2AE35) & _MASK
    return hash_ ^ (hash_ >> 16)


def _hash_int(value: int, seed: int) -> int:
    return _finish(_mix_word(seed, value & _MASK), 4)


def _hash_long(value: int, seed: int) -> int:
    low_mixed = _mix_word(seed, value & _MASK)
    return _finish(_mix_word(low_mixed, (value >> 32) & _MASK), 8)


def _hash_words(data: bytes, seed: int) -> int:
    for (word,) in struct.iter_unpack("<I", data):
        seed = _mix_word(seed, word)
    return _finish(seed, len(data))


def _hash_bytes(data: bytes, seed: int) -> int:
    """hashUnsafeBytes: whole words, then each byte of the tail as a signed int of its own."""
    aligned = len(data) // 4 * 4
    for (word,) in struct.iter_unpack("<I", data[:aligned]):
        seed = _mix_word(seed, word)
    for (byte,) in struct.iter_unpack("<b", data[aligned:]):
        seed = _mix_word(seed, byte & _MASK)
    return _finish(seed, len(data))


def _hash_value(value: Any, key_type: DataType, seed: int) -> int:
    if value is None:
        return seed  # a null leaves the running hash unchanged
    if isinstance(value, NestedCell):
        return _hash_nested(value, key_type, seed)
    if is_variable(key_type):
        return _hash_bytes(variable_bytes(value, key_type), seed)
    hash_of = _hash_int if key_type.name in NARROW_BITS else _hash_long
    if isinstance(value, float) and value == 0:
        value = 0.0  # also of -0.0
    return hash_of(as_integer(value, key_type), seed)


def _hash_nested(cell: NestedCell, key_type: DataType, seed: int) -> int:
    """The hash goes on from part to part: fields, elements, or each key of a map and its value (HashExpression)."""
    for part, part_type in typed_parts(cell, key_type):
        seed = _hash_value(part, part_type, seed)
    return seed


def partition_of(key: Key, key_types: KeyTypes, partitions: int) -> int:
    """`pmod(murmur3(key columns, 42), partitions)`, the shuffle partition of a key (SEMANTICS 0.16)."""
    if partitions == 1:
        return 0
    hash_ = _HASH_SEED
    for value, key_type in zip(key, key_types, strict=True):
        hash_ = _hash_value(value, key_type, hash_)
    return (hash_ - (1 << 32) if hash_ > _LARGEST_HASH else hash_) % partitions


def sorted_keys(keys: Iterable[Key]) -> list[Key]:
    """The keys in the order in which Spark calls them: sorted by the grouping columns (SEMANTICS 0.17)."""
    keys = list(keys)
    kinds = set(map(type, chain.from_iterable(keys)))
    if kinds <= _PLAINLY_ORDERED:  # the common case at half the cost
        return sorted(keys, key=itemgetter(0)) if keys and len(keys[0]) == 1 else sorted(keys)
    return sorted(keys, key=sort_key)


def sort_key(key: Iterable[Any]) -> tuple[tuple[bool, Any], ...]:
    """Sorts keys as Spark sorts the grouping columns: nulls first, strings by UTF-8 bytes, NaN last (SEMANTICS 0.17).

    What is nested is sorted part by part in the same way, and of two that begin alike the shorter one is first.
    """
    # Python compares str by code point, which is the order of the UTF-8 bytes.
    return tuple((False, 0) if value is None else (True, _comparable(value)) for value in key)


def _comparable(value: Any) -> Any:
    if isinstance(value, float):
        return (True, 0.0) if math.isnan(value) else (False, value)
    if isinstance(value, BinaryCell):
        return value.value
    return sort_key(parts_of(value)) if isinstance(value, NestedCell) else value


class HashMapOrder:
    """The iteration order of the default store: a ConcurrentHashMap of UnsafeRow keys, copied at each version.

    Follows java.util.concurrent.ConcurrentHashMap of JDK 17 as far as order goes: tables of a power of two, appending
    to a bin, `transfer` on growth, `putAll` with its presizing. Bins that became trees are not followed.
    """

    def __init__(self, key_types: KeyTypes) -> None:
        self._key_types = key_types
        self._bins: list[list[tuple[int, Key]]] = []
        self._hashes: dict[Key, int] = {}
        self._spreads: dict[Key, int] = {}  # of all keys ever put: those that time out often come back
        self._has_version = False
        self._changes: list[tuple[Key, bool]] = []  # in order, True for a put: what the store's delta files hold

    def put(self, key: Key) -> None:
        if key in self._hashes:
            return
        self._changes.append((key, True))
        if not self._bins:
            self._bins = [[] for _ in range(16)]
        hash_ = self._spread(key)
        self._hashes[key] = hash_
        self._bins[hash_ & (len(self._bins) - 1)].append((hash_, key))
        while len(self._hashes) >= _size_control(len(self._bins)):
            self._transfer()

    def remove(self, key: Key) -> None:
        hash_ = self._hashes.pop(key, None)
        if hash_ is not None:
            self._changes.append((key, False))
            self._bins[hash_ & (len(self._bins) - 1)].remove((hash_, key))

    def next_version(self) -> None:
        """HDFSBackedStateStoreProvider.getStore: each version starts as a new map, `putAll` of the one before.

        Putting all keys back in iteration order into a table of the same size changes nothing, so the work is only
        done when the new map's table would have another size. The first version is a map of the usual 16 bins.
        """
        if not self._has_version:
            self._has_version = True
            return
        presized = self._presized_length()
        if presized == len(self._bins):
            return
        nodes = [node for bin_ in self._bins for node in bin_]
        self._bins = [[] for _ in range(presized)]
        for hash_, key in nodes:
            self._bins[hash_ & (presized - 1)].append((hash_, key))

    def reload(self) -> None:
        """HDFSBackedStateStoreProvider.loadMap after a restart: all delta files once more, into one map that grows."""
        if not self._has_version:
            return
        changes, self._changes = self._changes, []
        self._bins, self._hashes = [[]], {}  # `putAll` of the empty version 0 makes a table of one bin
        for key, is_put in changes:
            if is_put:
                self.put(key)
            else:
                self.remove(key)

    def in_order(self, keys: Iterable[Key]) -> list[Key]:
        """The given keys in the order in which the store would iterate over them."""
        wanted = set(keys)
        if len(wanted) <= 1:
            return list(wanted)
        places = {self._hashes[key] & (len(self._bins) - 1) for key in wanted}
        return [key for place in sorted(places) for _, key in self._bins[place] if key in wanted]

    def _presized_length(self) -> int:
        """ConcurrentHashMap.tryPresize: a table that fits, doubled when the asked size is above its own threshold."""
        count = len(self._hashes)
        asked, length = count + (count >> 1) + 1, 1
        while length < asked:
            length *= 2
        return length if length <= _size_control(length) else 2 * length

    def _spread(self, key: Key) -> int:
        """The hash by which a key has its bin; to find it is most of what a put costs."""
        if key not in self._spreads:
            hash_ = _hash_words(unsafe_row(key, self._key_types), _HASH_SEED)
            self._spreads[key] = (hash_ ^ (hash_ >> 16)) & _LARGEST_HASH
        return self._spreads[key]

    def _transfer(self) -> None:
        """ConcurrentHashMap.transfer: each bin splits in two; the longest tail of one half keeps its order, the nodes
        before it are put in front one by one."""
        length = len(self._bins)
        bins: list[list[tuple[int, Key]]] = [[] for _ in range(2 * length)]
        for place, bin_ in enumerate(self._bins):
            if bin_:
                bins[place], bins[place + length] = _split(bin_, length)
        self._bins = bins


def _size_control(length: int) -> int:
    """The number of keys at which a table of this length grows (sizeCtl)."""
    return length - (length >> 2)


def _split(bin_: list[tuple[int, Key]], bit: int) -> tuple[list[tuple[int, Key]], list[tuple[int, Key]]]:
    last_run = 0
    for i in range(1, len(bin_)):
        if bin_[i][0] & bit != bin_[i - 1][0] & bit:
            last_run = i
    tail = bin_[last_run:]
    low, high = ([], tail) if tail[0][0] & bit else (tail, [])
    for node in bin_[:last_run]:
        if node[0] & bit:
            high = [node, *high]
        else:
            low = [node, *low]
    return low, high


class ByteOrder:
    """The iteration order of the RocksDB store: ascending bytes of the key's UnsafeRow."""

    def __init__(self, key_types: KeyTypes) -> None:
        self._key_types = key_types

    def put(self, key: Key) -> None:
        """Nothing to remember: the order follows from the bytes."""

    def remove(self, key: Key) -> None:
        """Nothing to forget."""

    def next_version(self) -> None:
        """Versions do not change the order."""

    def reload(self) -> None:
        """Nor does a restart."""

    def in_order(self, keys: Iterable[Key]) -> list[Key]:
        return sorted(keys, key=lambda key: unsafe_row(key, self._key_types))


StoreOrder = HashMapOrder | ByteOrder


def store_order(provider_class: str, key_types: KeyTypes) -> StoreOrder:
    """The order of the store that `spark.sql.streaming.stateStore.providerClass` names."""
    return ByteOrder(key_types) if "RocksDB" in provider_class else HashMapOrder(key_types)
