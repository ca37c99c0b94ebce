"""Why it is so: what a state rests on, what became of each timeout, and of each event. Lives here: the choice of the three.

Rows and sentences come from engine.views; a click on a row goes to its call.
"""

from typing import Final, NamedTuple

import streamlit as st

from engine import Session, Trace, views
from ui.markup import tag
from ui.panels import log

_STATE: Final = "This state"
_TIMEOUTS: Final = "Timeouts"
_EVENTS: Final = "Events"
_QUESTIONS: Final = (_STATE, _TIMEOUTS, _EVENTS)


class _Answer(NamedTuple):
    """Sentences about the call at the cursor, and a page of rows."""

    told: tuple[str, ...]
    page: views.Page


def draw(session: Session) -> None:
    """One of three questions, answered for the call at the cursor."""
    trace = session.trace
    if trace is None or not trace.batches:
        st.caption("Nothing was replayed yet.")
        return
    current = views.last_call_at(trace, session.step)
    with st.container(horizontal=True, vertical_alignment="center"):
        asked = st.segmented_control(
            "Why",
            _QUESTIONS,
            default=_STATE,
            required=True,
            format_func=lambda asked: f"{views.due_name(trace).capitalize()}s" if asked == _TIMEOUTS else asked,
            key="why",
            label_visibility="collapsed",
        )
        answer = {_STATE: _state, _TIMEOUTS: _timeouts, _EVENTS: _events}[asked or _STATE](trace, current)
    if answer.told:
        st.html(tag("div", *(tag("p", sentence) for sentence in answer.told), cls="sf"))
    log.draw(f"why-{asked}", answer.page, current)


def _state(trace: Trace, current: int) -> _Answer:
    chain = views.origin(trace, current)
    st.space("stretch")
    number = log.page_number("why-state", len(chain.calls) - 1, len(chain.calls))
    return _Answer((chain.sentence(trace),), views.origin_page(trace, chain, number))


def _timeouts(trace: Trace, current: int) -> _Answer:
    only_key = st.toggle("Only the key at the cursor", key="why-only-key")
    selection = views.timeouts_with_the_key_of(trace, current) if only_key else views.all_timeouts(trace)
    st.space("stretch")
    number = log.page_number("why-timeouts", selection.row_of(current), len(selection.timeouts))
    return _Answer(views.timeouts_of_call(trace, current), views.timeout_page(trace, selection, number))


def _events(trace: Trace, current: int) -> _Answer:
    st.space("stretch")
    number = log.page_number("why-events", views.event_of_call(trace, current), views.event_count(trace))
    return _Answer((), views.event_page(trace, number))
