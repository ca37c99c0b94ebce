"""Text in which nothing is hidden. Lives here: the one way from a stranger's text to a screen, a terminal or a log.

What comes out is still plain text: whoever puts it into HTML or Markdown has to escape it.
"""

from typing import Final

#: Letters and signs that no font draws, though Unicode does not count them as unseen.
_BLANKS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_ESCAPES: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str, keep: str = "") -> str:
    r"""The text with every character that cannot be seen written as an escape, such as \u202e; `keep` are left alone.

    Control, bidirectional and zero-width characters, lone surrogates and every space but the plain one count as unseen:
    they can reorder or hide what stands beside them, and make two keys look alike.
    """
    if text.isprintable() and (text.isascii() or _BLANKS.isdisjoint(text)):
        return text
    return "".join(char if _is_seen(char) or char in keep else _escape(char) for char in text)


def visible_lines(text: str) -> str:
    """As `visible`, for text of several lines: line feeds and tabs stay."""
    return visible(text.replace("\r\n", "\n"), keep="\n\t")


def _is_seen(char: str) -> bool:
    return char.isprintable() and char not in _BLANKS


def _escape(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    code = ord(char)
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
