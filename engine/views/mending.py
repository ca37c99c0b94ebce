"""What to do about an error of Python's own, for somebody who is new to it. Lives here: sentences, found by the error's words.

An error that brings its own advice keeps it. The source is read as text only, and where nothing sure can be said nothing is.
"""

import re
from difflib import get_close_matches
from typing import Final, NamedTuple

from engine.model.trace import ErrorRecord
from engine.views.job import may_be_a_job

_STATE_HAS: Final = (
    *("exists", "get", "getOption", "update", "remove", "hasTimedOut", "setTimeoutDuration", "setTimeoutTimestamp"),
    *("getCurrentProcessingTimeMs", "getCurrentWatermarkMs"),
)
_MODULES: Final = (
    "collections",
    "datetime",
    "functools",
    "itertools",
    "json",
    "logging",
    "math",
    "random",
    "re",
    "time",
)
#: Whether a text is Scala shows soon.
_MOST_READ: Final = 10_000
_LONGEST_LINE: Final = 300
#: What a line of Scala begins with or is, and none of Python: "a => b" alone may be a comment, or >= misspelt.
_SCALA: Final = re.compile(
    r"(?:val|var)\s+\w+\s*[:=]|case class\b|object\s+[A-Z]|case\b[^#'\"]*=>|[^#'\"]*=>[\s{]*$"
    r"|def\s+\w+.*\)\s*(?::\s*[A-Z].*)?=(?!=)"
)


_IS_CALLED: Final = re.compile("'(?:builtin_function_or_)?method'")
_GET: Final = re.compile(r"\.get\b(?!\()")


class _Cure(NamedTuple):
    """For errors of this class, whose message and line of code these expressions are found in; groups of the message go
    into the sentence."""

    error_class: str
    message: str
    line: str
    sentence: str


_CURES: Final = (
    _Cure("SyntaxError", "", r"^\s*else\s+if\b", "Python writes it in one word: elif"),
    _Cure("SyntaxError", "", r"(?:\+\+|--)[\s;]*$", "Python has no ++: write x += 1"),
    _Cure("SyntaxError", "", r"&&|\|\|", "Python writes `and` and `or`"),
    _Cure("SyntaxError", "expected ':'", "", "Put a colon at the end of the line"),
    _Cure("SyntaxError", "'(.)' was never closed", "", "Close the bracket that is opened here"),
    _Cure("SyntaxError", "unterminated string", "", "End the text with the quote that it begins with"),
    _Cure("TabError", "", "", "Indent with spaces alone, four for each level"),
    _Cure(
        "IndentationError",
        "unindent",
        "",
        "Begin the line below the beginning of another line of its block, with spaces only",
    ),
    _Cure(
        "IndentationError",
        "expected an indented block",
        "",
        "Indent the line by four spaces: it belongs to the line with the colon",
    ),
    _Cure(
        "IndentationError",
        "unexpected indent",
        r"^\s*\.\w",
        "A line that begins with a dot goes on with the line before inside brackets only: put ( before the first line "
        "and ) after the last",
    ),
    _Cure("IndentationError", "unexpected indent", "", "Begin the line where the line before it begins"),
    _Cure("NameError", "name 'null'", "", "Python writes None"),
    _Cure("NameError", "name '(true|false)'", "", "Python writes True and False"),
    _Cure("NameError", f"name '({'|'.join(_MODULES)})'", "", "Add `import {0}` at the top"),
    _Cure("NameError", r"name '(\w+)'", "", "Nothing here is called {0}: is it misspelt, or is an import missing?"),
    _Cure("TypeError", _IS_CALLED.pattern, _GET.pattern, "get is called here: write state.get()"),
    _Cure(
        "TypeError", r"has no len\(\)", "", "It is read one by one, and only once: count with sum(1 for _ in values)"
    ),
    _Cure(
        "TypeError",
        "'NoneType' object is not (?:iterable|subscriptable)",
        "",
        "There is nothing yet: ask whether it is None first",
    ),
    _Cure(
        "TypeError",
        "tuple indices must be integers",
        "",
        "It is a tuple: take its fields by number, such as state.get[0]",
    ),
    _Cure(
        "AttributeError",
        "'generator' object has no attribute",
        "",
        "Frames come one by one: write `for pdf in pdfs:`, or put them together with pd.concat(list(pdfs))",
    ),
    _Cure("AttributeError", "'tuple' object has no attribute 'asDict'", "", "Give out Rows: yield Row(name=value, …)"),
    _Cure(
        "KeyError",
        "",
        r"\bos\.environ\[",
        'There are no environment variables of yours here: write os.environ.get("…", "what it is")',
    ),
    _Cure("EOFError", "", r"\binput\(", "Nobody can answer here: take what you need from the rows"),
    _Cure("RecursionError", "", "", "A function calls itself and never comes to an end"),
)


def advice_of(error: ErrorRecord, source: str) -> str:
    """A sentence without a full stop; "" when there is nothing to say."""
    if error.advice:
        return error.advice
    line = _line(source, error.line)
    if error.error_class in ("SyntaxError", "IndentationError") and _is_scala(source):
        return "This looks like Scala: functions are written in Python here, as the samples show"
    misspelt = re.search(r"'GroupState' object has no attribute '(\w+)'", error.message)
    if misspelt:
        return _meant(misspelt.group(1))
    if _IS_CALLED.search(error.message) and _GET.search(line) and may_be_a_job(source):
        return "In PySpark state.get is no method, here it is one: choose applyInPandasWithState, for which this is written"
    for cure in _CURES:
        found = re.search(cure.message, error.message)
        if cure.error_class == error.error_class and found and re.search(cure.line, line):
            return cure.sentence.format(*found.groups())
    return ""


def _is_scala(source: str) -> bool:
    """Line by line, and none to its end: the text is a stranger's, and this runs in the server."""
    lines = source[:_MOST_READ].split("\n")
    return any(_SCALA.match(line.strip()[:_LONGEST_LINE]) for line in lines)


def _meant(name: str) -> str:
    close = get_close_matches(name, _STATE_HAS, 1)
    return f"Write {close[0]}" if close else f"A state has {', '.join(_STATE_HAS)}"


def _line(source: str, number: int | None) -> str:
    lines = source.replace("\r\n", "\n").split("\n")
    return lines[number - 1] if number and 0 < number <= len(lines) else ""
