"""Batches, processing time, watermark and late rows (SEMANTICS 0 and 1) as readable streams."""

import pytest

from engine.model.scenario import Watermark
from tests.helpers import replayed, transcript

TEN_SECONDS = (
    "def updateState(key, values, state):\n"
    "    if state.hasTimedOut:\n        state.remove()\n        return [('gone', key)]\n"
    "    state.update(len(list(values)))\n"
    "    state.setTimeoutDuration('10 seconds')\n"
)


def test_a_processing_time_timeout_fires_only_when_the_clock_is_past_it():
    trace = replayed(TEN_SECONDS, (0, "a"), (10_000, ""), (10_001, ""), semantics="spark")
    assert transcript(trace)[1:] == ["batch 2: a timeout 1 due 10000 -> none, out [('gone', 'a')]"]


def test_data_in_the_expiring_batch_wins_over_the_timeout():
    trace = replayed(TEN_SECONDS, (0, "a"), (20_000, "a"), semantics="spark")
    assert transcript(trace)[1:] == ["batch 1: a data(1) 1 due 10000 -> 1 due 30000"]


def test_before_the_first_data_and_after_a_restart_a_trigger_without_data_runs_nothing():
    trace = replayed(
        TEN_SECONDS,
        (0, ""),
        (1000, "a"),
        (50_000, ""),
        (60_000, ""),
        (70_000, "b"),
        restart_before=[2],
        semantics="spark",
    )
    assert [(batch.batch_id, batch.trigger) for batch in trace.batches] == [(0, 1), (1, 4)]
    assert transcript(trace)[2] == "batch 1: a timeout 1 due 11000 -> none, out [('gone', 'a')]"


def test_without_a_timeout_conf_no_data_means_no_batch():
    code = "def updateState(key, values, state): state.update(1)"
    trace = replayed(code, (0, "a"), (1000, ""), (2000, "a"), timeout_conf="NoTimeout")
    assert [batch.trigger for batch in trace.batches] == [0, 2]


def test_no_data_batches_can_be_switched_off_and_timeouts_then_wait_for_data():
    conf = {"spark.sql.streaming.noDataMicroBatches.enabled": "false"}
    trace = replayed(TEN_SECONDS, (0, "a"), (20_000, ""), (30_000, "b"), conf=conf, semantics="spark")
    assert [batch.trigger for batch in trace.batches] == [0, 2]
    assert [call.reason for call in trace.calls] == ["data", "data", "timeout"]


EVENT_TIME = (
    "def updateState(key, values, state):\n"
    "    if state.hasTimedOut:\n        state.remove()\n        return [('gone', key)]\n"
    "    last = max(int(v.ts.timestamp() * 1000) for v in values if v.ts)\n"
    "    state.update(last)\n"
    "    state.setTimeoutTimestamp(max(last, state.getCurrentWatermarkMs()) + 5000)\n"
)


def event_time(*batches, **fields):
    rows = [(time_ms, [{"k": k, "ts": ts} for k, ts in batch]) for time_ms, batch in batches]
    code = fields.pop("code", EVENT_TIME)
    return replayed(
        code,
        *rows,
        input_schema="k string, ts timestamp",
        key="k",
        semantics="spark",
        timeout_conf="EventTimeTimeout",
        watermark=Watermark("ts", fields.pop("delay", "0 seconds")),
        **fields,
    )


def test_the_watermark_moves_after_the_batch_and_one_batch_without_data_follows():
    trace = event_time((0, [("a", 10_000)]), (1, []), (2, []), (3, []))
    assert [(batch.trigger, batch.watermark_ms, batch.late_watermark_ms) for batch in trace.batches] == [
        (0, 0, 0),
        (1, 10_000, 0),
    ]


def test_an_event_time_timeout_fires_only_when_the_watermark_is_past_it():
    trace = event_time((0, [("a", 10_000)]), (1, [("b", 15_000)]), (2, []), (3, [("b", 15_001)]), (4, []))
    timed_out = [(call.batch_index, call.key) for call in trace.calls if call.reason == "timeout"]
    assert timed_out == [(4, ("a",))]
    assert trace.batches[2].watermark_ms == 15_000


@pytest.mark.parametrize(("ts", "kept"), [(9_999, False), (10_000, False), (10_001, True), (None, True)])
def test_a_row_is_late_when_it_is_at_or_below_the_watermark_of_the_batch_before(ts, kept):
    lenient = "def updateState(key, values, state): return [(str(v.ts),) for v in values]"
    trace = event_time((0, [("a", 10_000)]), (1, []), (2, [("b", ts)]), code=lenient)
    assert (len(trace.batches[2].dropped) == 0) is kept
    assert trace.batches[2].metrics["numRowsDroppedByWatermark"] == (0 if kept else 1)


def test_lateness_is_compared_to_the_microsecond():
    lenient = "def updateState(key, values, state): return [(str(v.ts),) for v in values]"
    late, kept = "1970-01-01T00:00:10.000000", "1970-01-01T00:00:10.000001"
    trace = event_time((0, [("a", 10_000)]), (1, []), (2, [("b", late), ("b", kept)]), code=lenient)
    assert [row.row_index for row in trace.batches[2].dropped] == [0]


def test_the_late_filter_uses_the_watermark_of_the_batch_before_so_an_old_row_may_still_arrive():
    trace = event_time((0, [("a", 10_000)]), (1, [("b", 5_000)]), (2, [("c", 5_000)]))
    assert [len(batch.dropped) for batch in trace.batches] == [0, 0, 1]
    assert [batch.watermark_ms for batch in trace.batches] == [0, 10_000, 10_000]


def test_rows_are_never_dropped_under_processing_time_timeouts():
    lenient = "def updateState(key, values, state): return [(key,)]"
    rows = [(0, [{"k": "a", "ts": 10_000}]), (1, []), (2, [{"k": "b", "ts": 1}])]
    trace = replayed(lenient, *rows, key="k", watermark=Watermark("ts", "0 seconds"), semantics="spark")
    assert [len(batch.dropped) for batch in trace.batches] == [0, 0, 0]
    assert trace.batches[2].watermark_ms == 10_000


def test_a_key_whose_rows_are_all_late_is_not_called():
    trace = event_time((0, [("a", 10_000)]), (1, []), (2, [("a", 10)]))
    assert [call.key for call in trace.calls] == [("a",)]


def test_the_watermark_never_goes_back_and_is_never_below_zero():
    trace = event_time(
        (0, [("a", 5_000)]), (1, [("a", 90_000)]), (2, [("a", 20_000)]), (3, [("a", 21_000)]), delay="10 seconds"
    )
    assert [batch.watermark_ms for batch in trace.batches] == [0, 0, 80_000, 80_000]
