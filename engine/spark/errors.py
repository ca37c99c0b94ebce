"""Failures of Spark as our errors. Lives here: reading the class and the message that Spark's Python user looks for."""

import re
from typing import Any, Final

from engine.model.trace import ErrorRecord

_WORKER_ERROR: Final = re.compile(r"^([A-Za-z_][\w.]*): ?(.*)", re.DOTALL)
_STATE: Final = re.compile(r"\s*SQLSTATE: \w{5}\s*$")
_TIMED_OUT: Final = "java.net.SocketTimeoutException"
_PLAN: Final = re.compile(r";\n[~'+].*", re.DOTALL)


class TooSlowError(Exception):
    """The machine is too busy: Spark gives a new Python worker ten seconds to start, which no setting changes."""


def refused(error: Exception) -> ErrorRecord:
    """An exception of pyspark before the first batch."""
    return ErrorRecord(type(error).__name__, _PLAN.sub("", str(error)))


def died(exception: Any) -> ErrorRecord:
    """The StreamingQueryException of the JVM: its cause, and of an error in a Python worker that error itself.

    Raises TooSlowError when no function failed, but the machine.
    """
    cause = exception
    while cause.getCause() is not None and not cause.getCause().equals(cause):
        cause = cause.getCause()
        if "Traceback (most recent call last)" in str(cause.getMessage()):
            return _of_worker(cause.getMessage())
    if cause.getClass().getName() == _TIMED_OUT:
        raise TooSlowError(str(cause.getMessage()))
    return ErrorRecord(cause.getClass().getName(), str(cause.getMessage()))


def _of_worker(message: str) -> ErrorRecord:
    """The last exception of a Python traceback: the first line after the frames that is not indented."""
    traceback = _STATE.sub("", message.rsplit("Traceback (most recent call last):", 1)[1])
    lines = traceback.splitlines()
    start = next((i for i, line in enumerate(lines) if line and not line.startswith(" ")), 0)
    match = _WORKER_ERROR.match("\n".join(lines[start:]).strip())
    name, text = match.groups() if match else (lines[start].strip(), "")
    return ErrorRecord(name.rsplit(".", 1)[-1], text.strip())
