"""Spark's hash and the orders of its stores, against values that real Spark 4.3 gave."""

import datetime
import decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.schema import DataType
from engine.replay.ordering import ByteOrder, HashMapOrder, partition_of, sorted_keys
from engine.replay.unsafe_row import unsafe_row

STRING, LONG, INT = DataType("string"), DataType("bigint"), DataType("int")


@pytest.mark.parametrize(("key", "kind", "partition"), [(("a",), STRING, 0), (("b",), STRING, 0), ((1,), INT, 0)])
def test_one_partition_takes_every_key(key, kind, partition):
    assert partition_of(key, (kind,), 1) == partition


def test_a_null_leaves_the_hash_as_it_is_so_its_place_in_the_key_does_not_matter():
    assert partition_of((None, "a"), (STRING, STRING), 97) == partition_of(("a", None), (STRING, STRING), 97)


def test_the_row_of_a_key_has_null_bits_a_word_a_column_and_padded_text():
    row = unsafe_row(("ab", 7, None), (STRING, LONG, INT))
    assert len(row) == 8 + 3 * 8 + 8
    assert row[0] == 0b100
    assert row[16:24] == (7).to_bytes(8, "little")
    assert row[32:] == b"ab\0\0\0\0\0\0"


@pytest.mark.parametrize(
    ("value", "kind", "width"),
    [
        (-1, "int", 4),
        (-1, "smallint", 2),
        (-1, "tinyint", 1),
        (True, "boolean", 1),
        (datetime.date(1969, 12, 31), "date", 4),
    ],
)
def test_a_narrow_value_leaves_the_rest_of_its_word_zero(value, kind, width):
    word = unsafe_row((value,), (DataType(kind),))[8:]
    assert word[width:] == bytes(8 - width)
    assert any(word[:width])


def test_times_and_decimals_are_stored_as_integers():
    stamp = unsafe_row((datetime.datetime(1970, 1, 1, 0, 0, 1),), (DataType("timestamp"),))
    assert stamp[8:] == (1_000_000).to_bytes(8, "little")
    money = unsafe_row((decimal.Decimal("1.25"),), (DataType("decimal", precision=10, scale=2),))
    assert money[8:] == (125).to_bytes(8, "little")


def test_a_wide_decimal_has_16_bytes_of_its_own_even_when_it_is_null():
    wide = (DataType("decimal", precision=30, scale=2),)
    offset = (16 << 32).to_bytes(8, "little")
    assert unsafe_row((None,), wide) == b"\1" + bytes(7) + offset + bytes(16)
    one = unsafe_row((decimal.Decimal("1.25"),), wide)
    assert one == bytes(8) + ((16 << 32) | 1).to_bytes(8, "little") + bytes([125]).ljust(16, b"\0")


def test_bytes_sort_short_texts_first_and_numbers_by_their_little_end():
    assert ByteOrder((STRING,)).in_order([("bb",), ("a",), (None,), ("c",)]) == [("a",), ("c",), ("bb",), (None,)]
    assert ByteOrder((LONG,)).in_order([(1,), (256,), (0,), (-1,)]) == [(0,), (256,), (1,), (-1,)]


def timed_out(order: HashMapOrder, keys: str) -> str:
    order.next_version()
    return "".join(key[0] for key in order.in_order([(key,) for key in keys]))


def put_all(order: HashMapOrder, keys: str) -> None:
    order.next_version()
    for key in keys:
        order.put((key,))


def test_the_first_version_of_the_store_is_a_table_of_16_bins():
    order = HashMapOrder((STRING,))
    put_all(order, "fipu")
    assert timed_out(order, "fipu") == "fipu"


def test_later_versions_are_copies_and_that_of_an_empty_store_grows_from_one_bin():
    order = HashMapOrder((STRING,))
    put_all(order, "")
    put_all(order, "fipu")
    assert timed_out(order, "fipu") == "ifpu"


def test_after_a_restart_the_store_is_read_into_a_table_that_grows_from_one_bin():
    order = HashMapOrder((STRING,))
    put_all(order, "fipu")
    order.reload()
    assert timed_out(order, "fipu") == "ifpu"


def test_a_restart_before_the_first_version_changes_nothing():
    order = HashMapOrder((STRING,))
    order.reload()
    put_all(order, "fipu")
    assert timed_out(order, "fipu") == "fipu"


OPERATIONS = st.lists(
    st.tuples(st.sampled_from(["put", "remove", "version", "restart"]), st.integers(0, 60)), max_size=200
)


@given(OPERATIONS)
def test_the_hash_map_holds_exactly_the_keys_that_were_put_and_not_removed(operations):
    order, kept = HashMapOrder((LONG,)), set()
    for operation, number in operations:
        if operation == "put":
            order.put((number,))
            kept.add((number,))
        elif operation == "remove":
            order.remove((number,))
            kept.discard((number,))
        elif operation == "version":
            order.next_version()
        else:
            order.reload()
    assert set(order.in_order(kept)) == kept
    assert len(order.in_order(kept)) == len(kept)


@given(st.lists(st.tuples(st.none() | st.integers())) | st.lists(st.tuples(st.none() | st.floats(allow_nan=False))))
def test_keys_sort_nulls_first_then_by_value(keys):
    ordered = [key[0] for key in sorted_keys(keys)]
    nulls = ordered.count(None)
    assert ordered[:nulls] == [None] * nulls
    assert ordered[nulls:] == sorted(ordered[nulls:])


def test_a_key_that_is_not_a_number_comes_last():
    assert [str(key[0]) for key in sorted_keys([(float("nan"),), (float("inf"),), (-1.0,)])] == ["-1.0", "inf", "nan"]
