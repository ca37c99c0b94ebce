"""What a user's code does to its state, kept for the trace. Lives here: the log of operations, with lines and refusals.

What an operation means is its API's.
"""

import sys
import types
from typing import Any

from engine.apis.advice import advised
from engine.apis.group_state import ATOMS, frozen
from engine.apis.user_code import USER_FILE, line_of

Operation = list[Any]


class OperationLog:
    """The operations of one call: `[name, [arguments]]`, a third item for one that was refused, and their lines."""

    __slots__ = ("lines", "operations")

    def __init__(self) -> None:
        self.operations: list[Operation] = []
        self.lines: list[int] = []

    def began(self, name: str, *arguments: Any) -> Operation:
        """Keep an operation that the caller's caller, in the user's source, asks for; also one that is then refused."""
        return self.keep(name, arguments, sys._getframe(2))

    def keep(self, name: str, arguments: tuple[Any, ...], frame: types.FrameType) -> Operation:
        """The same for one that is asked for in this frame, or by what it called."""
        operation: Operation = [name, [kept(argument) for argument in arguments]]
        self.operations.append(operation)
        self.lines.append(frame.f_lineno if frame.f_code.co_filename == USER_FILE else line_of(frame))
        return operation


def refused(operation: Operation, error: Exception, advice: str) -> Exception:
    """The error to raise, noted on its operation, with our own sentence beside Spark's."""
    operation.append({"raises": {"class": getattr(error, "spark_class", type(error).__name__), "message": str(error)}})
    return advised(error, advice)


def kept(value: Any) -> Any:
    """What an operation was given, as a copy: plain cells as they are, anything else by value or by its repr."""
    kind = type(value)
    if kind in ATOMS:
        return value
    if kind is tuple or kind is list:
        return [cell if type(cell) in ATOMS else _kept_cell(cell) for cell in value]
    return _kept_cell(value)


def _kept_cell(value: Any) -> Any:
    try:
        return frozen(value)
    except TypeError:  # a generator, an open file: the trace shows what it was
        return repr(value)
