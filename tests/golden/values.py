"""When a value of a trace file and one that Spark's harness wrote are the same: each has its own words for some types."""

import base64
import datetime
from typing import Any

from engine.model.moments import micros_of, moment_of


def same(ours: Any, sparks: Any) -> bool:
    """Equal, up to how each side writes NULL, NaN, times, decimals and bytes."""
    if ours is None or sparks is None:
        return ours is None and sparks in (None, "NaN")
    if isinstance(sparks, dict) and isinstance(ours, dict):
        return ours.keys() == sparks.keys() and all(same(ours[key], sparks[key]) for key in ours)
    if isinstance(ours, dict) and isinstance(sparks, list):  # a struct that they had as a Row, in order
        return same(list(ours.values()), sparks)
    if isinstance(sparks, dict) and isinstance(ours, list):  # a struct: theirs by name and sorted, ours in order
        return len(ours) == len(sparks) and all(any(same(mine, value) for value in sparks.values()) for mine in ours)
    if isinstance(sparks, list) and isinstance(ours, list):
        return len(ours) == len(sparks) and all(map(same, ours, sparks))
    return ours == sparks or _same_number(ours, sparks) or _same_time(ours, sparks) or _same_bytes(ours, sparks)


def same_in_any_order(ours: list[Any], sparks: list[Any]) -> bool:
    """Each of ours has one of theirs that is the same: Spark's store tells no order. A NULL may be their NaN, so it waits."""
    left = list(sparks)
    for mine in sorted(ours, key=lambda row: None in row[0]):
        match = next((i for i, theirs in enumerate(left) if same(mine, theirs)), None)
        if match is None:
            return False
        del left[match]
    return not left


def _same_number(ours: Any, sparks: Any) -> bool:
    """A decimal is a text here and a number there."""
    if isinstance(sparks, bool) or isinstance(ours, bool) or not {type(ours), type(sparks)} & {int, float}:
        return False
    try:
        return float(ours) == float(sparks)
    except (TypeError, ValueError):
        return False


def _same_time(ours: Any, sparks: Any) -> bool:
    """A time is milliseconds, or ISO text with or without its zone. Spark's output shows whole seconds, its state whole
    milliseconds: ours is cut to what it shows."""
    try:
        one, other = _micros(ours), _micros(sparks)
    except (TypeError, ValueError, OverflowError):
        return False
    shown = str(sparks)
    unit = 1_000_000 if "." not in shown else 1_000 if shown.endswith("Z") else 1
    return one == other or (isinstance(sparks, str) and one // unit * unit == other)


def _micros(value: Any) -> int:
    return micros_of(moment_of(value))


def _same_bytes(ours: Any, sparks: Any) -> bool:
    """Bytes are hexadecimal in a trace and base64 in a row; of Spark's they are base64 in its files, else hexadecimal."""
    return _is_hex_of(ours, sparks) or _is_hex_of(sparks, ours)


def _is_hex_of(text: Any, in_base64: Any) -> bool:
    try:
        return bytes.fromhex(text) == base64.b64decode(in_base64, validate=True)
    except (TypeError, ValueError):
        return False


def milliseconds(text: str) -> int:
    """An ISO time of Spark's progress, in milliseconds since the epoch."""
    time = datetime.datetime.fromisoformat(text)
    return micros_of(time.astimezone(datetime.UTC).replace(tzinfo=None)) // 1000
