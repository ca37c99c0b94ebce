"""What the two logs share: a page of rows, the cursor in it, and the way from a row to its call. Lives here: that drawing."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st

from engine import debugger, views
from ui import store
from ui.theme import theme_of_page

_HERE: Final = "▶"
_TO_COME: Final = "○"
_MARK_COLUMN: Final = ""
_ROW_HEIGHT: Final = 30
_EDGE: Final = 3
_TINT: Final = "background-color: rgba(91, 124, 250, 0.16)"
_COLUMNS: Final = {
    _MARK_COLUMN: st.column_config.TextColumn(width=28, pinned=True),
    **{name: st.column_config.NumberColumn(width=76) for name in ("call", "batch", "rows in", "rows out")},
}


def draw(name: str, page: views.Page, current_call: int) -> None:
    """The page as a table; the row of the current call is marked, and so are those still to come.

    A click on any cell goes to its call, which is the row's own unless the page says otherwise. `name` tells the logs apart.
    """
    if not page.calls:
        st.caption("Nothing up to here.")
        return
    faint = f"color: {theme_of_page().faint_text}"
    marks = [_mark(call, current_call) for call in page.calls]
    frame = page.frame.assign(**{_MARK_COLUMN: marks})
    rows = f"{page.first_row}-{page.calls[0]}-to-{page.calls[-1]}"
    key = f"{name}-{rows}-{len(frame)}"  # other rows are another table: no cell is chosen in it
    st.dataframe(
        frame.style.apply(partial(_styles, faint), axis=1),
        key=key,
        hide_index=True,
        height=_ROW_HEIGHT * (len(frame) + 1) + _EDGE,
        row_height=_ROW_HEIGHT,
        column_config=_COLUMNS,
        selection_mode="single-cell",
        on_select=store.sends(_go_to_call(page), key, "selection"),
        alt=name,
    )


def page_number(name: str, row: int, row_count: int) -> int:
    """The page that is open: the one with the cursor, until somebody turns the pages."""
    at_cursor = views.page_of_row(row)
    count = views.page_of_row(row_count - 1)
    if count == 1:
        return 1
    return st.pagination(count, default=at_cursor, key=f"{name}-page-{at_cursor}-of-{count}")


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
