"""The user's source as lines of text. Lives here: reading it with regular expressions; the server never parses it.

What cannot be told surely from the text is not told: a finding that is wrong costs more trust than one that is missing.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final

import msgspec

from engine.model.source_lines import source_lines

_MAX_SOURCE: Final = 200_000
#: More of a line is not looked at: the text is a stranger's, and an expression may look many times at each character.
_LONGEST_LINE: Final = 1_000
_STRINGS_AND_COMMENTS: Final = re.compile(
    r'"""(?:\\.|[^\\])*?(?:"""|\Z)'
    r"|'''(?:\\.|[^\\])*?(?:'''|\Z)"
    r'|"(?:\\.|[^"\\\n])*"?'
    r"|'(?:\\.|[^'\\\n])*'?"
    r"|#[^\n]*",
    re.DOTALL,
)
_NOT_A_BREAK: Final = re.compile(r"[^\n]")
_IMPORT: Final = re.compile(r"^\s*import\s+(.+)$")
_FROM_IMPORT: Final = re.compile(
    r"^[ ]*from[ ]+([\w.]+)[ ]+import[ ]+(?:\(([^()]*)\)|([^()\n ][^()\n]*))$", re.MULTILINE
)
#: The method of a processor that is called with rows.
HANDLER: Final = "handleInputRows"
_DEFINITION: Final = r"^(\s*)(?:async\s+)?def\s+{}\s*\(([^)]*)"


class Line(msgspec.Struct, frozen=True):
    """One line of code: `number` from 1, `indent` in columns, `text` without strings and comments, not blank."""

    number: int
    indent: int
    text: str


class Function(msgspec.Struct, frozen=True):
    """A function of the source: the names of its parameters, and the lines of its body."""

    parameters: tuple[str, ...]
    body: tuple[Line, ...]


class Source:
    """The text of a function's module; `function_name` is the function that Spark calls."""

    def __init__(self, text: str, function_name: str = "") -> None:
        self._text = "\n".join(source_lines(text[:_MAX_SOURCE]))
        self._function_name = function_name

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """All lines with code in them; strings and comments are blanks there."""
        code = _STRINGS_AND_COMMENTS.sub(lambda found: _NOT_A_BREAK.sub(" ", found.group()), self._text)
        numbered = enumerate(code.expandtabs(4).split("\n"), start=1)
        return tuple(
            Line(number, len(text) - len(text.lstrip()), text.rstrip()[:_LONGEST_LINE])
            for number, text in numbered
            if text.strip()
        )

    @cached_property
    def function(self) -> Function | None:
        """The function that Spark calls; None when its definition is not found in the text."""
        pattern = re.compile(_DEFINITION.format(re.escape(self._function_name)))
        for place, line in enumerate(self.lines):
            definition = pattern.match(line.text) if self._function_name else None
            if definition:
                return Function(_names(definition.group(2)), tuple(self._body(place, line.indent)))
        return None

    @cached_property
    def imports(self) -> dict[str, str]:
        """What a name stands for that was imported: `np` -> `numpy`, `dt` -> `datetime.datetime`."""
        whole = [imported for line in self.lines for imported in _imported(line.text)]
        members = _FROM_IMPORT.finditer("\n".join(line.text for line in self.lines))
        return {name: module for module, name in (*whole, *(pair for found in members for pair in _members(found)))}

    @property
    def state_name(self) -> str:
        """What the function calls its state: its last parameter."""
        parameters = self.function.parameters if self.function else ()
        return parameters[-1] if parameters else "state"

    def first_line(self, pattern: str) -> int | None:
        """The number of the first line of code in which the pattern is found."""
        expression = re.compile(pattern)
        return next((line.number for line in self.lines if expression.search(line.text)), None)

    def statement(self, pattern: str) -> str:
        """The first line of code in which the pattern is found, as it is written but for indent and comment; or ""."""
        number = self.first_line(pattern)
        line = next((line for line in self.lines if line.number == number), None)
        if line is None:
            return ""
        return self._text.split("\n")[line.number - 1].expandtabs(4)[: len(line.text)].strip()

    def has(self, pattern: str) -> bool:
        return self.first_line(pattern) is not None

    def _body(self, place: int, indent: int) -> Iterator[Line]:
        for line in self.lines[place + 1 :]:
            if line.indent <= indent and not line.text.lstrip().startswith(")"):
                return
            yield line


def _names(parameters: str) -> tuple[str, ...]:
    """The parameters, without a method's own `self`."""
    found = (re.match(r"\s*(\w+)", part) for part in parameters.split(","))
    names = tuple(name.group(1) for name in found if name)
    return names[1:] if names[:1] == ("self",) else names


def _imported(text: str) -> Iterator[tuple[str, str]]:
    """Module and name for each name that `import …` of one line brings."""
    plain = _IMPORT.match(text)
    for part in (plain.group(1) if plain else "").split(","):
        module, _, alias = (word.strip() for word in part.partition(" as "))
        if module:
            yield (module, alias) if alias else (module.partition(".")[0], module.partition(".")[0])


def _members(found: re.Match[str]) -> Iterator[tuple[str, str]]:
    """Module and name for each name that `from … import …` brings, also over several lines."""
    for part in (found.group(2) or found.group(3) or "").split(","):
        member, _, alias = (word.strip() for word in part.partition(" as "))
        if member:
            yield f"{found.group(1)}.{member}", alias or member
