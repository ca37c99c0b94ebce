"""The x axis of the picture, in triggers. Lives here: where calls and moments stand on it, and how it names moments."""

from bisect import bisect_left
from typing import Literal

from engine.debugger.steps import Steps
from engine.model.trace import BatchRan, Trace
from engine.views.timeouts import expiry_clock_ms
from engine.views.words import batch_name, moment_text

TriggerKind = Literal["batch", "no_batch", "died", "not_reached"]


class TriggerAxis:
    """Trigger t takes [t, t + 1); step j of the n steps in it stands at t + (j + 0.5) / n, and with it all calls seen there.

    `reached` is the number of triggers that the replay reached; `end` is where the axis ends: there, or one trigger
    later when the replay did not reach all of them.
    """

    def __init__(self, trace: Trace, steps: Steps) -> None:
        self._trace = trace
        self._steps = steps
        self._batches = {batch.trigger: batch for batch in trace.batches}
        self.reached = len(steps.starts) - 1
        self.end = axis_end(trace, steps)
        self._moments: dict[int, str] = {}
        self._x_of_call: dict[int, float] = {}
        self._place_of_call: dict[int, str] = {}
        self._clocks_ms = self._expiry_clocks()

    def batch(self, trigger: int) -> BatchRan | None:
        """The batch that the trigger ran, None when it ran none."""
        return self._batches.get(trigger)

    def kind(self, trigger: int) -> TriggerKind:
        """What came of a trigger."""
        if trigger >= self.reached:
            return "not_reached"
        batch = self._batches.get(trigger)
        if batch is None:
            return "no_batch"
        return "batch" if batch.committed else "died"

    def x_of_call(self, call_index: int) -> float:
        """Where a call stands; looked up once, as a picture asks for each call ten times."""
        if call_index not in self._x_of_call:
            trigger = self._batch_of_call(call_index).trigger
            start, end = self._steps.starts[trigger : trigger + 2]
            self._x_of_call[call_index] = trigger + (self._steps.of_call(call_index) - start + 0.5) / (end - start)
        return self._x_of_call[call_index]

    def calls_at(self, trigger: int) -> int:
        """How many calls of a trigger one can step to."""
        return self._steps.calls_at(trigger)

    def x_of_due(self, due_ms: int, after: float = 0.0) -> float | None:
        """Where a timeout is due, between the clocks of two triggers; None when that is after the last one reached.

        The clock is the one that timeouts are compared with: processing time, or the watermark. All calls of a trigger
        were made at the time of its left edge: `after` is the place of a call that was made before it was due.
        """
        trigger = bisect_left(self._clocks_ms, due_ms)
        if trigger == len(self._clocks_ms):
            return None
        if trigger == 0:
            return after
        before_ms, after_ms = self._clocks_ms[trigger - 1 : trigger + 1]
        begin = max(trigger - 1.0, min(after, float(trigger)))
        return max(after, begin + (trigger - begin) * (due_ms - before_ms) / (after_ms - before_ms))

    def first_call_from(self, trigger: int) -> int:
        """The first call of this trigger or of a later one; the number of all calls when there is none."""
        batches = self._trace.batches
        place = bisect_left(batches, trigger, key=lambda batch: batch.trigger)
        return batches[place].first_call if place < len(batches) else len(self._trace.calls)

    def moment(self, time_ms: int) -> str:
        """A moment in few words, beside the first trigger's."""
        if time_ms not in self._moments:
            self._moments[time_ms] = moment_text(time_ms, self._trace.start_ms)
        return self._moments[time_ms]

    def with_moment(self, time_ms: int) -> str:
        """Milliseconds as a number, and the moment that they are: "1704103260000 (10:01)"."""
        return f"{time_ms} ({self.moment(time_ms)})"

    def trigger_moment(self, trigger: int, beside_trigger: int = 0) -> str:
        """When the trigger fired; its date is left out when it is that of the other trigger."""
        return moment_text(self._clock_ms(trigger), self._clock_ms(beside_trigger))

    def place(self, call_index: int) -> str:
        """Where a call stands, in words: "batch 2, +1 min"."""
        if call_index not in self._place_of_call:
            batch = self._batch_of_call(call_index)
            self._place_of_call[call_index] = f"{batch_name(batch.batch_id)}, {self.trigger_moment(batch.trigger)}"
        return self._place_of_call[call_index]

    def _batch_of_call(self, call_index: int) -> BatchRan:
        return self._trace.batches[self._trace.batch_index_at(call_index)]

    def _clock_ms(self, trigger: int) -> int:
        return self._trace.scenario.batches[trigger].processing_time_ms

    def _expiry_clocks(self) -> list[int]:
        """The clock for timeouts at each trigger that was reached; a trigger without a batch leaves the watermark."""
        if self._trace.expires_by != "watermark":
            return [self._clock_ms(trigger) for trigger in range(self.reached)]
        clocks_ms, watermark_ms = [], 0
        for trigger in range(self.reached):
            batch = self._batches.get(trigger)
            watermark_ms = expiry_clock_ms("watermark", batch) if batch else watermark_ms
            clocks_ms.append(watermark_ms)
        return clocks_ms


def axis_end(trace: Trace, steps: Steps) -> int:
    """Where the axis of a trace ends, in triggers."""
    return min(len(steps.starts), len(trace.scenario.batches))
