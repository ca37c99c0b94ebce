"""Values of the user's as plain data. Lives here: what a value becomes in a trace, and in a trace file."""

import datetime
import decimal
import math
from collections.abc import Mapping
from typing import Any, Final

import msgspec

_MAX_REPR: Final = 500
_MAX_DEPTH: Final = 50
_MAX_ITEMS: Final = 200
_MAX_TEXT: Final = 2_000
_MAX_INTEGER_BITS: Final = 4_000


def plain(value: Any) -> Any:
    """A value that msgpack and JSON have no word for, as one that they have; used as msgspec's `enc_hook`.

    numpy scalars and subclasses of str, int and float become their value, other collections lists, the rest its repr.
    """
    if isinstance(value, (str, bytes)):
        return value[:] if type(value) in (str, bytes) else type(value).__mro__[-2](value)
    if isinstance(value, bool):
        return bool(value)
    if hasattr(value, "isoformat"):
        return None if type(value).__name__ == "NaTType" else str(value.isoformat())
    if isinstance(value, int):
        return _flag_or_int(value)
    if isinstance(value, float):
        return float(value)
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
    """A callable flag (`state.exists`) is a truth value; any other subclass of int is a number."""
    return bool(value) if callable(value) else int(value)


def _repr(value: Any) -> str:
    try:
        return repr(value)[:_MAX_REPR]
    except Exception as error:  # the user's own __repr__ may fail; the trace must not
        return f"<{type(value).__name__}: its repr raises {type(error).__name__}>"


def abbreviated(value: Any, depth: int = 0) -> Any:
    """A copy of the value that is surely small and can surely be encoded: long texts and lists are cut, and say so."""
    if depth > _MAX_DEPTH:
        return "…"
    if value is None or isinstance(value, (bool, float)):
        return value
    if isinstance(value, int):
        return _abbreviated_int(value)
    if isinstance(value, (str, bytes)):
        return _abbreviated_text(value)
    if isinstance(value, Mapping):
        return _abbreviated_map(value, depth)
    if isinstance(value, (list, tuple, set, frozenset)):
        return _abbreviated_list(list(value), depth)
    return abbreviated(_builtin(value), depth + 1)


def _builtin(value: Any) -> Any:
    """What msgspec makes of a value that it knows (a date, a Decimal, a dataclass), else what `plain` makes of it."""
    try:
        return msgspec.to_builtins(value)
    except (TypeError, ValueError, RecursionError):
        return plain(value)


def _abbreviated_int(value: int) -> int | str:
    """As text when it has more than 64 bits, in words when Python would refuse to write out its digits."""
    if -(2**63) <= value < 2**64:
        return int(value)
    return str(value) if value.bit_length() <= _MAX_INTEGER_BITS else f"<an integer of {value.bit_length():,} bits>"


def _abbreviated_text(value: str | bytes) -> str | bytes:
    if isinstance(value, bytes):
        return value[:_MAX_TEXT]
    text = value.encode("utf-8", "backslashreplace").decode()  # a lone surrogate cannot be sent
    return text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}… ({len(text):,} characters in all)"


def _abbreviated_map(value: Mapping[Any, Any], depth: int) -> dict[Any, Any]:
    items = list(value.items())
    short = {str(key)[:_MAX_REPR]: abbreviated(item, depth + 1) for key, item in items[:_MAX_ITEMS]}
    if len(items) > _MAX_ITEMS:
        short["…"] = f"{len(items) - _MAX_ITEMS:,} more"
    return short


def _abbreviated_list(value: list[Any], depth: int) -> list[Any]:
    short = [abbreviated(item, depth + 1) for item in value[:_MAX_ITEMS]]
    return short if len(value) <= _MAX_ITEMS else [*short, f"… {len(value) - _MAX_ITEMS:,} more"]


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
    if isinstance(value, Mapping):
        return {str(jsonable(key)): jsonable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [jsonable(item) for item in value]
    return _repr(value)


def _json_number(value: float) -> float | str:
    if math.isnan(value):
        return "NaN"
    return value if math.isfinite(value) else ("Infinity" if value > 0 else "-Infinity")
