"""Whose order is next when more is ordered than may run: visitors take turns, orders do not. Lives here: that rule alone."""

from itertools import count
from typing import Final, NamedTuple

import msgspec

from engine.sandbox.job import Job

#: One visitor's orders have at most one in so many of the places, so that no visitor can take them all.
_SHARES: Final = 4


class Turn(NamedTuple):
    """An order that waits. `place` is 1 for the next; 0 when it waits for other orders of its own visitor first."""

    job: Job
    place: int


class _Visitor(msgspec.Struct):
    """What one visitor has: orders that wait, by their purpose; how many run; and since when the first of them waits."""

    waiting: dict[int, Job]
    running: int = 0
    since: int = 0


class Turns:
    """The orders that wait, and how many of each visitor's have one of the `places`.

    Next is a visitor of whom the fewest run; among equals, who has waited longest since the last turn. Of each visitor one
    order of each purpose waits.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self._share = max(1, places // _SHARES)
        self._taken = 0
        self._clock = count()
        self._visitors: dict[int, _Visitor] = {}

    def __len__(self) -> int:
        """How many wait."""
        return sum(len(visitor.waiting) for visitor in self._visitors.values())

    def add(self, job: Job) -> Job | None:
        """Let it wait its turn; the order whose place it takes, as that is an older one of the visitor's for the same."""
        visitor = self._visitors.setdefault(job.visitor, _Visitor({}))
        if not visitor.waiting:
            visitor.since = next(self._clock)
        replaced = visitor.waiting.get(job.purpose)
        visitor.waiting[job.purpose] = job
        return replaced

    def begin_next(self) -> Job | None:
        """The order whose turn it is, which has a place from now on; None when there is none, or no place for it."""
        first = next(iter(self.in_turn()), None)
        if first is None or first.place == 0 or self._taken >= self._places:
            return None
        visitor = self._visitors[first.job.visitor]
        del visitor.waiting[first.job.purpose]
        visitor.running += 1
        visitor.since = next(self._clock)
        self._taken += 1
        return first.job

    def end(self, job: Job) -> None:
        """One that was begun has ended: its place is free."""
        self._taken -= 1
        self._visitors[job.visitor].running -= 1
        self._forget(job.visitor)

    def leave(self, job: Job) -> bool:
        """One that waits does not want to any more; False when it does not wait."""
        visitor = self._visitors.get(job.visitor)
        if visitor is None or visitor.waiting.get(job.purpose) is not job:
            return False
        del visitor.waiting[job.purpose]
        self._forget(job.visitor)
        return True

    def in_turn(self) -> list[Turn]:
        """All that wait, the next one first, as things are now; the last are those that wait for their own visitor's."""
        keyed = [
            ((visitor.running + index, visitor.since, index), job)
            for visitor in self._visitors.values()
            for index, job in enumerate(visitor.waiting.values())
        ]
        keyed.sort(key=lambda pair: pair[0])
        return [Turn(job, place if key[0] < self._share else 0) for place, (key, job) in enumerate(keyed, start=1)]

    def _forget(self, number: int) -> None:
        visitor = self._visitors[number]
        if not visitor.waiting and not visitor.running:
            del self._visitors[number]
