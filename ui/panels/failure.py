"""What the user's function or query died of, below its editor. Lives here: the error, and the way to its call."""

import streamlit as st

from engine import Trace, debugger, views
from ui import store


def draw(trace: Trace) -> None:
    """The error of a replay that ended early. Its texts are the user's own: shown as plain text only."""
    failure = views.failure_of(trace)
    if failure is None:
        return
    with st.container(key="failure", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.text(_headline(trace, failure), width="content")
            if trace.calls:
                st.button("Show the call", key="failed_call", on_click=_go_to_last_call, type="tertiary")
        message = f"{failure.error_class}: {failure.message}" if failure.message else failure.error_class
        st.code(message, language=None, wrap_lines=True)
        if failure.advice:
            st.text(failure.advice)


def _headline(trace: Trace, failure: views.Failure) -> str:
    where = f"Line {failure.line}" if failure.line else "The query"
    return f"{where} failed in call {len(trace.calls):,}" if trace.calls else f"{where} failed before the first call"


def _go_to_last_call() -> None:
    trace = store.get().trace
    if trace is not None:
        store.dispatch(debugger.GoToCall(len(trace.calls) - 1))
