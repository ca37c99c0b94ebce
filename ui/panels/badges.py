"""The numbers of a trace, beside the name of the page. Lives here: those badges; what is found is found elsewhere."""

import streamlit as st

from engine import Session, Trace, diagnostics, views
from ui.panels import below


def draw(session: Session) -> None:
    """The numbers of the picture; those that ask for attention open the tab that explains them."""
    if session.trace is not None:
        _numbers(session.trace)
    if session.failure is not None:
        _way_to("Code and events", "1 error", "red")


def _numbers(trace: Trace) -> None:
    dropped = sum(len(batch.dropped) for batch in trace.batches)
    told = [finding.severity for finding in diagnostics.findings(trace) if finding.severity != "error"]
    st.badge(_count(len(views.chosen_lanes(trace)), "key"), color="gray")
    st.badge(_count(len(trace.batches), "batch", "batches"), color="gray")
    st.badge(_count(len(trace.calls), "call"), color="gray")
    with st.container(width="content"):
        if dropped:
            st.badge(f"{dropped:,} dropped", color="orange")
    if told:
        _way_to("Findings", _count(len(told), "finding"), "orange" if "warning" in told else "blue")


def _way_to(tab: below.Tab, words: str, colour: str) -> None:
    st.button(f":{colour}-badge[{words}]", type="tertiary", key=f"to {tab}", on_click=below.open_tab, args=(tab,))


def _count(number: int, noun: str, nouns: str = "") -> str:
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"
