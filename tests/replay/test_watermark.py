"""Spark's numbers about the event times of a batch, to the millisecond."""

from engine.codec.scenario_json import scenario_from_json
from engine.model.trace import EventTimes
from engine.replay.intake import Intake
from engine.replay.watermark import event_times_of
from tests.source_tree import ROOT


def test_a_null_counts_as_0_and_times_are_cut_to_milliseconds():
    assert event_times_of([3_999, None]) == EventTimes(min_ms=0, avg_ms=1, max_ms=3)


def test_a_batch_without_event_times_has_no_numbers():
    assert event_times_of([]) is None
    assert event_times_of(None) is None


def test_the_average_is_summed_up_as_spark_does_it():
    """Departures from 20:00 to 21:00: real Spark 4.3.0 says …499, the sum divided by the count …500."""
    departures = scenario_from_json((ROOT / "sample_data/06-departures.json").read_bytes())
    assert event_times_of(Intake(departures).rows(16).event_times_us) == EventTimes(
        1358366400000, 1358367907499, 1358369820000
    )
