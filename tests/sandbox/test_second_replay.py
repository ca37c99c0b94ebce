"""A second replay has what Spark, too, may have otherwise another time; all that a function may rely on is the same."""

import pytest

from engine.diagnostics import findings_of_two
from tests.helpers import TUTORIAL, replayed_processor, scenario

STREAM = ((0, "a b"), (1000, "a"))


def seen(runner, made):
    """The finding of two replays that do not agree; None when they do."""
    trace = runner.run(made)
    with runner.again(made) as replay:
        second = replay.result()
    found = {finding.id: finding for finding in findings_of_two(trace, second)}
    return found.get("replays-differ")


def of(top, body):
    return scenario(f"{top}\ndef updateState(key, values, state):\n    {body}\n", *STREAM, semantics="spark")


@pytest.mark.parametrize(
    ("top", "body", "first_call"),
    [
        ("import time", "state.update(time.perf_counter_ns())", 0),
        ("import random", "return [random.random()]", 0),
        ("import numpy as np", "return [float(np.random.rand())]", 0),
        ("", "return [','.join({'a', 'b', 'c', 'd', 'e', 'f', 'g'})]", 0),
        ("seen = {}", "seen[key] = seen.get(key, 0) + 1\n    return [seen[key]]", 2),
        ("total = 0", "global total\n    total += 1\n    return [total]", 2),
        ("", "global made\n    made = [*globals().get('made', ()), key]\n    return [len(made)]", 2),
        ("class Seen: keys = []", "Seen.keys.append(key)\n    return [len(Seen.keys)]", 2),
        ("", "updateState.calls = getattr(updateState, 'calls', 0) + 1\n    return [updateState.calls]", 2),
    ],
    ids=[
        "clock",
        "chance",
        "numpy's chance",
        "order of a set",
        "a collection of the module",
        "a counter of the module",
        "a name that it makes itself",
        "an attribute of a class",
        "an attribute of its own",
    ],
)
def test_it_finds_what_a_function_may_not_rely_on(runner, top, body, first_call):
    assert seen(runner, of(top, body)).call_index == first_call


@pytest.mark.parametrize(
    ("top", "body"),
    [
        ("", TUTORIAL.partition("\n")[2].strip()),
        ("import time", "print(time.perf_counter_ns())"),
        ("LIMITS = {'a': 3}", "return [LIMITS.get(key)]"),
        ("import random\nrandom.seed(5)", "return [random.Random(key).random()]"),
        ("import random", "return [random.Random(key).random()]"),
        ("", "return [','.join(sorted({'a', 'b', 'c', 'd'}))]"),
        ("", "return [1 / (len(list(values)) - 1)]"),
    ],
    ids=["the tutorial", "printed only", "constants", "seeded", "seeded by the key", "sorted", "a failure"],
)
def test_it_goes_as_the_first_where_the_answer_follows_from_the_rows(runner, top, body):
    assert seen(runner, of(top, body)) is None


def test_it_finds_what_a_default_argument_remembers(runner):
    code = "def updateState(key, values, state, seen=[]):\n    seen.append(key)\n    return [len(seen)]\n"
    assert seen(runner, scenario(code, *STREAM, semantics="spark")).call_index == 2


def test_a_processor_has_the_names_of_its_module_anew_in_every_replay(runner):
    code = """
seen = []
class Counts(StatefulProcessor):
    def init(self, handle): pass
    def handleInputRows(self, key, rows, timerValues):
        seen.append(key)
        yield Row(info=str(len(seen)))
    def close(self): pass
"""
    assert seen(runner, replayed_processor(code, (0, "ab"), (1, "a")).scenario) is None
