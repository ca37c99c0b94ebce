"""A log, a page at a time. Lives here: what a page is, and which rows it has; what is in a row does not.

A page is decoded when it is asked for: a trace of 100,000 calls costs one pass, not 100,000 rows at every step.
"""

from collections.abc import Mapping
from typing import Final

import msgspec
import pandas as pd

#: All rows of a page are seen at once, so that the cursor is never scrolled out of sight.
PAGE_ROWS: Final = 15


class Page(msgspec.Struct, frozen=True):
    """Some rows of a log. `frame` has text and numbers only; `calls[i]` is the call that row i belongs to, -1 for none.

    The rows are those from `first_row` of `row_count`. Cells of a column in `links` lead to these calls instead.
    """

    frame: pd.DataFrame
    calls: tuple[int, ...]
    first_row: int
    row_count: int
    links: Mapping[str, tuple[int, ...]] = {}

    @property
    def number(self) -> int:
        """Which page it is, from 1."""
        return page_of_row(self.first_row)

    @property
    def count(self) -> int:
        """How many pages the log has; an empty log has one empty page."""
        return page_of_row(self.row_count - 1)

    def call_of(self, row: int, column: str) -> int:
        """The call to which a cell leads; -1 for none."""
        return self.links.get(column, self.calls)[row]


def rows_of_page(number: int, row_count: int) -> slice:
    """Which rows of a log the page with this number has, from 1; a number out of range means the nearest page."""
    first = (max(1, min(number, page_of_row(row_count - 1))) - 1) * PAGE_ROWS
    return slice(first, min(first + PAGE_ROWS, row_count))


def page_of_row(row: int) -> int:
    """The number of the page, from 1, on which a row stands."""
    return max(0, row) // PAGE_ROWS + 1
