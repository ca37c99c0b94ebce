"""The first row: name, scenario menu, numbers of the trace, sharing and saving. Lives here: the row; its menus do not."""

from pathlib import Path
from typing import Final

import streamlit as st

from engine import Session, Trace, debugger, diagnostics, views
from ui import store
from ui.panels import below, gallery, share

_LOGO: Final = Path(__file__).parent.parent / "favicon.svg"


def draw(session: Session) -> None:
    """The header; its numbers are those of the picture, not of what is being typed."""
    with st.container(horizontal=True, vertical_alignment="center", key="header"):
        with st.container(horizontal=True, vertical_alignment="center", width="content", gap="xsmall", key="name"):
            st.image(_LOGO, width=26)
            st.markdown("Stateline", width="content")
        gallery.draw(session)
        if session.undo:
            st.button(
                "Undo",
                key="undo",
                type="tertiary",
                icon=":material/undo:",
                help="Back to what was in the editors before",
                on_click=lambda: store.dispatch(debugger.Undo()),
            )
        if session.trace is not None:
            _badges(session, session.trace)
        st.space("stretch")
        with st.container(width="content"):
            share.draw()


def _badges(session: Session, trace: Trace) -> None:
    dropped = sum(len(batch.dropped) for batch in trace.batches)
    told = [finding.severity for finding in diagnostics.findings(trace) if finding.severity != "error"]
    st.badge(_count(len(views.chosen_lanes(trace)), "key"), color="gray")
    st.badge(_count(len(trace.batches), "batch", "batches"), color="gray")
    st.badge(_count(len(trace.calls), "call"), color="gray")
    if dropped:
        st.badge(f"{dropped:,} dropped", color="orange")
    if told:
        _way_to("Findings", _count(len(told), "finding"), "orange" if "warning" in told else "blue")
    if session.failure is not None:
        _way_to("Code and events", "1 error", "red")


def _way_to(tab: below.Tab, words: str, colour: str) -> None:
    """A badge that opens a tab."""
    st.button(f":{colour}-badge[{words}]", type="tertiary", key=f"to {tab}", on_click=below.open_tab, args=(tab,))


def _count(number: int, noun: str, nouns: str = "") -> str:
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"
