"""Whether a title still says what the code is. Lives here: that comparison of two texts; who asks for it does not."""

from typing import Final

_MOST_LINES: Final = 2_000


def is_of_the_same_code(code: str, other: str) -> bool:
    """Whether half the lines of the shorter text stand in the longer one too: it was edited, or built upon, not replaced.

    Blank lines, imports and comments say nothing. The text is a stranger's: of a long one the first lines are compared.
    """
    lines, others = _lines(code), _lines(other)
    return 2 * len(lines & others) >= min(len(lines), len(others))


def _lines(code: str) -> set[str]:
    stripped = (line.strip() for line in code.split("\n", _MOST_LINES)[:_MOST_LINES])
    return {line for line in stripped if line and not line.startswith(("#", "import ", "from "))}
