"""What lies below the picture: the tabs, of which only the open one is drawn. Lives here: which there are; none of them."""

from typing import Any, Final, Literal

import streamlit as st

from ui import store
from ui.panels import calls, code, events, findings, lines, output, query, what_if, why

Tab = Literal["Code and events", "Output", "Calls", "Why", "What if", "Findings"]

_TABS: Final = "below"
_CODE: Final[Tab] = "Code and events"
_LOGS: Final = {
    "Output": output.draw,
    "Calls": calls.draw,
    "Why": why.draw,
    "What if": what_if.draw,
    "Findings": findings.draw,
}
_WITH_A_CURSOR: Final = ("Output", "Calls", "Why", "What if")


def draw() -> Any:
    """The tabs. Returns the place of the look inside a call, for when all else is drawn; None when it is not shown."""
    place = None
    names = [_CODE, *_LOGS]
    for name, tab in zip(names, st.tabs(names, key=_TABS, on_change="rerun"), strict=True):
        if tab.open:
            with tab:
                if name == _CODE:
                    place = _code_and_events()
                else:
                    _LOGS[name](store.get())
    return place


def open_tab(tab: Tab) -> None:
    """Open a tab; for callbacks."""
    store.show(_TABS, tab)


def has_a_cursor() -> bool:
    """Whether the open tab shows the step, and has to follow it."""
    return store.value(_TABS) in _WITH_A_CURSOR


def fragments_with_a_cursor() -> list[str]:
    """What of the open tab shows the step without being drawn anew as a whole."""
    is_here = store.value(_TABS) in (None, _CODE)
    return [lines.FRAGMENT] if is_here and lines.is_open() else []


def _code_and_events() -> Any:
    session = store.get()
    function, stream = st.columns([2, 1], gap="small")
    with function, st.container(key="function_side"):
        code.draw(session)
        place = st.container()
    with stream, st.container(key="events_side"):
        events.draw(session)
    with st.container(key="query"):
        query.draw(session)
    return place
