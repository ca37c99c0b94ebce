"""What a call did to its state, operation by operation. Lives here: those lines, with human units."""

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from engine.model.trace import BatchRan, FunctionCalled, Trace
from engine.views.timeouts import expiry_clock_ms
from engine.views.variables import bare, declared_variables
from engine.views.words import (
    cut,
    duration_text,
    joined_text,
    moment_text,
    value_text,
    visible,
    waits_for_text,
)

MAX_OPERATIONS: Final = 12

_TEXT_LIMIT: Final = 160
#: The methods of state variables that store something.
WRITES: Final = ("update", "put", "appendValue", "appendList", "updateValue")
_TAKE_LISTS: Final = ("put", "appendList")


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
            return Operation(line, f"{name} {moment_text(due_ms, now_ms)}", _waits(trace, batch, due_ms))
        case "deleteTimer", [int(due_ms)]:
            return Operation(line, f"{name} {moment_text(due_ms, now_ms)}")
        case _:
            given = _arguments(_of_variable(name, arguments))
            return Operation(line, f"{name}({given})", _lives(trace, batch, name))


def _waits(trace: Trace, batch: BatchRan, due_ms: int) -> str:
    if trace.has_variables and due_ms <= expiry_clock_ms(trace.expires_by, batch):
        return "due already: it fires in this batch, but one that a timer's handler sets in the next"
    return f"waits for {waits_for_text(trace, due_ms, batch.processing_time_ms)}"


def _lives(trace: Trace, batch: BatchRan, name: str) -> str:
    """Until when a value that is written now lives, when its variable has a time to live."""
    variable, _, method = name.rpartition(".")
    declared = declared_variables(trace).get(variable) if method in WRITES else None
    if declared is None or declared.ttl_ms is None:
        return ""
    expires_ms = batch.processing_time_ms + declared.ttl_ms
    return f"lives {duration_text(declared.ttl_ms)}, until {moment_text(expires_ms, batch.processing_time_ms)}"


def _arguments(arguments: list[Any]) -> str:
    return joined_text((value_text(argument) for argument in arguments), len(arguments), _TEXT_LIMIT)


def _of_variable(name: str, arguments: list[Any]) -> list[Any]:
    """What a state variable was given, where it was taken: a tuple of one as its value, `counts.updateValue("a", 3)`."""
    variable, _, method = name.rpartition(".")
    if not variable:
        return arguments
    if method in _TAKE_LISTS:
        return [[bare(item) for item in argument] if isinstance(argument, list) else argument for argument in arguments]
    return [bare(argument) for argument in arguments]
