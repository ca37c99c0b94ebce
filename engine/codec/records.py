"""What the frames of a trace hold, and under which tags. Lives here: these nouns; writing and reading them does not."""

from typing import Final

import msgspec

from engine.model.problems import Problem
from engine.model.trace import (
    DroppedRow,
    Ending,
    EntryRemoved,
    ErrorRecord,
    EventTimes,
    ExpiryClock,
    Key,
    Reason,
    RowIndex,
    RowsAs,
    StateShape,
)


class BatchBegan(msgspec.Struct, frozen=True):
    batch_id: int
    trigger: int
    processing_time_ms: int
    watermark_ms: int
    late_watermark_ms: int
    input_rows: int
    dropped: list[DroppedRow]
    rule: str = ""
    event_times: EventTimes | None = None


class PlannedCall(msgspec.Struct, frozen=True, array_like=True, gc=False):
    key: Key
    row_indexes: list[RowIndex]


class CallsPlanned(msgspec.Struct, frozen=True):
    """The calls that come next, in this order: when one never comes back, this tells which it was.

    `calls` are the bytes of a list of PlannedCall: nearly all calls come back, and then nobody reads them.
    """

    reason: Reason
    partition: int
    calls: msgspec.Raw


class EntriesRemoved(msgspec.Struct, frozen=True):
    entries: list[EntryRemoved]


class BatchEnded(msgspec.Struct, frozen=True):
    metrics: dict[str, int]
    committed: bool


class Ended(msgspec.Struct, frozen=True):
    ending: Ending
    error: ErrorRecord | None
    output_names: tuple[str, ...]


class Loaded(msgspec.Struct, frozen=True):
    printed: str
    expires_by: ExpiryClock
    function_name: str = ""
    rows_as: RowsAs = "list"
    state_shape: StateShape = "group_state"


class Refused(msgspec.Struct, frozen=True):
    problems: list[Problem]


NOT_LOADED: Final = Loaded("", None)

TAGS: Final[dict[bytes, type]] = {
    b"L": Loaded,
    b"B": BatchBegan,
    b"S": CallsPlanned,
    b"R": EntriesRemoved,
    b"E": BatchEnded,
    b"X": Ended,
    b"P": Refused,
}
