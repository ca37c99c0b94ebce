"""What a replay may use. Lives here: the numbers, and how a trace says that one was reached. Enforcing them does not."""

from typing import Final

import msgspec

from engine.model.trace import Ending, ErrorRecord

_MIB: Final = 1024 * 1024


class Limits(msgspec.Struct, frozen=True):
    """The host's limits of one replay; a scenario cannot choose them.

    `time_ms` is wall time from the start of the replay, `memory_bytes` what it may use beyond an idle worker,
    `output_bytes` the size of everything it records.
    """

    time_ms: int = 10_000
    memory_bytes: int = 1024 * _MIB
    output_bytes: int = 256 * _MIB


def limit_error(ending: Ending, limits: Limits) -> ErrorRecord:
    """The error of a trace that ends because a limit was reached; `ending` names the limit."""
    match ending:
        case "time_limit":
            message = f"the replay took longer than the {limits.time_ms / 1000:g} s it may take"
            return ErrorRecord("LimitReached", message, advice="Look for a loop that never ends at this line")
        case "memory_limit":
            message = f"the replay needed more than the {limits.memory_bytes // _MIB:,} MiB of memory it may use"
            return ErrorRecord("MemoryError", message, advice="Keep less in memory: a Spark executor has a limit too")
        case "output_limit":
            message = f"the replay recorded more than the {limits.output_bytes // _MIB:,} MiB it may record"
            return ErrorRecord("LimitReached", message, advice="Print less, return fewer rows, or replay fewer events")
        case _:
            raise ValueError(f"{ending} is no limit")
