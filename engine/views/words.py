"""Values, times and lengths of time in words for people. Lives here: text of the smallest things; whole sentences do not.

All that users write is hostile text: what comes out of here is one line without control or bidirectional characters, and
short. It is still plain text: whoever puts it into HTML or Markdown has to escape it.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

from engine.model.key_cells import CELLS, value_of
from engine.model.moments import moment_of
from engine.model.trace import Key, Trace
from engine.model.visible import visible as visible  # noqa: PLC0414 - one of the views' words too
from engine.model.visible import visible_lines as visible_lines  # noqa: PLC0414

_MS_BY_UNIT: Final = (("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000))
_SHORT_UNITS: Final = (("d", 86_400_000), ("h", 3_600_000), ("min", 60_000))
_NEAR_THE_EPOCH_MS: Final = 366 * 86_400_000
#: The years 2001 to 2099: what counts things hardly comes there.
_FIRST_EPOCH_MS, _END_EPOCH_MS = 978_307_200_000, 4_102_444_800_000
_QUOTED_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"'})
_MAX_DEPTH: Final = 6
_LEAST_LIMIT: Final = 8
_KEY_LIMIT: Final = 40
_MAX_INTEGER_BITS: Final = 1_000

#: How a number that can only be milliseconds since the epoch is told; None: as any other number.
Times = Callable[[int], str] | None


def value_text(value: Any, limit: int = 80, times: Times = None) -> str:
    """A value of the trace as Python would write it, on one line of about `limit` characters; what is cut says so.

    Text stands in double quotes: `["hello", "hello", … 97 more]`.
    """
    return _value(value, limit, 0, times)


def is_epoch_ms(value: Any) -> bool:
    """Whether a value can only be milliseconds since the epoch: a whole number, as many as are in the years 2001 to 2099."""
    return type(value) is int and _FIRST_EPOCH_MS <= value < _END_EPOCH_MS


def with_its_moment(time_ms: int, beside_ms: int | None = None) -> str:
    """The number, and the moment that it is: "1704103260000 (1 Jan 2024 10:01)"; `beside_ms` as for `moment_text`."""
    return f"{time_ms} ({moment_text(time_ms, beside_ms)})"


def cell_text(cell: Any, limit: int = 60, times: Times = None) -> str:
    """A cell of a table or key: text without quotes, unless it would be unreadable without them (empty, or spaces at an end)."""
    if isinstance(cell, str) and cell and cell == cell.strip():
        return cut(visible(cell[: limit + 1]), limit)
    return value_text(cell, limit, times)


def key_text(key: Key, limit: int = 60) -> str:
    """A key as it is named on the screen: the bare value of a single column, else `(a, b)`; "" for no key.

    Structs and maps are told as dicts, arrays as lists: so the function is given them, and so they stand in the events.
    """
    if key is None:
        return ""
    return (
        cell_text(key[0], limit)
        if len(key) == 1
        else cut(f"({', '.join(cell_text(cell, limit) for cell in key)})", limit)
    )


def row_text(row: Mapping[str, Any], limit: int = 80) -> str:
    """A row with several columns as PySpark writes it: `Row(word="a", amount=3)`."""
    cells = ((f"{visible(name)}=", value) for name, value in row.items())
    return f"Row({_joined(cells, len(row), limit - 5, 0, None)})"


def joined_text(texts: Iterable[str], count: int, limit: int = 80) -> str:
    """As many of `count` texts as fit into about `limit` characters, then how many are left: `a, b, … 97 more`."""
    parts: list[str] = []
    room = limit
    for index, text in enumerate(texts):
        if parts and len(text) > room:
            parts.append(f"… {count - index:,} more")
            break
        parts.append(text)
        room -= len(text) + 2
    return ", ".join(parts)


def cut(text: str, limit: int) -> str:
    """The text, at most `limit` characters of it."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def long_text(text: str, limit: int = 4_000) -> str:
    """A user's text of several lines, at most `limit` characters of it."""
    return cut(visible_lines(text), limit)


def count_text(count: int, noun: str, plural: str = "") -> str:
    """ "1 row", "2 rows", "1,234 rows"."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def call_name(call_index: int) -> str:
    """ "call 1" is the first: people count from 1 on the screen, as in their editor. The trace counts from 0."""
    return f"call {call_index + 1:,}"


def batch_name(batch_id: int) -> str:
    """ "batch 1" is Spark's batch 0, as `call_name` counts."""
    return f"batch {batch_id + 1:,}"


def moment_text(time_ms: int, beside_ms: int | None = None) -> str:
    """A moment in UTC: "10:12", "10:12:30.500"; with its date when that is not the date of `beside_ms`.

    "2 Jan 10:12" in the same year, "2 Jan 2024 10:12" in another one, or without `beside_ms`. A clock that was simply
    started at 0 counts from there: "+10 min" beside a moment within a year of the epoch.
    """
    if beside_ms is not None and max(time_ms, beside_ms) < _NEAR_THE_EPOCH_MS and min(time_ms, beside_ms) >= 0:
        return f"+{short_duration_text(time_ms)}" if time_ms else "start"
    moment = _moment(time_ms)
    if moment is None:
        return f"{time_ms:,} ms (beyond the calendar)"
    beside = _moment(beside_ms) if beside_ms is not None else None
    clock = _clock(moment)
    if beside is not None and beside.date() == moment.date():
        return clock
    year = "" if beside is not None and beside.year == moment.year else f" {moment.year}"
    return f"{moment.day} {moment:%b}{year} {clock}"


def short_duration_text(length_ms: int) -> str:
    """A length of time where there is little room: "10 min", "1 h 30 min", "1.5 s", "250 ms"; its two largest parts."""
    if length_ms < 0:
        return f"-{short_duration_text(-length_ms)}"
    if length_ms < 1000:
        return f"{length_ms} ms"
    parts, rest_ms = [], length_ms
    for unit, unit_ms in _SHORT_UNITS:
        count, rest_ms = divmod(rest_ms, unit_ms)
        if count:
            parts.append(f"{count:,} {unit}")
    if rest_ms:
        parts.append(f"{rest_ms / 1000:g} s")
    return " ".join(parts[:2])


def duration_text(length_ms: int) -> str:
    """A length of time, exactly: "10 minutes", "1 hour 30 minutes", "1.5 seconds", "250 ms"."""
    if length_ms < 0:
        return f"-{duration_text(-length_ms)}"
    if length_ms < 1000:
        return f"{length_ms} ms" if length_ms else "0 seconds"
    parts, rest_ms = [], length_ms
    for unit, unit_ms in _MS_BY_UNIT:
        count, rest_ms = divmod(rest_ms, unit_ms)
        if count:
            parts.append(count_text(count, unit))
    if rest_ms:
        parts.append(count_text(rest_ms // 1000, "second") if rest_ms % 1000 == 0 else f"{rest_ms / 1000:g} seconds")
    return " ".join(parts)


def times_of(trace: Trace) -> Times:
    """How numbers of a trace that are times are told: with their moment, beside that of the first trigger."""
    return partial(with_its_moment, beside_ms=trace.start_ms)


def due_name(trace: Trace) -> str:
    """What a key is woken by: one timeout, or timers."""
    return "timer" if trace.has_variables else "timeout"


def waits_for_text(trace: Trace, due_ms: int, beside_ms: int) -> str:
    """What a pending one waits for: a timeout until its clock is past it, a timer until it is there (SEMANTICS 1.1, 5.41)."""
    due = moment_text(due_ms, beside_ms)
    is_timer = trace.has_variables
    if trace.expires_by == "watermark":
        return f"the watermark to {'reach' if is_timer else 'pass'} {due}"
    return f"the first trigger {'at or ' if is_timer else ''}after {due}"


def _value(value: Any, limit: int, depth: int, times: Times) -> str:
    value = value_of(value) if isinstance(value, CELLS) else value
    if isinstance(value, str):
        return _quoted(value, limit)
    if isinstance(value, bytes):
        return cut(repr(value[:limit]), limit)
    if isinstance(value, int) and value.bit_length() > _MAX_INTEGER_BITS:
        return f"<an integer of {value.bit_length():,} bits>"
    if times is not None and is_epoch_ms(value):
        return times(value)
    if depth > _MAX_DEPTH:
        return "…"
    if isinstance(value, Mapping):
        items = ((f"{_value(key, _KEY_LIMIT, depth + 1, times)}: ", item) for key, item in value.items())
        return "{" + _joined(items, len(value), limit - 2, depth, times) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + _joined((("", item) for item in value), len(value), limit - 2, depth, times) + "]"
    return visible(cut(repr(value), max(limit, _KEY_LIMIT)))


def _joined(items: Iterable[tuple[str, Any]], count: int, limit: int, depth: int, times: Times) -> str:
    """Each item's value behind its label. A long one may take half of the room, so that its neighbours are seen too."""
    share = max(limit // 2, _LEAST_LIMIT) if count > 1 else limit
    return joined_text((label + _value(value, share, depth + 1, times) for label, value in items), count, limit)


def _quoted(text: str, limit: int) -> str:
    limit = max(limit, _LEAST_LIMIT)
    shown = visible(text[:limit].translate(_QUOTED_ESCAPES))
    return f'"{shown}"' if len(text) <= limit else f'"{shown}…" ({len(text):,} characters)'


def _moment(time_ms: int) -> datetime.datetime | None:
    try:
        return moment_of(time_ms)
    except OverflowError:
        return None


def _clock(moment: datetime.datetime) -> str:
    if moment.microsecond:
        return f"{moment:%H:%M:%S}.{moment.microsecond // 1000:03d}"
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
