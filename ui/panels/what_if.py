"""What if: other events, batches, restarts and time for the same function, compared with the run before.

Lives here: the buttons for the step at the cursor, and the table of differences; the edits and the comparison do not.
"""

from collections.abc import Callable
from typing import Final

import msgspec
import streamlit as st

from engine import Scenario, Session, Trace, debugger, views
from ui import drafts, store
from ui.markup import tag
from ui.panels import log

_LENGTHS_MS: Final = {"1 minute": 60_000, "10 minutes": 600_000, "1 hour": 3_600_000, "1 day": 86_400_000}
_NO_EVENTS: Final = "This call was given no events"
_NO_TIMEOUT: Final = "After this call nothing waits for its time"
_NO_PATTERN: Final = "It takes an event of another key to move the watermark past the timeout, and the stream has none"


class _Place(msgspec.Struct, frozen=True):
    """Where the edits happen: a trigger, and the events of the call at the cursor."""

    scenario: Scenario
    trigger: int
    row_indexes: tuple[int, ...]

    @property
    def stream(self) -> debugger.Stream:
        return debugger.Stream.of(self.scenario)


def draw(session: Session) -> None:
    """The edits, and under them what they changed."""
    step, scenario = session.step, session.scenario
    if session.trace is None or step is None or scenario is None:
        st.caption("Nothing was replayed yet.")
        return
    rows = tuple(session.call.event_indexes) if session.call else ()
    place = _Place(scenario, step.trigger, rows)
    with st.container(horizontal=True, key="what-if"):
        _events(place, session.is_stale)
        _time(place, session.is_stale)
        _timeout(session, place)
    _comparison(session)


def _events(place: _Place, is_stale: bool) -> None:
    off, about = is_stale or not place.row_indexes, None if place.row_indexes else _NO_EVENTS
    _button("Leave this call's events out", "leave-out", lambda: _edit(place, debugger.without_events), off, about)
    _button("Move them to the next batch", "move", lambda: _edit(place, debugger.with_events_later), off, about)


def _edit(place: _Place, edit: Callable[..., debugger.Stream]) -> debugger.Stream:
    return edit(place.stream, place.trigger, place.row_indexes)


def _time(place: _Place, is_stale: bool) -> None:
    stream, trigger = place.stream, place.trigger
    length = st.selectbox("Length", list(_LENGTHS_MS), key="what-if-length", label_visibility="collapsed", width=130)
    wait_ms = _LENGTHS_MS[length]
    after = f"An empty batch {length} after this one; all that follows comes as much later"
    _button("Let time pass", "wait", lambda: debugger.with_batch_after(stream, trigger, wait_ms), is_stale, after)
    words = "No restart before this batch" if trigger in stream.restart_before else "Restart before this batch"
    _button(words, "restart", lambda: debugger.with_restart_before(stream, trigger), is_stale or not trigger)


def _timeout(session: Session, place: _Place) -> None:
    call, trace = session.call, session.trace
    due_ms = min(call.after.timers_ms, default=None) if call else None
    stream = None
    if call and trace and due_ms is not None:
        stream = debugger.timing_out(place.scenario, place.trigger, due_ms, trace.expires_by, call.key or ())
    about = _NO_TIMEOUT if due_ms is None else _NO_PATTERN if stream is None else None
    is_timer = trace is not None and views.due_name(trace) == "timer"
    words = "Make its timer fire" if is_timer else "Make it time out"
    _button(words, "time-out", lambda: stream, session.is_stale or stream is None, about)


def _button(
    words: str, name: str, make: Callable[[], debugger.Stream | None], off: bool, about: str | None = None
) -> None:
    st.button(words, key=f"what-if-{name}", disabled=off, help=about, on_click=_change, args=(make,))


def _change(make: Callable[[], debugger.Stream | None]) -> None:
    stream = make()
    if stream is not None:
        store.dispatch(drafts.changing(store.get().draft.scenario, stream))


def _comparison(session: Session) -> None:
    if session.baseline is None or session.trace is None:
        st.button("Keep this run to compare with", key="keep", on_click=store.dispatch, args=(debugger.KeepBaseline(),))
        return
    if session.is_stale:
        st.caption("Being replayed.")
        return
    if session.trace is session.baseline:
        st.html(
            tag(
                "div",
                tag("p", "This run is kept. Edit the function or the events, and what changes is here."),
                cls="sf",
            )
        )
    else:
        _differences(
            views.compare(session.baseline, session.trace),
            session.trace,
            views.last_call_at(session.trace, session.step),
        )
    st.button(
        "Stop comparing", key="forget", type="tertiary", on_click=store.dispatch, args=(debugger.ForgetBaseline(),)
    )


def _differences(comparison: views.Comparison, trace: Trace, current: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(
            tag("div", tag("p", f"Compared with the run that was kept. {comparison.sentence}"), cls="sf"),
            width="content",
        )
        st.space("stretch")
        number = log.page_number("compare", 0, len(comparison.differences))
    if comparison.differences:
        log.draw("compare", views.comparison_page(comparison, number), current)
