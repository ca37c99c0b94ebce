"""The steps through a trace. Lives here: what a step is, and which comes before and after. Nothing is replayed."""

from array import array
from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import accumulate
from typing import Final, Literal

import msgspec

from engine.model.trace import Trace

_NO_KEY: Final = b"\xc0"  # nil in msgpack


class Step(msgspec.Struct, frozen=True):
    """One place to stand: after a call; after a batch in which no key was called; or at a trigger that ran no batch."""

    index: int
    kind: Literal["call", "batch_without_calls", "no_batch"]
    trigger: int
    batch_index: int | None
    call_index: int | None


class _Head(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The beginning of a call in the log: whose it is. The rest is not decoded."""

    batch_index: int
    key: msgspec.Raw


class Steps:
    """All steps of one trace, counted from 0: a step for each call, and one for each trigger without calls.

    Calls without a key (`init`, `close`) are no steps, as each batch makes them in each partition: they belong to the
    step beside them. One that failed is a step. `starts[t]` is the first step of trigger t, `starts[-1]` their number.
    """

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._calls = _calls_to_stand_at(trace)
        self._first = [bisect_left(self._calls, batch.first_call) for batch in trace.batches]
        self._first.append(len(self._calls))
        self._batch_of_trigger = {batch.trigger: index for index, batch in enumerate(trace.batches)}
        counts = [max(1, self.calls_at(trigger)) for trigger in range(_reached_triggers(trace))]
        self.starts = [0, *accumulate(counts)]

    def __len__(self) -> int:
        return self.starts[-1]

    def at(self, index: int) -> Step:
        """The step with this number; a number out of range means the nearest one. Raises IndexError without steps."""
        if not len(self):
            raise IndexError("a trace in which no trigger was reached has no steps")
        index = max(0, min(index, len(self) - 1))
        trigger = bisect_right(self.starts, index) - 1
        batch_index = self._batch_of_trigger.get(trigger)
        if batch_index is None:
            return Step(index, "no_batch", trigger, None, None)
        if not self.calls_at(trigger):
            return Step(index, "batch_without_calls", trigger, batch_index, None)
        place = self._first[batch_index] + index - self.starts[trigger]
        return Step(index, "call", trigger, batch_index, self._calls[place])

    def of_call(self, call_index: int) -> int:
        """The number of the step at which a call is seen: its own, else the next one in its batch, else the last there."""
        batch_index = self._trace.batch_index_at(call_index)
        trigger = self._trace.batches[batch_index].trigger
        place = bisect_left(self._calls, call_index) - self._first[batch_index]
        return self.starts[trigger] + max(0, min(place, self.calls_at(trigger) - 1))

    def of_trigger(self, trigger: int) -> int:
        """The number of the first step of a trigger; the nearest one when the replay did not get that far."""
        return self.starts[max(0, min(trigger, len(self.starts) - 1))]

    def calls_at(self, trigger: int) -> int:
        """How many calls of a trigger are steps."""
        batch_index = self._batch_of_trigger.get(trigger)
        return self._first[batch_index + 1] - self._first[batch_index] if batch_index is not None else 0

    @cached_property
    def numbers(self) -> list[tuple[int, int]]:
        """Which call, counted from 1, each step is, in pairs: the steps after a pair's go on counting, up to the next pair.

        A step without a call is 0.
        """
        pairs: list[tuple[int, int]] = []
        for trigger, start in enumerate(self.starts[:-1]):
            count, batch_index = self.calls_at(trigger), self._batch_of_trigger.get(trigger)
            first = self._first[batch_index] if batch_index is not None else 0
            if not count:
                pairs.append((start, 0))
            for offset in range(count):
                number = self._calls[first + offset] + 1
                if not offset or number != self._calls[first + offset - 1] + 2:
                    pairs.append((start + offset, number))
        return pairs

    def calls_beside(self, step: Step) -> range:
        """The calls that a step stands for: its own with those without a key around it, from the step before up to the next.

        What comes before the first call of a batch belongs to that one, what comes between two calls to the later one.
        """
        if step.batch_index is None:
            return range(0)
        calls = self._trace.batches[step.batch_index].call_indexes
        if step.call_index is None:
            return calls
        place = bisect_left(self._calls, step.call_index)
        is_first, is_last = place == self._first[step.batch_index], place + 1 == self._first[step.batch_index + 1]
        begin = calls.start if is_first else self._calls[place - 1] + 1
        return range(begin, calls.stop if is_last else step.call_index + 1)


def _calls_to_stand_at(trace: Trace) -> "range | array[int]":
    """The calls that are steps, in order; only where a state has variables are there others."""
    log = trace.calls
    if not trace.has_variables:
        return range(len(log))
    head = msgspec.msgpack.Decoder(_Head).decode
    places = zip(log.starts, log.ends, strict=True)
    calls = array("Q", (i for i, (start, end) in enumerate(places) if bytes(head(log.data[start:end]).key) != _NO_KEY))
    last = len(log) - 1
    if last not in (-1, *calls[-1:]) and log[last].error is not None:
        calls.append(last)
    return calls


def _reached_triggers(trace: Trace) -> int:
    """All triggers of a completed replay; up to the batch that died otherwise."""
    if trace.ending == "completed":
        return len(trace.scenario.batches)
    return trace.batches[-1].trigger + 1 if trace.batches else 0
