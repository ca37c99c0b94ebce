"""What a replay may use. Lives here: the numbers, and how a trace says that one was reached. Enforcing them does not."""

from typing import Final, Literal

import msgspec

from engine.model.call_limits import REFUSED_MEMORY
from engine.model.trace import Ending, ErrorRecord

_MIB: Final = 1024 * 1024

#: Which of the limits was reached.
Limit = Literal["replay_time", "call_time", "memory", "output"]
ENDINGS: Final[dict[Limit, Ending]] = {
    "replay_time": "time_limit",
    "call_time": "time_limit",
    "memory": "memory_limit",
    "output": "output_limit",
}


class Limits(msgspec.Struct, frozen=True):
    """The host's limits of one replay; a scenario cannot choose them.

    `time_ms` is wall time for the whole replay, `call_time_ms` for one call in which nothing is recorded: a long stream
    may take its time, a loop that never ends may not. `memory_bytes` is what it may use beyond an idle worker,
    `output_bytes` the size of everything it records, `printed_characters` what one call may print.
    """

    time_ms: int = 120_000
    call_time_ms: int = 5_000
    memory_bytes: int = 1024 * _MIB
    output_bytes: int = 256 * _MIB
    printed_characters: int = 1_000_000


def refused_memory(limits: Limits) -> str:
    """What is told of memory that the system refused: beyond this limit it does, whatever was used before."""
    return f"the replay was refused memory beyond the {limits.memory_bytes // _MIB:,} MiB that it may use"


def with_size(error: ErrorRecord, limits: Limits) -> ErrorRecord:
    """The error; one that tells of refused memory tells of how much."""
    if not error.message.startswith(REFUSED_MEMORY):
        return error
    message = refused_memory(limits) + error.message.removeprefix(REFUSED_MEMORY)
    return msgspec.structs.replace(error, message=message)


def limit_error(limit: Limit, limits: Limits) -> ErrorRecord:
    """The error of a trace that ends because a limit was reached."""
    match limit:
        case "replay_time":
            message = f"the replay took longer than the {limits.time_ms / 1000:g} s it may take"
            advice = "Look for a loop that never ends at this line, or replay fewer events"
        case "call_time":
            message = f"the call took longer than the {limits.call_time_ms / 1000:g} s it may take"
            advice = "Look for a loop that never ends at this line"
        case "memory":
            message = f"the replay needed more than the {limits.memory_bytes // _MIB:,} MiB of memory it may use"
            advice = "Keep less in memory: a Spark executor has a limit too"
        case "output":
            message = f"the replay recorded more than the {limits.output_bytes // _MIB:,} MiB it may record"
            advice = "Print less, return fewer rows, or replay fewer events"
    return ErrorRecord("LimitReached", message, advice=advice)


def recording_error(limits: Limits) -> ErrorRecord:
    """The error of a trace whose last call had ended when its time was over: there was too much to record."""
    message = f"what the call left took longer to record than the {limits.call_time_ms / 1000:g} s that a call may take"
    return ErrorRecord("LimitReached", message, advice="Keep less in state, return fewer rows, or print less")
