"""The scenario's name, and by whose rules it is replayed. Lives here: the switch, and what it means in plain words."""

from typing import Final

import streamlit as st

from engine import APIS, Scenario, Session, debugger, views
from ui import store

_NAMES: Final = {"tutorial": "Tutorial rules", "spark": "Spark's rules"}
_WORDS: Final = {
    "tutorial": "A key that times out is **forgotten** after the call, as the tutorial says. "
    "Real Spark does not do that: switch over and see what stays.",
    "spark": "A timeout only calls the function once more. It deletes nothing: the key is **remembered for ever**. "
    "To forget it, add `state.remove()` where `state.hasTimedOut()` is true.",
}
_ONLY_SPARK: Final = {
    "group_state": "Every rule is Spark's own: a timeout only calls the function once more, and deletes nothing. "
    "To forget a key, the function has to call `state.remove()`.",
    "variables": "Every rule is Spark's own: each batch begins with a **fresh copy** of the processor, so that only state "
    "variables are remembered, not what is set on `self`. Timers only call; `clear()` or a time to live forgets.",
}


def draw(session: Session) -> None:
    """Left what the scenario is, right by whose rules it is replayed."""
    name, rules = st.columns([11, 9], gap="large")
    with name.container(gap="xsmall"):
        _name(session.draft.scenario)
    with rules.container(gap="xsmall", horizontal_alignment="right", key="rules"):
        if APIS[session.draft.scenario.api].has_tutorial_rules:
            _switch(session.draft.scenario)
        else:
            st.caption(_ONLY_SPARK[APIS[session.draft.scenario.api].state_shape])


def _name(scenario: Scenario) -> None:
    """Title and about as plain text: they may come from a stranger's link."""
    with st.container(key="title"):
        st.text(views.visible(scenario.title) or "Untitled")
    with st.container(key="about"):
        st.text(views.visible_lines(scenario.about))


def _switch(scenario: Scenario) -> None:
    key = store.showing("semantics", scenario.semantics)
    st.segmented_control(
        "Rules",
        list(_NAMES),
        default=scenario.semantics,
        format_func=_NAMES.__getitem__,
        key=key,
        required=True,
        label_visibility="collapsed",
        on_change=store.sends(debugger.ChooseSemantics, key),
    )
    st.caption(_WORDS[scenario.semantics])
