"""The output log: what the query wrote, with the cursor in it. Lives here: its choices; rows come from engine.views."""

from functools import partial

import streamlit as st

from engine import Session, views
from ui.panels import log


def draw(session: Session) -> None:
    """All output rows; those up to the cursor are told from those still to come. A click goes to the call."""
    trace = session.trace
    if trace is None or not views.output_count(trace):
        st.caption("The query wrote no rows.")
        return
    current = views.last_call_at(trace, session.step)
    above = log.bar()
    with above:
        st.download_button(
            "Download as CSV",
            data=lambda: views.output_csv(trace),
            file_name="output.csv",
            mime="text/csv",
            icon=":material/download:",
            key="output-csv",
        )
    page = partial(views.output_page, trace)
    rows = log.Rows(views.output_count(trace), views.output_row_of(trace, current), page)
    log.draw("output", rows, current, above)
