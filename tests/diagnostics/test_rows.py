"""Rows that did not arrive, and rows that did not leave."""

from engine.model.scenario import Watermark
from tests.diagnostics.found import found
from tests.helpers import MINUTE_MS, TUTORIAL, replayed

TEN = 1_704_103_200_000  # 2024-01-01 10:00 UTC
SILENT = "def updateState(key, values, state): state.update(1)\n"


def event_times(*minutes, **fields):
    """A batch for each event time, so many minutes after ten."""
    batches = ((TEN, [{"k": "a", "ts": TEN + minute * MINUTE_MS}]) for minute in minutes)
    return replayed(SILENT, *batches, watermark=Watermark("ts", "10 minutes"), **fields)


class TestLateRowsWereDropped:
    def test_it_counts_them_and_names_both_watermarks(self):
        finding = found(event_times(60, 120, 0, 5, timeout_conf="EventTimeTimeout"))["late-rows-were-dropped"]
        assert (finding.title, finding.trigger) == ("2 late rows never reached the function", 2)
        assert "that was 10:50; the batch's own watermark, which decides about timeouts, is 11:50" in finding.why
        assert "longer delay than 10 minutes" in finding.fix

    def test_it_does_not_fire_when_rows_are_on_time_or_no_row_is_ever_late(self):
        assert "late-rows-were-dropped" not in found(event_times(0, 5, 60, timeout_conf="EventTimeTimeout"))
        assert "late-rows-were-dropped" not in found(event_times(60, 120, 0))


class TestNothingIsReturned:
    def test_it_fires_when_no_call_returns_a_row(self):
        assert found(replayed(SILENT, (TEN, "a")))["nothing-is-returned"].call_index == 0

    def test_it_does_not_fire_when_one_does_or_when_the_query_failed(self):
        assert "nothing-is-returned" not in found(replayed(TUTORIAL, (TEN, "a")))
        assert "nothing-is-returned" not in found(replayed(SILENT + "    1 / 0\n", (TEN, "a")))
