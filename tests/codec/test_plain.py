"""What a value of the user's becomes in a trace."""

from tests.helpers import replayed


def test_an_integer_too_long_to_write_out_is_told_by_its_size():
    trace = replayed("def updateState(key, values, state):\n    state.update(10**100_000)\n", (0, "a"))
    assert trace.ending == "completed"
    assert trace.calls[0].after.value == "<an integer of 332,193 bits>"


def test_an_integer_of_more_than_64_bits_keeps_its_digits():
    trace = replayed("def updateState(key, values, state):\n    state.update(10**30)\n", (0, "a"))
    assert trace.calls[0].after.value == "1" + 30 * "0"
