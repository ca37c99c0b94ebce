"""Times that are surely a mistake, and times that are not."""

import pytest

from engine.model.scenario import Watermark
from tests.diagnostics.found import found
from tests.helpers import MINUTE_MS, replayed

TEN = 1_704_103_200_000  # 2024-01-01 10:00 UTC
WATERMARK = Watermark("ts", "5 minutes")


def by_event_time(timestamp, first_ms=TEN, clock_ms=TEN):
    """One batch of a function that asks for this timeout."""
    code = "def updateState(key, values, state):\n    ts = max(row.ts for row in values)\n    state.update(1)\n"
    code += f"    state.setTimeoutTimestamp({timestamp})\n"
    rows = [{"k": "a", "ts": first_ms}]
    return replayed(code, (clock_ms, rows), timeout_conf="EventTimeTimeout", watermark=WATERMARK)


def by_processing_time(duration):
    code = f"def updateState(key, values, state):\n    state.update(1)\n    state.setTimeoutDuration({duration})\n"
    return replayed(code, (TEN, "a"), (TEN, "a"))


class TestImplausibleTimeout:
    def test_the_first_batchs_watermark_of_0_makes_a_timeout_in_1970(self):
        finding = found(by_event_time("state.getCurrentWatermarkMs() + 600_000"))["implausible-timeout"]
        assert finding.title == "A timeout for 1 Jan 1970 00:10 is probably a mistake (1 time)"
        assert "the watermark is still 0" in finding.why
        assert (finding.line, finding.call_index) == (4, 0)

    def test_seconds_for_milliseconds(self):
        finding = found(by_event_time("1_704_103_800"))["implausible-timeout"]
        assert "as seconds it would be 1 Jan 2024 10:10" in finding.why
        assert finding.fix == "Multiply by 1000."

    def test_microseconds_for_milliseconds(self):
        assert found(by_event_time("1_704_103_800_000_000"))["implausible-timeout"].fix == "Divide by 1000."

    def test_a_timestamp_that_spark_refuses_is_explained_too(self):
        code = "def updateState(key, values, state):\n    state.setTimeoutTimestamp(1_704_103_800)\n"
        batches = [(TEN, [{"k": key, "ts": TEN}]) for key in "ab"]
        trace = replayed(code, *batches, timeout_conf="EventTimeTimeout", watermark=WATERMARK)
        assert trace.ending == "user_error"
        assert set(found(trace)) >= {"query-failed", "implausible-timeout"}

    @pytest.mark.parametrize(
        ("timestamp", "first_ms", "clock_ms"),
        [
            ("ts, '10 minutes'", TEN, TEN),
            ("ts, '10 minutes'", TEN, 0),
            ("state.getCurrentWatermarkMs() + 600_000", 5 * MINUTE_MS, 0),
        ],
        ids=["from the event time", "a clock that starts at 0", "a stream that starts at 0"],
    )
    def test_it_does_not_fire_for_times_of_the_streams_own_day(self, timestamp, first_ms, clock_ms):
        assert "implausible-timeout" not in found(by_event_time(timestamp, first_ms, clock_ms))


class TestImplausibleDuration:
    def test_seconds_for_milliseconds(self):
        finding = found(by_processing_time(600))["implausible-duration"]
        assert finding.title == "A timeout of 600 ms is probably a mistake (2 times)"
        assert finding.code == 'state.setTimeoutDuration("10 minutes")'

    def test_microseconds_for_milliseconds(self):
        finding = found(by_processing_time(3_600_000_000_000))["implausible-duration"]
        assert finding.code == 'state.setTimeoutDuration("41 days 16 hours")'

    @pytest.mark.parametrize("duration", ['"1 second"', "600_000", '"1 year"', "-5"])
    def test_it_does_not_fire_for_usual_lengths_and_leaves_errors_to_spark(self, duration):
        assert "implausible-duration" not in found(by_processing_time(duration))

    def test_it_does_not_fire_in_a_stream_that_counts_from_0_by_seconds(self):
        code = "def updateState(key, values, state):\n    state.update(1)\n    state.setTimeoutDuration(600)\n"
        assert "implausible-duration" not in found(replayed(code, (1000, "a"), (2000, "a")))
        assert "implausible-duration" in found(replayed(code, (0, "a"), (60_000, "a")))


class TestImplausibleEventTime:
    def replay(self, event_ms, clock_ms):
        code = "def updateState(key, values, state): return []\n"
        return found(replayed(code, (clock_ms, [{"k": "a", "ts": event_ms}]), watermark=WATERMARK))

    def test_seconds_make_events_of_1970(self):
        finding = self.replay(1_704_103_200, TEN)["implausible-event-time"]
        assert (finding.title, finding.trigger) == ("Event times lie in 1970", 0)
        assert "as seconds it would be 1 Jan 2024 10:00" in finding.why

    def test_also_when_the_clock_was_simply_started_at_0(self):
        assert "implausible-event-time" in self.replay(1_704_103_200, 0)

    def test_an_event_from_the_future(self):
        finding = self.replay(TEN + 400 * 86_400_000, TEN)["implausible-event-time"]
        assert finding.title == "An event comes from the future"

    @pytest.mark.parametrize(
        ("event_ms", "clock_ms"),
        [(TEN, TEN), (TEN, 0), (5 * MINUTE_MS, 0), (TEN + 3_600_000, TEN)],
        ids=["today", "clock at 0", "all at 0", "an hour ahead"],
    )
    def test_it_does_not_fire_for_times_that_fit_each_other(self, event_ms, clock_ms):
        assert "implausible-event-time" not in self.replay(event_ms, clock_ms)
