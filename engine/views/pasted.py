"""What a text brings with it from where it was copied, and the text without that. Lives here: reading it line by line.

No line is read as Python. What is left out is never more than the marks of a prompt, a page or a word processor.
"""

import html
import re
import textwrap
from collections.abc import Callable
from itertools import pairwise
from typing import Final, NamedTuple

from engine.views.notebooks import OTHER_CELL, code_of_notebook

_PROMPT: Final = re.compile(r"^\s*(?:>>>|\.\.\.|In \[\d+\]:|\.{3,}:)(?: |$)")
_NUMBER: Final = re.compile(r"^\s*(\d{1,6})(?:[.:|)]\s?|\s|$)")
_COMMAND: Final = re.compile(r"(?:%{1,2}|!)[A-Za-z]|pip3? install ")
#: Where a cell of another language surely ends.
_PYTHON_AGAIN: Final = re.compile(r"#\s*(?:COMMAND -|%%)|import |from [\w.]+ import |def |class |@\w|%{1,2}py")
_FENCE: Final = re.compile(r"(?:```|~~~)\s*\w*$")
_ENTITY: Final = re.compile(r"&(?:lt|gt|amp|quot|nbsp|#\d{2,4}|#x[0-9a-fA-F]{2,4});")
_TAG: Final = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]{0,300})?>")
_INDENT: Final = re.compile(r"^[ \t]+", re.MULTILINE)
_SIGNS: Final = {
    **dict.fromkeys("\u201c\u201d\u201e", '"'),
    **dict.fromkeys("\u2018\u2019\u201a", "'"),
    "\u2212": "-",
    "\u2013": "-",
    "\u2026": "...",
    "\u00d7": "*",
    "\u2192": "->",
    "\u2264": "<=",
    "\u2265": ">=",
    "\u2260": "!=",
    "\uff08": "(",
    "\uff09": ")",
    "\uff1a": ":",
    "\uff0c": ",",
    "\uff1d": "=",
}
#: Texts and comments may have such signs in them.
_SIGN: Final = re.compile(rf"""("[^"\n]*"|'[^'\n]*'|#[^\n]*)|[{"".join(_SIGNS)}]""")
_SPACES: Final = dict.fromkeys((0xA0, 0x2002, 0x2003, 0x2009, 0x202F, 0x3000), " ")
_UNSEEN: Final = dict.fromkeys((0xFEFF, 0x200B, 0x200C, 0x200D, 0x2060))


class Paste(NamedTuple):
    """`what` the text brought with it, and the `code` without."""

    what: str
    code: str


def cleaned(code: str) -> Paste | None:
    """The text without what it was pasted with; None when there is nothing of that kind."""
    found, text = [], code.replace("\r\n", "\n")
    for what, clean in _KINDS.items():
        without = clean(text)
        if without != text:
            found.append(what)
            text = without
    return Paste(" and ".join(found), text) if found else None


def _without_fences(text: str) -> str:
    """What stands between the fences, when there are any."""
    lines = text.split("\n")
    fences = [place for place, line in enumerate(lines) if _FENCE.match(line.strip())]
    if not fences:
        return text
    if len(fences) % 2:  # its beginning was not copied, or its end
        fences = [-1, *fences] if len(fences) == 1 and fences[0] > 0 else [*fences, len(lines)]
    return "\n".join(
        "\n".join([*lines[begin + 1 : end], ""]) for begin, end in zip(fences[::2], fences[1::2], strict=True)
    )


def _without_page(text: str) -> str:
    """Without the marks in which a web page writes code: those of a text that begins with one, and signs by their names."""
    inside = _TAG.sub("", text) if _TAG.match(text.lstrip()) else text
    return html.unescape(inside) if _ENTITY.search(inside) else inside


def _without_commands(text: str) -> str:
    """Commands, and cells of another language to their end, as comments: so every line keeps its number."""
    lines, is_other = [], False
    for line in text.split("\n"):
        is_other = OTHER_CELL.match(line) is not None or (is_other and not _PYTHON_AGAIN.match(line))
        is_comment = (is_other and line.strip()) or _COMMAND.match(line)
        lines.append(f"# {line}" if is_comment else line)
    return "\n".join(lines)


def _without_prompts(text: str) -> str:
    """The lines that were typed; what was answered to them is left out."""
    lines = text.split("\n")
    typed = [line for line in lines if _PROMPT.match(line)]
    return "\n".join(_PROMPT.sub("", line) for line in typed) + "\n" if typed and _PROMPT.match(lines[0]) else text


def _without_numbers(text: str) -> str:
    """Without the numbers of lines, when each line that is not blank has a larger one than the line before."""
    lines = [line for line in text.split("\n") if line.strip()]
    numbers = [int(match.group(1)) for match in map(_NUMBER.match, lines) if match]
    if len(lines) < 2 or len(numbers) != len(lines) or any(b <= a for a, b in pairwise(numbers)):
        return text
    return "\n".join(_NUMBER.sub("", line) for line in text.split("\n"))


def _with_spaces(text: str) -> str:
    """Indented with spaces alone, when it is indented with both."""
    indents = {line[: len(line) - len(line.lstrip(" \t"))] for line in text.split("\n") if line.strip()}
    is_mixed = any("\t" in indent for indent in indents) and any(" " in indent for indent in indents)
    return _INDENT.sub(lambda indent: indent.group().expandtabs(4), text) if is_mixed else text


_KINDS: Final[dict[str, Callable[[str], str]]] = {
    "the marks of a notebook's file": code_of_notebook,
    "characters that cannot be seen": lambda text: text.translate(_UNSEEN),
    "spaces that are none to Python": lambda text: text.translate(_SPACES),
    "the marks of a code block": _without_fences,
    "the marks of a web page": _without_page,
    "the prompts of a Python session": _without_prompts,
    "the numbers of its lines": _without_numbers,
    "the commands of a notebook": _without_commands,
    "typographic quotes and signs": lambda text: _SIGN.sub(lambda m: m[1] or _SIGNS[m[0]], text),
    "tabs among spaces": _with_spaces,
    "the indentation of where it stood": textwrap.dedent,
}
