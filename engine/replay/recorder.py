"""What the loop tells while it runs. Lives here: the protocol. Who writes a trace implements it."""

from typing import Protocol

from engine.model.trace import DroppedRow, Ending, EntryRemoved, ErrorRecord, EventTimes, FunctionCalled, Key, Reason


class Recorder(Protocol):
    """Told in this order: (batch_began (calls_planned called*)* entries_removed? batch_ended)* ended."""

    def batch_began(
        self,
        *,
        batch_id: int,
        trigger: int,
        processing_time_ms: int,
        watermark_ms: int,
        late_watermark_ms: int,
        input_rows: int,
        dropped: list[DroppedRow],
        rule: str,
        event_times: EventTimes | None,
    ) -> None: ...

    def calls_planned(self, reason: Reason, partition: int, calls: list[tuple[Key, list[int]]]) -> None:
        """The user's function is about to be called for these keys with these rows: a missing call never came back."""

    def called(self, call: FunctionCalled) -> None:
        """A call is over. The values in it are copied now; what the function changes later must not show."""

    def entries_removed(self, removed: list[EntryRemoved]) -> None:
        """Values that no call removed, taken out of the store now that the calls of the batch are over."""

    def batch_ended(self, metrics: dict[str, int], committed: bool) -> None: ...

    def ended(self, ending: Ending, error: ErrorRecord | None, output_names: tuple[str, ...]) -> None: ...
