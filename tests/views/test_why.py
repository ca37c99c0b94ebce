"""The answers to "why": what a state rests on, what became of every timeout, and of every event."""

import pytest

from engine import views
from engine.model.scenario import Watermark
from tests.helpers import MINUTE_MS, TUTORIAL, replayed, replayed_in_pandas

ALARM = """\
def updateState(key, values, state):
    if state.hasTimedOut():
        state.remove()
        return
    state.update(len(list(values)))
    state.setTimeoutTimestamp(600000)
"""
ONCE = """\
def updateState(key, values, state):
    if not state.exists:
        state.setTimeoutDuration("10 minutes")
    state.update(1)
"""
BATCHES = ((0, "hello hello spark"), (MINUTE_MS, "hello"), (12 * MINUTE_MS, ""))


@pytest.fixture(scope="module")
def tutorial():
    return replayed(TUTORIAL, *BATCHES)


def timeouts(trace):
    return views.timeout_page(trace, views.all_timeouts(trace), 1).frame.to_dict("records")


def events(trace):
    return views.event_page(trace, 1).frame.to_dict("records")


def seen(time):
    return {"word": "a", "at": f"1970-01-01T{time}Z"}


def by_event_time(*batches, code=ALARM, delay="1 minute"):
    return replayed(
        code,
        *batches,
        semantics="spark",
        key="word",
        input_schema="word string, at timestamp",
        output_schema="x long",
        watermark=Watermark("at", delay),
        timeout_conf="EventTimeTimeout",
    )


class TestAState:
    def test_it_rests_on_the_calls_since_nothing_was_remembered(self, tutorial):
        chain = views.origin(tutorial, 2)
        assert chain.calls == (0, 2)
        assert chain.sentence(tutorial) == "After call 3 hello remembers 3: 2 calls and 3 events made it so."

    def test_each_call_of_the_chain_names_its_events_and_its_step(self, tutorial):
        page = views.origin_page(tutorial, views.origin(tutorial, 2), 1)
        assert list(page.frame["events"]) == ["hello, hello", "hello"]
        assert list(page.frame["state after"]) == ["2", "3"]
        assert page.calls == (0, 2)

    def test_a_state_that_was_forgotten_begins_anew(self):
        trace = replayed(TUTORIAL, (0, "a"), (11 * MINUTE_MS, ""), (12 * MINUTE_MS, "a"))
        assert views.origin(trace, 2).calls == (2,)

    def test_before_any_call_there_is_nothing_to_explain(self, tutorial):
        assert views.origin(tutorial, -1).sentence(tutorial) == "No call was made yet."
        assert views.origin_page(tutorial, views.origin(tutorial, -1), 1).calls == ()


class TestATimeout:
    def test_one_that_fired_names_its_line_its_clock_and_its_batch(self, tutorial):
        spark = timeouts(tutorial)[1]
        assert (spark["key"], spark["set by"], spark["line"], spark["due"]) == ("spark", "call 2", "6", "+10 min")
        assert (spark["fate"], spark["ended by"]) == ("▼ fired", "call 4")
        assert spark["why"] == "The clock stood at +12 min in batch 3, the first batch past that."

    def test_one_that_was_replaced_names_the_next(self, tutorial):
        assert timeouts(tutorial)[0]["why"] == "Call 3 set another one, due at +11 min, before this one had fired."

    def test_one_that_was_lost_names_the_call_and_sparks_rule(self):
        lost = timeouts(replayed(ONCE, (0, "a"), (1000, "a"), semantics="spark"))[0]
        assert lost["fate"] == "✕ lost"
        assert lost["why"].startswith("Call 2 set no timeout. update() without setting a timeout")

    def test_one_that_waits_for_the_watermark_says_which_event_would_move_it(self):
        trace = by_event_time((0, [seen("00:02:00")]), (MINUTE_MS, [seen("00:03:00")]))
        last = timeouts(trace)[-1]
        assert last["fate"] == "◇ waits"
        assert "waits for the watermark to pass +10 min" in last["why"]
        assert "An event later than +11 min moves it there (the delay is 1 min)" in last["why"]

    @pytest.mark.parametrize(("time", "fate"), [("00:11:00", "◇ waits"), ("00:11:00.001", "▼ fired")])
    def test_the_event_that_is_named_moves_it_and_one_at_that_very_time_does_not(self, time, fate):
        mover = {**seen(time), "word": "mover"}
        trace = by_event_time((0, [seen("00:02:00")]), (1000, [mover]), (2000, []))
        assert timeouts(trace)[0]["fate"] == fate

    def test_a_dead_query_fires_nothing_any_more(self):
        trace = replayed(
            "def updateState(k, v, s):\n    s.update(1)\n    s.setTimeoutDuration(5)\n    if k == 'b': 1 / 0",
            (0, "a"),
            (1, "b"),
        )
        assert timeouts(trace)[0]["why"] == "It is stored, but the query died: nothing fires any more."

    def test_one_that_pyspark_keeps_says_that_it_fires_in_every_batch(self):
        nagging = """
def fn(key, pdfs, state):
    if not state.hasTimedOut:
        state.update((1,))
        state.setTimeoutDuration(1000)
    return []
"""
        trace = replayed_in_pandas(nagging, (0, "a"), (2000, ""), (3000, ""), timeout_conf="ProcessingTimeTimeout")
        assert timeouts(trace)[0]["why"] == (
            "It fired, last in call 3, but the calls touched nothing, so PySpark keeps it: it fires in every batch."
        )

    def test_the_call_at_the_cursor_has_its_own_timeouts_told_in_full(self, tutorial):
        set_and_ended = views.timeouts_of_call(tutorial, 2)
        assert len(set_and_ended) == 2
        assert set_and_ended[0].startswith("The timeout set by call 1 on line 6 is due at +10 min. Call 3 set another")

    def test_a_row_leads_to_the_call_that_set_it_and_its_end_to_the_one_that_ended_it(self, tutorial):
        page = views.timeout_page(tutorial, views.all_timeouts(tutorial), 1)
        assert (page.call_of(0, "set by"), page.call_of(0, "ended by")) == (0, 2)

    def test_those_of_one_key_can_be_chosen(self, tutorial):
        selection = views.timeouts_with_the_key_of(tutorial, 1)
        assert set(views.timeout_page(tutorial, selection, 1).frame["key"]) == {"spark"}
        assert views.timeouts_with_the_key_of(tutorial, -1).timeouts == ()


class TestAnEvent:
    def test_it_was_given_to_a_call_which_is_named_with_what_it_changed(self, tutorial):
        rows = events(tutorial)
        assert [row["word"] for row in rows] == ["hello", "hello", "spark", "hello"]
        assert [row["fate"] for row in rows] == ["given to call 1"] * 2 + ["given to call 2", "given to call 3"]
        assert rows[3]["why"] == "state 2 → 3, 1 row out"

    def test_a_late_one_tells_both_watermarks(self):
        trace = by_event_time(
            (0, [seen("00:05:00")]),
            (1, [seen("00:08:00")]),
            (2, [seen("00:04:00"), seen("00:09:00")]),
            delay="0 seconds",
        )
        late = events(trace)[2]
        assert late["fate"] == "✕ dropped"
        assert (
            late["why"] == "late: at or before +5 min, the watermark of the batch before (this batch's own is +8 min)"
        )
        assert views.event_page(trace, 1).calls[2] == -1

    def test_what_a_failing_batch_had_was_lost_or_not_reached(self):
        code = "def updateState(key, values, state):\n    if key == 'b': 1 / 0\n    state.update(1)\n"
        rows = events(replayed(code, (0, "a b c"), (1, "d")))
        assert [row["fate"] for row in rows] == ["given to call 1", "given to call 2", "not reached", "never read"]
        assert rows[0]["why"] == "A later call failed: Spark keeps nothing of this batch."

    def test_the_page_of_a_call_is_that_of_its_first_event(self, tutorial):
        assert [views.event_of_call(tutorial, call) for call in (-1, 0, 1, 2)] == [0, 0, 2, 3]

    def test_a_column_with_a_name_of_ours_says_so(self):
        trace = replayed(TUTORIAL, (0, [{"word": "a", "fate": "x"}]), key="word")
        assert list(views.event_page(trace, 1).frame.columns) == [
            "",
            "event",
            "batch",
            "word",
            "fate (event)",
            "fate",
            "why",
        ]
