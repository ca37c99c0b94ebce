"""Text in which nothing is hidden. Lives here: the one way from a stranger's text to a screen, a terminal or a log.

What comes out is still plain text: whoever puts it into HTML or Markdown has to escape it.
"""

from typing import Final

#: Letters and signs that no font draws, though Unicode does not count them as unseen.
_BLANKS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_ESCAPES: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


class _Seen(dict[int, str]):
    """What each character is shown as, by its number, found out when it is first met."""

    def __init__(self, kept: str = "") -> None:
        super().__init__({ord(char): char for char in kept})

    def __missing__(self, code: int) -> str:
        char = chr(code)
        shown = self[code] = char if char.isprintable() and char not in _BLANKS else _escape(char)
        return shown


_IN_A_LINE: Final = _Seen()
_IN_LINES: Final = _Seen("\n\t")


def visible(text: str) -> str:
    r"""The text with every character that cannot be seen written as an escape, such as \u202e.

    Control, bidirectional and zero-width characters, lone surrogates and every space but the plain one count as unseen:
    they can reorder or hide what stands beside them, and make two keys look alike.
    """
    if text.isprintable() and (text.isascii() or _BLANKS.isdisjoint(text)):
        return text
    return text.translate(_IN_A_LINE)


def visible_lines(text: str) -> str:
    """As `visible`, for text of several lines: line feeds and tabs stay."""
    return text.replace("\r\n", "\n").translate(_IN_LINES)


def _escape(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    code = ord(char)
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
