"""The function: its editor, and what it failed of. Lives here: that; the editor itself is a component."""

from typing import Any, Final

import streamlit as st

from engine import Session, debugger
from ui.components.editor import editor
from ui.panels import failure

_HEIGHT_PX: Final = 240
_PLACEHOLDER: Final = "def updateState(key, values, state):\n    ..."


def draw(session: Session) -> None:
    """The editor, with the line of a failure marked, and the failure in words under it."""
    with st.container(horizontal=True, vertical_alignment="center", key="code_head"):
        st.markdown("**Function**", width="content")
        st.caption("called once for each key in each batch", width="content")
    editor(
        "code",
        session.draft.scenario.code,
        session.text_rev,
        debugger.EditCode,
        label="The function",
        placeholder=_PLACEHOLDER,
        language="python",
        marks=_marks(session),
        height_px=_HEIGHT_PX,
    )
    if session.failure is not None:
        failure.draw(session.failure)


def _marks(session: Session) -> list[dict[str, Any]]:
    error = session.failure.error if session.failure else None
    return [{"line": error.line, "text": error.message}] if error and error.line else []
