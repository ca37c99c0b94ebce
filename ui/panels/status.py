"""What the picture is worth right now: being replayed, stale, or not there yet. Lives here: those few words and buttons."""

from collections.abc import Iterator
from itertools import count
from typing import Final

import streamlit as st

from engine import Problem, Session, debugger, sandbox
from ui import store

_WATCH_EVERY_S: Final = 0.25
#: For most of that time it waits for the end of the replay, which is so told at once.
_PATIENCE_S: Final = 0.2


def draw() -> None:
    """A line above the picture, only when there is something to say; it watches a replay that runs."""
    is_running = store.progress() is not None
    st.fragment(_watched, run_every=_WATCH_EVERY_S if is_running else None)(count())


def _watched(looks: Iterator[int]) -> None:
    """What there is to say now; from the second look on with patience, as with the first the page is not drawn yet."""
    progress = store.progress()
    session = store.get()
    with st.container(key="status"):
        if session.notice is not None:
            _notice(session.notice)
        if progress is not None:
            _running(progress)
        elif session.is_stale:
            _stale(session)
    if progress is not None and store.finish(_PATIENCE_S if next(looks) else 0):
        st.rerun()


def why_it_waits(progress: sandbox.Progress) -> str:
    """What has to happen before a replay that waits begins."""
    if progress.is_held:
        return "Waiting until another replay of yours has ended"
    match progress.place:
        case 0:
            return "Waiting for a free place"
        case 1:
            return "Waiting for a free place: yours is the next replay"
        case 2:
            return "Waiting for a free place: one replay is ahead of yours"
        case place:
            return f"Waiting for a free place: {place - 1:,} replays are ahead of yours"


def _running(progress: sandbox.Progress) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="running"):
        done = progress.batches_ended / progress.triggers if progress.triggers else 0.0
        st.progress(min(done, 1.0), _how_far(progress))
        st.button("Stop", key="stop", on_click=store.stop, icon=":material/stop_circle:")


def _how_far(progress: sandbox.Progress) -> str:
    if progress.is_waiting:
        return why_it_waits(progress)
    if progress.batches_ended == progress.triggers:
        return "Reading what happened"
    return f"Replaying: {progress.batches_ended:,} of {progress.triggers:,} batches"


def _stale(session: Session) -> None:
    picture = "The picture is still that of the last replay." if session.trace else "There is no picture yet."
    with st.container(horizontal=True, vertical_alignment="center", key="stale"):
        st.text(f"{_why(session)} {picture}")
        if _is_stopped(session):
            st.button("Replay", key="replay", on_click=store.replay, icon=":material/replay:", type="tertiary")


def _is_stopped(session: Session) -> bool:
    return not (session.draft.events_problems or session.failure or session.problems)


def _why(session: Session) -> str:
    if session.draft.events_problems:
        return "The events cannot be read."
    if session.problems:
        return f"This query would not start: {session.problems[0]}."
    if session.failure and session.failure.ending == "plan_error":
        return "This query would not start."
    if session.failure is not None:
        return "The function failed before its first call."
    return "The replay was stopped."


def _notice(notice: Problem) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="notice"):
        st.text(f"{notice}.")
        st.button("Close", key="notice_close", on_click=store.dispatch, args=(debugger.Tell(None),), type="tertiary")
