"""What a call of a StatefulProcessor did to its state variables and timers, in plain words."""

import pytest

from engine.debugger.steps import Steps
from engine.views.inspector import inspect
from tests.helpers import MINUTE_MS, replayed_processor

PROCESSOR = """\
from pyspark.sql import Row

class P(StatefulProcessor):
    def init(self, handle):
        self.handle = handle
        self.n = handle.getValueState("n", "n long")
        self.short = handle.getValueState("short", "n long", 600_000)
        self.seen = handle.getMapState("seen", "k string", "n long")

    def handleInputRows(self, key, rows, timerValues):
        row = next(rows)
        {body}
        return iter([])
"""


def story(first: str, second: str) -> list[str]:
    """What is told of the second of two calls, which do these lines; without what was handed over and returned."""
    body = f"if row.v == 0:\n            {first}\n        else:\n            {second}"
    batches = [(0, [{"k": "a", "v": 0}]), (MINUTE_MS, [{"k": "a", "v": 1}])]
    trace = replayed_processor(PROCESSOR.format(body=body), *batches)
    steps = Steps(trace)
    return list(inspect(trace, steps.at(len(steps) - 1)).story[1:-1])


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("pass", "pass", "It stores nothing."),
        ("pass", "self.n.update((1,))", "It stores n = 1."),
        ("self.n.update((1,))", "self.n.update((2,))", "It stores n = 2 in place of 1."),
        ("self.n.update((1,))", "self.n.update((1,))", "It stores the same value again."),
        ("self.n.update((1,))", "self.n.get()", "It changes no state variable: everything stays as it was."),
        ("self.n.update((1,))", "self.seen.clear()", "It changes no state variable: everything stays as it was."),
        ("self.n.update((1,))", "self.n.clear()", "It clears n: 1 is forgotten."),
        (
            "self.short.update((1,))",
            "self.short.update((1,))",
            "It stores the same value again: its time to live starts over.",
        ),
        ("self.seen.updateValue(('x',), (1,))", "self.seen.updateValue(('y',), (2,))", "It adds seen.y = 2."),
        (
            "self.seen.updateValue(('x',), (1,)); self.seen.updateValue(('y',), (2,))",
            "self.seen.removeKey(('y',))",
            "It removes seen.y, which was 2.",
        ),
        (
            "self.seen.updateValue(('x',), (1,)); self.seen.updateValue(('y',), (2,))",
            "self.seen.removeKey(('y',)); self.seen.updateValue(('x',), (3,))",
            "seen: 1 changed, 1 removed.",
        ),
    ],
)
def test_one_sentence_says_what_became_of_a_variable(first, second, told):
    assert story(first, second) == [told]


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (
            "pass",
            "self.handle.registerTimer(120_000); self.handle.registerTimer(180_000)",
            "It registers a timer that waits for the first trigger at or after +2 min, and 1 other after that.",
        ),
        (
            "self.handle.registerTimer(120_000)",
            "self.handle.deleteTimer(120_000)",
            "It deletes the timer due at +2 min.",
        ),
        (
            "self.handle.registerTimer(120_000); self.handle.registerTimer(180_000)",
            "self.handle.deleteTimer(120_000); self.handle.deleteTimer(180_000)",
            "It deletes the timers due at +2 min, +3 min.",
        ),
        (
            "self.n.update((1,)); self.handle.registerTimer(120_000)",
            "self.n.clear()",
            "No state is left, but its timers are: clear() deletes no timers.",
        ),
    ],
)
def test_one_sentence_says_what_became_of_the_timers(first, second, told):
    assert story(first, second)[-1] == told
