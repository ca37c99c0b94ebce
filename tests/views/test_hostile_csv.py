"""The output as CSV: whatever a stranger's function returned, no spreadsheet reads a cell of it as a formula."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.views import output_csv
from tests.helpers import replayed

RETURNS = "def updateState(key, values, state):\n    return [{%r: %r}]\n"


def csv_of(name: str, cell: object) -> list[list[str]]:
    return list(csv.reader(io.StringIO(output_csv(replayed(RETURNS % (name, cell), (0, "a"))), newline="")))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_cell_and_a_name_that_begin_like_a_formula_get_an_apostrophe(start):
    hostile = f"{start}HYPERLINK(1)"
    assert csv_of(hostile, hostile) == [[f"'{hostile}"], [f"'{hostile}"]]


@given(st.text(st.characters(codec="utf-8"), min_size=1), st.text(st.characters(codec="utf-8")))
def test_no_cell_begins_like_a_formula_and_none_becomes_two(name, cell):
    rows = csv_of(name, cell)
    assert [len(row) for row in rows] == [1, 1]
    assert not [row[0] for row in rows if row[0].startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]


def test_numbers_stay_numbers_and_values_in_values_are_text():
    assert csv_of("n", -1) == [["n"], ["-1"]]
    assert csv_of("n", ["=1"]) == [["n"], ['["=1"]']]
