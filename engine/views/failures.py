"""How a replay or a call failed, as text. Lives here: that view of an error; what to do about it is in mending.py."""

from typing import Final

import msgspec

from engine.model.source_lines import line_text
from engine.model.trace import ErrorRecord, Trace
from engine.views.mending import advice_of
from engine.views.words import cut, long_text, visible

_LINE_LIMIT: Final = 160


class Failure(msgspec.Struct, frozen=True):
    """An error at its place: `line` of the source with its text, what Spark or Python says, and what to do."""

    error_class: str
    message: str
    line: int | None
    code_line: str
    advice: str
    traceback: str


def failure_of(trace: Trace) -> Failure | None:
    """How the replay ended, when it failed; None when it completed."""
    return failure(trace, trace.error) if trace.error else None


def failure(trace: Trace, error: ErrorRecord) -> Failure:
    """An error of a call, or of the whole replay, for the screen."""
    return Failure(
        error_class=visible(error.error_class),
        message=long_text(error.message),
        line=error.line,
        code_line=source_line(trace, error.line),
        advice=visible(advice_of(error, trace.scenario.code)),
        traceback=long_text(error.traceback),
    )


def source_line(trace: Trace, line: int | None) -> str:
    """The text of a line of the replayed source, for the screen; "" when there is no such line."""
    return visible(cut(line_text(trace.scenario.code, line), _LINE_LIMIT))
