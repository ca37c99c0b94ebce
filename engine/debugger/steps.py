"""The steps through a trace. Lives here: what a step is, and which comes before and after. Nothing is replayed."""

from bisect import bisect_right
from itertools import accumulate
from typing import Literal

import msgspec

from engine.model.trace import Trace


class Step(msgspec.Struct, frozen=True):
    """One place to stand: after a call; after a batch in which nothing was called; or at a trigger that ran no batch."""

    index: int
    kind: Literal["call", "batch_without_calls", "no_batch"]
    trigger: int
    batch_index: int | None
    call_index: int | None


class Steps:
    """All steps of one trace, counted from 0: a step for each call, and one for each trigger without calls.

    `starts[t]` is the first step of trigger t, `starts[-1]` the number of all steps.
    """

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._batch_of_trigger = {batch.trigger: index for index, batch in enumerate(trace.batches)}
        counts = [self._steps_in(trigger) for trigger in range(_reached_triggers(trace))]
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
        batch = self._trace.batches[batch_index]
        if not batch.call_count:
            return Step(index, "batch_without_calls", trigger, batch_index, None)
        return Step(index, "call", trigger, batch_index, batch.first_call + index - self.starts[trigger])

    def of_call(self, call_index: int) -> int:
        """The number of the step at which a call is seen."""
        first_calls = [batch.first_call for batch in self._trace.batches]
        batch = self._trace.batches[bisect_right(first_calls, call_index) - 1]
        return self.starts[batch.trigger] + call_index - batch.first_call

    def of_trigger(self, trigger: int) -> int:
        """The number of the first step of a trigger; the nearest one when the replay did not get that far."""
        return self.starts[max(0, min(trigger, len(self.starts) - 1))]

    def _steps_in(self, trigger: int) -> int:
        batch_index = self._batch_of_trigger.get(trigger)
        return max(1, self._trace.batches[batch_index].call_count) if batch_index is not None else 1


def _reached_triggers(trace: Trace) -> int:
    """All triggers of a completed replay; up to the batch that died otherwise."""
    if trace.ending == "completed":
        return len(trace.scenario.batches)
    return trace.batches[-1].trigger + 1 if trace.batches else 0
