"""Two replays side by side: what an edit of the function or of the stream changed."""

import msgspec

from engine import views
from engine.debugger import Stream, timing_out, with_batch_after, with_events_later, without_events
from tests.helpers import MINUTE_MS, TUTORIAL, replayed, scenario, trace_of

BATCHES = ((0, "hello hello spark"), (MINUTE_MS, "hello"), (12 * MINUTE_MS, ""))


def with_stream(change):
    made = scenario(TUTORIAL, *BATCHES)
    stream = change(Stream.of(made))
    return trace_of(
        msgspec.structs.replace(made, batches=list(stream.batches), restart_before=list(stream.restart_before))
    )


def told(baseline, trace):
    return [(d.batch, d.key, d.what, d.before, d.now) for d in views.compare(baseline, trace).differences]


def test_the_same_scenario_twice_differs_in_nothing():
    comparison = views.compare(replayed(TUTORIAL, *BATCHES), replayed(TUTORIAL, *BATCHES))
    assert comparison.sentence == "Nothing differs: 5 calls, the same states and outputs."


def test_two_replays_are_compared_once_however_often_the_page_asks():
    baseline, trace, other = (replayed(TUTORIAL, *BATCHES) for _ in range(3))
    comparison = views.compare(baseline, trace)
    assert views.compare(baseline, trace) is comparison
    assert views.compare(other, trace) is not comparison


def test_an_edited_function_shows_its_first_difference_first():
    edited = TUTORIAL.replace("sum(1", "sum(10")
    found = told(replayed(TUTORIAL, *BATCHES), replayed(edited, *BATCHES))
    assert found[0] == (1, "hello", "state", "2", "20")
    assert (1, "hello", "output", '[["hello", 2]]', '[["hello", 20]]') in found


def test_the_tutorials_rules_and_sparks_differ_at_the_timeouts_only():
    found = told(replayed(TUTORIAL, *BATCHES), replayed(TUTORIAL, *BATCHES, semantics="spark"))
    assert found == [(3, "spark", "state", "nothing", "1"), (3, "hello", "state", "nothing", "3")]


def test_a_batch_that_was_put_in_makes_no_other_call_differ():
    comparison = views.compare(replayed(TUTORIAL, *BATCHES), with_stream(lambda s: with_batch_after(s, 0)))
    assert (comparison.changed, comparison.added, comparison.gone) == (0, 0, 0)


def test_events_left_out_change_the_calls_that_had_them_and_those_that_followed():
    found = told(replayed(TUTORIAL, *BATCHES), with_stream(lambda s: without_events(s, 0, [0])))
    assert found[:2] == [(1, "hello", "rows in", "2 rows", "1 row"), (1, "hello", "state", "2", "1")]
    assert (2, "hello", "state", "3", "2") in found


def test_a_call_that_is_new_and_one_that_is_no_longer_made_are_told():
    comparison = views.compare(replayed(TUTORIAL, *BATCHES), with_stream(lambda s: with_events_later(s, 0, [2])))
    what = [(one.batch, one.key, one.what, one.call_index) for one in comparison.differences]
    assert (2, "spark", "new call", 2) in what
    assert (1, "spark", "no longer called", -1) in what
    assert comparison.sentence == "Calls: 1 new, 1 no longer made, 4 the same."


def test_a_timeout_that_was_made_to_fire_is_a_new_call():
    made = scenario(TUTORIAL, (0, "a"))
    stream = timing_out(made, 0, 10 * MINUTE_MS, "processing_time", ["a"])
    now = trace_of(msgspec.structs.replace(made, batches=list(stream.batches)))
    assert told(trace_of(made), now) == [(2, "a", "new call", "", "timeout: 1 → nothing")]


def test_an_error_and_a_lost_batch_are_differences():
    failing = TUTORIAL.replace("state.update(count)", "1 / (3 - count)")
    found = told(
        replayed(TUTORIAL.replace("state.update(count)", "pass"), (0, "a b b b")), replayed(failing, (0, "a b b b"))
    )
    assert (1, "b", "error", "none", "ZeroDivisionError") in found
    assert (1, "a", "kept", "yes", "no: its batch failed") in found


def test_a_page_leads_to_the_calls_of_the_newer_replay():
    edited = TUTORIAL.replace("sum(1", "sum(10")
    comparison = views.compare(replayed(TUTORIAL, *BATCHES), replayed(edited, *BATCHES))
    page = views.comparison_page(comparison, 1)
    assert page.calls[0] == 0
    assert list(page.frame["what"])[:2] == ["state", "output"]
