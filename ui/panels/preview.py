"""A look at the first rows of a stream or of a file. Lives here: that table."""

from collections.abc import Iterable
from itertools import islice
from typing import Any, Final

import pandas as pd
import streamlit as st

from engine import views

_MOST_SHOWN: Final = 200


def draw(rows: Iterable[dict[str, Any]], height_px: int) -> None:
    """The first rows, as plain cells: they may come from anybody's file."""
    shown = pd.DataFrame(list(islice(rows, _MOST_SHOWN)))
    shown.columns = views.distinct_names([str(name) for name in shown.columns], (), "(again)")
    for name in shown.select_dtypes(include=["object", "str"]).columns:
        shown[name] = [_cell(value) for value in shown[name]]
    st.dataframe(shown, height=height_px, hide_index=True)


def _cell(value: Any) -> str | None:
    """A column of several kinds of values has no kind of its own: all of it is shown as text."""
    return None if value is None else views.visible(str(value))
