"""The picture's place before there is a picture. Lives here: what to say and to do then."""

from typing import Final

import streamlit as st

from engine import Session

_HEIGHT_PX: Final = 180


def draw(session: Session) -> None:
    """Why there is nothing to see, and what to type to see something."""
    with st.container(
        border=True, height=_HEIGHT_PX, horizontal_alignment="center", vertical_alignment="center", key="empty"
    ):
        st.markdown(f"**{_what(session)}**", text_alignment="center")
        st.caption(_advice(session), text_alignment="center")


def _what(session: Session) -> str:
    if session.trace is not None:
        return "No events, so nothing was called"
    return "Nothing to see yet"


def _advice(session: Session) -> str:
    if session.trace is not None:
        return "Type a few words under Events: each is one event. A line `---` ends a batch."
    return "As soon as function and events can be used, every key's state appears here, batch by batch."
