"""The frames that a StatefulProcessor gives out: which column each field is taken from, and as what."""

import datetime
import decimal

import numpy as np
import pandas as pd
import pytest

from engine.apis.conversions.to_output import OutputRefused
from engine.apis.conversions.to_struct_output import FrameOutput
from engine.apis.spark_names.errors import PySparkTypeError, PySparkValueError
from engine.model.schema import parse_ddl

KEY = ("a",)
WEST = datetime.timezone(datetime.timedelta(hours=-5))


def output(ddl: str = "word string, count long") -> FrameOutput:
    return FrameOutput(parse_ddl(ddl))


def test_fields_are_found_by_name_also_where_each_frame_has_another_order():
    taken = output()
    assert taken.rows(pd.DataFrame({"word": ["a"], "count": [1]}), KEY) == [["a", 1]]
    assert taken.rows(pd.DataFrame({"count": [2], "more": [0.5], "word": ["b"]}), KEY) == [["b", 2]]
    assert taken.rows(pd.DataFrame({"word": ["c"], "count": [3]}), KEY) == [["c", 3]]


def test_fields_are_found_by_position_where_no_column_has_a_text_for_its_name():
    assert output().rows(pd.DataFrame({0: ["a"], 1: [1], 2: ["not asked for"]}), KEY) == [["a", 1]]


def test_a_column_that_is_missing_is_pandas_error_and_says_what_there_is():
    with pytest.raises(KeyError) as caught:
        output().rows(pd.DataFrame({"word": ["a"], "cuont": [1]}), KEY)
    assert caught.value.advice == "The frame has word, cuont; the output schema names word, count"


def test_too_few_columns_without_names_are_pandas_error():
    with pytest.raises(IndexError, match="out-of-bounds"):
        output().rows(pd.DataFrame({0: ["a"]}), KEY)


def test_a_column_whose_name_is_missing_is_no_name_of_a_field():
    assert output().rows(pd.DataFrame({pd.NA: [0], "word": ["a"], "count": [1]}), KEY) == [["a", 1]]


@pytest.mark.parametrize(
    ("ddl", "values", "cell"),
    [
        ("v long", np.array([7], dtype=np.int8), 7),
        ("v string", pd.Categorical(["a"]), "a"),
        ("v timestamp", np.array(["2026-01-01"], dtype="datetime64[s]"), datetime.datetime(2026, 1, 1)),
        ("v double", pd.array([None], dtype="float64"), None),
        ("v long", pd.array([7, None], dtype="Int64"), 7),
        ("v boolean", pd.Series([None], dtype=object), None),
        ("v long", pd.array([None, 7], dtype="Int64"), None),
        ("v long", np.array(["2026-01-01"], dtype="datetime64[s]"), 1767225600),
        ("v long", [datetime.datetime.min], -62135596800000000),  # beyond what counts in nanoseconds
        ("v long", [datetime.datetime(9999, 12, 31, 23, tzinfo=WEST)], 253402315200000000),
        ("v binary", [258], b"\x02\x01"),  # as a text of C: up to the first zero
        ("v binary", [256], b""),
        ("v binary", pd.array([True], dtype="boolean"), b"\x01"),
        ("v binary", [0.1], b"\x9a\x99\x99\x99\x99\x99\xb9?"),
        ("v date", ["2026-01-02"], datetime.date(2026, 1, 2)),
        ("v timestamp", ["2026-01-02T03:04:05+01:00"], datetime.datetime(2026, 1, 2, 2, 4, 5)),
        ("v timestamp_ntz", ["2026-01-02 03:04"], datetime.datetime(2026, 1, 2, 3, 4)),
        ("v decimal(10,2)", ["1.5"], decimal.Decimal("1.50")),
    ],
)
def test_a_column_of_any_dtype_becomes_pythons_own_values(ddl, values, cell):
    first = output(ddl).rows(pd.DataFrame({"v": values}), KEY)[0]
    assert first == [cell]
    assert type(first[0]) is type(cell)


@pytest.mark.parametrize(
    ("ddl", "values", "seen", "named"),
    [
        ("v timestamp", ["2026-01-02 03:04:05"], "str", "timestamp[us, tz=UTC]"),  # without a zone
        ("v timestamp_ntz", ["2026-01-02T03:04:05Z"], "str", "timestamp[us]"),  # with one
        ("v date", ["2026-02-30"], "str", "date32[day]"),
        ("v decimal(10,2)", ["1.555"], "str", "decimal128(10, 2)"),
        (
            "v timestamp",
            pd.to_datetime(["2026-01-02 00:00:00.000000001"]),
            "datetime64[ns, UTC]",
            "timestamp[us, tz=UTC]",
        ),
        ("v double", [2**53 + 1], "int64", "double"),
        ("v decimal(10,2)", [float("inf")], "float64", "decimal128(10, 2)"),
    ],
)
def test_what_a_type_cannot_keep_is_an_error_and_not_cut(ddl, values, seen, named):
    with pytest.raises(PySparkValueError) as caught:
        output(ddl).rows(pd.DataFrame({"v": values}), KEY)
    assert f"the column 'v' with type '{seen}' to Arrow type '{named}'." in str(caught.value)


@pytest.mark.parametrize("values", [[], [np.nan], [np.nan, np.nan]])
def test_floats_without_a_value_are_no_texts(values):
    with pytest.raises(TypeError, match="ChunkedArray"):
        output("v string").rows(pd.DataFrame({"v": np.array(values, dtype="float64")}), KEY)
    with pytest.raises(PySparkTypeError, match="with type 'Float64'"):
        output("v string").rows(pd.DataFrame({"v": pd.array(values, dtype="Float64")}), KEY)


def test_an_error_that_spark_lets_through_has_its_own_class():
    with pytest.raises(OutputRefused) as caught:
        output("v map<string,int>").rows(pd.DataFrame({"v": ["text"]}), KEY)
    assert (caught.value.spark_class, str(caught.value)) == ("AttributeError", "'str' object has no attribute 'items'")
