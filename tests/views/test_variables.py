"""State variables, timers and times to live in the inspector, the lanes and the words of the views."""

import pytest

from engine.debugger.steps import Steps
from engine.model.scenario import InitialState
from engine.model.trace import FunctionCalled, Trace
from engine.views.call_table import call_table, number_of
from engine.views.inspector import Inspection, inspect
from engine.views.lane_story import timeout_fates
from engine.views.picture import picture
from engine.views.tables import all_calls, call_page
from engine.views.variables import declared_variables, variables_of
from engine.views.why_rows import event_page
from engine.views.why_state import origin
from engine.views.why_timeouts import timeouts_of_call
from engine.views.window import chosen_lanes, first_window
from tests.helpers import MINUTE_MS, replayed_in_pandas, replayed_processor
from tests.views.processors import COUNTS


@pytest.fixture(scope="module")
def trace() -> Trace:
    """Two keys; a comes twice, both are then quiet until their first timer, and for ever after."""
    return replayed_processor(
        COUNTS, (0, "ab"), (MINUTE_MS, [{"k": "a", "v": 7}]), (6 * MINUTE_MS, ""), (20 * MINUTE_MS, "")
    )


def calls_of(trace: Trace, reason: str, key: str = "a") -> list[int]:
    return [index for index, call in enumerate(trace.calls) if call.reason == reason and call.key == (key,)]


def inspected(trace: Trace, call_index: int) -> Inspection:
    steps = Steps(trace)
    return inspect(trace, steps.at(steps.of_call(call_index)))


def test_init_and_close_are_calls_of_the_log_but_no_steps(trace):
    steps = Steps(trace)
    reasons = [trace.calls[steps.at(index).call_index].reason for index in range(len(steps))]
    assert reasons == ["data", "data", "data", "timer", "timer", "timer", "timer"]
    assert list(call_page(trace, all_calls(trace), 1).frame["why"])[:5] == [
        "init (driver)",
        "close (driver)",
        "init",
        "data",
        "data",
    ]


def test_every_call_of_the_log_is_seen_at_the_step_beside_it(trace):
    steps = Steps(trace)
    seen = [set(steps.calls_beside(steps.at(index))) for index in range(len(steps))]
    assert set().union(*seen) == set(range(len(trace.calls)))
    assert sum(map(len, seen)) == len(trace.calls)
    for index, calls in enumerate(seen):
        assert {steps.of_call(call) for call in calls} <= {index, index + 1}


def test_the_numbers_of_steps_are_those_of_the_log(trace):
    steps = Steps(trace)
    for index in range(len(steps)):
        since, number = [pair for pair in steps.numbers if pair[0] <= index][-1]
        assert number + index - since == steps.at(index).call_index + 1


def test_a_processor_that_fails_in_init_has_a_step_there():
    failed = replayed_processor(COUNTS.replace('print("made")', "1 / 0"), (0, "a"))
    steps = Steps(failed)
    assert (len(steps), steps.at(0).call_index) == (1, 0)
    assert inspect(failed, steps.at(0)).failure.error_class


def test_what_init_declared_is_known_with_schemas_and_times_to_live(trace):
    declared = declared_variables(trace)
    assert {name: (one.kind, one.schema, one.ttl_ms) for name, one in declared.items()} == {
        "count": ("value", "n long", None),
        "seen": ("list", "v long", 120_000),
        "by_v": ("map", "n long", None),
    }
    assert declared["by_v"].key_schema == "v long"


def test_each_state_variable_is_inspected_with_its_own_difference(trace):
    second = inspected(trace, calls_of(trace, "data")[1])
    count, seen, by_v = second.variables
    assert (count.before, count.after, count.difference.changes[0].delta) == ("1", "2", "↑ 1")
    assert (seen.kind, seen.before, seen.after) == ("list", "[0]", "[0, 7]")
    assert [(change.kind, change.field) for change in seen.difference.changes] == [("added", "[1]")]
    assert seen.expiry == "the first expires +2 min, in 1 min; the last +3 min"
    assert [(change.kind, change.field, change.after) for change in by_v.difference.changes] == [("added", "[7]", "1")]


def test_operations_are_told_by_variable_and_say_until_when_a_value_lives(trace):
    told = [(operation.text, operation.note) for operation in inspected(trace, calls_of(trace, "data")[1]).operations]
    assert ("by_v.updateValue(7, 1)", "") in told
    assert ("seen.appendValue(7)", "lives 2 minutes, until +3 min") in told
    assert ("registerTimer +6 min", "waits for the first trigger at or after +6 min") in told


def test_timers_before_and_after_are_told_each_once(trace):
    timers = inspected(trace, calls_of(trace, "data")[1]).timers
    assert [(timer.kind, timer.moment) for timer in timers] == [
        ("removed", "+5 min"),
        ("added", "+6 min"),
        ("removed", "+10 min"),
        ("added", "+11 min"),
    ]
    fired = inspected(trace, calls_of(trace, "timer")[0])
    assert next((timer.kind, timer.note) for timer in fired.timers) == ("removed", "it fired: this call")


def test_calls_are_written_as_spark_makes_them(trace):
    data, timer = calls_of(trace, "data")[1], calls_of(trace, "timer")[0]
    assert inspected(trace, data).call == 'handleInputRows(("a",), iter([Row(k="a", v=7)]), timerValues)'
    assert inspected(trace, timer).call == (
        'handleExpiredTimer(key=("a",), timerValues=timerValues, expiredTimerInfo=<+6 min>)'
    )


def test_the_life_of_the_processor_is_told_where_it_happens(trace):
    first = inspect(trace, Steps(trace).at(0)).lifecycle
    assert [(line.text.split(":")[0].split(",")[0], line.printed) for line in first] == [
        ("init(handle) on the driver", "made\n"),
        ("close() on the driver", ""),
        ("init(handle)", "made\n"),
    ]
    assert "What earlier batches set on self is gone." in first[2].text
    assert inspect(trace, Steps(trace).at(1)).lifecycle[0].text.startswith("close()")


def test_what_the_end_of_a_batch_removes_is_told_at_its_last_step(trace):
    last = [step for step in map(Steps(trace).at, range(7)) if step.trigger == 2][-1]
    assert "3 values from the store, whose time to live was over" in inspect(trace, last).removed


def test_a_timer_stays_until_it_fires_or_is_deleted(trace):
    fates = [(timer.due_ms // MINUTE_MS, timer.fate) for timer in timeout_fates(trace) if timer.key == ("a",)]
    assert sorted(fates) == [(5, "deleted"), (6, "fired"), (10, "deleted"), (11, "fired")]


def test_a_call_that_sets_another_timer_leaves_the_first_one_alone():
    code = COUNTS.replace("            self.handle.deleteTimer(timer)", "            pass")
    two = replayed_processor(code, (0, "a"), (MINUTE_MS, "a"), (7 * MINUTE_MS, ""))
    fates = [(timer.due_ms // MINUTE_MS, timer.fate) for timer in timeout_fates(two)]
    assert sorted(fates) == [(5, "fired"), (6, "fired"), (10, "pending"), (11, "pending")]


def test_a_timer_that_is_deleted_in_the_batch_in_which_it_was_due_says_that_data_comes_first():
    late = replayed_processor(COUNTS, (0, "a"), (5 * MINUTE_MS, "a"))
    words = timeouts_of_call(late, calls_of(late, "data")[1])
    assert any("keys with data are called before timers fire" in text for text in words)
    assert all("timer" in text for text in words)


def test_a_bar_loses_what_expires_without_a_call(trace):
    steps = Steps(trace)
    shown = picture(trace, steps, first_window(trace, steps), chosen_lanes(trace))
    mine = shown.bars[shown.bars["row"] == 1]
    assert list(mine["label"]) == [
        "count = 1, seen = 1, by_v = 1=1",
        "count = 1, by_v = 1=1",
        "by_v = 1=1",
    ]
    assert list(mine["fades"]) == [True, False, False]
    assert (mine["x2"].iloc[0], mine["x"].iloc[1]) == (pytest.approx(1.2), pytest.approx(1.2))
    assert mine["until"].iloc[0] == "+2 min: seen = 1 is over, its time to live ends"
    assert "expired" in set(shown.ends["kind"])


def test_a_value_that_a_call_replaced_before_its_time_was_over_did_not_expire():
    code = (
        "class Processor(StatefulProcessor):\n"
        "    def init(self, handle):\n        self.n = handle.getValueState('n', 'n long', 60000)\n"
        "    def handleInputRows(self, key, rows, timerValues):\n"
        "        self.n.update(((self.n.get()[0] if self.n.exists() else 0) + 1,))\n        return iter(())\n"
    )
    trace = replayed_processor(code, (0, "a"), (1, "a"), (2 * MINUTE_MS, "b"))
    steps = Steps(trace)
    shown = picture(trace, steps, first_window(trace, steps), chosen_lanes(trace))
    of_a = shown.bars[shown.bars["row"] == 0]
    assert list(zip(of_a["label"], of_a["fades"], strict=True)) == [("1", False), ("2", True)]
    assert list(shown.ends["state"]) == ["n = 2 → nothing"]


def test_a_timer_that_fires_at_its_very_time_is_marked_where_it_was_due(trace):
    steps = Steps(trace)
    frames = picture(trace, steps, first_window(trace, steps), chosen_lanes(trace)).timeouts
    assert frames.name == "timer"
    fired = frames.marks[(frames.marks["row"] == 0) & (frames.marks["fate"] == "fired")]
    assert min(fired["x"]) == 2.0


def test_a_state_is_measured_by_its_one_number_or_by_how_much_is_in_it(trace):
    states = [trace.calls[index].after for index in (*calls_of(trace, "data"), *calls_of(trace, "timer"))]
    assert [number_of(state) for state in states] == [2.0, 4.0, 2.0, 2.0]
    assert variables_of(states[0]) == {"count": 1, "seen": [0], "by_v": {0: 1}}


def test_a_key_that_pandas_changed_is_seen_in_the_lane_of_the_state_that_it_had():
    code = """\
class Processor(StatefulProcessor):
    def init(self, handle):
        self.n = handle.getValueState("n", "n long")

    def handleInputRows(self, key, rows, timerValues):
        self.n.update(((self.n.get() or (0,))[0] + 1,))
        yield pd.DataFrame()
"""
    rows = [{"k": 3}, {"k": None}]
    null = replayed_in_pandas(
        code, (0, rows), api="transformWithStateInPandas", input_schema="k long", state_schema=None, time_mode="None"
    )
    assert [lane.key for lane in call_table(null).lanes] == [(None,)]
    three: FunctionCalled = next(call for call in null.calls if call.key == (3,))
    assert three.state_key == (None,)
    told = inspected(null, list(null.calls).index(three)).story
    assert told[0].endswith("this call reads and writes the state of None.")


INITIAL = """\
class P(StatefulProcessor):
    def init(self, handle):
        self.n = handle.getValueState("n", "n long")

    def handleInitialState(self, key, initialState, timerValues):
        self.n.update((initialState.n,))

    def handleInputRows(self, key, rows, timerValues):
        self.n.update((self.n.get()[0] + len(list(rows)),))
        return iter([])
"""


def test_the_state_that_a_query_starts_from_is_handed_over_in_calls_that_were_given_no_events():
    rows = [{"k": "z", "n": 9}, {"k": "a", "n": 5}]
    trace = replayed_processor(INITIAL, (0, "a"), initial_state=InitialState("k string, n long", "k", rows))
    steps = Steps(trace)
    first, _, data = (inspect(trace, steps.at(index)) for index in range(len(steps)))
    assert first.call == 'handleInitialState(("a",), Row(k="a", n=5), timerValues)'
    assert first.rows_in.rows == (("a", "5"),)
    assert data.variables[0].before == "5"
    events = event_page(trace, 1)
    assert [trace.calls[call].reason for call in events.calls] == ["data"]
    assert origin(trace, events.calls[0]).sentence(trace).endswith("2 calls and 1 event made it so.")


def test_the_other_lines_of_a_call_without_a_key_stay_empty():
    failed = replayed_processor(INITIAL.replace('"n long")', '"n long", -5)'), (0, "a"))
    seen = inspect(failed, Steps(failed).at(0))
    assert (seen.call, seen.key, seen.variables) == ("init(handle)", "", ())
    assert seen.failure.line == 3
