"""The first row: the name, the scenario menu, taking back, and sharing. Lives here: the row; its menus do not."""

from pathlib import Path
from typing import Any, Final

import streamlit as st

from engine import Session, debugger
from ui import store
from ui.panels import gallery, share, tour

_LOGO: Final = Path(__file__).parent.parent / "favicon.svg"
_LOGO_PX: Final = 26


def draw(session: Session) -> Any:
    """The row, and the place in it for the badges: they may need a while, and nothing else should wait for them."""
    with st.container(horizontal=True, vertical_alignment="center", key="header"):
        with st.container(horizontal=True, vertical_alignment="center", width="content", gap="xsmall", key="name"):
            st.image(_LOGO, width=_LOGO_PX)
            st.markdown("Stateline", width="content")
        gallery.draw(session)
        tour.button()
        if session.undo:
            _undo()
        badges_place = st.container(horizontal=True, vertical_alignment="center", width="content")
        st.space("stretch")
        with st.container(width="content"):
            share.draw()
    return badges_place


def _undo() -> None:
    st.button(
        "Undo",
        key="undo",
        type="tertiary",
        icon=":material/undo:",
        help="Back to what was in the editors before",
        on_click=store.dispatch,
        args=(debugger.Undo(),),
    )
