"""Which part of a large trace is shown, and which keys in which order."""

import pytest

from engine.debugger.steps import Steps
from engine.model.trace import Trace
from engine.views.call_table import call_table
from engine.views.window import MAX_TRIGGERS, Window, chosen_lanes, first_window, key_page_at, window_at
from engine.views.words import key_text
from tests.helpers import MINUTE_MS, TUTORIAL, replayed

COUNT = "def updateState(key, values, state):\n    state.update(len(values))\n    return []\n"


def many_triggers(count: int) -> tuple[Trace, Steps]:
    trace = replayed(COUNT, *[(trigger, "a") for trigger in range(count)])
    return trace, Steps(trace)


def test_a_short_trace_is_shown_whole():
    trace, steps = many_triggers(3)
    assert first_window(trace, steps) == Window(0, 3)


def test_a_long_trace_is_shown_from_its_beginning():
    trace, steps = many_triggers(MAX_TRIGGERS + 20)
    assert first_window(trace, steps) == Window(0, MAX_TRIGGERS)


def test_the_window_stays_while_the_trigger_is_in_it():
    trace, steps = many_triggers(100)
    window = Window(20, 40)
    assert window_at(trace, steps, window, 20) == window
    assert window_at(trace, steps, window, 59) == window


@pytest.mark.parametrize(("trigger", "first"), [(60, 50), (0, 0), (99, 60), (19, 9)])
def test_the_window_moves_to_a_trigger_outside_of_it_and_never_beyond_the_trace(trigger, first):
    trace, steps = many_triggers(100)
    assert window_at(trace, steps, Window(20, 40), trigger) == Window(first, 40)


def test_a_window_of_a_longer_trace_is_fitted_to_a_shorter_one():
    trace, steps = many_triggers(3)
    assert window_at(trace, steps, Window(20, 40), 2) == Window(0, 3)


def names(trace: Trace, **choice: str) -> list[str]:
    return [key_text(call_table(trace).lanes[place].key) for place in chosen_lanes(trace, **choice)]


def stream() -> Trace:
    return replayed(
        TUTORIAL,
        (0, "m z"),
        (MINUTE_MS, "a z"),
        (2 * MINUTE_MS, "m z"),
        (11 * MINUTE_MS + 1, "B"),
        (12 * MINUTE_MS, ""),
    )


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("first call", ["m", "z", "a", "B"]),
        ("name", ["a", "B", "m", "z"]),
        ("most calls", ["z", "m", "a", "B"]),
        ("last change", ["a", "B", "z", "m"]),
    ],
)
def test_keys_come_in_the_order_that_was_asked_for(order, expected):
    assert names(stream(), order=order) == expected


def test_numbers_are_in_order_of_their_value_and_null_is_first():
    rows = [{"k": value} for value in (10, 9, None, -1)]
    assert names(replayed(COUNT, (0, rows), key="k"), order="name") == ["None", "-1", "9", "10"]


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("all keys", {"m", "z", "a", "B"}),
        ("remembered", {"m", "z", "B"}),
        ("forgotten", {"a"}),
        ("timed out", {"a"}),
        ("waiting", {"m", "z", "B"}),
        ("failed", set()),
    ],
)
def test_keys_are_shown_by_what_became_of_them(shown, expected):
    assert set(names(stream(), shown=shown)) == expected


def test_the_key_that_failed_is_found():
    failing = COUNT.replace("state.update", "assert key != 'b'; state.update")
    assert names(replayed(failing, (0, "a b c")), shown="failed") == ["b"]


def test_a_key_is_found_by_a_part_of_its_name_whatever_its_case():
    assert names(stream(), search=" b ") == ["B"]
    assert names(stream(), search="(") == []


def test_a_key_is_found_by_the_name_that_is_seen_on_the_screen():
    trace = replayed(COUNT, (0, [{"k": "a\u202eb"}, {"k": "ab"}]), key="k")
    assert names(trace, search="\\u202e") == ["a\\u202eb"]


@pytest.mark.parametrize(("call_index", "page"), [(0, 1), (1, 1), (2, 2), (4, 3), (5, 1)])
def test_the_page_of_keys_is_the_one_with_the_key_of_the_call(call_index, page):
    trace = replayed(COUNT, (0, "a b c d e"), (1, "b"))
    assert key_page_at(trace, chosen_lanes(trace), call_index, 2) == page


def test_a_call_with_a_key_that_is_not_shown_turns_no_page():
    trace = replayed(COUNT, (0, "a1 a2 a3 b"), (1, "b"))
    places = chosen_lanes(trace, search="a")
    assert [key_page_at(trace, places, call_index, 2) for call_index in range(5)] == [1, 1, 2, 2, 2]
    assert key_page_at(trace, places, -1, 2) == 1
    assert key_page_at(trace, (), 0, 2) == 1
