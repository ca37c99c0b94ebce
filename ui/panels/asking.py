"""Waiting for the answer to a question that takes another replay. Lives here: the wait, with how far it is and the way out."""

from typing import Any, Final

import streamlit as st

from engine import Problem, Session, Trace, sandbox
from engine.debugger import WatchedCalls
from ui import store
from ui.panels import status
from ui.questions import Question

COUNTS_LINES: Final = "count lines"


def about_all_calls(session: Session) -> WatchedCalls:
    """All that one wants to know of all calls: one replay answers it."""
    return WatchedCalls(session.breakpoints, session.watches, bool(store.value(COUNTS_LINES)))


def answer(trace: Trace, question: Question) -> Any:
    """The answer; None when there is none, and then it is said why.

    Each look at how far it is lets a newer wish of the visitor's break off the wait.
    """
    place = st.empty()
    found = store.answer(trace.scenario, question)
    while isinstance(found, sandbox.Progress):
        done = min(1.0, found.batches_ended / max(1, found.triggers))
        place.progress(done, status.why_it_waits(found) if found.is_waiting else "Replaying once more")
        found = store.answer(trace.scenario, question)
    place.empty()
    if isinstance(found, Problem):
        st.text(f"{found.what}. {found.mend}.")
        return None
    return found
