"""The frames that a StatefulProcessor gives out: which column each field is taken from, and as what."""

import datetime

import numpy as np
import pandas as pd
import pytest

from engine.apis.conversions.to_struct_output import FrameOutput
from engine.model.schema import parse_ddl

KEY = ("a",)


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
    ],
)
def test_a_column_of_any_dtype_becomes_pythons_own_values(ddl, values, cell):
    first = output(ddl).rows(pd.DataFrame({"v": values}), KEY)[0]
    assert first == [cell]
    assert type(first[0]) is type(cell)
