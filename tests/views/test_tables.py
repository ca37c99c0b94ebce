"""The two logs: a page at a time, each row with its call, and a download that no spreadsheet runs."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.debugger.steps import Steps
from engine.views import pages, tables
from tests.helpers import MINUTE_MS, TUTORIAL, replayed

TWO_ROWS = "def updateState(key, values, state): return [(key, 1), (key, 2)]\n"
PAGE = pages.PAGE_ROWS


@pytest.fixture(scope="module")
def tutorial():
    return replayed(TUTORIAL, (0, "hello hello spark"), (MINUTE_MS, "hello"), (12 * MINUTE_MS, ""))


@pytest.fixture(scope="module")
def long():
    """Forty batches of three calls, two output rows each."""
    return replayed(TWO_ROWS, *((i, "a b c") for i in range(40)))


class TestTheCallLog:
    def test_it_has_a_row_for_each_call_in_the_words_of_the_screen(self, tutorial):
        page = tables.call_page(tutorial, tables.all_calls(tutorial), 1)
        rows = page.frame.drop(columns="").to_dict("records")
        assert rows[2] == {
            "call": 3,
            "batch": 2,
            "key": "hello",
            "why": "data",
            "rows in": 1,
            "before": "2",
            "after": "3",
            "due": "+11 min",
            "rows out": 1,
            "error": "",
        }
        assert rows[3]["why"] == "timeout"
        assert (rows[3]["before"], rows[3]["after"], rows[3]["due"]) == ("1", "", "")

    def test_a_page_has_only_its_own_rows(self, long):
        page = tables.call_page(long, tables.all_calls(long), 2)
        assert (page.number, page.count, page.first_row, page.row_count) == (2, 120 // PAGE, PAGE, 120)
        assert list(page.calls) == list(range(PAGE, 2 * PAGE))

    def test_a_page_out_of_range_is_the_nearest_one(self, long):
        selection = tables.all_calls(long)
        assert tables.call_page(long, selection, 0).number == 1
        assert tables.call_page(long, selection, 10_000).number == 120 // PAGE

    def test_it_can_show_one_key_only(self, long):
        selection = tables.calls_with_the_key_of(long, 4)
        page = tables.call_page(long, selection, 1)
        assert set(page.frame["key"]) == {"b"}
        assert page.row_count == 40
        assert selection.row_of(7) == 2

    def test_errors_and_calls_lost_with_their_batch_are_told(self):
        code = 'def updateState(key, values, state):\n    if key == "b": 1 / 0\n'
        trace = replayed(code, (0, "a b"))
        assert list(tables.call_page(trace, tables.all_calls(trace), 1).frame["error"]) == [
            "lost with its batch",
            "ZeroDivisionError",
        ]

    def test_the_cursor_at_a_step_without_a_call_is_at_the_call_before(self, tutorial):
        trace = replayed(TUTORIAL, (0, ""), (0, "a b"), (1, ""))
        steps = Steps(trace)
        assert [tables.last_call_at(trace, steps.at(i)) for i in range(4)] == [-1, 0, 1, 1]
        assert tables.last_call_at(trace, None) == -1


class TestTheOutputLog:
    def test_rows_stand_under_their_own_columns_with_call_and_batch(self, tutorial):
        frame = tables.output_page(tutorial, 1).frame
        assert list(frame.columns) == ["", "call", "batch", "for key", "key", "count"]
        assert [tuple(row)[1:] for row in frame.itertuples(index=False)] == [
            (1, 1, "hello", "hello", "2"),
            (2, 1, "spark", "spark", "1"),
            (3, 2, "hello", "hello", "3"),
        ]

    def test_a_column_of_the_output_that_is_named_like_ours_keeps_both(self):
        code = "def updateState(key, values, state): return [{'call': 1, '': 2}]\n"
        frame = tables.output_page(replayed(code, (0, "a")), 1).frame
        assert list(frame.columns) == ["", "call", "batch", "for key", "call (output)", "(no name)"]

    def test_each_row_knows_its_call_on_every_page(self, long):
        calls = [call for number in range(1, 17) for call in tables.output_page(long, number).calls]
        assert calls == [call for call in range(120) for _ in range(2)]

    def test_the_row_of_a_call_without_output_is_that_of_the_call_before(self, tutorial):
        assert [tables.output_row_of(tutorial, call) for call in range(-1, 5)] == [0, 0, 1, 2, 2, 2]

    def test_a_batch_that_failed_wrote_nothing(self):
        code = 'def updateState(key, values, state):\n    if key == "b": 1 / 0\n    return [(key,)]\n'
        trace = replayed(code, (0, "a"), (1, "a b"))
        assert tables.output_count(trace) == 1

    def test_a_query_without_output_has_one_empty_page(self):
        page = tables.output_page(replayed("def updateState(key, values, state): pass\n", (0, "a")), 1)
        assert (page.row_count, page.count, len(page.frame)) == (0, 1, 0)


def downloaded(trace):
    """The rows of the file, read as a program would."""
    return list(csv.reader(io.StringIO(tables.output_csv(trace), newline="")))


class TestTheDownload:
    def test_it_has_a_head_and_every_row(self, long):
        rows = downloaded(long)
        assert rows[:3] == [["key", "_2"], ["a", "1"], ["a", "2"]]
        assert len(rows) == 241

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
    def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(self, start):
        code = f"def updateState(key, values, state): return [{{'n': {start + 'cmd()'!r}, {start + 'x'!r}: -5}}]\n"
        rows = downloaded(replayed(code, (0, "a")))
        assert rows == [["n", f"'{start}x"], [f"'{start}cmd()", "-5"]]

    def test_null_is_empty_and_nested_values_are_text(self):
        code = "def updateState(key, values, state): return [(None, [1, 2], {'a': 1}, True)]\n"
        rows = downloaded(replayed(code, (0, "a")))
        assert rows[1] == ["", "[1, 2]", '{"a": 1}', "True"]


@given(st.text(max_size=30))
def test_no_cell_of_a_log_hides_anything(text):
    trace = replayed(
        "def updateState(key, values, state): state.update(key); return [{key: key}]\n", (0, [{"w": text}])
    )
    for page in (tables.output_page(trace, 1), tables.call_page(trace, tables.all_calls(trace), 1)):
        cells = [*page.frame.columns, *(cell for row in page.frame.itertuples(index=False) for cell in row)]
        assert all(str(cell).isprintable() for cell in cells)
