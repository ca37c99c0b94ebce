"""A walk through the first sample for somebody who has never heard of state. Lives here: its stops, and the card that tells them.

Each stop moves the live page itself and frames the place it speaks of; one can leave at any of them.
"""

from typing import Final, Literal

import msgspec
import streamlit as st

from engine import debugger
from ui import drafts, samples, store
from ui.markup import Markup, tag
from ui.panels import below

_STOP: Final = "tour"


class Stop(msgspec.Struct, frozen=True):
    """What is told, of which place on the page (the key of a container), at which call, by whose rules."""

    title: str
    text: str
    place: str
    call_index: int
    tab: below.Tab = "Code and events"
    semantics: Literal["tutorial", "spark"] = "tutorial"


STOPS: Final = (
    Stop(
        "Events arrive in batches",
        "Each word is an event. Spark collects events for a while and hands them over together: that is a micro-batch, "
        "and here a line --- ends one. The first batch brings hello, hello and spark.",
        "events_side",
        0,
    ),
    Stop(
        "One call for each key",
        "Spark groups the batch by key, here by word, and calls your function once for each. This is the first call, "
        "just as Spark makes it: the key hello with both its events.",
        "inspector",
        0,
    ),
    Stop(
        "State is a memory for each key",
        "Before this call nothing was remembered for hello. The function counts two events and calls state.update(2): "
        "from now on Spark remembers 2. In the picture that memory is the blue bar.",
        "timeline",
        0,
    ),
    Stop(
        "The next batch finds it again",
        "Batch 2 brings hello once more. state.get() gives back the 2 from before, the function adds one, and stores 3. "
        "This is all that state is: what one call leaves for the next call of the same key.",
        "inspector",
        2,
    ),
    Stop(
        "A timeout is an alarm clock",
        'state.setTimeoutDuration("10 minutes") says: wake me when nothing has come for this key for 10 minutes. The dotted '
        "line runs from where it was set to the diamond where it is due. Each call has to set it again.",
        "timeline",
        2,
    ),
    Stop(
        "The timeout fires",
        "Batch 3 brings no events, but its clock is past the due time. So Spark calls the function for spark without "
        "events, and state.hasTimedOut() is true. Nothing fires at the due time itself: it takes a batch.",
        "inspector",
        3,
    ),
    Stop(
        "What real Spark does then",
        "The tutorial says that a key that timed out is forgotten. Under Spark's rules, now switched on, it is not: the bar "
        "goes on for ever, until the function calls state.remove(). The findings say so, and what to write.",
        "timeline",
        3,
        semantics="spark",
    ),
    Stop(
        "Now it is yours",
        "Change the function or the events: the replay is there at once. Step with the arrow keys, click anything in the "
        "picture, ask Why and What if, open other scenarios, and send the page to somebody with Share.",
        "function_side",
        0,
    ),
)


def button() -> None:
    """The way in, for the header."""
    if _at() is None:
        st.button(
            "Tour",
            key="tour_begin",
            type="tertiary",
            icon=":material/school:",
            help="State and timeouts in eight steps, on this page",
            on_click=_begin,
        )


def draw() -> None:
    """The card of the stop where one is; nothing for those who take no tour."""
    at = _at()
    if at is None:
        return
    stop = STOPS[at]
    st.html(_frame(stop.place))
    with st.container(key="tour_card"):
        st.html(_words(at, stop))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button("Back", key="tour_back", disabled=at == 0, on_click=_go, args=(at - 1,))
            if at < len(STOPS) - 1:
                st.button("Next", key="tour_next", type="primary", on_click=_go, args=(at + 1,))
            is_over = at == len(STOPS) - 1
            st.button(
                "Finish" if is_over else "Leave the tour",
                key="tour_leave",
                type="primary" if is_over else "tertiary",
                on_click=store.show,
                args=(_STOP, None),
            )


def _words(at: int, stop: Stop) -> Markup:
    number = tag("span", f"{at + 1} of {len(STOPS)}", cls="sf-kind")
    return tag("div", tag("div", tag("b", stop.title), " ", number), tag("p", stop.text), cls="sf")


def _frame(place: str) -> Markup:
    """A frame around the place that is spoken of; `place` is one of ours."""
    return Markup(
        f"<style>.st-key-{place} {{ outline: 2px solid var(--st-primary-color, #5b7cfa); outline-offset: 4px; }}</style>"
    )


def _at() -> int | None:
    at: int | None = store.value(_STOP)
    return at


def _begin() -> None:
    first = samples.samples()[0]
    draft = store.get().draft
    if draft.scenario != first or draft.events_problems:
        store.dispatch(drafts.opening(first))
    _go(0)


def _go(at: int) -> None:
    stop = STOPS[at]
    store.show(_STOP, at)
    below.open_tab(stop.tab)
    store.dispatch(debugger.ChooseSemantics(stop.semantics))
    store.dispatch(debugger.GoToCall(stop.call_index))
