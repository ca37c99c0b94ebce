"""What an editor shows beside its text. Lives here: those nouns; where each mark comes from is a panel's business."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from engine import Problem
from engine.debugger import Breakpoint
from engine.views import visible


class Mark(msgspec.Struct, frozen=True):
    """Something wrong or surprising at a place of the text: a squiggle, and a sign in the gutter.

    `line` and `column` count from 1; without a column the whole line is meant. `hint` says what to do about it.
    """

    line: int
    severity: Literal["error", "warning", "note"]
    message: str
    hint: str = ""
    column: int | None = None


class EditorMarks(msgspec.Struct, frozen=True):
    """What the server marks in one editor; every line counts from 1 and is one of the text that the server has.

    `breakpoints` is None where the text has none, such as events; a click in the gutter changes them. Which line runs,
    and how often each did, the line player tells the editor in the browser.
    """

    problems: tuple[Mark, ...] = ()
    breakpoints: tuple[Breakpoint, ...] | None = None


def marks_of(problems: Sequence[Problem]) -> tuple[Mark, ...]:
    """The marks of what cannot be read; a problem without a place has none."""
    return tuple(
        Mark(p.line, "error", visible(p.what), visible(p.mend), p.column) for p in problems if p.line is not None
    )
