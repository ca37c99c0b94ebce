"""Breakpoints and their conditions, and the way from stop to stop. Lives here: that list; where lines run is engine.views'."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from engine import Session, Trace, debugger, views
from engine.debugger import Breakpoint, WatchedAnswer, WatchedCalls
from ui import store
from ui.panels import asking

_CONDITION: Final = 'condition, such as key == "hello" and count > 2'
_NEW: Final = "new-breakpoint"

GoTo = Callable[[views.Stop], None]


def draw(session: Session, trace: Trace, go_to: GoTo) -> None:
    """The breakpoints with what came of each, and the ways to the calls before and after in which one is reached."""
    question = asking.about_all_calls(session)
    answer = asking.answer(trace, question) if session.breakpoints else None
    for number, point in enumerate(session.breakpoints):
        with st.container(key=f"breakpoint-{number}", gap=None):
            _row(session, number, point)
            if isinstance(answer, WatchedAnswer):
                st.text(views.breakpoint_words(question, answer, number))
    _add(session)
    if isinstance(answer, WatchedAnswer):
        _ways(session, views.stops(question, answer), go_to)
        _notes(question, answer)


def _row(session: Session, number: int, point: Breakpoint) -> None:
    key = store.showing(f"condition-{number}-{point.line}", point.condition)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(f"line {point.line}", width="content")
        st.text_input(
            f"Condition at line {point.line}",
            point.condition,
            key=key,
            placeholder=_CONDITION,
            label_visibility="collapsed",
            on_change=store.sends(lambda text: _with(session, number, Breakpoint(point.line, text.strip())), key),
        )
        st.button(
            "Remove", key=f"remove-breakpoint-{number}", type="tertiary", on_click=_remove, args=(session, number)
        )


def _with(session: Session, number: int, point: Breakpoint | None) -> debugger.SetBreakpoints:
    """Another breakpoint in the place of one, or none."""
    others = [*session.breakpoints[:number], *session.breakpoints[number + 1 :]]
    return debugger.SetBreakpoints(tuple(others if point is None else [*others, point]))


def _remove(session: Session, number: int) -> None:
    store.dispatch(_with(session, number, None))


def _add(session: Session) -> None:
    last_line = views.line_count(session.draft.scenario.code)
    with st.container(horizontal=True, vertical_alignment="center", key="add-breakpoint"):
        line = st.number_input("Line", 1, last_line, key=_NEW, label_visibility="collapsed", width=130)
        taken = any(point.line == line for point in session.breakpoints)
        added = debugger.SetBreakpoints((*session.breakpoints, Breakpoint(int(line))))
        st.button(
            f"Stop at line {line}",
            icon=":material/add:",
            disabled=taken,
            on_click=store.dispatch,
            args=(added,),
            help="Or click beside a line's number in the editor",
        )


def _ways(session: Session, stops: tuple[views.Stop, ...], go_to: GoTo) -> None:
    step = session.step
    here = step.call_index if step is not None and step.call_index is not None else -1
    ways = (
        ("Previous stop", ":material/arrow_back:", views.previous_stop(stops, here)),
        ("In this call", ":material/my_location:", _in_call(stops, here)),
        ("Next stop", ":material/arrow_forward:", views.next_stop(stops, here)),
    )
    with st.container(horizontal=True, vertical_alignment="center", key="stops"):
        for words, icon, stop in ways:
            st.button(words, icon=icon, disabled=stop is None, on_click=_go, args=(stop, go_to), key=f"way-{words}")


def _in_call(stops: tuple[views.Stop, ...], call_index: int) -> views.Stop | None:
    return next((stop for stop in stops if stop.call_index == call_index), None)


def _go(stop: views.Stop, go_to: GoTo) -> None:
    go_to(stop)
    store.dispatch(debugger.GoToCall(stop.call_index))


def _notes(question: WatchedCalls, answer: WatchedAnswer) -> None:
    for note in views.watch_notes(question, answer):
        st.text(note)
