"""What a key is made of when its column is nested: cells that can be looked up by, and that survive being written."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.key_cells import ArrayCell, BinaryCell, MapCell, StructCell, cell_maker, parts_of, value_of
from engine.model.keys import as_given, as_stored
from engine.model.schema import parse_ddl
from engine.model.trace import Key

DDL = "s struct<a: long, b: array<string>, m: map<string, double>, h: binary>"
VALUES = st.fixed_dictionaries(
    {
        "a": st.none() | st.integers(-(2**63), 2**63 - 1),
        "b": st.none() | st.lists(st.none() | st.text()),
        "m": st.none() | st.dictionaries(st.text(), st.none() | st.floats(allow_nan=False)),
        "h": st.none() | st.binary(),
    }
)


def cell(value, ddl=DDL):
    make = cell_maker(parse_ddl(ddl)[0].type)
    assert make is not None
    return make(value)


@given(VALUES)
def test_a_cell_is_the_value_again_and_is_read_as_it_was_written(value):
    key = (cell(value), "beside it")
    assert value_of(key[0]) == value
    read = msgspec.msgpack.decode(msgspec.msgpack.encode(key), type=Key)
    assert read == key
    assert hash(read) == hash(key)


def test_the_value_of_a_cell_is_a_new_one_each_time_so_that_no_function_changes_a_key():
    struct = cell({"a": 1, "b": ["x"], "m": {}, "h": b""})
    value_of(struct)["b"].append("y")
    assert value_of(struct)["b"] == ["x"]


def test_a_plain_column_needs_no_cell():
    assert [cell_maker(field.type) for field in parse_ddl("a long, b string, c timestamp, d decimal(10,2)")] == [
        None
    ] * 4


def test_a_field_that_a_row_leaves_out_is_null():
    assert cell({"b": []}).cells == (None, ArrayCell(()), None, None)


def test_two_maps_with_other_orders_are_two_keys():
    one, other = (cell(value, "m map<string, long>") for value in ({"x": 1, "y": 2}, {"y": 2, "x": 1}))
    assert one != other
    assert parts_of(one) == ("x", 1, "y", 2)


@pytest.mark.parametrize(
    "written", [[[1]], [{"a": 1}], [{"type": "struct"}], [{"type": "array", "cells": [[1]]}], [b"bytes"]]
)
def test_what_is_no_cell_is_no_key(written):
    with pytest.raises(msgspec.ValidationError):
        msgspec.msgpack.decode(msgspec.msgpack.encode(written), type=Key)


def test_zeros_inside_a_key_are_told_apart_as_the_store_does_and_every_nan_is_one():
    def key(number):
        return (StructCell(("d",), (MapCell(("x",), (number,)),)), BinaryCell(b"x"))

    assert key(0.0) == key(-0.0)
    assert as_stored(key(0.0)) != as_stored(key(-0.0))
    assert as_stored(key(math.nan)) == as_stored(key(float("nan")))
    assert math.copysign(1, as_given(as_stored(key(-0.0)))[0].cells[0].cells[0]) == -1
