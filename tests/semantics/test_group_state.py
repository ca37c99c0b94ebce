"""What a call leaves behind, as truth tables (SEMANTICS 1.5 to 1.13): the rows are what the function does, in order."""

import pytest

from tests.helpers import replayed, transcript


def after_second_call(does: str, semantics: str, timed_out: bool) -> str:
    """State 1 with a timeout due at 5000 is there; then one call, with data at 1000 or timed out at 6000, does this."""
    code = (
        "def updateState(key, values, state):\n"
        "    if not list(values) and not state.hasTimedOut: raise AssertionError\n"
        "    if state.getCurrentProcessingTimeMs() == 0:\n"
        "        state.update(1)\n        state.setTimeoutDuration(5000)\n        return\n"
        f"    {does}\n"
    )
    second = (6000, "") if timed_out else (1000, "k")
    line = transcript(replayed(code, (0, "k"), second, semantics=semantics))[1]
    return line.split(" -> ")[1]


@pytest.mark.parametrize(
    ("does", "left"),
    [
        ("pass", "1"),  # 1.6: the JVM keeps the value and clears the timeout
        ("state.update(2)", "2"),  # 1.7
        ("state.setTimeoutDuration(9000)", "1 due 10000"),  # 1.8
        ("state.setTimeoutDuration(4000)", "1 due 5000"),  # the same timeout set again is still there
        ("state.update(2); state.setTimeoutDuration(9000)", "2 due 10000"),
        ("state.setTimeoutDuration(9000); state.update(2)", "2 due 10000"),
        ("state.remove()", "none"),  # 1.9
        ("state.remove(); state.update(3)", "3"),  # 1.10
        ("state.update(3); state.remove()", "none"),  # 1.10
        ("state.remove(); state.setTimeoutDuration(9000)", "no value due 10000"),  # 1.11
        ("state.setTimeoutDuration(9000); state.remove()", "no value due 10000"),  # 1.11
        ("state.setTimeoutDuration(1); state.setTimeoutDuration(9000)", "1 due 10000"),  # the last one counts
    ],
)
@pytest.mark.parametrize("semantics", ["tutorial", "spark"])
def test_a_call_with_data_leaves(does, left, semantics):
    assert after_second_call(does, semantics, timed_out=False) == left


@pytest.mark.parametrize(
    ("does", "in_spark", "in_tutorial"),
    [
        ("pass", "1", "none"),
        ("state.update(2)", "2", "2"),
        ("state.setTimeoutDuration(9000)", "1 due 15000", "1 due 15000"),
        ("state.remove()", "none", "none"),
        ("state.remove(); state.update(3)", "3", "3"),
        ("state.update(3); state.remove()", "none", "none"),
        ("state.remove(); state.setTimeoutDuration(9000)", "no value due 15000", "no value due 15000"),
    ],
)
def test_a_timed_out_call_leaves(does, in_spark, in_tutorial):
    assert after_second_call(does, "spark", timed_out=True) == in_spark
    assert after_second_call(does, "tutorial", timed_out=True) == in_tutorial


def test_a_timeout_without_any_state_keeps_a_row_without_a_value_that_fires():
    code = "def updateState(key, values, state):\n    if not state.hasTimedOut: state.setTimeoutDuration(1000)\n"
    trace = replayed(code, (0, "a"), (2000, ""), semantics="spark")
    assert transcript(trace) == [
        "batch 0: a data(1) none -> no value due 1000",
        "batch 1: a timeout no value due 1000 -> no value",
    ]
    assert [batch.metrics["numRowsTotal"] for batch in trace.batches] == [1, 1]


def test_a_call_that_does_nothing_for_a_new_key_stores_nothing():
    trace = replayed("def updateState(key, values, state): pass", (0, "a"), semantics="spark")
    assert transcript(trace) == ["batch 0: a data(1) none -> none"]
    assert trace.batches[0].metrics == {
        "numRowsTotal": 0,
        "numRowsUpdated": 0,
        "numRowsRemoved": 0,
        "numRowsDroppedByWatermark": 0,
    }


def test_remove_counts_as_removed_even_when_nothing_was_there():
    trace = replayed("def updateState(key, values, state): state.remove()", (0, "a"))
    assert trace.batches[0].metrics["numRowsRemoved"] == 1


def test_exists_and_has_timed_out_tell_the_truth_with_and_without_parentheses():
    code = (
        "def updateState(key, values, state):\n"
        "    if state.exists or state.exists() or state.hasTimedOut or state.hasTimedOut(): return [('wrong',)]\n"
        "    state.update(1)\n"
        "    return [(bool(state.exists), state.exists(), state.getOption(), state.get())]\n"
    )
    assert replayed(code, (0, "a")).calls[0].output == [[True, True, 1, 1]]


def test_state_is_stored_by_value_so_a_change_without_update_is_lost():
    code = (
        "def updateState(key, values, state):\n"
        "    seen = state.get() if state.exists else []\n"
        "    seen.append(len(seen))\n"
        "    if not state.exists: state.update(seen)\n"
        "    return [(len(seen),)]\n"
    )
    trace = replayed(code, (0, "a"), (1, "a"), (2, "a"))
    assert [call.output for call in trace.calls] == [[[1]], [[2]], [[2]]]
    assert [call.after.value for call in trace.calls] == [[0], [0], [0]]


def test_a_change_after_update_in_the_same_call_is_stored_but_the_operation_shows_what_was_given():
    code = "def updateState(key, values, state):\n    seen = [1]\n    state.update(seen)\n    seen.append(2)\n"
    call = replayed(code, (0, "a")).calls[0]
    assert call.after.value == [1, 2]
    assert call.operations == [["update", [[1]]]]
