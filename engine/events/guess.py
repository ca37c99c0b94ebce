"""What a table probably is: its key, its event time, how its rows become batches. Lives here: those guesses only."""

import math
import re
from collections.abc import Collection
from itertools import accumulate, pairwise
from typing import Any, Final

from engine.events.batching import ByColumn, ByRows, ByTime, Choices
from engine.events.day_and_time import is_time_of_day
from engine.events.table import Table
from engine.events.times import NotATime, filled
from engine.model.schema import Field

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_KEY_NAME: Final = re.compile(
    r"(?:.*_)?(?:key|id|user|customer|client|account|session|device|sensor|machine|vehicle|driver|player|card|host|word)"
    r"(?:_?(?:id|key|name|no|number))?"
)
_BATCH_NAME: Final = re.compile(r"(?:micro_?)?batch(?:_?(?:id|no|number|index))?|trigger(?:_?(?:id|no|number))?")
_TIME_NAME: Final = re.compile(r"(?:.*_)?(?:time|timestamp|datetime|date|ts|at|epoch)(?:_.*)?")
_EVENT_TIME_NAME: Final = re.compile(r"event_?(?:time|timestamp|date|ts|at)|occurred(?:_at)?")
_NUMBERS_OF_TIMES: Final = ("bigint", "int", "double")
_KEY_TYPES: Final = ("string", "bigint", "int", "smallint", "tinyint", "boolean", "decimal")
#: Spark groups by none of these.
_NO_KEY_TYPES: Final = ("array", "map", "struct")
_EPOCH_US: Final = range(946_684_800_000_000, 4_102_444_800_000_000)  # the years 2000 to 2099

#: A key comes back; a column of which nearly every value is new has no state to look at.
_LARGEST_SHARE_OF_DISTINCT_KEYS: Final = 0.9
_EVERY_MS: Final = tuple(
    1000 * seconds for seconds in (1, 10, 60, 300, 600, 1800, 3600, 21_600, 43_200, 86_400, 604_800, 2_592_000)
)
_ROWS_WORTH_A_BATCH: Final = 20
_FEWEST_BATCHES, _MOST_BATCHES = 10, 1_000
_MOST_ROWS_ONE_BY_ONE: Final = 50
_MOST_BATCHES_OF_ROWS: Final = 100


def time_columns(table: Table) -> list[str]:
    """The columns that can be an event time: times, and numbers that are named and look like one."""
    return [field.name for field in table.schema if _is_time(field, table)]


def is_named_a_time(name: str) -> bool:
    """Whether a column is called as one of times."""
    return _TIME_NAME.fullmatch(_snake(name)) is not None


def guess(table: Table) -> Choices:
    """The choices that most people would make for this table."""
    times = {name: filled(table.times_us(name)) for name in time_columns(table)}
    days = {field.name for field in table.schema if field.type.name == "date"}
    arrival = max(times, key=lambda name: (*_likeness_to_arrival(times[name]), name not in days), default=None)
    event_time = next((name for name in times if _EVENT_TIME_NAME.fullmatch(_snake(name))), arrival)
    batch_column = next((name for name in table.names if _BATCH_NAME.fullmatch(_snake(name))), None)
    key = (_key(table, {*times, batch_column}),)
    if batch_column:
        return Choices(key, event_time, ByColumn(batch_column))
    if arrival is None:
        return Choices(key, event_time, ByRows(_rows_per_batch(len(table.rows))))
    every_ms = _every_ms(times[arrival])
    sort_by = arrival if _is_in_another_order(times[arrival], every_ms) else None
    return Choices(key, event_time, ByTime(arrival, every_ms), sort_by)


def _snake(name: str) -> str:
    return _CAMEL.sub("_", name).lower().replace(" ", "_")


def _is_time(field: Field, table: Table) -> bool:
    values = table.rows.column(field.name)
    if field.type.name in ("timestamp", "date"):
        return any(value is not None for value in values)
    if field.type.name not in _NUMBERS_OF_TIMES or not is_named_a_time(field.name):
        return False
    try:
        return all(time is None or time in _EPOCH_US for time in table.times_us(field.name))
    except NotATime:
        return False


def _key(table: Table, others: Collection[str | None]) -> str:
    """The column whose values come back, above all one that is named like a key, else text of many different values."""
    candidates = [
        field
        for field in table.schema
        if field.name not in others and field.type.name in _KEY_TYPES and not _is_clock(table.rows.column(field.name))
    ]
    scores = {field.name: _key_score(field, table.rows.column(field.name)) for field in candidates}
    simple = (field.name for field in table.schema if field.type.name not in _NO_KEY_TYPES)
    return max(scores, key=scores.__getitem__, default=next(simple, table.names[0]))


def _is_clock(values: list[Any]) -> bool:
    """Whether a column holds times of day: they come back every day, and are nobody's name."""
    texts = {value for value in values if value is not None}
    return bool(texts) and all(isinstance(text, str) and is_time_of_day(text) for text in texts)


def _key_score(field: Field, values: list[Any]) -> tuple[bool, bool, bool, bool, int]:
    distinct = set(values)
    comes_back = len(distinct) <= len(values) * _LARGEST_SHARE_OF_DISTINCT_KEYS
    is_named_so = _KEY_NAME.fullmatch(_snake(field.name)) is not None
    is_word = field.type.name == "string" and not any(" " in str(value) for value in distinct)
    return comes_back and distinct != {None}, is_named_so, len(distinct) > 1, is_word, len(distinct)


def _rows_per_batch(row_count: int) -> int:
    """One by one for a few rows, else a round number that gives at most a hundred batches."""
    if row_count <= _MOST_ROWS_ONE_BY_ONE:
        return 1
    least = row_count / _MOST_BATCHES_OF_ROWS
    magnitude = 10 ** math.floor(math.log10(least)) if least > 1 else 1
    return next(factor * magnitude for factor in (1, 2, 5, 10) if factor * magnitude >= least)


def _every_ms(times: list[int]) -> int:
    """The shortest usual time between triggers that gives batches worth their name."""
    span_ms = (max(times) - min(times)) / 1000
    batch_count = min(max(len(times) / _ROWS_WORTH_A_BATCH, _FEWEST_BATCHES), _MOST_BATCHES)
    return next((every_ms for every_ms in _EVERY_MS if span_ms / every_ms <= batch_count), _EVERY_MS[-1])


def _likeness_to_arrival(times: list[int]) -> tuple[bool, float, int]:
    """Rows arrive one after another: a column of their arrival varies, goes up but for a few, and is the finest so."""
    share_in_order = sum(before <= after for before, after in pairwise(times)) / max(len(times) - 1, 1)
    distinct_count = len(set(times))
    return distinct_count > 1, round(share_in_order, 1), distinct_count


def _is_in_another_order(times: list[int], every_ms: int) -> bool:
    """Whether most rows would come late, so that the order of the file is hardly that in which they arrived."""
    windows = [time // 1000 // every_ms for time in times]
    latest = accumulate(windows, max)
    late_count = sum(window < newest for window, newest in zip(windows, latest, strict=True))
    return late_count * 2 > len(times)
