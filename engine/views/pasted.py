"""What a text brings with it from where it was copied, and the text without that. Lives here: reading it line by line.

No line is read as Python. What is left out is never more than the marks of a prompt, a page or a word processor.
"""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Final, NamedTuple

_PROMPT: Final = re.compile(r"^\s*(?:>>>|\.\.\.|In \[\d+\]:|\.{3,}:)(?: |$)")
_NUMBER: Final = re.compile(r"^\s*(\d{1,6})(?:[.:|)]\s?|\s|$)")
_COMMAND: Final = re.compile(r"^(?:%{1,2}|!)[A-Za-z]", re.MULTILINE)
_FENCE: Final = re.compile(r"(?:```|~~~)\s*\w*$")
_INDENT: Final = re.compile(r"^[ \t]+", re.MULTILINE)
_QUOTES: Final = str.maketrans("\u201c\u201d\u201e\u2018\u2019\u201a", "\"\"\"'''")
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
    if len(fences) == 1 and fences[0] > 0:  # its beginning was not copied
        fences.insert(0, -1)
    end = fences[1] if len(fences) > 1 else len(lines)
    return "\n".join([*lines[fences[0] + 1 : end], ""])


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
    "characters that cannot be seen": lambda text: text.translate(_UNSEEN),
    "spaces that are none to Python": lambda text: text.translate(_SPACES),
    "the marks of a code block": _without_fences,
    "the prompts of a Python session": _without_prompts,
    "the numbers of its lines": _without_numbers,
    "the commands of a notebook": lambda text: _COMMAND.sub(r"# \g<0>", text),
    "typographic quotes": lambda text: text.translate(_QUOTES),
    "tabs among spaces": _with_spaces,
}
