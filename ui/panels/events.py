"""The stream: its editor, what cannot be read of it, and uploads. Lives here: that; reading events does not."""

from typing import Final

import msgspec
import streamlit as st

from engine import Scenario, Session, events
from ui import drafts, store
from ui.components.editor import EditorMarks, editor, marks_of
from ui.panels import preview, problems, upload

_HEIGHT_PX: Final = 264
_BELOW_TABLE_PX: Final = 36
_NOTES: Final = "notes on the events"


def draw(session: Session) -> None:
    """The editor, and under it the first things that cannot be read, by line and column."""
    with st.container(horizontal=True, vertical_alignment="center", key="events_head"):
        st.markdown("**Events**", width="content")
        st.caption("`---` ends a batch", width="content")
        st.space("stretch")
        if st.button("Upload", key="upload", icon=":material/upload:", type="tertiary"):
            upload.draw()
    if session.draft.events_text is None:
        _table(session.draft.scenario)
    else:
        _editor(session, session.draft.events_text)
    problems.draw(session.draft.events_problems, "events")
    if session.draft.events_text is not None:
        _notes(session.draft.scenario, session.draft.events_text)


def _notes(scenario: Scenario, text: str) -> None:
    """What is read in another way than people may have meant it; the stream is replayed all the same."""
    problems.draw_notes(store.kept(_NOTES, text, lambda: events.notes_on(scenario.batches)), "events")


def _editor(session: Session, text: str) -> None:
    editor(
        "events",
        text,
        drafts.editing,
        label="The events",
        placeholder="hello hello spark\n---\nhello\n--- +10 minutes",
        language="events",
        marks=EditorMarks(problems=marks_of(session.draft.events_problems)),
        height_px=_HEIGHT_PX,
    )


def _table(scenario: Scenario) -> None:
    """The first events of a stream that is too long for an editor."""
    rows = ({"batch": number, **row} for number, batch in enumerate(scenario.batches, 1) for row in batch.rows)
    preview.draw(rows, _HEIGHT_PX - _BELOW_TABLE_PX)
    total = sum(len(batch.rows) for batch in scenario.batches)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{total:,} events in {len(scenario.batches):,} batches", width="content")
        st.button("Type instead", key="type_events", type="tertiary", on_click=_type_instead, args=(scenario,))


def _type_instead(scenario: Scenario) -> None:
    store.dispatch(drafts.opening(msgspec.structs.replace(scenario, batches=[], input_schema=None, restart_before=[])))
