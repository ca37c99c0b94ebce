"""Rows are a table kept by columns that reads as a list of dicts."""

import pytest

from engine.model.rows import Rows


def test_a_column_that_a_row_does_not_have_is_null_in_it():
    assert list(Rows.from_dicts([{"a": 1}, {"b": 2}])) == [{"a": 1, "b": None}, {"a": None, "b": 2}]


def test_no_rows_are_an_empty_list_and_have_no_first():
    none = Rows()
    assert list(none) == []
    with pytest.raises(IndexError):
        none[0]


def test_rows_are_taken_by_number_and_sliced_as_a_list_is():
    rows = Rows.from_dicts([{"a": 1}, {"a": 2}, {"a": 3}])
    assert rows[-1] == {"a": 3}
    assert list(rows.take([2, 0])) == [{"a": 3}, {"a": 1}]
    assert list(rows[1:]) == [{"a": 2}, {"a": 3}]


@pytest.mark.parametrize(("names", "columns"), [(["a"], []), (["a", "a"], [[1], [2]]), (["a", "b"], [[1], [2, 3]])])
def test_columns_that_make_no_table_are_refused(names, columns):
    with pytest.raises(ValueError, match="column"):
        Rows(names, columns)


def test_rows_that_share_no_column_are_refused_before_they_fill_the_memory():
    with pytest.raises(ValueError, match="10,000 rows with 10,000 different columns are too many"):
        Rows.from_dicts([{str(i): i} for i in range(10_000)])


def test_a_column_is_found_among_many_as_among_few():
    rows = Rows([f"c{number}" for number in range(100)], [[number] for number in range(100)])
    assert [rows.column(name) for name in ("c0", "c99", "d")] == [[0], [99], [None]]
