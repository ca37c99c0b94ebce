"""The way to the other pages of what is too long for one. Lives here: that control; what is on a page does not."""

from typing import Final

import streamlit as st

#: Streamlit measures the control by what it shows, and leaves numbers out until it is narrow enough; this has room for seven.
_WIDTH_PX: Final = 310


def page_number(name: str, count: int, at_cursor: int) -> int:
    """The page that is open, from 1 to `count`: the one with the cursor, until somebody turns the pages."""
    if count <= 1:
        return 1
    return st.pagination(count, default=at_cursor, width=_WIDTH_PX, key=f"{name}-page-{at_cursor}-of-{count}")
