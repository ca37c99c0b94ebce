"""What a call did to its state, operation by operation. Lives here: those lines, with human units."""

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from engine.model.trace import BatchRan, FunctionCalled, Trace
from engine.views.words import cut, duration_text, joined_text, moment_text, value_text, visible, waits_for_text

MAX_OPERATIONS: Final = 12

_TEXT_LIMIT: Final = 160


class Operation(msgspec.Struct, frozen=True):
    """One operation on the state: `line` in the user's source (0: unknown), `text` with human units, `note` its effect."""

    line: int
    text: str
    note: str = ""
    failed: bool = False


def operations(trace: Trace, batch: BatchRan, call: FunctionCalled) -> Iterable[Operation]:
    """The first operations of a call, in order."""
    pairs = zip(call.operations, call.operation_lines, strict=True)
    return (operation_of(trace, batch, op, line) for op, line in list(pairs)[:MAX_OPERATIONS])


def operation_of(trace: Trace, batch: BatchRan, operation: list[Any], line: int) -> Operation:
    """One operation of a call of this batch, `[name, arguments]` as the trace has it."""
    name, arguments = visible(str(operation[0])), operation[1]
    if len(operation) > 2:
        raised = operation[2]["raises"]
        said = f"raised {raised['class']}: {raised['message']}"
        return Operation(line, f"{name}({_arguments(arguments)})", cut(visible(said), _TEXT_LIMIT), failed=True)
    now_ms = batch.processing_time_ms
    match name, arguments:
        case "setTimeoutDuration", [int(length_ms)]:
            due = f"due {moment_text(now_ms + length_ms, now_ms)}"
            return Operation(line, f"{name} {duration_text(length_ms)}", due)
        case (("setTimeoutTimestamp" | "registerTimer"), [int(due_ms)]):
            waits = f"waits for {waits_for_text(trace.expires_by, due_ms, now_ms)}"
            return Operation(line, f"{name} {moment_text(due_ms, now_ms)}", waits)
        case _:
            return Operation(line, f"{name}({_arguments(arguments)})")


def _arguments(arguments: list[Any]) -> str:
    return joined_text((value_text(argument) for argument in arguments), len(arguments), _TEXT_LIMIT)
