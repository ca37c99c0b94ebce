"""What all logs share: a page of rows, the cursor in it, and the way from a row to its call. Lives here: that drawing."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import msgspec
import pandas as pd
import streamlit as st

from engine import debugger, views
from ui import store
from ui.panels import paging
from ui.theme import theme_of_page

_HERE: Final = "▶"
_TO_COME: Final = "○"
_MARK_COLUMN: Final = ""
_ROW_HEIGHT: Final = 30
_TINT: Final = "background-color: rgba(91, 124, 250, 0.16)"
_COLUMNS: Final = {
    _MARK_COLUMN: st.column_config.TextColumn(width=28, pinned=True),
    **{name: st.column_config.NumberColumn(width=76) for name in ("call", "batch", "rows in", "rows out")},
}


class Rows(msgspec.Struct, frozen=True):
    """All rows of a log: how many there are, the one with the cursor (from 0), and the page of a number (from 1)."""

    count: int
    at_cursor: int
    page: Callable[[int], views.Page]


def bar() -> Any:
    """The row above a log: its controls, and after them, put there by `draw`, the way to other pages."""
    return st.container(horizontal=True, vertical_alignment="center")


def draw(name: str, rows: Rows, current_call: int, above: Any) -> None:
    """A page of the rows as a table; the row of the current call is marked, and so are those still to come.

    A click on any cell goes to its call, which is the row's own unless the page says otherwise. `name` tells the logs
    apart, `above` is the `bar` of this one.
    """
    if not rows.count:
        st.caption("Nothing up to here.")
        return
    with above:
        page = rows.page(_page_number(name, rows))
    _table(name, page, current_call)


def _page_number(name: str, rows: Rows) -> int:
    at_cursor, count = views.page_of_row(rows.at_cursor), views.page_of_row(rows.count - 1)
    if count == 1:
        return 1
    st.caption(f"{rows.count:,} rows", width="content")
    return paging.page_number(name, count, at_cursor)


def _table(name: str, page: views.Page, current_call: int) -> None:
    faint = f"color: {theme_of_page().faint_text}"
    marks = [_mark(call, current_call) for call in page.calls]
    frame = page.frame.assign(**{_MARK_COLUMN: marks})
    key = store.choosing(name, (page.first_row, page.calls, len(frame)))
    st.dataframe(
        frame.style.apply(partial(_styles, faint), axis=1),
        key=key,
        hide_index=True,
        height="content",
        row_height=_ROW_HEIGHT,
        column_config=_COLUMNS,
        selection_mode="single-cell",
        on_select=store.sends(_go_to_call(page), key, "selection"),
        alt=name,
    )


def _go_to_call(page: views.Page) -> Callable[[Any], debugger.Action | None]:
    def action(selection: Any) -> debugger.Action | None:
        call = page.call_of(*selection["cells"][0]) if selection["cells"] else -1
        return debugger.GoToCall(call) if call >= 0 else None

    return action


def _styles(faint: str, row: "pd.Series[Any]") -> list[str]:
    """Where one stands is tinted, what is still to come is faint."""
    style = {_TO_COME: faint, _HERE: _TINT}.get(row[_MARK_COLUMN], "")
    return [style] * len(row)


def _mark(call: int, current_call: int) -> str:
    if call == current_call:
        return _HERE
    return _TO_COME if call > current_call else ""
