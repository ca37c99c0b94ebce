"""In which order the rows of one key reach the function. Lives here: what Spark's sort does to the order of arrival."""

from collections import deque
from typing import Any, Final

from engine.model.schema import DataType
from engine.replay.ordering import partition_of
from engine.replay.unsafe_row import KeyTypes

#: A single key column of these types is sorted by radix (SortPrefixUtils.canSortFullyWithPrefix), as are short decimals.
_RADIX_TYPES: Final = frozenset(
    {"boolean", "tinyint", "smallint", "int", "bigint", "float", "double", "date", "timestamp", "timestamp_ntz"}
)
_NULL_KEY: Final = (None,)


def rows_as_shuffled(
    key_columns: list[list[Any]], key_types: KeyTypes, partitions: int, input_partitions: int
) -> list[int] | range:
    """The numbers of all rows in the order in which each key gets its own (SEMANTICS 0.18).

    The rows of a trigger are dealt out to the partitions of the source one by one; the shuffle reads partition after
    partition, and what it has read is sorted.
    """
    if input_partitions == 1:
        return rows_as_sorted(key_columns, key_types, partitions)
    count = len(key_columns[0])
    read = [index for first in range(input_partitions) for index in range(first, count, input_partitions)]
    columns = [[column[index] for index in read] for column in key_columns]
    return [read[place] for place in rows_as_sorted(columns, key_types, partitions)]


def rows_as_sorted(key_columns: list[list[Any]], key_types: KeyTypes, partitions: int) -> list[int] | range:
    """The numbers of all rows, late ones too, in the order in which rows of equal keys leave Spark's sort.

    That is the order of arrival, but for a single key column that is sorted by radix: there the rows with a NULL are
    collected in front, and each one that arrives moves the first other row of its partition to the end
    (UnsafeInMemorySorter.insertRecord).
    """
    column = key_columns[0]
    if len(key_columns) > 1 or not _is_radix_sorted(key_types[0]) or None not in column:
        return range(len(column))
    null_partition = partition_of(_NULL_KEY, key_types, partitions)
    partition_of_value = {value: partition_of((value,), key_types, partitions) for value in set(column)}
    others: deque[int] = deque()
    elsewhere, nulls = [], []
    for index, value in enumerate(column):
        if value is None:
            nulls.append(index)
            others.rotate(-1)
        elif partition_of_value[value] == null_partition:
            others.append(index)
        else:
            elsewhere.append(index)
    return [*nulls, *others, *elsewhere]


def _is_radix_sorted(key_type: DataType) -> bool:
    return key_type.name in _RADIX_TYPES or (key_type.name == "decimal" and key_type.precision <= 18)
