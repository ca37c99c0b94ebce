"""What became of every timeout: who set it, who ended it, and how."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from engine.debugger import Steps
from engine.model.trace import Trace
from engine.views import chosen_lanes, first_window, inspect, last_call_at, picture, timeouts_of_call
from engine.views.lane_story import timeout_fates
from engine.views.timeouts import TimeoutFate, setting_line
from tests.helpers import MINUTE_MS, TUTORIAL, replayed, replayed_in_pandas, replayed_processor

ONCE = """\
def updateState(key, values, state):
    if state.hasTimedOut():
        state.remove()
    elif not state.exists:
        state.update(1)
        state.setTimeoutDuration("10 minutes")
    elif "bye" in values:
        state.remove()
    else:
        state.update(state.get() + 1)
"""
NAGGING = """\
def updateState(key, pdfs, state):
    if state.hasTimedOut:
        return
    state.update((1,))
    state.setTimeoutDuration(600000)
    yield pd.DataFrame({"info": ["seen"]})
"""


def only_fate(trace: Trace) -> TimeoutFate:
    (fate,) = timeout_fates(trace)
    return fate


def test_a_timeout_that_fires_names_the_call_that_it_made():
    fate = only_fate(replayed(TUTORIAL, (0, "hello"), (11 * MINUTE_MS, "")))
    assert (fate.key, fate.due_ms, fate.set_by) == (("hello",), 10 * MINUTE_MS, 0)
    assert (fate.fate, fate.ended_by) == ("fired", 1)


def test_a_new_timeout_replaces_the_old_one():
    first, second = timeout_fates(replayed(TUTORIAL, (0, "hello"), (MINUTE_MS, "hello")))
    assert (first.fate, first.ended_by) == ("replaced", 1)
    assert (second.fate, second.due_ms, second.set_by) == ("pending", 11 * MINUTE_MS, 1)


def test_the_same_timeout_set_again_is_another_one():
    first, second = timeout_fates(replayed(TUTORIAL, (0, "hello"), (0, "hello")))
    assert first.due_ms == second.due_ms
    assert (first.fate, second.fate) == ("replaced", "pending")


def test_a_call_that_keeps_the_state_but_sets_no_timeout_loses_it():
    fate = only_fate(replayed(ONCE, (0, "hello"), (MINUTE_MS, "hello")))
    assert (fate.fate, fate.ended_by) == ("cancelled", 1)


def test_a_timeout_goes_with_the_state_that_is_removed():
    fate = only_fate(replayed(ONCE, (0, "bye"), (MINUTE_MS, "bye")))
    assert (fate.fate, fate.ended_by) == ("removed", 1)


def test_a_timeout_that_is_due_at_the_very_time_of_the_last_trigger_still_waits():
    fate = only_fate(replayed(TUTORIAL, (0, "hello"), (10 * MINUTE_MS, "")))
    assert (fate.fate, fate.ended_by) == ("pending", None)


def test_a_timeout_of_a_batch_that_died_was_never_stored():
    failing = TUTORIAL.replace("    state.update(count)", "    assert key < 'x'\n    state.update(count)")
    trace = replayed(failing, (0, "hello"), (MINUTE_MS, "hello spark x"))
    assert {(fate.key, fate.set_by): fate.fate for fate in timeout_fates(trace)} == {
        (("hello",), 0): "pending",
        (("hello",), 1): "not_committed",
        (("spark",), 2): "not_committed",
    }


def test_a_timeout_that_pyspark_keeps_fires_in_every_batch_and_still_stands():
    stream = [(0, "a"), (11 * MINUTE_MS, ""), (12 * MINUTE_MS, "")]
    fate = only_fate(replayed_in_pandas(NAGGING, *stream, timeout_conf="ProcessingTimeTimeout"))
    assert (fate.fate, fate.kept_by) == ("pending", (1, 2))


def test_the_line_of_a_timeout_is_that_of_the_last_setter_that_counted():
    code = """\
def updateState(key, values, state):
    state.setTimeoutDuration("1 minute")
    state.setTimeoutDuration("10 minutes")
    try:
        state.setTimeoutDuration(-1)
    except Exception:
        pass
"""
    trace = replayed(code, (0, "hello"))
    assert setting_line(trace, only_fate(trace)) == 3


def test_nan_is_one_key_in_all_batches():
    rows = [{"k": "NaN", "v": 1}]
    fates = timeout_fates(replayed(TUTORIAL, (0, rows), (MINUTE_MS, rows), key="k", input_schema="k double, v long"))
    assert [fate.fate for fate in fates] == ["replaced", "pending"]


batches = st.lists(st.tuples(st.integers(0, 12), st.lists(st.sampled_from("abc"), max_size=3)), min_size=1, max_size=8)


@given(batches)
def test_every_timed_out_call_ends_one_timeout_of_its_key_and_no_key_waits_twice(batches):
    clock_ms, made = 0, []
    for minutes, words in batches:
        clock_ms += minutes * MINUTE_MS
        made.append((clock_ms, " ".join(words)))
    trace = replayed(TUTORIAL, *made)
    fates = timeout_fates(trace)
    timed_out = [(index, call.key) for index, call in enumerate(trace.calls) if call.reason == "timeout"]
    assert sorted((fate.ended_by, fate.key) for fate in fates if fate.fate == "fired") == timed_out
    assert max(Counter(fate.key for fate in fates if fate.fate == "pending").values(), default=0) <= 1


MANY_TIMERS = """\
class Many(StatefulProcessor):
    def init(self, handle):
        self.handle = handle

    def handleInputRows(self, key, rows, timerValues):
        for timer in list(self.handle.listTimers()):
            self.handle.deleteTimer(timer)
        for number in range(500):
            self.handle.registerTimer(timerValues.getCurrentProcessingTimeInMs() + 600_000 + number)
        return iter([])
"""


def test_of_hundreds_of_timers_of_one_key_the_first_are_told_and_how_many_more_there_are():
    trace = replayed_processor(MANY_TIMERS, (0, "a"), (MINUTE_MS, "a"))
    steps = Steps(trace)
    call = last_call_at(trace, steps.at(len(steps) - 1))
    assert len(timeout_fates(trace)) == 1_000
    assert timeouts_of_call(trace, call)[-1] == "… 980 more timers"
    assert [timer.moment for timer in inspect(trace, steps.at(len(steps) - 1)).timers or ()][-1] == "… 980 more"


def test_of_hundreds_of_timers_of_one_key_the_first_are_drawn_and_all_are_counted():
    trace = replayed_processor(MANY_TIMERS, (0, "a"))
    steps = Steps(trace)
    drawn = picture(trace, steps, first_window(trace, steps), chosen_lanes(trace, "first call")).timeouts
    assert len(drawn.lines) == 200
    assert drawn.waits.label.tolist() == ["waits for the first trigger at or after +10 min, and 499 more"]
