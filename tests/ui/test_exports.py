"""What leaves the page as a file: pictures that need no page, and a report that needs no other file."""

import re
from xml.etree import ElementTree

import pytest

from engine import views
from engine.debugger import Steps
from tests.helpers import MINUTE_MS, TUTORIAL, replayed
from ui import report
from ui.charts import still
from ui.theme import THEMES

HOSTILE = "<img src=x onerror=alert(1)>\u202e"


def picture_of(trace):
    steps = Steps(trace)
    return views.picture(
        trace, steps, views.first_window(trace, steps), views.chosen_lanes(trace, "first call", "all keys", "")
    )


@pytest.fixture(scope="module")
def tutorial():
    return replayed(TUTORIAL, (0, "hello hello spark"), (MINUTE_MS, "hello"), (12 * MINUTE_MS, ""), title="Words")


@pytest.fixture(scope="module")
def hostile():
    code = f"def updateState(key, values, state):\n    # {HOSTILE}\n    state.update(key)\n    print(key)\n    return [(key,)]\n"
    return replayed(code, (0, [{"word": HOSTILE}]), title=HOSTILE, about=HOSTILE)


def test_the_picture_is_an_svg_with_the_keys_and_what_is_remembered(tutorial):
    drawn = ElementTree.fromstring(still.svg(picture_of(tutorial), THEMES["light"]))  # noqa: S314
    texts = {element.text for element in drawn.iter() if element.tag.endswith("text")}
    assert {"hello", "spark", "2", "3", "batch 1"} <= texts


def test_the_picture_is_a_png_in_either_theme(tutorial):
    made = {still.png(picture_of(tutorial), THEMES[name]) for name in ("light", "dark")}
    assert len(made) == 2
    assert all(one.startswith(b"\x89PNG") for one in made)


def test_the_report_has_the_function_the_events_every_call_and_the_findings(tutorial):
    page = report.html(tutorial, picture_of(tutorial))
    assert "state.setTimeoutDuration" in page
    assert "hello hello spark\n---" in page
    assert "updateState(&quot;hello&quot;, [&quot;hello&quot;, &quot;hello&quot;], state)" in page
    assert "Real Spark would not forget this" in page


def test_the_report_loads_nothing_and_runs_nothing(hostile):
    page = report.html(hostile, picture_of(hostile))
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert set(re.findall(r'(?:src|href)="(\w+):', page)) == {"data"}


def test_a_strangers_text_is_text_in_the_report(hostile):
    page = report.html(hostile, picture_of(hostile))
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
    assert "\u202e" not in page
