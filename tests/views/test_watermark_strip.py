"""Rows against the watermark: both of Spark's watermarks can be read off, and each dropped row lies below its line."""

from typing import Any

import pytest

from engine.debugger.steps import Steps
from engine.model.scenario import Watermark
from engine.model.trace import Trace
from engine.views.picture import picture
from engine.views.watermark_strip import WatermarkStrip
from engine.views.window import chosen_lanes, first_window
from tests.helpers import MINUTE_MS, TUTORIAL, replayed

COUNT = "def updateState(key, values, state):\n    state.update(len(values))\n    return []\n"


def at(minute: float) -> dict[str, Any]:
    return {"k": "a", "ts": f"2024-01-01T12:{int(minute):02d}:{int(minute % 1 * 60):02d}"}


def event_time(*batches: list[dict[str, Any]], **fields: Any) -> Trace:
    return replayed(
        COUNT,
        *[(minute * MINUTE_MS, rows) for minute, rows in enumerate(batches)],
        **{"key": "k", "watermark": Watermark("ts", "0 seconds"), "timeout_conf": "EventTimeTimeout", **fields},
    )


def strip_of(trace: Trace) -> WatermarkStrip:
    steps = Steps(trace)
    strip = picture(trace, steps, first_window(trace, steps), chosen_lanes(trace)).watermark
    assert strip is not None
    return strip


def rows(strip: WatermarkStrip) -> list[tuple[Any, ...]]:
    return [(row.x, row.kind, row.ahead_ms / MINUTE_MS) for row in strip.rows.itertuples()]


def test_a_query_without_a_watermark_has_no_strip():
    trace = replayed(TUTORIAL, (0, "a"))
    steps = Steps(trace)
    assert picture(trace, steps, first_window(trace, steps), chosen_lanes(trace)).watermark is None


def test_rows_before_there_is_a_watermark_are_counted_from_the_earliest():
    assert rows(strip_of(event_time([at(5), at(3)]))) == [(0.25, "early", 2.0), (0.75, "early", 0.0)]


def test_the_watermark_may_name_its_column_in_other_capitals():
    named = event_time([at(5), at(3)], [at(20)], watermark=Watermark("TS", "0 seconds"))
    assert rows(strip_of(named)) == rows(strip_of(event_time([at(5), at(3)], [at(20)])))


def test_a_row_behind_the_watermark_is_kept_while_the_batch_before_had_none():
    strip = strip_of(event_time([at(10)], [at(4), at(12)]))
    assert rows(strip)[1:] == [(1.25, "kept", -6.0), (1.75, "kept", 2.0)]
    assert strip.rows["late"].iloc[1] == "no row, as the batch before had no watermark"
    assert strip.lines["late_ms"].isna().all()


def test_dropped_rows_lie_at_or_below_the_line_of_late_rows_and_no_other_row_does():
    strip = strip_of(event_time([at(10)], [at(20)], [at(10), at(10.5), at(30)], [at(20), at(25), at(8)]))
    late_of = {line.x: line.late_ms for line in strip.lines.itertuples()}
    found = [(row.kind, row.ahead_ms <= late_of[int(row.x)]) for row in strip.rows.itertuples() if row.x >= 2]
    assert found == [
        ("dropped", True),
        ("kept", False),
        ("kept", False),
        ("dropped", True),
        ("kept", False),
        ("dropped", True),
    ]


def test_a_row_tells_both_watermarks_in_words():
    strip = strip_of(event_time([at(10)], [at(20)], [at(10), at(21)]))
    dropped = strip.rows[strip.rows["kind"] == "dropped"].iloc[0]
    assert dropped["title"] == 'dropped: Row(k="a", ts="2024-01-01T12:10:00")'
    assert dropped["watermark"] == "1 Jan 2024 12:20; the row is 10 min behind it"
    assert dropped["late"] == "at or before 1 Jan 2024 12:10, the watermark of the batch before"


def test_a_row_leads_to_the_call_that_got_it_and_a_dropped_one_nowhere():
    strip = strip_of(event_time([at(10)], [at(20)], [at(10), at(21)]))
    assert list(strip.rows["call"]) == [0, 1, -1, 2]


def test_a_row_without_an_event_time_has_no_place():
    assert len(strip_of(event_time([at(10), {"k": "a", "ts": None}])).rows) == 1


def test_of_very_many_rows_one_stands_for_those_around_it_and_says_so():
    strip = strip_of(event_time([at(30)], [at(40)], [at(minute % 60) for minute in range(2_000)]))
    assert len(strip.rows) < 1_000
    third = strip.rows[strip.rows["x"] >= 2]
    assert set(third["kind"]) == {"kept", "dropped"}
    assert third["title"].str.contains(r"\d+ rows").any()


@pytest.mark.parametrize(
    ("minutes", "labels"), [((10, 12), {"watermark", "+2 min"}), ((10, 8), {"watermark", "-2 min"})]
)
def test_the_scale_names_the_watermark_and_its_ends(minutes, labels):
    first, second = minutes
    assert set(strip_of(event_time([at(first)], [at(second)])).ticks["label"]) == labels
