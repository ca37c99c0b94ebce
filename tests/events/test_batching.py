"""From a table to a stream: how rows become batches, what the clock says, and that late rows stay late."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.events import batching
from engine.events.batching import ByColumn, ByRows, ByTime, Choices, Stream, to_batches
from engine.events.csv_file import read_csv

MINUTE_MS = 60_000
CLICKS = """\
user,at,n
ann,2024-01-01 10:01,1
bob,2024-01-01 10:04,2
ann,2024-01-01 10:02,3
bob,2024-01-01 10:25,4
"""


def table(text=CLICKS):
    return read_csv(text)


def stream(by, event_time=None, sort_by=None, text=CLICKS):
    made = to_batches(table(text), Choices((), event_time, by, sort_by))
    assert isinstance(made, Stream), [str(problem) for problem in made]
    return made


def shown(made):
    """Each batch as its clock in minutes of the hour, and the last column of its rows."""
    return [
        (batch.processing_time_ms // MINUTE_MS % 60, batch.rows.columns[-1] if batch.rows else [])
        for batch in made.batches
    ]


def told(by, event_time=None, sort_by=None, key=(), text=CLICKS):
    (problem,) = to_batches(table(text), Choices(key, event_time, by, sort_by))
    return problem


def at(iso):
    return int(datetime.fromisoformat(iso).replace(tzinfo=UTC).timestamp() * 1000)


def test_a_number_of_rows_is_a_batch_and_the_clock_moves_by_a_minute():
    assert shown(stream(ByRows(3))) == [(0, [1, 2, 3]), (1, [4])]
    assert len(stream(ByRows(1)).batches) == 4


def test_with_an_event_time_the_clock_is_the_latest_so_far():
    made = stream(ByRows(3), event_time="at")

    assert [batch.processing_time_ms for batch in made.batches] == [at("2024-01-01 10:04"), at("2024-01-01 10:25")]


def test_a_window_of_time_is_a_batch_whose_clock_is_its_end_and_an_empty_one_has_no_data():
    assert shown(stream(ByTime("at", 5 * MINUTE_MS))) == [
        (5, [1, 2, 3]),
        (10, []),
        (15, []),
        (20, []),
        (25, []),
        (30, [4]),
    ]


def test_a_late_row_arrives_with_the_rows_before_it():
    assert shown(stream(ByTime("at", 2 * MINUTE_MS)))[:3] == [(2, [1]), (4, []), (6, [2, 3])]


def test_rows_are_put_in_the_order_of_time_only_when_asked():
    assert shown(stream(ByRows(4), sort_by="at")) == [(0, [1, 3, 2, 4])]


def test_a_row_without_a_time_stays_with_those_before_it():
    text = CLICKS.replace("2024-01-01 10:01", "").replace("2024-01-01 10:02", "")

    assert shown(stream(ByTime("at", 10 * MINUTE_MS), text=text)) == [(10, [1, 2, 3]), (20, []), (30, [4])]


def test_a_batch_column_of_numbers_is_in_its_own_order():
    text = "batch,n\n2,1\n1,2\n2,3\n,4\n10,5\n"

    assert shown(stream(ByColumn("batch"), text=text)) == [(0, [2]), (1, [1, 3, 4]), (2, [5])]


def test_a_batch_column_of_names_is_in_the_order_of_the_file():
    text = "part,n\nevening,1\nmorning,2\nevening,3\n"

    assert shown(stream(ByColumn("part"), text=text)) == [(0, [1, 3]), (1, [2])]


def test_a_batch_column_of_times_is_the_clock():
    text = "arrived,n\n2024-01-01 10:30,1\n2024-01-01 10:05,2\n2024-01-01 10:30,3\n"

    assert shown(stream(ByColumn("arrived"), text=text)) == [(5, [2]), (30, [1, 3])]


@pytest.mark.parametrize("unit", [1, 1_000, 1_000_000, 1_000_000_000])
def test_an_event_time_in_numbers_becomes_iso_text_whatever_its_unit(unit):
    made = stream(ByRows(9), event_time="ts", text=f"ts,n\n{1_704_103_200 * unit},1\n,2\n")

    assert made.batches[0].rows.column("ts") == ["2024-01-01T10:00:00", None]
    assert made.input_schema == "ts timestamp, n long"
    assert made.batches[0].processing_time_ms == at("2024-01-01 10:00")


def test_the_schema_makes_times_timestamps():
    assert stream(ByRows(9)).input_schema == "user string, at timestamp, n long"
    assert stream(ByRows(9), event_time="day", text="day\n2024-01-01\n").input_schema == "day timestamp"


@pytest.mark.parametrize(
    ("choices", "where", "part"),
    [
        ({"by": ByRows(0)}, "batches", "0 rows are too few for a batch"),
        ({"by": ByTime("at", 0)}, "batches", "too short a time between triggers"),
        ({"by": ByTime("when", 1)}, "batches", "no column 'when'"),
        ({"by": ByTime("user", 1)}, "batches", "in column 'user', row 1: 'ann' is not a time"),
        ({"by": ByTime("at", 1)}, "batches", "1,440,001 batches"),
        ({"by": ByRows(1), "event_time": "user"}, "event time", "'ann' is not a time"),
        ({"by": ByRows(1), "sort_by": "user"}, "sort by", "'ann' is not a time"),
        ({"by": ByRows(1), "key": ("user", "page")}, "key", "no column 'page'"),
        ({"by": ByColumn("x"), "text": "x,y\n,1\n"}, "batches", "is empty"),
        ({"by": ByRows(1), "event_time": "x", "text": "x,y\n,1\n"}, "event time", "is empty"),
    ],
)
def test_a_choice_that_does_not_fit_is_told_at_its_place(choices, where, part):
    problem = told(**choices)

    assert problem.where == where
    assert part in problem.what
    assert problem.mend


def test_a_value_that_is_no_time_is_told_by_its_row_in_the_file_also_when_rows_are_sorted():
    text = "time,place\n2024-01-02,2024-01-01\n2024-01-01,here"
    problem = told(ByRows(1), event_time="place", sort_by="time", key=("time",), text=text)
    assert (problem.where, problem.what) == ("event time", "in column 'place', row 2: 'here' is not a time")


def test_the_number_of_batches_is_limited(monkeypatch):
    monkeypatch.setattr(batching, "MAX_BATCHES", 3)

    assert "4 batches; at most 3" in told(ByRows(1)).what
    assert "4 batches; at most 3" in told(ByColumn("n")).what


TIMES = st.lists(st.integers(0, 300).map(lambda minute: f"2024-01-01T{10 + minute // 60}:{minute % 60:02}"), min_size=1)


@given(TIMES, st.sampled_from([ByRows(1), ByRows(4), ByTime("at", 7 * MINUTE_MS), ByTime("at", 999)]), st.booleans())
def test_every_row_is_in_one_batch_in_its_order_and_the_clock_never_goes_back(times, by, is_sorted):
    text = "n,at\n" + "".join(f"{n},{time}\n" for n, time in enumerate(times))
    made = to_batches(table(text), Choices(("n",), "at", by, "at" if is_sorted else None))
    if isinstance(made, list):
        assert "batches; at most" in made[0].what
        return

    delivered = [row["n"] for batch in made.batches for row in batch.rows]
    assert delivered == sorted(range(len(times)), key=times.__getitem__ if is_sorted else None)
    clocks = [batch.processing_time_ms for batch in made.batches]
    assert clocks == sorted(clocks)
