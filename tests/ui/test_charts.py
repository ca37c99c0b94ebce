"""The charts: a spec for each layout and theme, fed by frames; colours that can be told apart."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from engine.debugger.steps import Steps
from engine.model.scenario import Watermark
from engine.model.trace import Trace
from engine.views import Picture, Window, chosen_lanes, first_window, overview, picture
from tests.helpers import MINUTE_MS, TUTORIAL, replayed
from ui.charts import legend, timeline
from ui.charts import overview as heat_map
from ui.charts.layout import PLOT_LEFT_PX, PLOT_RIGHT_PX, Layout
from ui.theme import THEMES, Theme

LOSES_ITS_TIMEOUT = """\
def updateState(key, values, state):
    assert "fail" not in values
    if state.hasTimedOut():
        state.remove()
    elif state.exists:
        state.update(state.get() + 1)
    else:
        state.update(1)
        state.setTimeoutDuration("10 minutes")
"""
EVENT_TIME = {"key": "k", "timeout_conf": "EventTimeTimeout", "watermark": Watermark("ts", "0 seconds")}


def drawn(trace: Trace) -> Picture:
    steps = Steps(trace)
    return picture(trace, steps, first_window(trace, steps), chosen_lanes(trace))


def tutorial() -> Picture:
    return drawn(replayed(TUTORIAL, (0, "hello hello spark"), (MINUTE_MS, "hello"), (12 * MINUTE_MS, "")))


def everything() -> Picture:
    """A picture in which every shape but those of event time occurs."""
    stream = ((0, "a b"), (MINUTE_MS, "a"), (11 * MINUTE_MS, "c"), (12 * MINUTE_MS, ""), (13 * MINUTE_MS, "d fail"))
    return drawn(replayed(LOSES_ITS_TIMEOUT, *stream))


def late_rows() -> Picture:
    minutes = [[10], [20], [10, 21]]
    rows = [[{"k": "a", "ts": f"2024-01-01T12:{minute}:00"} for minute in batch] for batch in minutes]
    return drawn(replayed(TUTORIAL.replace("    state.setTimeoutDuration", "    # "), *enumerate(rows), **EVENT_TIME))


def layout_of(shown: Picture) -> Layout:
    return Layout(len(shown.lanes), shown.watermark is not None)


def spec_of(shown: Picture, theme: str = "light") -> dict[str, Any]:
    return timeline.spec(layout_of(shown), THEMES[theme])


PICTURES = [tutorial, everything, late_rows]


def test_another_trace_of_the_same_layout_has_the_same_spec():
    assert spec_of(tutorial()) == spec_of(drawn(replayed(TUTORIAL, (5, "x y"))))


def test_the_plot_lies_between_its_fixed_edges_whatever_the_labels_are():
    spec = spec_of(tutorial())
    assert spec["autosize"] == {"type": "none", "contains": "padding"}
    assert (spec["padding"]["left"], spec["padding"]["right"]) == (PLOT_LEFT_PX, PLOT_RIGHT_PX)
    assert all(layer["encoding"]["x"].get("axis") is None for layer in spec["layer"])


def test_the_cursor_and_the_trace_are_no_part_of_the_spec():
    text = json.dumps(spec_of(tutorial()))
    assert "hello" not in text
    assert len(text) < 30_000


def fields(part: Any) -> Iterator[str]:
    """Every field of a datum that a layer reads, in encodings and in expressions."""
    if isinstance(part, dict):
        if isinstance(part.get("field"), str):
            yield part["field"]
        for inner in part.values():
            yield from fields(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from fields(inner)
    elif isinstance(part, str):
        yield from re.findall(r"datum\.(\w+)", part)


@pytest.mark.parametrize("make", PICTURES)
def test_every_field_that_a_layer_reads_is_in_its_dataset(make):
    shown = make()
    datasets = timeline.datasets(shown)
    for layer in spec_of(shown)["layer"]:
        assert set(fields(layer)) <= set(datasets[layer["data"]["name"]].columns), layer


def test_every_field_of_the_heat_map_is_in_its_dataset():
    trace = replayed(TUTORIAL, (0, "a b"), (1, "a"))
    whole = overview(trace, Steps(trace), chosen_lanes(trace))
    datasets = heat_map.datasets(whole, Window(0, 1, 0, 1))
    for layer in heat_map.spec(whole.rows, THEMES["light"])["layer"]:
        assert set(fields(layer)) <= set(datasets[layer["data"]["name"]].columns), layer


def test_a_number_has_a_label_only_where_it_is_whole_and_a_text_where_some_of_it_is():
    code = "def updateState(key, values, state):\n    state.update(123456789 if key == 'n' else 'x' * 30)\n"
    needs = timeline.datasets(drawn(replayed(code, (0, "n t"))))["bars"].set_index("row")["needs"]
    assert needs[0] > needs[1]


def test_names_are_there_from_where_the_first_has_room_for_its_value():
    code = "def updateState(key, values, state):\n    state.update({'count': 12, 'last': 'open'})\n"
    bar = timeline.datasets(drawn(replayed(code, (0, "n"))))["bars"].iloc[0]
    assert (bar["label"], bar["values"]) == ("count=12, last=open", "12, open")
    assert bar["needs"] < bar["needs_names"] == len("count=12") * 7


def test_the_legend_names_what_the_picture_has_and_nothing_else():
    words = legend.html(tutorial(), THEMES["light"], 0)
    assert "what is remembered" in words
    assert "forgotten" in words
    assert "failed" not in words
    assert "watermark" not in words
    assert "failed" in legend.html(everything(), THEMES["light"], 0)
    assert "row dropped as late" in legend.html(late_rows(), THEMES["light"], 0)


def test_the_legend_holds_no_word_of_the_users():
    shown = drawn(replayed(TUTORIAL, (0, [{"k": "<script>alert(1)</script>"}]), key="k"))
    assert "script" not in legend.html(shown, THEMES["dark"], 0)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_texts_and_marks_stand_out_from_the_page(theme: Theme):
    for colour in (theme.text, theme.faint_text):
        assert contrast(colour, theme.band) >= 4.5
    marks = ("data_call", "timeout_call", "timeout", "problem", "watermark", "row", "dropped", "no_value")
    for name in marks:
        assert contrast(getattr(theme, name), theme.page) >= 3, name


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_the_text_on_every_shade_of_a_value_can_be_read(theme: Theme):
    steps = len(theme.values)
    for place, shade in enumerate(theme.values):
        is_high = (place + 0.5) / steps >= theme.high_from
        assert contrast(shade, theme.text_on_high if is_high else theme.text_on_low) >= 4.5, shade


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_shades_of_values_go_one_way(theme: Theme):
    shades = [luminance(shade) for shade in theme.values]
    assert shades in (sorted(shades), sorted(shades, reverse=True))
    assert shades[0] != shades[-1]
