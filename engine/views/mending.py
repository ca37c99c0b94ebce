"""What to do about an error of Python's own, for somebody who is new to it. Lives here: sentences, found by the error's words.

An error that brings its own advice keeps it. The source is read as text only, and where nothing sure can be said nothing is.
"""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final, NamedTuple

from engine.model.source_lines import line_text
from engine.model.trace import ErrorRecord
from engine.views.forgotten_imports import import_of
from engine.views.job import may_be_a_job
from engine.views.notebooks import is_notebook
from engine.views.other_languages import advice_on_its_language

_STATE_HAS: Final = (
    *("exists", "get", "getOption", "update", "remove", "hasTimedOut", "setTimeoutDuration", "setTimeoutTimestamp"),
    *("getCurrentProcessingTimeMs", "getCurrentWatermarkMs"),
)
_MOST_READ: Final = 100_000
#: What stands for names of elsewhere reached a library, which cannot say what is missing.
_STAND_IN: Final = re.compile(r"\bStub\b|<a stand-in for")
_OF_DSTREAMS: Final = (
    "This is written for DStreams, the older streaming: here a function has a key, the values and a state"
)
_DSTREAMS: Final = re.compile(r"\bupdateStateByKey\b|\bStreamingContext\b|\bmapWithState\b")


_IS_CALLED: Final = re.compile("'(?:builtin_function_or_)?method'")
_GET: Final = re.compile(r"\.get\b(?!\()")


class _Cure(NamedTuple):
    """For errors of this class, whose message and line of code these expressions are found in; groups of the message go
    into the sentence."""

    error_class: str
    message: str
    line: str
    sentence: str


#: Said instead of the advice that an error brings: it knows less of the text.
_BETTER_CURES: Final = (
    _Cure(
        "PySparkTypeError",
        "but is (?:coroutine|async_generator)",
        "",
        "Write def in place of async def: nobody awaits it",
    ),
    _Cure(
        "SystemExit",
        "",
        r"\bparse_args\(",
        "Nobody gives arguments here: give each a default, and write parse_args([])",
    ),
)
_CURES: Final = (
    _Cure("SyntaxError", "", r"^\s*else\s+if\b", "Python writes it in one word: elif"),
    _Cure("SyntaxError", "", r"(?:\+\+|--)[\s;]*$", "Python has no ++: write x += 1"),
    _Cure("SyntaxError", "", r"&&|\|\|", "Python writes `and` and `or`"),
    _Cure(
        "SyntaxError",
        "^f-string: ",
        "",
        "Inside the braces write other quotes than those around the text: only newer versions of Python can do without",
    ),
    _Cure(
        "SyntaxError",
        "",
        r"^\s*(?:type\s+\w+.*=|(?:def|class)\s+\w+\[)",
        "Only newer versions of Python read this line",
    ),
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
    _Cure("FileNotFoundError", "", "", "There are no files of yours here: write what is in it in its place"),
    _Cure("IndexError", "", r"\bargv\b", "Nobody gives arguments here: write what it is in its place"),
    *(
        _Cure(name, "", "", "There is no network here: write what would be answered in its place")
        for name in (
            "ConnectionError",
            "ConnectionRefusedError",
            "URLError",
            "gaierror",
            "ConnectTimeout",
            "MaxRetryError",
        )
    ),
    _Cure("EOFError", "", r"\binput\(", "Nobody can answer here: take what you need from the rows"),
    _Cure("RecursionError", "", "", "A function calls itself and never comes to an end"),
)


def advice_of(error: ErrorRecord, source: str) -> str:
    """A sentence without a full stop; "" when there is nothing to say."""
    if is_notebook(source):
        return "This is the file of a notebook: leave out all but the code of its cells"
    line = line_text(source, error.line)
    said = _better_than_its_own(error, source, line) or error.advice or _on_its_class(error, source, line)
    return said or _sentence(_CURES, error, line)


def _better_than_its_own(error: ErrorRecord, source: str, line: str) -> str:
    """What can be said of an error though it may bring advice of its own."""
    missing = re.match(r"name '(\w+)' is not defined", error.message)
    if error.error_class == "NameError" and missing:
        return _of_a_name(missing.group(1), source)
    if _STAND_IN.search(f"{error.message} {error.advice}") and "Stub" not in source:
        return "Something that the text has from elsewhere is needed here: paste it too"
    is_about_spark = error.error_class in ("ImportError", "ModuleNotFoundError")
    if is_about_spark and _DSTREAMS.search(source[:_MOST_READ]):
        return _OF_DSTREAMS
    return _sentence(_BETTER_CURES, error, line)


def _of_a_name(name: str, source: str) -> str:
    if _DSTREAMS.search(source[:_MOST_READ]) and name in ("ssc", "stream", "lines", "pairs", "words"):
        return _OF_DSTREAMS
    line = import_of(name, source[:_MOST_READ])
    return f"Add `{line}` at the top" if line else ""


def _on_its_class(error: ErrorRecord, source: str, line: str) -> str:
    if error.error_class in ("SyntaxError", "IndentationError"):
        return advice_on_its_language(source)
    misspelt = re.search(r"'GroupState' object has no attribute '(\w+)'", error.message)
    if misspelt:
        return _meant(misspelt.group(1))
    if _IS_CALLED.search(error.message) and _GET.search(line) and may_be_a_job(source):
        return "In PySpark state.get is no method, here it is one: choose applyInPandasWithState, for which this is written"
    return ""


def _sentence(cures: Iterable[_Cure], error: ErrorRecord, line: str) -> str:
    """That of the first cure which fits."""
    for cure in cures:
        found = re.search(cure.message, error.message)
        if cure.error_class == error.error_class and found and re.search(cure.line, line):
            return cure.sentence.format(*found.groups())
    return ""


def _meant(name: str) -> str:
    close = get_close_matches(name, _STATE_HAS, 1)
    return f"Write {close[0]}" if close else f"A state has {', '.join(_STATE_HAS)}"
