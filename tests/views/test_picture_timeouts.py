"""How the fates of timeouts are drawn."""

from typing import Any

from engine.debugger.steps import Steps
from engine.model.scenario import Watermark
from engine.model.trace import Trace
from engine.views.picture import picture
from engine.views.picture_timeouts import TimeoutFrames
from engine.views.window import Window, chosen_lanes, first_window
from tests.helpers import MINUTE_MS, TUTORIAL, replayed, replayed_in_pandas

FORGETFUL = """\
def updateState(key, values, state):
    if state.exists:
        state.update(state.get() + 1)
    else:
        state.update(1)
        state.setTimeoutDuration("10 minutes")
"""


def drawn(trace: Trace, window: Window | None = None) -> TimeoutFrames:
    steps = Steps(trace)
    return picture(trace, steps, window or first_window(trace, steps), chosen_lanes(trace)).timeouts


def lines(frames: TimeoutFrames) -> list[tuple[Any, ...]]:
    return [(line.fate, line.part, round(line.x, 2), round(line.x2, 2)) for line in frames.lines.itertuples()]


def marks(frames: TimeoutFrames) -> list[tuple[Any, ...]]:
    return [(mark.fate, mark.mark, round(mark.x, 2), mark.call) for mark in frames.marks.itertuples()]


def test_a_timeout_that_fires_leads_past_the_time_it_was_due_to_the_call_it_made():
    frames = drawn(replayed(TUTORIAL, (0, "hello"), (5 * MINUTE_MS, ""), (15 * MINUTE_MS, "")))
    assert lines(frames) == [("fired", "set", 0.5, 1.5), ("fired", "overdue", 1.5, 2.5)]
    assert marks(frames) == [("fired", "due", 1.5, 1)]


def test_a_timeout_is_due_between_the_call_that_set_it_and_the_next_trigger():
    frames = drawn(replayed(TUTORIAL, (0, "a b c d"), (60 * MINUTE_MS, "")))
    assert [mark[2] for mark in marks(frames)] == [0.27, 0.48, 0.69, 0.9]


def test_a_replaced_timeout_ends_at_the_call_that_replaced_it():
    frames = drawn(replayed(TUTORIAL, (0, "hello"), (MINUTE_MS, "hello"), (21 * MINUTE_MS, "")))
    assert lines(frames)[0] == ("replaced", "set", 0.5, 1.5)
    assert marks(frames) == [("fired", "due", 1.75, 2)], "the first one was gone before it was due"
    assert frames.lines["outcome"].iloc[0] == "replaced by a new one, batch 2, +1 min (call 2)"


def test_data_in_the_batch_that_would_have_fired_it_leaves_the_due_time_on_the_picture():
    frames = drawn(replayed(TUTORIAL, (0, "hello"), (MINUTE_MS, ""), (11 * MINUTE_MS, "hello")))
    assert marks(frames)[0] == ("replaced", "due", 1.9, 1)


def test_a_lost_timeout_is_struck_through_where_it_was_lost_and_where_it_would_have_been_due():
    frames = drawn(replayed(FORGETFUL, (0, "hello"), (MINUTE_MS, "hello"), (11 * MINUTE_MS, "")))
    assert lines(frames) == [("cancelled", "set", 0.5, 1.5), ("cancelled", "lost", 1.5, 1.95)]
    assert marks(frames) == [("cancelled", "due", 1.95, 1), ("cancelled", "lost", 1.5, 1)]


def test_a_window_shows_where_a_timeout_lost_before_it_would_have_been_due():
    trace = replayed(FORGETFUL, (0, "hello"), (MINUTE_MS, "hello"), (6 * MINUTE_MS, ""), (14 * MINUTE_MS, ""))
    frames = drawn(trace, Window(2, 2))
    assert lines(frames) == [("cancelled", "lost", 2.0, 2.5)]
    assert marks(frames) == [("cancelled", "due", 2.5, 1)]


def test_a_pending_timeout_says_what_it_waits_for():
    frames = drawn(replayed(TUTORIAL, (0, "hello"), (MINUTE_MS, "")))
    assert lines(frames) == [("pending", "set", 0.5, 2.0)]
    assert list(frames.waits["label"]) == ["waits for the first trigger after +10 min"]
    assert list(frames.waits["short_label"]) == ["trigger > +10 min"]


def test_a_pending_timeout_of_event_time_waits_for_the_watermark():
    code = "def updateState(key, values, state):\n    state.setTimeoutTimestamp(1704110400000)\n"
    rows = [{"k": "a", "ts": "2024-01-01T11:50:00"}]
    trace = replayed(code, (0, rows), key="k", timeout_conf="EventTimeTimeout", watermark=Watermark("ts", "0 seconds"))
    assert list(drawn(trace).waits["label"]) == ["waits for the watermark to pass 1 Jan 2024 12:00"]


def test_a_timeout_that_fires_in_every_batch_says_so_and_waits_for_nothing():
    nagging = (
        "def updateState(key, pdfs, state):\n    if not state.hasTimedOut:\n        state.setTimeoutDuration(1000)\n"
    )
    code = nagging + "    return []\n"
    stream = [(0, "a"), (2_000, ""), (3_000, "")]
    frames = drawn(replayed_in_pandas(code, *stream, timeout_conf="ProcessingTimeTimeout"))
    assert frames.waits.empty
    assert set(frames.lines["outcome"]) == {"fires again in every batch"}


def test_nothing_waits_in_a_window_before_the_end():
    trace = replayed(TUTORIAL, (0, "hello"), (MINUTE_MS, "spark"), (2 * MINUTE_MS, "zoo"))
    assert drawn(trace, Window(0, 2)).waits.empty
    assert len(drawn(trace, Window(1, 2)).waits) == 3


def test_nothing_waits_for_a_query_that_died():
    failing = TUTORIAL.replace("    state.update(count)", "    assert key != 'x'\n    state.update(count)")
    frames = drawn(replayed(failing, (0, "hello"), (MINUTE_MS, "x")))
    assert frames.waits.empty
    assert list(frames.lines["outcome"]) == ["still stored, but the query has died"]


def test_a_timeout_names_its_line_and_how_long_it_was():
    words = drawn(replayed(TUTORIAL, (0, "hello"))).lines.iloc[0]
    assert words["title"] == "timeout of hello: waits"
    assert words["set"] == "batch 1, start (call 1), line 6"
    assert words["due"] == "+10 min, 10 min later"
