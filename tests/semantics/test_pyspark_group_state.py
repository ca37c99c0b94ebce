"""What a call of applyInPandasWithState leaves behind, as truth tables (SEMANTICS 1.5 to 1.13, PySpark's column).

The JVM's answers to the same questions stand in test_group_state.py: they differ where a call touches nothing.
"""

import pytest

from tests.helpers import replayed_in_pandas, transcript


def left_by_second_call(does: str, timed_out: bool) -> tuple[str, str]:
    """State (1,) with a timeout due at 5000 is there; then one call, with data at 1000 or timed out at 6000, does this.

    Answers the state that is left, and the rule that the trace names.
    """
    code = (
        "def fn(key, pdfs, state):\n"
        "    if state.getCurrentProcessingTimeMs() == 0:\n"
        "        state.update((1,))\n        state.setTimeoutDuration(5000)\n        return []\n"
        f"    {does}\n    return []\n"
    )
    second = (6000, "") if timed_out else (1000, "k")
    trace = replayed_in_pandas(code, (0, "k"), second, timeout_conf="ProcessingTimeTimeout")
    assert trace.error is None
    return transcript(trace)[1].split(" -> ")[1], trace.calls[1].state_rule


@pytest.mark.parametrize(
    ("does", "left", "rule"),
    [
        ("pass", "[1] due 5000", "untouched-state-keeps-its-timeout"),
        ("state.update((2,))", "[2]", "update-clears-the-timeout"),
        ("state.setTimeoutDuration(9000)", "[1] due 10000", "timeout-without-update-keeps-the-value"),
        ("state.setTimeoutDuration(4000)", "[1] due 5000", "timeout-without-update-keeps-the-value"),
        ("state.update((2,)); state.setTimeoutDuration(9000)", "[2] due 10000", ""),
        ("state.setTimeoutDuration(9000); state.update((2,))", "[2] due 10000", ""),
        ("state.remove()", "none", "remove-deletes-the-row"),
        ("state.remove(); state.update((3,))", "[3]", "update-clears-the-timeout"),
        ("state.update((3,)); state.remove()", "none", "remove-deletes-the-row"),
        ("state.remove(); state.setTimeoutDuration(9000)", "no value due 10000", "remove-with-timeout-keeps-a-row"),
        ("state.setTimeoutDuration(9000); state.remove()", "no value due 10000", "remove-with-timeout-keeps-a-row"),
        (
            "state.setTimeoutDuration(1); state.setTimeoutDuration(9000)",
            "[1] due 10000",
            "timeout-without-update-keeps-the-value",
        ),
    ],
)
def test_a_call_with_data_leaves(does, left, rule):
    assert left_by_second_call(does, timed_out=False) == (left, rule)


@pytest.mark.parametrize(
    ("does", "left"),
    [
        ("pass", "[1] due 5000"),
        ("state.update((2,))", "[2]"),
        ("state.setTimeoutDuration(9000)", "[1] due 15000"),
        ("state.remove()", "none"),
        ("state.remove(); state.update((3,))", "[3]"),
        ("state.remove(); state.setTimeoutDuration(9000)", "no value due 15000"),
    ],
)
def test_a_timed_out_call_leaves(does, left):
    assert left_by_second_call(does, timed_out=True)[0] == left


@pytest.mark.parametrize(
    ("does", "left", "rule"),
    [
        ("pass", "none", ""),
        ("state.remove()", "none", "remove-deletes-the-row"),
        ("state.setTimeoutDuration(500)", "no value due 500", "timeout-without-state-keeps-a-row"),
        ("state.update((None,))", "[None]", ""),
    ],
)
def test_a_call_on_a_new_key_leaves(does, left, rule):
    code = f"def fn(key, pdfs, state):\n    {does}\n    return []\n"
    trace = replayed_in_pandas(code, (0, "k"), timeout_conf="ProcessingTimeTimeout")
    assert transcript(trace)[0].split(" -> ")[1] == left
    assert trace.calls[0].state_rule == rule
    assert trace.batches[0].metrics["numRowsRemoved"] == (does == "state.remove()")  # also of a row that is not there


SEEN = """
def fn(key, pdfs, state):
    seen = (state.exists, state.getOption, state.hasTimedOut, state.oldTimeoutTimestamp, str(state))
    state.update((len(list(pdfs)),))
    state.setTimeoutDuration(100)
    yield pd.DataFrame({"info": [repr(seen)]})
"""


def test_a_call_sees_the_value_but_never_the_stored_timeout():
    trace = replayed_in_pandas(SEEN, (0, "k"), (50, "k"), (151, ""), timeout_conf="ProcessingTimeTimeout")
    assert [row[0] for call in trace.calls for row in call.output] == [
        "(False, None, False, -1, 'GroupState(<undefined>)')",
        "(True, (1,), False, -1, 'GroupState((1,))')",
        "(True, (1,), True, -1, 'GroupState((1,))')",
    ]
