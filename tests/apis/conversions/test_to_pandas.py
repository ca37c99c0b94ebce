"""Frames and keys as Spark's worker gives them: chunks, slices of one frame, NULL by type. Goldens pin every type."""

import datetime
import decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.apis.conversions.to_pandas import OutOfBounds, chunk_spans, empty_frame, key_converters, partition_frames
from engine.model.schema import parse_ddl
from engine.replay.intake import TypedRows
from engine.replay.operator import Group


def groups_of(*sizes):
    """One group for each size, with the rows in a row."""
    starts = [sum(sizes[:i]) for i in range(len(sizes))]
    return [
        Group((i,), list(range(start, start + size))) for i, (start, size) in enumerate(zip(starts, sizes, strict=True))
    ]


def frames_of(ddl, values, *sizes):
    """The frames of each group, of rows with one column."""
    groups = groups_of(*sizes)
    frames = partition_frames(TypedRows(parse_ddl(ddl), (list(values),), None, len(values)), groups)
    return [next(iter(frames.chunks(spans))) for spans in chunk_spans(groups, 10_000)]


def test_chunks_share_the_arrow_batches_of_the_keys_before():
    assert [[stop - start for start, stop in spans] for spans in chunk_spans(groups_of(5, 1, 3, 2), 2)] == [
        [2, 2, 1],
        [1],
        [2, 1],
        [1, 1],
    ]


@given(st.lists(st.integers(1, 30), max_size=20), st.integers(1, 12))
def test_chunks_cover_each_row_once_in_order_and_none_is_too_long(sizes, limit):
    spans = chunk_spans(groups_of(*sizes), limit)
    flat = [span for mine in spans for span in mine]
    assert [sum(stop - start for start, stop in mine) for mine in spans] == sizes
    assert [start for start, _ in flat] == [0, *(stop for _, stop in flat)][: len(flat)]
    assert all(0 < stop - start <= limit for start, stop in flat)


def test_whole_numbers_are_floats_only_in_a_chunk_with_a_null():
    one, other = frames_of("v long", [1, None, 3], 2, 1)
    assert (str(one["v"].dtype), str(other["v"].dtype)) == ("float64", "int64")
    assert one["v"].isna().tolist() == [False, True]
    assert other.index.tolist() == [0]


@pytest.mark.parametrize(
    ("ddl", "value", "dtype", "null"),
    [
        ("v int", 1, "int32", "float64"),
        ("v boolean", True, "bool", "object"),
        ("v string", "a", "str", "str"),
        ("v float", 0.5, "float32", "float32"),
        ("v timestamp", datetime.datetime(2024, 1, 2), "datetime64[ns]", "datetime64[ns]"),
        ("v date", datetime.date(2024, 1, 2), "object", "object"),
        ("v decimal(10,2)", decimal.Decimal("1.25"), "object", "object"),
        ("v binary", b"x", "object", "object"),
    ],
)
def test_each_type_has_its_dtype_and_its_null(ddl, value, dtype, null):
    without, with_null = frames_of(ddl, [value, None], 1, 1)
    assert (str(without["v"].dtype), str(with_null["v"].dtype)) == (dtype, null)
    assert pd.isna(with_null["v"][0])


def test_nested_values_are_numpy_arrays_and_dicts():
    frame, _ = frames_of(
        "v struct<a:array<long>,m:map<string,timestamp>>",
        [{"a": [1, 2], "m": {"x": datetime.datetime(2024, 1, 2)}}, None],
        1,
        1,
    )
    value = frame["v"][0]
    assert (value["a"].dtype, value["a"].tolist()) == (np.int64, [1, 2])
    assert value["m"] == {"x": pd.Timestamp("2024-01-02")}


def test_a_frame_that_the_function_changes_leaves_the_others_alone():
    one, other = frames_of("v long", [1, 2, 3], 2, 1)
    one["v"] = 0
    one.insert(0, "w", 1)
    one.loc[len(one)] = 7
    assert other["v"].tolist() == [3]


def test_a_timestamp_beyond_nanoseconds_fails_where_its_chunk_is_read():
    groups = groups_of(1, 1)
    times = [datetime.datetime(2024, 1, 1), datetime.datetime(9999, 1, 1)]
    frames = partition_frames(TypedRows(parse_ddl("t timestamp"), (times,), None, 2), groups)
    fine, bad = chunk_spans(groups, 10)
    assert len(list(frames.chunks(fine))) == 1
    with pytest.raises(OutOfBounds):
        frames.demand_first(bad)


def test_a_timed_out_call_gets_every_column_as_objects_and_no_row():
    frame = empty_frame(parse_ddl("k string, v long"))
    assert (list(frame.columns), len(frame), {str(dtype) for dtype in frame.dtypes}) == (["k", "v"], 0, {"object"})


@pytest.mark.parametrize(
    ("ddl", "value", "kind"),
    [
        ("k string", "a", str),
        ("k int", 1, np.int32),
        ("k long", 1, np.int64),
        ("k double", 1.5, np.float64),
        ("k boolean", True, np.bool_),
        ("k timestamp", datetime.datetime(2024, 1, 2), pd.Timestamp),
        ("k date", datetime.date(2024, 1, 2), datetime.date),
        ("k long", None, np.float64),
        ("k string", None, float),
        ("k boolean", None, type(None)),
        ("k timestamp", None, type(pd.NaT)),
    ],
)
def test_an_element_of_the_key_has_its_type(ddl, value, kind):
    (convert,) = key_converters([field.type for field in parse_ddl(ddl)])
    assert type(convert(value)) is kind


def test_a_null_among_times_is_nat_in_an_array_and_none_in_one_that_is_inside_a_value():
    time = datetime.datetime(2024, 1, 2)
    (frame,) = frames_of("c array<timestamp>", [[time, None]], 1)
    assert frame["c"][0].tolist() == [pd.Timestamp(time), pd.NaT]
    (frame,) = frames_of("c struct<t:array<timestamp>>", [{"t": [time, None]}], 1)
    assert frame["c"][0]["t"].tolist() == [pd.Timestamp(time), None]
