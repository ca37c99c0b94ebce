"""Values of the user's as plain data. Lives here: what a value becomes in a trace, and in a trace file."""

import datetime
import decimal
import math
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from engine.model.key_cells import CELLS, NestedCell, value_of
from engine.model.user_objects import LimitReached, beginning, class_name

_MAX_REPR: Final = 500
_MAX_DEPTH: Final = 50
_MAX_ITEMS: Final = 200
_MAX_PARTS: Final = 20_000
_MAX_TEXT: Final = 2_000
_MAX_INTEGER_BITS: Final = 4_000


def plain(value: Any) -> Any:
    """A value that msgpack and JSON have no word for, as one that they have; used as msgspec's `enc_hook`.

    numpy scalars and subclasses of str, int and float become their value, other collections lists, the rest its repr.
    What a value says of itself is its author's word: when it raises, the value is told by that.
    """
    try:
        return _plain(value)
    except LimitReached:
        raise
    except BaseException as error:  # the user's own methods may fail; the trace must not
        return f"<{class_name(value)}: to look at it raises {class_name(error)}>"


def _plain(value: Any) -> Any:
    kind = type(value)
    for base in (str, bytes):
        if issubclass(kind, base):
            return base.__getitem__(value, slice(None))  # not what a subclass says in its place
    if issubclass(kind, int):
        return _flag_or_int(value)
    if issubclass(kind, float):
        return float.__pos__(value)
    if hasattr(value, "isoformat"):
        return None if class_name(value) == "NaTType" else str(value.isoformat())
    if hasattr(value, "item") and callable(value.item) and getattr(value, "ndim", 0) == 0:
        return value.item()
    if hasattr(value, "tolist") and callable(value.tolist):
        return value.tolist()
    if isinstance(value, Mapping):
        return dict(value)
    if hasattr(value, "__iter__") and hasattr(value, "__len__"):
        return list(value)
    return _repr(value)


def _flag_or_int(value: int) -> bool | int:
    """A callable flag (`state.exists`) is a truth value, and so is True; any other subclass of int is a number."""
    number = int.__pos__(value)
    return bool(number) if callable(value) or type(value) is bool else number


def _repr(value: Any) -> str:
    try:
        return beginning(repr(value), _MAX_REPR)
    except LimitReached:
        raise
    except BaseException as error:  # the user's own __repr__ may fail; the trace must not
        return f"<{class_name(value)}: its repr raises {class_name(error)}>"


def abbreviated(value: Any) -> Any:
    """A copy of the value that is surely small and can surely be encoded: long texts and lists are cut, and say so."""
    return _Abbreviation().of(value, 0)


class _Abbreviation:
    """One abbreviated value: however its parts stand in one another, it has at most _MAX_PARTS of them."""

    def __init__(self) -> None:
        self._parts_left = _MAX_PARTS

    def of(self, value: Any, depth: int) -> Any:
        """The value, or a part of it."""
        self._parts_left -= 1
        if depth > _MAX_DEPTH or self._parts_left < 0:
            return "…"
        kind = type(value)
        if value is None or kind is bool or kind is float:
            return value
        if kind is int:
            return _abbreviated_int(value)
        if kind is str or kind is bytes:
            return _abbreviated_text(value)
        if kind is dict:
            return self._map(value, depth)
        if kind in (list, tuple, set, frozenset):
            return self._list(list(value), depth)
        if isinstance(value, NestedCell):
            return self._cell(value, depth)
        return self.of(_builtin(value), depth + 1)

    def _map(self, value: dict[Any, Any], depth: int) -> dict[Any, Any]:
        items = list(value.items())
        short = {_name(key): self.of(item, depth + 1) for key, item in items[:_MAX_ITEMS]}
        if len(items) > _MAX_ITEMS:
            short["…"] = f"{len(items) - _MAX_ITEMS:,} more"
        return short

    def _cell(self, value: NestedCell, depth: int) -> NestedCell:
        """A cell of a key stays one: whoever reads the key reads it by its types."""
        parts = {name: self._list(list(cells), depth) for name, cells in msgspec.structs.asdict(value).items()}
        return msgspec.structs.replace(value, **{name: tuple(cells) for name, cells in parts.items()})

    def _list(self, value: list[Any], depth: int) -> list[Any]:
        short = [self.of(item, depth + 1) for item in value[:_MAX_ITEMS]]
        return short if len(value) <= _MAX_ITEMS else [*short, f"… {len(value) - _MAX_ITEMS:,} more"]


def _builtin(value: Any) -> Any:
    """What msgspec makes of a value that it knows (a date, a Decimal, a dataclass), else what `plain` makes of it."""
    if issubclass(type(value), (str, bytes, int, float)):
        return plain(value)
    try:
        return msgspec.to_builtins(value, builtin_types=(bytes,))
    except (LimitReached, MemoryError):
        raise
    except BaseException:  # it knows no such thing, or a part of it is the user's own and fails: a time zone
        return plain(value)


def _name(key: Any) -> Any:
    """The key of a map as text."""
    return _abbreviated_text(key if type(key) is str else _repr(key))[:_MAX_REPR]


def _abbreviated_int(value: int) -> int | str:
    """As text when it has more than 64 bits, in words when Python would refuse to write out its digits."""
    if -(2**63) <= value < 2**64:
        return value
    return str(value) if value.bit_length() <= _MAX_INTEGER_BITS else f"<an integer of {value.bit_length():,} bits>"


def _abbreviated_text(value: str | bytes) -> str | bytes:
    if isinstance(value, bytes):
        return value[:_MAX_TEXT]
    text = value.encode("utf-8", "backslashreplace").decode()  # a lone surrogate cannot be sent
    return text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}… ({len(text):,} characters in all)"


def jsonable(value: Any) -> Any:
    """A value of a trace as JSON writes it: times in ISO form, bytes in hex, NaN as "NaN", every map key as text."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return _json_number(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, CELLS):
        return jsonable(value_of(value))
    if isinstance(value, Mapping):
        return {str(jsonable(key)): jsonable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [jsonable(item) for item in value]
    return _repr(value)


def _json_number(value: float) -> float | str:
    if math.isnan(value):
        return "NaN"
    return value if math.isfinite(value) else ("Infinity" if value > 0 else "-Infinity")
