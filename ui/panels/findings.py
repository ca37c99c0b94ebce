"""The findings: what is wrong or surprising, why it matters, what to do. Lives here: their cards, the way to the call, and
the second replay that is compared when somebody asks for it.

Texts of the scenario are escaped (`ui.markup`) or stand in `st.code` without a language.
"""

from typing import Final

import streamlit as st

from engine import Session, Trace, debugger, diagnostics, views
from ui import store
from ui.markup import Markup, joined, tag
from ui.panels import asking
from ui.questions import SecondReplay

#: Each severity has a shape besides its colour.
_SIGNS: Final = {"error": "✕", "warning": "▲", "note": "●"}
_TWICE: Final = "second replay"
_WHY_TWICE: Final = (
    "Spark runs a batch again after a failure. The second replay has the same rows and batch times, but another wall clock, "
    "other random numbers and another order of sets; what the function keeps outside its state starts afresh with each batch."
)
_SAME: Final = (
    "The second replay went the same way: what this function returns depends neither on the wall clock nor on chance."
)
_NONE: Final = "Nothing to report: no error, no warning, nothing surprising in this stream."


def draw(session: Session) -> None:
    """Errors first, then warnings, then notes; a button leads to the first call that shows it."""
    if session.trace is None:
        st.caption(_NONE)
        return
    cards = st.container()
    found = _found(session.trace)
    with cards:
        if not found:
            st.caption(_NONE)
        for finding in found:
            with st.container(border=True, key=f"finding-{finding.id}"):
                _card(session.trace, finding)


def _found(trace: Trace) -> tuple[diagnostics.Finding, ...]:
    """All findings; with what a second replay shows, when it is wished."""
    if not st.toggle("Replay it a second time, and compare", key=_TWICE, help=_WHY_TWICE):
        store.stop_asking(SecondReplay)
        return diagnostics.findings(trace)
    second = asking.answer(trace, SecondReplay())
    if not isinstance(second, Trace):
        return diagnostics.findings(trace)
    if not diagnostics.can_be_compared(trace, second):
        st.caption("One of the two replays was stopped before its end, so they cannot be compared.")
        return diagnostics.findings(trace)
    found = diagnostics.findings_of_two(trace, second)
    if found == diagnostics.findings(trace):
        st.caption(_SAME)
    return found


def _card(trace: Trace, finding: diagnostics.Finding) -> None:
    told, cure = st.columns([3, 2], gap="medium")
    with told, st.container(gap="xsmall"):
        st.html(_words(trace, finding))
        _way_to(finding)
    with cure:
        st.html(tag("div", tag("div", finding.fix, cls="sf-fix"), cls="sf"))
        if finding.code:
            st.code(finding.code, language=None, wrap_lines=True)


def _words(trace: Trace, finding: diagnostics.Finding) -> Markup:
    sign = tag("span", _SIGNS[finding.severity], cls=f"sf-sign sf-{finding.severity}")
    title = joined((sign, tag("b", finding.title), tag("span", f" {finding.severity}", cls="sf-kind")))
    return tag("div", tag("div", title), tag("div", finding.why, cls="sf-why"), _place(trace, finding), cls="sf")


def _place(trace: Trace, finding: diagnostics.Finding) -> Markup:
    if finding.line is None:
        return Markup()
    number = tag("span", f"line {finding.line}", cls="sf-kind")
    return tag("div", number, " ", views.source_line(trace, finding.line), cls="sf-code")


def _way_to(finding: diagnostics.Finding) -> None:
    action: debugger.Action
    if finding.call_index is not None:
        words, action = f"Show call {finding.call_index + 1:,}", debugger.GoToCall(finding.call_index)
    elif finding.trigger is not None:
        words, action = "Show that batch", debugger.GoToTrigger(finding.trigger)
    else:
        return
    st.button(
        words,
        icon=":material/arrow_upward:",
        type="tertiary",
        key=f"go-{finding.id}",
        on_click=store.dispatch,
        args=(action,),
    )
