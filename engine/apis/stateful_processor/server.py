"""Spark's state server, as the Python worker meets it: it ends with the first error that it answers. Lives here: after that.

A processor that catches the error and goes on finds a closed socket, and never learns of it by reading on.
"""

import errno

from engine.apis.operations import Operation, refused
from engine.apis.stateful_processor.task import Task

_ADVICE = "An earlier error of the state ended Spark's state server: do not catch it, or raise it again"


def demand_answer(task: Task, operation: Operation) -> None:
    """Raises what the socket says once the server has ended: EOFError the first time, then BrokenPipeError."""
    if not task.is_cut_off:
        return
    error = BrokenPipeError(errno.EPIPE, "Broken pipe") if task.is_closed else EOFError()
    task.is_closed = True
    raise refused(operation, error, _ADVICE)
