"""The state timeline: the picture of a window, its legend, and for large traces an overview and a choice of keys.

Lives here: what is shown where, and what a click means; the charts are in ui/charts.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Final, get_args

import msgspec
import streamlit as st

from engine import Trace, debugger, views
from engine.views import LaneFilter, LaneOrder, Overview, Picture, Window
from ui import store
from ui.charts import legend, overview, timeline
from ui.charts.layout import PLOT_LEFT_PX, Layout
from ui.charts.marks import CLICK
from ui.panels import paging
from ui.theme import Theme, theme_of_page

OnCall = Callable[[int], None]

_CHART: Final = "timeline_chart"
_OVERVIEW: Final = "timeline_overview"
_SEARCH, _ORDER, _SHOWN = "timeline_search", "timeline_order", "timeline_filter"
#: With more keys than this one may want to look for one.
_MANY_KEYS: Final = 12
_REMEMBERED: Final = 8
_BARE: Final[dict[str, Any]] = {"label_visibility": "collapsed"}
_ALT: Final = (
    "State timeline of {keys}: what is remembered, the calls, and the timeouts. The tab Calls has it as a table"
)
_NAMED: Final = 3


class Choice(msgspec.Struct, frozen=True):
    """Which keys are shown, in which order."""

    order: LaneOrder = "first call"
    shown: LaneFilter = "all keys"
    search: str = ""


def draw(trace: Trace, steps: debugger.Steps, window: Window, call_index: int, on_call: OnCall) -> None:
    """Draw what `window` shows of the keys that were asked for, on the page with the key of the call where one stands.

    A click calls `on_call` with the number of a call.
    Only the container `timeline` holds the chart: whoever draws over it needs its edges. The overview has its place above
    and comes last: in the browser a chart waits for the one that was sent before it.
    """
    theme = theme_of_page()
    drawings = _drawings(trace)
    with st.container():
        choice, page = _choose(drawings, trace, window.key_count, call_index)
    places = drawings.lanes(trace, choice)
    shown = msgspec.structs.replace(window, first_key=(page - 1) * window.key_count)
    is_part = len(places) > window.key_count or window.trigger_count < len(steps.starts) - 1
    overview_place = st.container(height=overview.height_px(len(places)) if is_part else "content", border=False)
    picture = drawings.get(("picture", choice, shown), lambda: views.picture(trace, steps, shown, places))
    with st.container(key="timeline"):
        _draw_picture(picture, theme, on_call)
    with st.container():
        if not places:
            st.caption("No key matches." if choice != Choice() else "Nothing was called, so there is no key.")
    st.html(legend.html(picture, theme, PLOT_LEFT_PX))
    if is_part:
        whole = drawings.get(("overview", choice), lambda: views.overview(trace, steps, places))
        with overview_place:
            _draw_overview(whole, shown, theme, on_call)


def key_page(trace: Trace, window: Window, call_index: int) -> int:
    """The page of keys that belongs to this call, of those that are asked for now; for callbacks."""
    asked = [store.value(key) for key in (_ORDER, _SHOWN, _SEARCH)]
    choice = Choice(*asked) if None not in asked else Choice()
    return views.key_page_at(trace, _drawings(trace).lanes(trace, choice), call_index, window.key_count)


def _choose(drawings: "_Drawings", trace: Trace, keys_a_page: int, call_index: int) -> tuple[Choice, int]:
    """Which keys to show, and which page of them, from 1; asked only where there are many.

    Whoever turns to another page stays there until the call has its key on yet another one.
    """
    if len(drawings.lanes(trace, Choice())) <= _MANY_KEYS:
        return Choice(), 1
    with st.container(horizontal=True, vertical_alignment="center", key="timeline_choice"):
        search = st.text_input("Find a key", key=_SEARCH, placeholder="Find a key", width=190, **_BARE)
        order = st.selectbox("Order", get_args(LaneOrder), key=_ORDER, format_func="by {}".format, width=160, **_BARE)
        words = {"timed out": "timers fired"} if views.due_name(trace) == "timer" else {}
        shown = st.selectbox(
            "Show", get_args(LaneFilter), key=_SHOWN, format_func=lambda name: words.get(name, name), width=140, **_BARE
        )
        choice = Choice(order, shown, search)
        places = drawings.lanes(trace, choice)
        pages = -(-len(places) // keys_a_page)
        page = views.key_page_at(trace, places, call_index, keys_a_page)
        return choice, paging.page_number("timeline", pages, page)


def _draw_overview(whole: Overview, window: Window, theme: Theme, on_call: OnCall) -> None:
    """The heat map of all that was chosen, and the window on it."""
    st.vega_lite_chart(
        {**overview.spec(whole.rows, theme), "datasets": overview.datasets(whole, window)},
        key=_OVERVIEW,
        on_select=store.sends(partial(_clicked, on_call), _OVERVIEW),
        alt="Overview: how many calls each key had over the whole trace, and which of them were timed out or failed",
    )


def _draw_picture(picture: Picture, theme: Theme, on_call: OnCall) -> None:
    layout = Layout(len(picture.lanes), picture.watermark is not None)
    st.vega_lite_chart(
        {**timeline.spec(layout, theme), "datasets": timeline.datasets(picture)},
        key=_CHART,
        on_select=store.sends(partial(_clicked, on_call), _CHART),
        alt=_ALT.format(keys=_keys(picture)),
    )


def _keys(picture: Picture) -> str:
    names = list(picture.lanes["label"])
    more = [f"{len(names) - _NAMED} more keys"] if len(names) > _NAMED else []
    return ", ".join([*names[:_NAMED], *more]) or "no key"


def _clicked(on_call: OnCall, state: Any) -> None:
    for point in state["selection"][CLICK]:
        if point.get("call", -1) >= 0:
            on_call(int(point["call"]))


class _Drawings:
    """What was made of one trace for the screen, the last few of each."""

    def __init__(self) -> None:
        self._made: dict[Any, Any] = {}

    def get(self, name: Any, make: Callable[[], Any]) -> Any:
        if name not in self._made:
            if len(self._made) >= _REMEMBERED:
                del self._made[next(iter(self._made))]
            self._made[name] = make()
        return self._made[name]

    def lanes(self, trace: Trace, choice: Choice) -> tuple[int, ...]:
        lanes: tuple[int, ...] = self.get(
            choice, lambda: views.chosen_lanes(trace, choice.order, choice.shown, choice.search)
        )
        return lanes


@views.once_per_trace
def _drawings(trace: Trace) -> _Drawings:
    return _Drawings()
