"""The first row: the name, the scenario menu, taking back, and sharing. Lives here: the row; its menus do not."""

from base64 import b64encode
from pathlib import Path
from typing import Any, Final

import streamlit as st

from engine import Session, debugger
from ui import store
from ui.markup import Markup, tag
from ui.panels import gallery, share, tour

_LOGO: Final = Path(__file__).parent.parent / "favicon.svg"
_LOGO_PX: Final = 26


def draw(session: Session) -> Any:
    """The row, and the place in it for the badges: they may need a while, and nothing else should wait for them."""
    with st.container(horizontal=True, vertical_alignment="center", key="header"):
        with st.container(width="content", key="name"):
            st.html(_name())
        gallery.draw(session)
        with st.container(width="content"):
            tour.button()
        with st.container(width="content"):
            if session.undo:
                _undo()
        badges_place = st.container(horizontal=True, vertical_alignment="center", width="content", key="badges")
        st.space("stretch")
        with st.container(width="content"):
            share.draw()
    return badges_place


def _name() -> Markup:
    """The page's heading; its drawing says nothing that the word beside it does not."""
    drawing = b64encode(_LOGO.read_bytes()).decode()
    image = f'<img alt="" width="{_LOGO_PX}" height="{_LOGO_PX}" src="data:image/svg+xml;base64,{drawing}">'
    return tag("h1", Markup(image), "Stateline")


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
