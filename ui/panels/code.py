"""The function: its editor, and what it failed of. Lives here: that, and what is marked in it; the editor is a component."""

from typing import Final

import streamlit as st

from engine import APIS, Session, Trace, debugger, diagnostics, views
from ui.components.editor import EditorMarks, Mark, editor
from ui.panels import failure, job

_HEIGHT_PX: Final = 264
_HEADS: Final = {
    "group_state": ("Function", "called once for each key in each batch"),
    "variables": ("Processor", "handleInputRows once for each key in each batch, handleExpiredTimer for each timer"),
}


def draw(session: Session) -> None:
    """The editor with all that is known of its lines; under it what a job says of its query, and the failure in words."""
    name, about = _HEADS[APIS[session.draft.scenario.api].state_shape]
    with st.container(horizontal=True, vertical_alignment="center", key="code_head"):
        st.markdown(f"**{name}**", width="content")
        st.caption(about, width="content")
    editor(
        "code",
        session.draft.scenario.code,
        debugger.EditCode,
        label="The function",
        placeholder=APIS[session.draft.scenario.api].placeholder,
        language="python",
        marks=marks(session),
        offers=APIS[session.draft.scenario.api].offers,
        height_px=_HEIGHT_PX,
    )
    with st.container():
        job.draw(session)
    with st.container():
        if session.failure is not None:
            failure.draw(session.failure)


def marks(session: Session) -> EditorMarks:
    """What is marked in the function: its error, and what was found in its picture while that is of this very text."""
    found = (*_error(session.failure), *_findings(session.trace if _is_of_the_draft(session) else None))
    return EditorMarks(problems=found, breakpoints=session.breakpoints)


def _is_of_the_draft(session: Session) -> bool:
    return session.scenario is not None and session.scenario.code == session.draft.scenario.code


def _error(trace: Trace | None) -> tuple[Mark, ...]:
    failure = views.failure_of(trace) if trace is not None else None
    if failure is None or failure.line is None:
        return ()
    return (Mark(failure.line, "error", f"{failure.error_class}: {failure.message}", failure.advice),)


def _findings(trace: Trace | None) -> tuple[Mark, ...]:
    """All but the error, which the failure tells better; those that have a line."""
    found = diagnostics.findings(trace) if trace is not None else ()
    told = (finding for finding in found if finding.severity != "error" and finding.line is not None)
    return tuple(Mark(finding.line, finding.severity, finding.title, finding.fix) for finding in told if finding.line)
