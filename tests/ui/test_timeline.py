"""The timeline's panel: what is drawn of a large trace, and what is asked for."""

import json
from typing import Any

import pyarrow as pa
from streamlit.testing.v1 import AppTest

THIRTY_KEYS = """
import streamlit as st

from engine import views
from engine.debugger import Steps
from tests.helpers import replayed
from ui.panels import timeline

COUNT = "def updateState(key, values, state):\\n    state.update(len(values))\\n    return []\\n"


@st.cache_resource
def made():
    trace = replayed(COUNT, *[(t, " ".join(f"key-{k:02d}" for k in range(30))) for t in range(50)])
    return trace, Steps(trace)


trace, steps = made()
window = views.first_window(trace, steps)
timeline.draw(trace, steps, window, -1, st.session_state.setdefault("clicked", []).append)
"""
TWO_KEYS = THIRTY_KEYS.replace("range(30)", "range(2)").replace("range(50)", "range(5)")


def charts(app: AppTest) -> list[dict[str, list[dict[str, Any]]]]:
    """The datasets of each chart on the page, by name, as rows."""
    return [
        {data.name: pa.ipc.open_stream(data.data.data).read_all().to_pylist() for data in chart.proto.datasets}
        for chart in app.get("vega_lite_chart")
    ]


def keys(app: AppTest) -> list[str]:
    return [lane["label"] for lane in charts(app)[-1]["lanes"]]


def opened(script: str) -> AppTest:
    app = AppTest.from_string(script, default_timeout=20).run()
    assert not app.exception
    return app


def test_a_small_trace_is_one_chart_and_asks_for_nothing():
    app = opened(TWO_KEYS)
    assert len(charts(app)) == 1
    assert not app.text_input
    assert keys(app) == ["key-00", "key-01"]


def test_a_large_trace_has_an_overview_and_a_window_on_its_beginning():
    overview, picture = charts(opened(THIRTY_KEYS))
    assert overview["window"] == [{"x": 0, "x2": 40, "row": 0, "row2": 24}]
    assert (len(picture["lanes"]), len(picture["triggers"])) == (24, 40)


def test_the_place_of_the_overview_is_as_high_as_the_overview_so_that_the_picture_stays_where_it_was_drawn():
    app = opened(THIRTY_KEYS)
    overview, _ = app.get("vega_lite_chart")
    place = next(block for block in app.main.children.values() if overview in list(block))
    assert place.proto.height_config.pixel_height == json.loads(overview.proto.spec)["height"]


def test_a_key_is_found_by_a_part_of_its_name():
    app = opened(THIRTY_KEYS)
    app.text_input(key="timeline_search").set_value("key-2").run()
    assert keys(app) == [f"key-2{digit}" for digit in range(10)]


def test_a_key_that_is_not_there_leaves_an_empty_picture_that_says_so():
    app = opened(THIRTY_KEYS)
    app.text_input(key="timeline_search").set_value("nobody").run()
    assert not app.exception
    assert keys(app) == []
    assert [caption.value for caption in app.caption] == ["No key matches."]


def test_the_second_page_has_the_keys_that_are_left():
    app = opened(THIRTY_KEYS)
    app.session_state["timeline-page-1-of-2"] = 2
    app.run()
    assert keys(app) == [f"key-{number}" for number in range(24, 30)]
    assert charts(app)[0]["window"][0]["row"] == 24


def test_a_second_run_sends_the_same_bytes_again():
    """What a page does not change it does not send: the browser has it already."""
    app = opened(THIRTY_KEYS)
    before = [chart.proto.SerializeToString() for chart in app.get("vega_lite_chart")]
    app.run()
    assert [chart.proto.SerializeToString() for chart in app.get("vega_lite_chart")] == before
