"""What the user's function or query died of, below its editor. Lives here: the error, and the way to its call."""

from typing import Final

import streamlit as st

from engine import Trace, debugger, views
from ui import store

#: Python cannot read the text at all.
_OF_THE_TEXT: Final = ("SyntaxError", "IndentationError", "TabError")


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
        if failure.error_class in _OF_THE_TEXT or views.is_notebook(trace.scenario.code):
            _clean(trace.scenario.code)


def _clean(code: str) -> None:
    """What the text was pasted with can be left out with one click."""
    paste = views.cleaned(code)
    if paste is not None:
        st.text(f"The text has {paste.what} in it.")
        st.button("Leave them out", key="clean", on_click=store.dispatch, args=(debugger.ReplaceCode(paste.code),))


def _headline(trace: Trace, failure: views.Failure) -> str:
    where = f"Line {failure.line}" if failure.line else "The query"
    return f"{where} failed in call {len(trace.calls):,}" if trace.calls else f"{where} failed before the first call"


def _go_to_last_call() -> None:
    trace = store.get().trace
    if trace is not None:
        store.dispatch(debugger.GoToCall(len(trace.calls) - 1))
