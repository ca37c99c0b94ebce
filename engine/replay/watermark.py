"""The event-time watermark. Lives here: how it moves. What is compared with it does not."""


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

    def observe(self, max_event_time_us: int | None) -> None:
        """The largest event time of a batch, dropped rows included (0.10), cut to milliseconds (0.9)."""
        if max_event_time_us is not None:
            self._reached_ms = max(self._reached_ms, max_event_time_us // 1000 - self._delay_ms)
