"""Folds over a whole trace, made once for each. Lives here: that memory; what is folded does not."""

import weakref
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from engine.model.trace import Trace

Folded = TypeVar("Folded")


def once_per_trace(fold: Callable[[Trace], Folded]) -> Callable[[Trace], Folded]:
    """The same fold, remembered for as long as the trace lives: a step through 100,000 calls must not read them all.

    A trace never changes, so it is known by its identity. Two threads may fold it at once; the results are equal.
    """
    made: dict[int, tuple[weakref.ref[Trace], Folded]] = {}

    @wraps(fold)
    def remembered(trace: Trace) -> Folded:
        place = id(trace)
        if place not in made:
            made[place] = (weakref.ref(trace, lambda _: made.pop(place, None)), fold(trace))
        return made[place][1]

    return remembered
