"""What if: other events, batches, restarts and time for the same function, compared with the run before.

Lives here: the buttons for the step at the cursor, and the table of differences; the edits and the comparison do not.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

import msgspec
import streamlit as st

from engine import Problem, Scenario, Session, Trace, debugger, views
from ui import drafts, store
from ui.markup import Markup, joined, tag
from ui.panels import log

_LENGTHS_MS: Final = {"1 minute": 60_000, "10 minutes": 600_000, "1 hour": 3_600_000, "1 day": 86_400_000}
_NO_EVENTS: Final = "This call was given no events"
_FIRST_BATCH: Final = "Before the first batch there is nothing to restart from"
_NO_TIMEOUT: Final = "After this call no timeout or timer is waiting"
_NO_PATTERN: Final = "It takes an event of another key to move the watermark past the timeout, and the stream has none"
_HOW: Final = "Each edit is replayed at once; what it changed is listed here, and Undo takes it back."
_CHANGED_MEANWHILE: Final = Problem("What if", "the events have changed in the meantime", "Choose again")


class _Place(msgspec.Struct, frozen=True):
    """Where the edits happen: a trigger, and the events of the call that was drawn, whatever the player shows by then."""

    scenario: Scenario
    trigger: int
    row_indexes: tuple[int, ...]

    @property
    def stream(self) -> debugger.Stream:
        return debugger.Stream.of(self.scenario)

    def edit(self, edit: Callable[..., debugger.Stream]) -> Callable[[], debugger.Stream]:
        """The edit of these events, to be made when it is asked for."""
        return partial(edit, self.stream, self.trigger, self.row_indexes)


def draw(session: Session) -> None:
    """The edits, and under them what they changed."""
    step, scenario = session.step, session.scenario
    if session.trace is None or step is None or scenario is None:
        st.caption("Nothing has been replayed yet.")
        return
    rows = tuple(session.call.event_indexes) if session.call else ()
    place = _Place(scenario, step.trigger, rows)
    st.html(_where(views.inspect(session.trace, step)))
    with st.container(horizontal=True, key="what-if"):
        with _group("Its events"):
            _events(place, session.is_stale)
        with _group("After this batch"):
            _time(place, session.is_stale)
            _timeout(session, place)
        with _group("Before this batch"):
            _restart(place, session.is_stale)
    _comparison(session)


def _where(step: views.Inspection) -> Markup:
    """What the buttons below are for, in the words of the inspector."""
    key = joined((" for ", tag("b", step.key))) if step.key else ""
    return tag("div", tag("p", tag("b", step.title), key, f", {step.place}: what if …"), cls="sf")


@contextmanager
def _group(name: str) -> Iterator[None]:
    with st.container(width="content", gap="xsmall"):
        st.caption(name)
        with st.container(horizontal=True, width="content"):
            yield


def _events(place: _Place, is_stale: bool) -> None:
    off, about = is_stale or not place.row_indexes, None if place.row_indexes else _NO_EVENTS
    leave_out, move = place.edit(debugger.without_events), place.edit(debugger.with_events_later)
    _button("Leave them out", "leave-out", partial(_change, place, leave_out), off, about)
    _button("Move them to the next batch", "move", partial(_change, place, move), off, about)


def _time(place: _Place, is_stale: bool) -> None:
    length = st.selectbox("Length", list(_LENGTHS_MS), key="what-if-length", label_visibility="collapsed", width=130)
    after = f"An empty batch {length} after this one; everything after it comes later by the same time"
    wait = partial(debugger.with_batch_after, place.stream, place.trigger, _LENGTHS_MS[length])
    _button("Let time pass", "wait", partial(_change, place, wait), is_stale, after)


def _restart(place: _Place, is_stale: bool) -> None:
    words = "Do not restart the query" if place.trigger in place.stream.restart_before else "Restart the query"
    restart = partial(debugger.with_restart_before, place.stream, place.trigger)
    about = None if place.trigger else _FIRST_BATCH
    _button(words, "restart", partial(_change, place, restart), is_stale or not place.trigger, about)


def _timeout(session: Session, place: _Place) -> None:
    call, trace = session.call, session.trace
    due_ms = min(call.after.timers_ms, default=None) if call else None
    stream = None
    if call and trace and due_ms is not None:
        stream = debugger.timing_out(place.scenario, place.trigger, due_ms, trace.expires_by, call.key or ())
    about = _NO_TIMEOUT if due_ms is None else _NO_PATTERN if stream is None else None
    is_timer = trace is not None and views.due_name(trace) == "timer"
    words = "Make its timer fire" if is_timer else "Make it time out"
    _button(words, "time-out", partial(_change, place, lambda: stream), session.is_stale or stream is None, about)


def _button(words: str, name: str, change: Callable[[], None], off: bool, about: str | None = None) -> None:
    st.button(words, key=f"what-if-{name}", disabled=off, help=about, on_click=change)


def _change(place: _Place, make: Callable[[], debugger.Stream | None]) -> None:
    """Change the stream as it was drawn, unless it is another one by now: what was typed meanwhile is not undone."""
    draft = store.get().draft
    if debugger.Stream.of(draft.scenario) != place.stream or draft.events_problems:
        store.dispatch(debugger.Tell(_CHANGED_MEANWHILE))
        return
    stream = make()
    if stream is not None:
        store.dispatch(drafts.changing(draft.scenario, stream))


def _comparison(session: Session) -> None:
    if session.baseline is None or session.trace is None:
        _keep()
    elif session.is_stale:
        st.caption("Being replayed.")
    else:
        _compared(session.baseline, session.trace, views.last_call_at(session.trace, session.step))


def _keep() -> None:
    st.caption(_HOW)
    st.button("Keep this run to compare with", key="keep", on_click=store.dispatch, args=(debugger.KeepBaseline(),))


def _compared(baseline: Trace, trace: Trace, current: int) -> None:
    if trace is baseline:
        st.html(_told("This run is kept. Edit the function or the events, and what changes is here."))
    else:
        _differences(views.compare(baseline, trace), trace, current)
    st.button(
        "Stop comparing", key="forget", type="tertiary", on_click=store.dispatch, args=(debugger.ForgetBaseline(),)
    )


def _differences(comparison: views.Comparison, trace: Trace, current: int) -> None:
    above = log.bar()
    with above:
        st.html(_told(f"Compared with the run that was kept. {comparison.sentence}"), width="content")
    if comparison.differences:
        page = partial(views.comparison_page, comparison)
        log.draw("compare", log.Rows(len(comparison.differences), 0, page), current, above)


def _told(sentence: str) -> Markup:
    return tag("div", tag("p", sentence), cls="sf")
