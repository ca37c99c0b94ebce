"""Where calls and moments stand on the axis of triggers, and what a trigger came to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.debugger.steps import Steps
from engine.model.scenario import Watermark
from engine.model.trace import Trace
from engine.views.axis import TriggerAxis
from engine.views.lane_story import timeout_fates
from tests.helpers import MINUTE_MS, TUTORIAL, replayed

NOON_MS = 1_704_110_400_000  # 2024-01-01 12:00 UTC
REMEMBER = "def updateState(key, values, state):\n    state.update(1)\n    return []\n"


def axis_of(trace: Trace) -> TriggerAxis:
    return TriggerAxis(trace, Steps(trace))


def tutorial() -> Trace:
    return replayed(TUTORIAL, (0, "hello hello spark"), (MINUTE_MS, "hello"), (12 * MINUTE_MS, ""))


def test_the_steps_of_a_trigger_share_its_width():
    axis = axis_of(tutorial())
    assert [axis.x_of_call(call) for call in range(5)] == [0.25, 0.75, 1.5, 2.25, 2.75]


def test_a_moment_stands_between_the_triggers_around_it():
    axis = axis_of(tutorial())
    assert axis.x_of_due(0) == 0
    assert axis.x_of_due(MINUTE_MS) == 1
    assert axis.x_of_due(10 * MINUTE_MS) == pytest.approx(1 + 9 / 11)


def test_a_moment_after_the_last_trigger_has_no_place():
    assert axis_of(tutorial()).x_of_due(12 * MINUTE_MS + 1) is None


def test_with_event_time_the_watermark_is_the_clock():
    rows = [[{"k": "a", "ts": f"2024-01-01T12:{minute:02d}:00"}] for minute in (0, 10, 20)]
    trace = replayed(
        REMEMBER,
        *[(minute * MINUTE_MS, batch) for minute, batch in enumerate(rows)],
        key="k",
        timeout_conf="EventTimeTimeout",
        watermark=Watermark("ts", "0 seconds"),
    )
    assert [batch.watermark_ms for batch in trace.batches] == [0, NOON_MS, NOON_MS + 10 * MINUTE_MS]
    assert axis_of(trace).x_of_due(NOON_MS + 5 * MINUTE_MS) == 1.5


def test_a_trigger_without_a_batch_is_told_from_one_with():
    axis = axis_of(replayed(REMEMBER, (0, ""), (MINUTE_MS, "a"), (2 * MINUTE_MS, ""), timeout_conf="NoTimeout"))
    assert [axis.kind(trigger) for trigger in range(3)] == ["no_batch", "batch", "no_batch"]


def test_the_axis_ends_one_trigger_after_the_batch_that_died():
    axis = axis_of(replayed("def updateState(k, v, s):\n    assert k != 'b'", (0, "a"), (1, "b"), (2, "a"), (3, "a")))
    assert axis.end == 3
    assert [axis.kind(trigger) for trigger in range(3)] == ["batch", "died", "not_reached"]


def test_a_call_is_placed_in_words():
    assert axis_of(tutorial()).place(2) == "batch 2, +1 min"
    later = replayed(TUTORIAL, (NOON_MS, "hello"), (NOON_MS + MINUTE_MS, "hello"))
    assert axis_of(later).place(1) == "batch 2, 12:01"


def test_the_calls_of_a_trigger_are_found_when_some_have_none():
    axis = axis_of(replayed(TUTORIAL, (0, ""), (1, "a b"), (2, ""), (3, "a")))
    assert [axis.first_call_from(trigger) for trigger in range(5)] == [0, 0, 2, 2, 3]
    assert axis.x_of_call(2) == 3.5


batches = st.lists(st.tuples(st.integers(0, 12), st.sampled_from(["", "a", "a b"])), min_size=1, max_size=8)


@given(batches)
def test_a_timeout_is_due_before_the_trigger_that_fires_it(batches):
    clock_ms, made = 0, []
    for minutes, words in batches:
        clock_ms += minutes * MINUTE_MS
        made.append((clock_ms, words))
    trace = replayed(TUTORIAL, *made)
    axis = axis_of(trace)
    for fate in timeout_fates(trace):
        if fate.fate == "fired" and fate.ended_by is not None:
            due_x = axis.x_of_due(fate.due_ms)
            assert due_x is not None
            assert axis.x_of_call(fate.set_by) < due_x + 1
            assert due_x <= int(axis.x_of_call(fate.ended_by))
