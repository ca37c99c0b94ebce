"""The call log: every call of the replay, with the cursor in it. Lives here: its choices; rows come from engine.views."""

from functools import partial

import streamlit as st

from engine import Session, views
from ui.panels import log


def draw(session: Session) -> None:
    """All calls, or those of the key at the cursor; a click goes to a call."""
    trace = session.trace
    if trace is None or not len(trace.calls):
        st.caption("No call was made.")
        return
    current = views.last_call_at(trace, session.step)
    above = log.bar()
    with above:
        only_key = st.toggle("Only the key at the cursor", key="calls-only-key")
    selection = views.calls_with_the_key_of(trace, current) if only_key else views.all_calls(trace)
    page = partial(views.call_page, trace, selection)
    log.draw("calls", log.Rows(len(selection.indexes), selection.row_of(current), page), current, above)
