"""The picture of a window: what is drawn, where, and in which words."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.debugger.steps import Steps
from engine.model.trace import Trace
from engine.views.picture import Picture, picture
from engine.views.window import Window, chosen_lanes, first_window
from tests.helpers import MINUTE_MS, TUTORIAL, replayed

THREE_BATCHES = ((0, "hello hello spark"), (MINUTE_MS, "hello"), (12 * MINUTE_MS, ""))


def drawn(trace: Trace, window: Window | None = None) -> Picture:
    steps = Steps(trace)
    return picture(trace, steps, window or first_window(trace, steps), chosen_lanes(trace))


def rows(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in frame[list(columns)].itertuples(index=False)]


def test_each_key_has_a_lane_in_order_of_its_first_call():
    assert rows(drawn(replayed(TUTORIAL, *THREE_BATCHES)).lanes, "row", "label") == [(0, "hello"), (1, "spark")]


def test_each_trigger_says_its_number_its_time_and_what_was_in_it():
    triggers = drawn(replayed(TUTORIAL, *THREE_BATCHES)).triggers
    assert rows(triggers, "x", "x2", "label", "moment") == [
        (0, 1, "batch 1", "start"),
        (1, 2, "batch 2", "+1 min"),
        (2, 3, "batch 3", "+12 min"),
    ]
    assert list(triggers["what"]) == ["3 rows, 2 calls", "1 row, 1 call", "0 rows, 2 calls"]


def test_labels_that_stay_when_there_is_little_room_are_those_of_round_numbers():
    triggers = drawn(replayed(TUTORIAL, *[(minute * MINUTE_MS, "a") for minute in range(12)])).triggers
    assert dict(rows(triggers, "label", "every"))["batch 10"] == 10
    assert dict(rows(triggers, "label", "every"))["batch 5"] == 5
    assert dict(rows(triggers, "label", "every"))["batch 7"] == 1


def test_a_trigger_without_a_batch_and_one_never_reached_are_named_so():
    failing = "def updateState(key, values, state):\n    assert key != 'b'\n"
    stream = [(0, ""), (1, "a"), (2, "b"), (3, "a"), (4, "a")]
    triggers = drawn(replayed(failing, *stream, timeout_conf="NoTimeout")).triggers
    assert rows(triggers, "label", "kind") == [
        ("no batch", "no_batch"),
        ("batch 1", "batch"),
        ("batch 2", "died"),
        ("not reached", "not_reached"),
    ]


def test_a_value_lasts_from_the_call_that_stored_it_to_the_one_that_changed_it():
    bars = drawn(replayed(TUTORIAL, *THREE_BATCHES)).bars
    assert rows(bars, "row", "x", "x2", "label", "call") == [
        (0, 0.25, 1.5, "2", 0),
        (0, 1.5, 2.75, "3", 2),
        (1, 0.75, 2.25, "1", 1),
    ]
    assert list(bars["until"])[1] == "batch 3, +12 min (call 5): timed out and forgotten"


def test_in_spark_a_timeout_ends_nothing():
    made = drawn(replayed(TUTORIAL, *THREE_BATCHES, semantics="spark"))
    assert rows(made.bars, "label", "x2") == [("2", 1.5), ("3", 3.0), ("1", 3.0)]
    assert rows(made.ends, "row", "kind") == [(0, "timed_out"), (1, "timed_out")]


def test_a_key_that_times_out_and_is_forgotten_has_a_mark_for_each():
    made = drawn(replayed(TUTORIAL, *THREE_BATCHES))
    assert rows(made.ends, "row", "x", "kind") == [
        (0, 2.75, "timed_out"),
        (0, 2.75, "removed"),
        (1, 2.25, "timed_out"),
        (1, 2.25, "removed"),
    ]


def test_the_same_value_stored_again_is_no_new_one():
    code = "def updateState(key, values, state):\n    state.update('open')\n"
    assert rows(drawn(replayed(code, (0, "a"), (1, "a"), (2, "a"))).bars, "x", "x2") == [(0.5, 3.0)]


def test_a_greater_number_is_darker_and_other_values_change_between_two_shades():
    counts = drawn(replayed(TUTORIAL, (0, "a b b b b c c"))).bars
    assert list(counts.sort_values("label")["shade"]) == pytest.approx([0.0, 0.5, 1.0])
    code = "def updateState(key, values, state):\n    state.update([len(values), 'x' * (state.exists and 3)])\n"
    shades = drawn(replayed(code, (0, "a"), (1, "a a"), (2, "a"))).bars["shade"]
    assert len(set(shades)) == 2


def test_a_row_with_a_timeout_only_is_shown_as_one_without_a_value():
    code = "def updateState(key, values, state):\n    state.setTimeoutDuration(1000)\n"
    assert rows(drawn(replayed(code, (0, "a"))).bars, "kind", "label") == [("no_value", "no value")]


def test_what_a_batch_that_died_would_have_stored_is_told_from_what_is_stored():
    failing = TUTORIAL.replace("    state.update(count)", "    assert key != 'x'\n    state.update(count)")
    made = drawn(replayed(failing, (0, "a"), (MINUTE_MS, "a b x")))
    assert rows(made.bars, "row", "kind", "label", "x2") == [
        (0, "value", "1", 2.0),
        (0, "lost", "2", 2.0),
        (1, "lost", "1", 2.0),
    ]
    assert rows(made.calls, "row", "kind") == [(0, "data"), (0, "data"), (1, "data"), (2, "failed")]
    assert "AssertionError" in made.calls["state"].iloc[-1]


def test_a_number_in_a_tuple_of_one_is_shaded_as_a_number():
    """PySpark's state is always a tuple."""
    code = "def updateState(key, values, state):\n    state.update((len(values),))\n"
    assert list(drawn(replayed(code, (0, "a b b b"))).bars["shade"]) == [0.0, 1.0]


def test_a_call_says_what_it_did():
    calls = drawn(replayed(TUTORIAL, *THREE_BATCHES)).calls
    assert rows(calls, "title", "rows", "state", "timeout") == [
        ("data call · batch 1, start", "2 rows", "nothing → 2", "due +10 min"),
        ("data call · batch 2, +1 min", "1 row", "2 → 3", "due +11 min"),
        ("timeout call · batch 3, +12 min", "0 rows", "3 → nothing", "none"),
        ("data call · batch 1, start", "1 row", "nothing → 1", "due +10 min"),
        ("timeout call · batch 3, +12 min", "0 rows", "1 → nothing", "none"),
    ]


def test_a_window_shows_what_began_before_it_up_to_its_edges():
    made = drawn(replayed(TUTORIAL, *THREE_BATCHES), Window(1, 1, 1, 1))
    assert rows(made.lanes, "label") == [("spark",)]
    assert rows(made.bars, "x", "x2", "label") == [(1.0, 2.0, "1")]
    assert rows(made.timeouts.lines, "x", "x2", "part") == [
        (1.0, pytest.approx(1 + 9 / 11), "set"),
        (1 + 9 / 11, 2, "overdue"),
    ]
    assert made.calls.empty


def test_a_window_without_keys_or_calls_has_all_frames():
    made = drawn(replayed(TUTORIAL, (0, "")))
    assert len(made.triggers) == 1
    assert all(frame.empty for frame in (made.lanes, made.bars, made.ends, made.calls, made.timeouts.lines))
    assert list(made.bars.columns) == list(drawn(replayed(TUTORIAL, (0, "a"))).bars.columns)


def test_hostile_keys_and_values_stay_one_short_visible_line():
    code = "def updateState(key, values, state):\n    state.update(key * 50)\n"
    made = drawn(replayed(code, (0, [{"k": "<b>\u202e\n\x00" + "x" * 5000}]), key="k"))
    texts = [*made.lanes["label"], *made.bars["label"], *made.bars["title"], *made.calls["state"], *made.calls["key"]]
    assert all(text.isprintable() and len(text) < 400 for text in texts)


streams = st.lists(st.tuples(st.integers(0, 12), st.lists(st.sampled_from("abc"), max_size=3)), min_size=2, max_size=8)


@given(streams, st.integers(0, 6), st.integers(1, 4), st.sampled_from(["tutorial", "spark"]))
@settings(max_examples=50)
def test_nothing_is_drawn_outside_of_the_window(stream, first, count, semantics):
    clock_ms, made = 0, []
    for minutes, words in stream:
        clock_ms += minutes * MINUTE_MS
        made.append((clock_ms, " ".join(words)))
    trace = replayed(TUTORIAL, *made, semantics=semantics)
    window = Window(min(first, len(made) - 1), count)
    shown = drawn(trace, window)
    frames = [shown.bars, shown.ends, shown.calls, shown.timeouts.lines, shown.timeouts.marks, shown.timeouts.waits]
    for frame in frames:
        for column in {"x", "x2"} & set(frame.columns):
            assert frame[column].between(shown.begin, shown.end).all()
        if "x2" in frame.columns:
            assert (frame["x"] <= frame["x2"]).all()
