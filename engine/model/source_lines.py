"""Source code as lines. Lives here: where Python ends a line, which is not where `str.splitlines` does."""

import re
from typing import Final

_LINE_END: Final = re.compile(r"\r\n?|\n")


def source_lines(code: str) -> list[str]:
    """The lines of Python source, without their ends: line n of a traceback is item n - 1.

    A form feed or a line separator of Unicode inside a line does not end it.
    """
    return _LINE_END.split(code)


def line_count(code: str) -> int:
    """How many lines Python counts in the source, at least one; the end of the last line begins no other."""
    lines = source_lines(code)
    return max(1, len(lines) - (not lines[-1]))


def line_text(code: str, line: int | None) -> str:
    """One line, counted from 1, without the spaces around it; "" when there is no such line."""
    lines = source_lines(code)
    return lines[line - 1].strip() if line and 0 < line <= len(lines) else ""
