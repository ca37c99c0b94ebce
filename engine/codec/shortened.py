"""Calls that are too large for a trace, or hold what cannot be written: the same calls with less in them.

Lives here: what is left out, and how the trace says so. When it has to be is the writer's to know.
"""

from typing import Any

import msgspec

from engine.codec.caps import MAX_OPERATIONS
from engine.codec.plain import abbreviated, plain
from engine.model.state import KeyState
from engine.model.trace import ErrorRecord, FunctionCalled


def with_a_line_each(call: FunctionCalled) -> FunctionCalled:
    """The call with the first of its operations, as many as anybody looks at, and with as many lines.

    There is a line less when a limit was reached while the last operation was noted.
    """
    count = len(call.operations)
    lines = [*call.operation_lines[:count], 0][:count]
    if count <= MAX_OPERATIONS:
        return msgspec.structs.replace(call, operation_lines=lines)
    kept = MAX_OPERATIONS - 1
    more: list[Any] = [f"… {count - kept:,} more", []]
    return msgspec.structs.replace(call, operations=[*call.operations[:kept], more], operation_lines=[*lines[:kept], 0])


def with_short_values(call: FunctionCalled) -> FunctionCalled:
    """The call with its long values cut; rows and the number of output rows stay whole."""
    return msgspec.structs.replace(
        call,
        key=abbreviated(call.key),
        before=_short_state(call.before),
        after=_short_state(call.after),
        operations=[[abbreviated(part) for part in operation] for operation in call.operations],
        output=[[abbreviated(cell) for cell in row] for row in call.output],
        printed=abbreviated(call.printed),
        error=_short_error(call.error) if call.error else None,
        unsaved=abbreviated(call.unsaved),
    )


def with_first_rows(call: FunctionCalled, count: int) -> FunctionCalled:
    """The call with the first of its output rows, and after them how many more there are."""
    more = len(call.output) - count
    return (
        call if more <= 0 else msgspec.structs.replace(call, output=[*call.output[:count], [f"… {more:,} more rows"]])
    )


def short_record(record: Any) -> Any:
    """Any other record with all that is long in it cut."""
    return msgspec.convert(
        abbreviated(msgspec.to_builtins(record, enc_hook=plain, builtin_types=(bytes,))), type(record)
    )


def _short_state(state: KeyState) -> KeyState:
    """All entries, with their values cut."""
    entries = [
        msgspec.structs.replace(entry, value=abbreviated(entry.value), user_key=abbreviated(entry.user_key))
        for entry in state.entries
    ]
    return msgspec.structs.replace(state, entries=tuple(entries))


def _short_error(error: ErrorRecord) -> ErrorRecord:
    texts = {name: abbreviated(getattr(error, name)) for name in ("error_class", "message", "advice", "traceback")}
    return msgspec.structs.replace(error, **texts, key=abbreviated(error.key))
