"""The visitor's session between two runs of the page. The only file that touches st.session_state or calls a runner."""

from typing import Final

import streamlit as st

from engine import Session, debugger
from engine.debugger import Action

_SESSION: Final = "session"


def get() -> Session:
    """The visitor's session as it is now."""
    session: Session = st.session_state[_SESSION]
    return session


def dispatch(action: Action) -> None:
    """Apply an action; when it changed what is to be replayed, replay it. For callbacks of widgets and components."""
    st.session_state[_SESSION] = debugger.reduce(get(), action)
