"""A look inside the call: its lines, breakpoints and watches. Lives here: the choice of the three, and the line player.

A fragment, so that a step draws nothing else anew. What is asked runs in the sandbox; words come from engine.views.
"""

from typing import Final

import streamlit as st

from engine import Session, Trace, views
from engine.debugger import CallLines, LinesOfCall, WatchedAnswer, WatchedCalls
from ui import store
from ui.components.lines import line_player
from ui.panels import asking, breakpoints, watches

FRAGMENT: Final = "lines"
_INSIDE: Final = "inside"
_LINES: Final = "Lines of this call"
_BREAKPOINTS: Final = "Breakpoints"
_WATCHES: Final = "Watches"
_STOP: Final = "stop in the call"
_EDITED: Final = "The function was edited since; these are the lines that were replayed."


def is_open() -> bool:
    """Whether one of the three is shown, and has to follow the step."""
    return store.value(_INSIDE) is not None


def draw(session: Session) -> None:
    """The look inside the call of the step; `session` is what the rest of the page shows."""
    st.fragment(key=FRAGMENT)(_draw)(session)


def _draw(drawn: Session) -> None:
    session = store.get()
    if (session.seek_rev, session.breakpoints) != (drawn.seek_rev, drawn.breakpoints):
        st.rerun()  # somebody went to another call from here, or changed what the editor shows
    with st.container(key="inside-panel", gap="xsmall"):
        chosen = _choice()
        if chosen is None:
            _call_off()
        elif session.trace is None:
            st.caption("Nothing has been replayed yet.")
        else:
            {_LINES: _lines, _BREAKPOINTS: _breakpoints, _WATCHES: watches.draw}[chosen](session, session.trace)


def _choice() -> str | None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("**Look inside**", width="content")
        return st.segmented_control(
            "Look inside",
            (_LINES, _BREAKPOINTS, _WATCHES),
            key=_INSIDE,
            persist_state="page",
            label_visibility="collapsed",
        )


def _call_off() -> None:
    """Nobody waits for an answer any more."""
    for kind in (LinesOfCall, WatchedCalls):
        store.stop_asking(kind)


def _breakpoints(session: Session, trace: Trace) -> None:
    breakpoints.draw(session, trace, _go_to)


def _go_to(stop: views.Stop) -> None:
    """Show the call of a stop from within, at its line; for callbacks."""
    store.show(_INSIDE, _LINES)
    store.show(_STOP, stop)


def _lines(session: Session, trace: Trace) -> None:
    step = session.step
    if step is None or step.call_index is None:
        st.caption("Nothing was called at this step.")
        return
    answer = asking.answer(trace, LinesOfCall(step.call_index))
    if not isinstance(answer, CallLines):
        return
    is_edited = trace.scenario.code != session.draft.scenario.code
    call = views.call_moments(trace, answer)
    with st.container():
        for note in (*call.notes, *((_EDITED,) if is_edited else ())):
            st.text(note)
    _player(session, trace, answer, call, not is_edited)


def _player(session: Session, trace: Trace, answer: CallLines, call: views.CallMoments, marks: bool) -> None:
    """The line player; after a way to a stop it stands there, else where the call failed or began."""
    with st.container():
        everywhere = _line_counts(session, trace)
    stop = store.value(_STOP)
    here = stop if stop is not None and stop.call_index == answer.call_index else None
    line_player(
        "line-player",
        call,
        rev=f"{id(trace)}-{answer.call_index}-{(here, session.seek_rev) if here else ''}",
        seek=call.at(here.line, here.visit) if here else _where_it_failed(call),
        stops=_stops(session, trace, call, answer.call_index),
        counts=everywhere,
        marks=marks,
    )


def _line_counts(session: Session, trace: Trace) -> dict[int, int] | None:
    """How often each line ran in all calls, when somebody wants to know: it takes another replay."""
    if not st.toggle("Count over all calls", key=asking.COUNTS_LINES):
        return None
    answer = asking.answer(trace, asking.about_all_calls(session))
    return answer.line_counts if isinstance(answer, WatchedAnswer) else None


def _where_it_failed(call: views.CallMoments) -> int:
    """The first moment at which the exception that ended the call was raised; the start when none did."""
    return next((i for i, moment in enumerate(call.moments) if moment.failure and not moment.is_caught), 0)


def _stops(session: Session, trace: Trace, call: views.CallMoments, call_index: int) -> tuple[int, ...]:
    """The moments of the call at which a breakpoint was reached, as far as that was asked."""
    question = asking.about_all_calls(session)
    answer = store.known_answer(trace.scenario, question)
    if not isinstance(answer, WatchedAnswer):
        return ()
    mine = (stop for stop in views.stops(question, answer) if stop.call_index == call_index)
    return tuple(call.at(stop.line, stop.visit) for stop in mine)
