"""What keeps an input from being used, told at its place. Lives here: that list; finding problems does not."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from engine import Problem, Session

_MOST_SHOWN: Final = 3


def draw(problems: Sequence[Problem], key: str) -> None:
    """The first of them as plain text, and how many more there are; nothing without any. `key` names the place."""
    _list(problems, f"problems_{key}")


def draw_notes(notes: Sequence[Problem], key: str) -> None:
    """The same for what keeps nothing from being used: it looks like no error."""
    _list(notes, f"notes_{key}")


def _list(problems: Sequence[Problem], key: str) -> None:
    if not problems:
        return
    with st.container(key=key, gap="xsmall"):
        for problem in problems[:_MOST_SHOWN]:
            st.text(f"{problem}.")
        if len(problems) > _MOST_SHOWN:
            st.caption(f"and {len(problems) - _MOST_SHOWN:,} more")


def note_unread(session: Session) -> None:
    """What is saved and shared are events that can be read; say so when those in the editor are others."""
    if session.draft.events_problems:
        st.caption("The events in the editor cannot be read; the last ones that could are used instead.")
