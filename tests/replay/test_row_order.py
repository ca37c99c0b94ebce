"""The order of the rows of one key, against what real Spark 4.3 did (tests/golden: null_keys_move_rows)."""

import pytest

from engine.model.schema import DataType
from engine.replay.ordering import partition_of
from engine.replay.row_order import rows_as_shuffled, rows_as_sorted

LONG, STRING = DataType("bigint"), DataType("string")


def test_each_null_key_moves_the_first_other_row_to_the_end():
    assert list(rows_as_sorted([[5, None, 5, None, 5]], (LONG,), 1)) == [1, 3, 2, 0, 4]


def test_a_null_key_moves_only_a_row_of_its_own_partition():
    partitions = {key: partition_of((key,), (LONG,), 2) for key in (1, 2, None)}
    assert partitions == {1: 1, 2: 0, None: 0}
    column = [1, 2, 1, 2, None]
    moved = rows_as_sorted([column], (LONG,), 2)
    assert [index for index in moved if column[index] == 1] == [0, 2]
    assert [index for index in moved if column[index] == 2] == [3, 1]


@pytest.mark.parametrize(
    ("columns", "types"),
    [
        pytest.param([[1, 2, 1]], (LONG,), id="without a null"),
        pytest.param([["b", None, "b"]], (STRING,), id="text"),
        pytest.param([[1, None, 1], [1, 1, 1]], (LONG, LONG), id="several columns"),
        pytest.param([[1, None, 1]], (DataType("decimal", precision=19),), id="long decimals"),
    ],
)
def test_elsewhere_rows_keep_the_order_of_arrival(columns, types):
    assert list(rows_as_sorted(columns, types, 3)) == [0, 1, 2]


def test_rows_are_read_partition_after_partition_of_the_source():
    column = ["a"] * 7
    assert list(rows_as_shuffled([column], (STRING,), 1, 3)) == [0, 3, 6, 1, 4, 2, 5]
    assert list(rows_as_shuffled([column], (STRING,), 1, 1)) == [0, 1, 2, 3, 4, 5, 6]


def test_a_null_moves_the_rows_as_they_were_read():
    assert list(rows_as_shuffled([[5, None, 5, None, 5]], (LONG,), 1, 2)) == [1, 3, 4, 0, 2]
