"""The event-time watermark. Lives here: how it moves. What is compared with it does not."""

from engine.model.trace import EventTimes


def event_times_of(event_times_us: list[int | None] | None) -> EventTimes | None:
    """Spark's statistics of the event times of a batch; None without a watermark, or without rows.

    Each time is cut to milliseconds (SEMANTICS 0.9); a NULL counts as 0 (0.10). The average is a running one, in doubles
    (EventTimeStats.add): its last millisecond can differ from that of the sum.
    """
    if not event_times_us:
        return None
    times_ms = [0 if time_us is None else time_us // 1000 for time_us in event_times_us]
    average_ms = 0.0
    for count, time_ms in enumerate(times_ms, start=1):
        average_ms += (time_ms - average_ms) / count
    return EventTimes(min(times_ms), int(average_ms), max(times_ms))


class WatermarkTracker:
    """WatermarkTracker of Spark: starts at 0, never falls, and takes effect in the batch after (SEMANTICS 0.7 to 0.12).

    `for_eviction_ms` is what timeouts and `getCurrentWatermarkMs` see in the coming batch; `for_late_events_ms` is
    that of the batch before: rows at or below it are dropped.
    """

    def __init__(self, delay_ms: int) -> None:
        self._delay_ms = delay_ms
        self._reached_ms = 0
        self.for_eviction_ms = 0
        self.for_late_events_ms = 0

    @property
    def moved(self) -> bool:
        """The watermark is beyond what the last batch used for eviction (SEMANTICS 0.3)."""
        return self._reached_ms > self.for_eviction_ms

    def begin_batch(self) -> None:
        self.for_late_events_ms = self.for_eviction_ms
        self.for_eviction_ms = self._reached_ms

    def observe(self, event_times: EventTimes | None) -> None:
        """The event times of a batch, of dropped rows too (0.10); the largest one counts."""
        if event_times is not None:
            self._reached_ms = max(self._reached_ms, event_times.max_ms - self._delay_ms)
