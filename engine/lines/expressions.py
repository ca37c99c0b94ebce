"""Conditions and watches: Python expressions of the visitor's, in the midst of their function. Lives here: compiling and asking.

Like all code of theirs they run in the sandbox's child only.
"""

from types import CodeType, FrameType
from typing import Any, Final

from engine.lines.users_frames import locals_of
from engine.model.key_cells import value_of
from engine.model.state import KeyState
from engine.replay.operator import Call

_FILE: Final = "<your expression>"


def compiled(expression: str) -> CodeType:
    """The expression, ready to be asked. Raises SyntaxError, RecursionError, or ValueError for text that cannot be source."""
    try:
        code: CodeType = compile(expression.strip(), _FILE, "eval", dont_inherit=True)
    except MemoryError:  # this is how Python's parser says that it gives up
        raise SyntaxError("brackets or operators are nested too deeply") from None
    return code


def helpers_of(call: Call) -> dict[str, Any]:
    """What an expression may use even where the function names it otherwise: `key`, `before` and `reason`."""
    key = call.group.key and tuple(map(value_of, call.group.key))
    return {"key": key[0] if key and len(key) == 1 else key, "before": _before(call.state), "reason": call.reason}


def _before(state: KeyState) -> Any:
    """The state that the call is given: the value, or by variable where there are several with names."""
    variables: dict[str, Any] = {}
    for entry in state.entries:
        match entry.kind:
            case "value":
                variables[entry.variable] = entry.value
            case "list":
                variables.setdefault(entry.variable, []).append(entry.value)
            case "map":
                variables.setdefault(entry.variable, {})[entry.user_key] = entry.value
    return variables.get("") if not any(variables) else variables


def worth(expression: CodeType, frame: FrameType, helpers: dict[str, Any]) -> Any:
    """What the expression is worth in this frame; raises whatever it raises.

    It sees the frame's variables, then the module's, then `helpers`. They are one namespace, so that a comprehension in the
    expression sees them too.
    """
    namespace = {**helpers, **frame.f_globals, **locals_of(frame)}
    return eval(expression, namespace)  # noqa: S307 - the sandbox's child only
