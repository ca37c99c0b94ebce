"""A fold over a trace is made once, and forgotten with the trace."""

import weakref

from engine.model.trace import Trace
from engine.views.once import once_per_trace
from tests.helpers import TUTORIAL, replayed

folded: list[int] = []


@once_per_trace
def count_calls(trace: Trace) -> int:
    folded.append(len(trace.calls))
    return len(trace.calls)


def test_a_trace_is_folded_once_however_often_it_is_asked():
    folded.clear()
    trace = replayed(TUTORIAL, (0, "hello spark"))
    assert [count_calls(trace), count_calls(trace)] == [2, 2]
    assert folded == [2]


def test_another_trace_is_another_fold_even_when_it_is_equal():
    folded.clear()
    first, second = (replayed(TUTORIAL, (0, "hello")) for _ in range(2))
    assert first == second
    assert [count_calls(first), count_calls(second)] == [1, 1]
    assert folded == [1, 1]


def test_a_fold_is_forgotten_with_its_trace():
    class Fold:
        """Something that a weak reference can point to."""

    fold = once_per_trace(lambda trace: Fold())
    trace = replayed(TUTORIAL, (0, "hello"))
    made = weakref.ref(fold(trace))
    assert made() is fold(trace)
    del trace
    assert made() is None
