"""Why it is so: what a state rests on, what became of each timeout, and of each event. Lives here: the choice of the three.

Rows and sentences come from engine.views; a click on a row goes to its call.
"""

from functools import partial
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
    """Sentences about the call at the cursor, and rows."""

    told: tuple[str, ...]
    rows: log.Rows


def draw(session: Session) -> None:
    """One of three questions, answered for the call at the cursor."""
    trace = session.trace
    if trace is None or not trace.batches:
        st.caption("Nothing has been replayed yet.")
        return
    current = views.last_call_at(trace, session.step)
    above = log.bar()
    with above:
        asked = _asked(trace)
        answer = {_STATE: _state, _TIMEOUTS: _timeouts, _EVENTS: _events}[asked](trace, current)
    with st.container():
        if answer.told:
            st.html(tag("div", *(tag("p", sentence) for sentence in answer.told), cls="sf"))
    log.draw(f"why-{asked}", answer.rows, current, above)


def _asked(trace: Trace) -> str:
    words = {_TIMEOUTS: f"{views.due_name(trace).capitalize()}s"}
    asked = st.segmented_control(
        "Why",
        _QUESTIONS,
        default=_STATE,
        required=True,
        format_func=lambda asked: words.get(asked, asked),
        key="why",
        label_visibility="collapsed",
    )
    return asked or _STATE


def _state(trace: Trace, current: int) -> _Answer:
    chain = views.origin(trace, current)
    page = partial(views.origin_page, trace, chain)
    return _Answer((chain.sentence(trace),), log.Rows(len(chain.calls), len(chain.calls) - 1, page))


def _timeouts(trace: Trace, current: int) -> _Answer:
    only_key = st.toggle("Only the key at the cursor", key="why-only-key")
    selection = views.timeouts_with_the_key_of(trace, current) if only_key else views.all_timeouts(trace)
    page = partial(views.timeout_page, trace, selection)
    rows = log.Rows(len(selection.timeouts), selection.row_of(current), page)
    return _Answer(views.timeouts_of_call(trace, current), rows)


def _events(trace: Trace, current: int) -> _Answer:
    rows = log.Rows(views.event_count(trace), views.event_of_call(trace, current), partial(views.event_page, trace))
    return _Answer((), rows)
