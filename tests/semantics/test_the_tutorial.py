"""The tutorial's word count in both semantics: what a learner should see first."""

from engine.model import rules
from tests.helpers import MINUTE_MS, TUTORIAL, replayed, transcript

STREAM = ((0, "hello hello spark"), (MINUTE_MS, "hello"), (15 * MINUTE_MS, ""))


def test_the_tutorial_forgets_words_that_were_quiet_for_ten_minutes():
    assert transcript(replayed(TUTORIAL, *STREAM)) == [
        "batch 0: hello data(2) none -> 2 due 600000, out [('hello', 2)]",
        "batch 0: spark data(1) none -> 1 due 600000, out [('spark', 1)]",
        "batch 1: hello data(1) 2 due 600000 -> 3 due 660000, out [('hello', 3)]",
        "batch 2: spark timeout 1 due 600000 -> none",
        "batch 2: hello timeout 3 due 660000 -> none",
    ]


def test_spark_keeps_the_state_of_a_word_that_timed_out_for_ever():
    trace = replayed(TUTORIAL, *STREAM, (16 * MINUTE_MS, ""), (99 * MINUTE_MS, "spark"), semantics="spark")
    assert transcript(trace)[3:] == [
        "batch 2: spark timeout 1 due 600000 -> 1",
        "batch 2: hello timeout 3 due 660000 -> 3",
        "batch 4: spark data(1) 1 -> 2 due 6540000, out [('spark', 2)]",
    ]


def test_with_remove_both_semantics_forget():
    forgetful = TUTORIAL.replace("        return []", "        state.remove()\n        return []")
    for semantics in ("tutorial", "spark"):
        trace = replayed(forgetful, *STREAM, semantics=semantics)
        assert transcript(trace)[3:] == [
            "batch 2: spark timeout 1 due 600000 -> none",
            "batch 2: hello timeout 3 due 660000 -> none",
        ]


def test_the_tutorial_keeps_a_timed_out_key_that_was_updated_or_given_a_new_timeout():
    updating = "def updateState(key, values, state):\n    state.update(1)\n    state.setTimeoutDuration(1000)\n"
    assert transcript(replayed(updating, (0, "a"), (2000, "")))[1] == "batch 1: a timeout 1 due 1000 -> 1 due 3000"
    waiting = (
        "def updateState(key, values, state):\n"
        "    if not state.exists: state.update(7)\n"
        "    state.setTimeoutDuration(1000)\n"
    )
    assert transcript(replayed(waiting, (0, "a"), (2000, "")))[1] == "batch 1: a timeout 7 due 1000 -> 7 due 3000"


def test_values_are_a_list_in_the_tutorial_and_an_iterator_in_spark():
    code = "def updateState(key, values, state):\n    return [(len(list(values)), len(list(values)))]\n"
    assert replayed(code, (0, "a a")).calls[0].output == [[2, 2]]
    assert replayed(code, (0, "a a"), semantics="spark").calls[0].output == [[2, 0]]


def test_a_function_that_removes_the_state_itself_needs_no_rule_of_the_tutorial():
    code = "def updateState(key, values, state):\n  if state.hasTimedOut: state.remove()\n"
    code += "  else: state.update(1); state.setTimeoutDuration(1000)\n"
    for semantics in ("tutorial", "spark"):
        timed_out = replayed(code, (0, "a"), (5000, ""), semantics=semantics).calls[1]
        assert (timed_out.after.stored, timed_out.state_rule) == (False, rules.REMOVE_DELETES.id)
