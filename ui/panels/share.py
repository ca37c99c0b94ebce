"""Sharing: a link that opens what is in the editors at the step that is looked at. Lives here: the link on the screen."""

from typing import Final, Literal
from urllib.parse import urlsplit, urlunsplit

import streamlit as st

from engine import Session, share_encode
from ui import store
from ui.panels import problems

#: Streamlit loses longer addresses.
_TOO_LONG: Final = 100_000
#: Many proxies refuse longer addresses, and many chat programs cut them.
_LONG: Final = 6_000
_SHORT: Final = 300
_LINK_HEIGHT_PX: Final = 130


@st.fragment(key="share")
def draw() -> None:
    """The link is made when it is asked for, at the step of that moment."""
    with st.popover("Share", icon=":material/link:", key="share_menu", on_change="rerun") as menu:
        if menu.open:
            _link(store.get())


def _link(session: Session) -> None:
    payload = share_encode(session.draft.scenario, session.step_index)
    if len(payload) > _TOO_LONG:
        st.text("There are too many events for a link. Save the scenario as a file instead (File, Save).")
        return
    st.text(f"Whoever opens this link sees what you see, at {_where(session)}.")
    height: int | Literal["content"] = _LINK_HEIGHT_PX if len(payload) > _SHORT else "content"
    st.code(f"{_address()}?s={payload}", language=None, wrap_lines=True, height=height)
    st.caption("The button at the right edge of the link copies it.")
    problems.note_unread(session)
    if len(payload) > _LONG:
        st.caption("The link is long: some chat programs cut it off. A file is safer (File, Save).")


def _where(session: Session) -> str:
    step = session.step
    if step is None:
        return "the start"
    return f"call {step.call_index + 1:,}" if step.call_index is not None else f"trigger {step.trigger + 1:,}"


def _address() -> str:
    """The address of this page as the visitor's browser sees it."""
    parts = urlsplit(st.context.url or "http://localhost:8501/")
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", "", ""))
