"""The picture's place before there is a picture. Lives here: what to say and to do then."""

from typing import Final

import streamlit as st

from engine import Session
from ui import store

#: As the picture of two keys, so that nothing below moves (.st-key-stage in ui/page.css).
_HEIGHT_PX: Final = 203


def draw(session: Session) -> None:
    """Why there is nothing to see, and what to type to see something."""
    what, advice = _words(session)
    with st.container(
        border=True, height=_HEIGHT_PX, horizontal_alignment="center", vertical_alignment="center", key="empty"
    ):
        st.markdown(f"**{what}**", text_alignment="center")
        st.caption(advice, text_alignment="center")


def _words(session: Session) -> tuple[str, str]:
    if session.trace is not None:
        advice = "Type a few words under Events: each is one event. A line `---` ends a batch."
        return "No events, so nothing was called", advice
    if store.progress() is not None:
        return "The stream is being replayed", "Every key's state appears here, batch by batch."
    return "Nothing to see yet", "As soon as function and events can be used, every key's state appears here."
