"""The pages of a log: together they have every row once, and a number that is none leads to the nearest page."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from engine.views.pages import PAGE_ROWS, Page, page_of_row, rows_of_page


@given(st.integers(0, 200))
def test_the_pages_of_a_log_have_each_of_its_rows_once_and_in_order(row_count):
    numbers = range(1, page_of_row(row_count - 1) + 1)
    assert [row for number in numbers for row in range(row_count)[rows_of_page(number, row_count)]] == list(
        range(row_count)
    )


@given(st.integers(1, 200), st.data())
def test_a_row_stands_on_the_page_that_is_named_for_it(row_count, data):
    row = data.draw(st.integers(0, row_count - 1))
    assert row in range(row_count)[rows_of_page(page_of_row(row), row_count)]


def test_a_number_beyond_the_pages_means_the_nearest_one():
    assert rows_of_page(-3, 40) == rows_of_page(1, 40)
    assert rows_of_page(1_000, 40) == rows_of_page(3, 40) == slice(2 * PAGE_ROWS, 40)


def test_an_empty_log_has_one_empty_page():
    page = Page(pd.DataFrame(), (), rows_of_page(1, 0).start, 0)
    assert (page.number, page.count, rows_of_page(1, 0)) == (1, 1, slice(0, 0))
