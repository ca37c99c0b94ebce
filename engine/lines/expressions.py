"""Conditions and watches: Python expressions of the visitor's, in the midst of their function. Lives here: compiling and asking.

Like all code of theirs they run in the sandbox's child only.
"""

from types import CodeType, FrameType
from typing import Any, Final

from engine.lines.users_frames import locals_of

_FILE: Final = "<your expression>"


def compiled(expression: str) -> CodeType:
    """The expression, ready to be asked. Raises SyntaxError, or ValueError for text that cannot be source."""
    return compile(expression.strip(), _FILE, "eval", dont_inherit=True)


def worth(expression: CodeType, frame: FrameType, helpers: dict[str, Any]) -> Any:
    """What the expression is worth in this frame; raises whatever it raises.

    It sees the frame's variables, then the module's, then `helpers`. They are one namespace, so that a comprehension in the
    expression sees them too.
    """
    namespace = {**helpers, **frame.f_globals, **locals_of(frame)}
    return eval(expression, namespace)  # noqa: S307 - the sandbox's child only
