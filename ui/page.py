"""The page, top to bottom: header, rules, player, picture and call, and what lies below. Lives here: the order, no part.

Player and inspector are one fragment, and the picture is another that a step does not draw again. What may come and go above
other parts has a container that stays, here as in the panels: else Streamlit counts all that is below it anew, and has it twice
on the page until it has drawn the last of it.
"""

from pathlib import Path
from typing import Any, Final

import streamlit as st

from engine import debugger, views
from ui import store
from ui.panels import badges, below, empty, header, inspector, isolation, lines, player, rules, status, timeline, tour

_FAVICON: Final = str(Path(__file__).parent / "favicon.svg")
_STYLES: Final = [Path(__file__).parent / name for name in ("page.css", "panels.css")]
_PICTURE: Final = "picture"
_INSPECT: Final = "inspect"


def draw() -> None:
    """Draw the visitor's session."""
    st.set_page_config("Stateline", page_icon=_FAVICON, layout="wide", initial_sidebar_state="collapsed")
    for style in _STYLES:
        st.html(style)
    session = store.get()
    badges_place = header.draw(session)
    rules.draw(session)
    with st.container():
        isolation.ask()
    with st.container():
        tour.draw()
    player_place = st.container()
    with st.container(key="work"):
        left, call_place = st.columns([29, 11], gap="medium")
    stage = left.container(key="stage", gap=None)
    _inspect(player_place, call_place)  # before the charts: in the browser all that is sent later waits for them
    with stage.container(gap=None):
        _picture()
    with stage:
        status.draw()
    with left:  # after the call: what is marked in the function takes a look at all calls
        lines_place = below.draw()
    with badges_place:
        badges.draw(session)
    isolation.draw()
    if lines_place is not None:
        with lines_place:  # last: it may wait for an answer
            lines.draw(session)


@st.fragment(key=_PICTURE)
def _picture() -> None:
    session, window = store.get(), store.window()
    if session.trace is not None and session.steps and window is not None:
        call_index = views.last_call_at(session.trace, session.step)
        timeline.draw(session.trace, session.steps, window, call_index, _go_to_call)
    else:
        empty.draw(session)


@st.fragment(key=_INSPECT)
def _inspect(player_place: Any, call_place: Any) -> None:
    session = store.get()
    with player_place:
        player.draw(session, _step)
    with call_place:
        inspector.draw(session)


def _step(action: debugger.Action) -> None:
    """Take a step, and draw what has to follow it: the picture only when the step has left what it shows."""
    shown = _shown()
    store.dispatch(action)
    if below.has_a_cursor():
        st.rerun()
    following = [_INSPECT, *below.fragments_with_a_cursor()]
    st.rerun(following if _shown() == shown else [*following, _PICTURE])


def _shown() -> tuple[views.Window, int] | None:
    """What belongs into the picture at this step: the window, and the page of keys."""
    session, window = store.get(), store.window()
    if session.trace is None or window is None:
        return None
    return window, timeline.key_page(session.trace, window, views.last_call_at(session.trace, session.step))


def _go_to_call(call_index: int) -> None:
    _step(debugger.GoToCall(call_index))
