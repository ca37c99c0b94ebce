"""Watches: expressions, and what they were worth in every call at once. Lives here: their list and table.

Values come from engine.views; a click on a row goes to its call.
"""

from functools import partial
from typing import Final

import streamlit as st

from engine import Session, Trace, debugger, views
from engine.debugger import Watch, WatchedAnswer
from ui import store
from ui.panels import asking, log

_NEW: Final = "new-watch"
_NEW_LINE: Final = "new-watch-line"
_EXPRESSION: Final = "an expression, such as count * 2 or state.exists, then Enter"
_HELP: Final = (
    "Evaluated at the end of every call, or the last time that a line is about to run. It can use the function's "
    "variables, and also `key`, `before` (the state that the call was given) and `reason`."
)


def draw(session: Session, trace: Trace) -> None:
    """The watches, and a row for each call."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="add-watch"):
        st.text_input("Watch", key=_NEW, placeholder=_EXPRESSION, on_change=_add, args=(session,), help=_HELP)
        lines = views.line_count(session.draft.scenario.code)
        st.number_input("at line", 1, lines, None, key=_NEW_LINE, placeholder="end of call", width=150)
    for number, watch in enumerate(session.watches):
        _watch(session, number, watch)
    if session.watches:
        _values(session, trace)


def _add(session: Session) -> None:
    """Take what was typed, and clear its place for the next."""
    expression, line = (store.value(_NEW) or "").strip(), store.value(_NEW_LINE)
    if expression:
        store.show(_NEW, "")
        store.dispatch(debugger.SetWatches((*session.watches, Watch(expression, line))))


def _watch(session: Session, number: int, watch: Watch) -> None:
    others = (*session.watches[:number], *session.watches[number + 1 :])
    with st.container(horizontal=True, vertical_alignment="center", key=f"watch-{number}", width="content"):
        st.text(views.visible(watch.expression) + (f" at line {watch.line}" if watch.line else ""), width="content")
        st.button(
            "Remove",
            key=f"remove-watch-{number}",
            icon=":material/close:",
            type="tertiary",
            on_click=store.dispatch,
            args=(debugger.SetWatches(others),),
        )


def _values(session: Session, trace: Trace) -> None:
    question = asking.about_all_calls(session)
    answer = asking.answer(trace, question)
    if not isinstance(answer, WatchedAnswer):
        return
    with st.container():
        for note in views.watch_notes(question, answer):
            st.text(note)
    step = session.step
    here = step.call_index if step is not None and step.call_index is not None else 0
    page = partial(views.watch_page, question, answer, trace)
    rows = log.Rows(views.watched_count(answer), views.watched_row_of(answer, here), page)
    log.draw("watches", rows, here, log.bar())
