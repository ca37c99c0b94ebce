"""What comes and goes on the page moves nothing below it.

Streamlit counts the parts of a container: one that moved is drawn at its new place before the old one is taken away, so for a
moment the visitor has two pictures and two inspectors.
"""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine import debugger
from engine.share import share_encode
from tests.app.page import opened, places, settled, with_sample
from tests.helpers import scenario
from ui import drafts

FAILS = "def updateState(key, values, state):\n    return [1 / 0]\n"
JOB = """
def count(key, pdfs, state):
    yield pd.DataFrame()

df.groupBy("word").applyInPandasWithState(count, "n long", "n long", "append", "NoTimeout")
"""
MANY_KEYS = scenario("def updateState(key, values, state):\n    return []\n", *((0, f"key{i}") for i in range(60)))


def on_tour() -> AppTest:
    return settled(opened().button(key="tour_begin").click().run())


def with_events_that_cannot_be_read() -> AppTest:
    page = opened()
    visit = page.session_state["visit"]
    visit.session = debugger.reduce(visit.session, drafts.editing("hello\n--- tomorrow"))
    return settled(page.run())


OTHERS = {
    "on the tour": on_tour,
    "a sample, which can be taken back": lambda: with_sample(4),
    "events that cannot be read": with_events_that_cannot_be_read,
    "a function that fails": lambda: opened(s=share_encode(scenario(FAILS, (0, "cat")), 0)),
    "a whole job": lambda: opened(s=share_encode(scenario(JOB, (0, "cat")), 0)),
    "more keys than fit": lambda: opened(s=share_encode(MANY_KEYS, 0)),
    "a link that is none": lambda: opened(s="nothing"),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_every_part_stands_where_it_stood(other: Callable[[], AppTest]) -> None:
    before, after = places(opened()), places(other())
    shared = before.keys() & after.keys()
    assert {"player", "inspector", "timeline", "code", "events", "share_menu"} <= shared
    assert {name: after[name] for name in shared} == {name: before[name] for name in shared}
