"""The same function with another stream: what each edit does to the events, the clock and the restarts."""

import msgspec
import pytest

from engine.debugger import Stream, timing_out, with_batch_after, with_events_later, with_restart_before, without_events
from engine.model.rows import Rows
from engine.model.scenario import Batch, Watermark
from tests.helpers import MINUTE_MS, TUTORIAL, replayed, scenario, trace_of, transcript, words

STREAM = Stream((Batch(0, words("a b a")), Batch(MINUTE_MS, words("c")), Batch(5 * MINUTE_MS)), (2,))
ALARM = """\
def updateState(key, values, state):
    if state.hasTimedOut():
        state.remove()
        return [("alarm",)]
    state.update(1)
    state.setTimeoutTimestamp(600000)
"""


def told(stream):
    """Each trigger as its minute and its words."""
    return [(b.processing_time_ms // MINUTE_MS, " ".join(b.rows.column("word"))) for b in stream.batches]


def replayed_with(made, stream):
    return trace_of(
        msgspec.structs.replace(made, batches=list(stream.batches), restart_before=list(stream.restart_before))
    )


def test_events_that_never_came_leave_their_trigger():
    assert told(without_events(STREAM, 0, [0, 2])) == [(0, "b"), (1, "c"), (5, "")]
    assert told(without_events(STREAM, 1, [0]))[1] == (1, "")


def test_events_come_with_the_next_trigger_after_those_that_were_there():
    assert told(with_events_later(STREAM, 0, [0, 2])) == [(0, "b"), (1, "c a a"), (5, "")]


def test_events_of_the_last_trigger_get_one_more():
    assert told(with_events_later(STREAM, 2, [])) == [(0, "a b a"), (1, "c"), (5, ""), (6, "")]


def test_a_batch_that_is_put_in_puts_its_time_in_and_restarts_stay_where_they_were():
    longer = with_batch_after(STREAM, 0, 2 * MINUTE_MS)
    assert told(longer) == [(0, "a b a"), (2, ""), (3, "c"), (7, "")]
    assert longer.restart_before == (3,)
    assert with_batch_after(STREAM, 2).restart_before == (2,)


def test_a_restart_is_put_in_and_taken_out_again():
    assert with_restart_before(STREAM, 1).restart_before == (1, 2)
    assert with_restart_before(STREAM, 2).restart_before == ()


def test_a_timeout_by_processing_time_is_made_to_fire():
    made = scenario(TUTORIAL, (0, "a"), (MINUTE_MS, "b"))
    stream = timing_out(made, 0, 10 * MINUTE_MS, "processing_time", ["a"])
    assert transcript(replayed_with(made, stream))[1] == "batch 1: a timeout 1 due 600000 -> none"
    assert transcript(replayed(TUTORIAL, (0, "a"), (MINUTE_MS, "b")))[1].startswith("batch 1: b data")


@pytest.mark.parametrize("other_event", [{"word": "b", "at": 120_000}, {"word": "a", "at": "1970-01-01 00:02"}])
def test_a_timeout_by_event_time_is_made_to_fire_by_an_event_of_another_key(other_event):
    for key, column in (("word", "at"), ("Word", "AT")):  # names have no case
        made = scenario(
            ALARM,
            (0, [{"word": "a", "at": other_event["at"]}, other_event]),
            semantics="spark",
            key=key,
            input_schema="word string, at timestamp",
            output_schema="x string",
            watermark=Watermark(column, "1 minute"),
            timeout_conf="EventTimeTimeout",
        )
        stream = timing_out(made, 0, 10 * MINUTE_MS, "watermark", ["a"])
        assert any(": a timeout" in line for line in transcript(replayed_with(made, stream)))


def test_without_an_event_of_another_key_nothing_can_move_the_watermark_for_a_key_that_is_a_number():
    rows = Rows.from_dicts([{"user": 1, "at": 0}])
    made = scenario(ALARM, (0, list(rows)), key="user", watermark=Watermark("at", "1 minute"))
    assert timing_out(made, 0, 10 * MINUTE_MS, "watermark", [1]) is None


def test_a_moment_beyond_the_calendar_cannot_be_written_as_text():
    made = scenario(ALARM, (0, [{"word": "a", "at": "1970-01-01"}]), watermark=Watermark("at", "1 minute"), key="word")
    assert timing_out(made, 0, 2**62, "watermark", ["a"]) is None
