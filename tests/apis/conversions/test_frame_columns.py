"""The columns of a frame: their cells are those that pandas' own way over the whole frame gives."""

import datetime

import numpy as np
import pandas as pd
import pytest

from engine.apis.conversions.frame_columns import cells_of, column_array

COLUMNS = {
    "whole numbers": np.array([1, 2], dtype=np.int64),
    "small whole numbers": np.array([1, 2], dtype=np.int8),
    "large whole numbers": np.array([1, 2**64 - 1], dtype=np.uint64),
    "numbers": np.array([1.5, np.nan]),
    "short numbers": np.array([0.1, np.nan], dtype=np.float32),
    "very short numbers": np.array([0.1, np.nan], dtype=np.float16),
    "complex numbers": np.array([1j, 2]),
    "truth values": np.array([True, False]),
    "objects": np.array([np.int64(3), None], dtype=object),
    "collections": np.array([[np.float32(1)], {"a": 2}], dtype=object),
    "times of objects": np.array([pd.Timestamp(0), datetime.date(2026, 1, 2)], dtype=object),
    "times": np.array(["2026-01-02", "NaT"], dtype="datetime64[us]"),
    "times with a zone": pd.array(pd.to_datetime(["2026-01-02", None], utc=True)),
    "durations": np.array([1, "NaT"], dtype="timedelta64[ms]"),
    "texts": pd.array(["a", np.nan], dtype=pd.StringDtype("python", na_value=np.nan)),
    "texts with NA": pd.array(["a", pd.NA], dtype="string[python]"),
    "whole numbers with NA": pd.array([1, None], dtype="Int64"),
    "numbers with NA": pd.array([0.1, None], dtype="Float32"),
    "truth values with NA": pd.array([True, None], dtype="boolean"),
    "categories of texts": pd.Categorical(["a", None]),
    "categories of numbers": pd.Categorical(np.array([0.1, 0.2], dtype=np.float32)),
    "categories of times": pd.Categorical(pd.to_datetime(["2026-01-02", "2026-01-03"])),
    "periods": pd.array(pd.period_range("2026-01-02", periods=2, freq="D")),
    "intervals": pd.arrays.IntervalArray.from_tuples([(0, 1), (1, 2)]),
    "sparse whole numbers": pd.arrays.SparseArray([0, 1]),
    "sparse numbers": pd.arrays.SparseArray([0.5, np.nan]),
}


@pytest.mark.parametrize("values", COLUMNS.values(), ids=COLUMNS.keys())
def test_the_cells_of_a_column_are_those_that_pandas_makes_of_the_whole_frame(values):
    frame = pd.DataFrame({"key": ["x", "y"], "v": values})
    expected = [row[1] for row in frame.to_numpy(dtype=object).tolist()]
    cells = cells_of(column_array(frame, 1))
    assert [type(cell) for cell in cells] == [type(cell) for cell in expected]
    assert repr(cells) == repr(expected)  # a missing value is not equal to itself


def test_a_column_of_many_that_share_their_storage_is_found_by_its_place():
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"], "c": [3, 4]})
    assert [cells_of(column_array(frame, place)) for place in range(3)] == [[1, 2], ["x", "y"], [3, 4]]
