"""Streams of the size that people upload go through the sandbox whole, and the server keeps little of them."""

import pytest

from engine.model.rows import Rows
from engine.model.scenario import Batch, Scenario
from tests.helpers import MINUTE_MS

pytestmark = pytest.mark.slow

COUNT = """\
def updateState(key, values, state):
    count = sum(1 for _ in values) + (state.get() if state.exists else 0)
    state.update(count)
    return [(key, count)]
"""
BATCHES = 100


def counting(rows: int, keys: int) -> Scenario:
    """`rows` rows of `keys` keys in turn, in 100 batches a minute apart."""
    size = rows // BATCHES
    numbers = [[i % keys for i in range(batch * size, (batch + 1) * size)] for batch in range(BATCHES)]
    batches = [Batch(i * MINUTE_MS, Rows(["word"], [[f"w{n}" for n in ns]])) for i, ns in enumerate(numbers)]
    return Scenario(api="updateState", semantics="spark", timeout_conf="NoTimeout", code=COUNT, batches=batches)


def test_a_million_rows_are_counted_and_every_call_is_there(runner):
    trace = runner.run(counting(rows=1_000_000, keys=1_000))
    assert trace.ending == "completed"
    assert len(trace.calls) == 100 * 1_000
    assert {call.after.value for call in trace.calls_of(trace.batches[-1])} == {1_000}


def test_a_call_costs_the_server_at_most_500_bytes(runner):
    trace = runner.run(counting(rows=100_000, keys=1_000))
    calls = trace.calls
    kept = len(calls.data) + calls.starts.itemsize * len(calls.starts) + calls.ends.itemsize * len(calls.ends)
    assert len(calls) == 100_000
    assert kept / len(calls) <= 500
