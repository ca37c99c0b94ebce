"""How well this computer isolates the function: the page's footer, and the question where it does not. Lives here: both.

Below the level `kernel` a function runs only after a click of somebody who read it, and only when nobody but the people at
this computer can reach the page; a hosted page runs nothing at all then.
"""

from typing import Final

import streamlit as st

from ui import store

_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
_START_ALONE: Final = (
    "To run it here anyway, start the page for yourself only: streamlit run app.py --server.address localhost"
)
_HOSTED: Final = "This page is hosted for strangers, so nothing runs here."


def ask() -> None:
    """Where functions are not isolated: what the function could do, and the button that lets it run."""
    found = store.isolation()
    if found is None or found.isolates or store.has_consent():
        return
    with st.container(key="isolation_ask"):
        st.text(found.sentence)
        if found.level == "none":
            return
        if store.is_hosted():
            st.text(_HOSTED)
        elif st.get_option("server.address") in _LOOPBACK:
            st.button("I have read the function: run it", key="consent", on_click=store.consent)
        else:
            st.text(_START_ALONE)


def draw() -> None:
    """The footer: the level, and what it means."""
    found = store.isolation()
    words = f"Isolation: {found.level}. {found.sentence}" if found else "Isolation: being tested."
    st.caption(words)
