"""HTML whose every text is escaped. Lives here: the only way from data to HTML; which tags and classes is the panel's.

Texts come from strangers' links. A `str` that is no `Markup` is always escaped, so that forgetting is harmless.
"""

from collections.abc import Iterable
from html import escape


class Markup(str):
    """HTML that this module made."""

    __slots__ = ()


def tag(name: str, *children: str, cls: str = "") -> Markup:
    """`<name class="cls">children</name>`; children that are text are escaped. `name` and `cls` are ours, never data."""
    attribute = f' class="{cls}"' if cls else ""
    return Markup(f"<{name}{attribute}>{joined(children)}</{name}>")


def joined(children: Iterable[str]) -> Markup:
    """The children one after another; text is escaped."""
    return Markup("".join(child if isinstance(child, Markup) else escape(child) for child in children))


def table(names: Iterable[str], rows: Iterable[Iterable[str]], cls: str = "") -> Markup:
    """A table with a head; cells that are text are escaped."""
    head = tag("tr", *(tag("th", name) for name in names))
    body = (tag("tr", *(tag("td", cell) for cell in row)) for row in rows)
    return tag("table", tag("thead", head), tag("tbody", *body), cls=cls)
