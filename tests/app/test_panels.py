"""The inspector, the logs and the findings on the page: one step, the way to a call, and a stranger's text."""

import pytest

from engine import Scenario, share_encode
from engine.debugger import GoToStep, reduce
from tests.app.page import drawn, opened, session_of, settled, texts, with_sample
from tests.helpers import scenario
from ui import drafts

HOSTILE = "<img src=x onerror=alert(1)>\u202e **b** :red[x]"
CODE = """\
def updateState(key, values, state):
    state.update({key: list(values)})
    print(key)
    return [{key: key}]
"""


def on_tab(page, name):
    page.session_state["below"] = name
    return settled(page.run())


@pytest.fixture(scope="module")
def tutorial():
    return opened()


def test_the_inspector_shows_the_call_at_the_step(tutorial):
    assert "updateState(&quot;hello&quot;, [&quot;hello&quot;, &quot;hello&quot;], state)" in drawn(tutorial)
    assert "hello is seen for the first time" in drawn(tutorial)


def test_a_finding_leads_to_its_call():
    page = on_tab(opened(), "Findings")
    assert "Real Spark would not forget this" in drawn(page)
    assert "state.remove()" in texts(page)
    page.button(key="go-forgotten-only-by-the-tutorial").click().run()
    assert session_of(page).step.call_index == 3


def test_a_second_replay_is_compared_when_it_is_asked_for():
    code = "calls = []\ndef updateState(key, values, state):\n    calls.append(key)\n    return [len(calls)]\n"
    page = on_tab(opened(s=share_encode(scenario(code, (0, "a"), (1, "a")), 0)), "Findings")
    assert "A second replay went differently" not in drawn(page)
    page.toggle(key="second replay").set_value(True).run()
    assert "Call 2, for a: its output is [[2]], and was [[1]]" in drawn(page)
    page.toggle(key="second replay").set_value(False).run()
    assert "A second replay went differently" not in drawn(page)


def test_the_timeline_opens_on_the_page_of_keys_with_the_call():
    names = " ".join(f"k{number:02d}" for number in range(30))
    page = opened(s=share_encode(scenario(CODE, (0, names)), 29))
    assert session_of(page).call.key == ("k29",)
    assert page.session_state["timeline-page-2-of-2"] == 2


def test_the_logs_have_the_calls_and_the_rows():
    page = on_tab(opened(), "Calls")
    assert list(page.dataframe[0].value["after"]) == ["2", "1", "3", "", ""]
    page = on_tab(page, "Output")
    assert list(page.dataframe[0].value["count"]) == ["2", "1", "3"]


def test_why_answers_for_the_state_the_timeouts_and_the_events():
    page = on_tab(opened(), "Why")
    assert "After call 1 hello remembers 2" in drawn(page)
    page.segmented_control(key="why").set_value("Timeouts").run()
    assert list(page.dataframe[0].value["fate"]) == ["↻ replaced", "▼ fired", "▼ fired"]
    page.segmented_control(key="why").set_value("Events").run()
    assert list(page.dataframe[0].value["fate"])[-1] == "given to call 3"


def test_what_if_an_event_had_not_come_is_compared_with_what_was():
    page = on_tab(opened(), "What if")
    page = settled(page.button(key="what-if-leave-out").click().run())
    assert session_of(page).draft.events_text.startswith("spark")
    assert next(iter(page.dataframe[0].value["key"])) == "hello"
    page = settled(page.button(key="undo").click().run())
    assert session_of(page).draft.events_text.startswith("hello hello spark")


def test_what_if_is_about_the_call_that_it_names_though_the_player_is_ahead():
    page = on_tab(opened(), "What if")
    assert "<b>Call 1 of 5</b> for <b>hello</b>, batch 1 · start" in drawn(page)
    visit = page.session_state["visit"]
    visit.session = reduce(visit.session, GoToStep(2, visit.session.seek_rev))
    page = settled(page.button(key="what-if-leave-out").click().run())
    assert session_of(page).draft.events_text.split() == ["spark", "---", "hello", "---", "+11", "minutes"]


def test_what_was_typed_meanwhile_is_not_undone_by_what_if():
    page = on_tab(opened(), "What if")
    visit = page.session_state["visit"]
    visit.session = reduce(visit.session, drafts.editing("typed meanwhile"))
    page = settled(page.button(key="what-if-leave-out").click().run())
    assert session_of(page).draft.events_text == "typed meanwhile"
    assert "the events have changed in the meantime" in texts(page)


def test_a_timeout_is_made_to_fire_where_one_stands():
    page = on_tab(opened(), "What if")
    page = settled(page.button(key="what-if-time-out").click().run())
    assert [call.reason for call in session_of(page).trace.calls][2:4] == ["timeout", "timeout"]


def test_a_run_that_was_kept_is_compared_with_an_edited_function():
    page = on_tab(opened(), "What if")
    page = page.button(key="keep").click().run()
    assert "This run is kept" in drawn(page)
    page = page.button(key="forget").click().run()
    assert session_of(page).baseline is None


def test_what_a_strangers_link_brings_is_text_in_every_panel():
    made: Scenario = scenario(CODE, (0, [{"<b>word</b>": HOSTILE}]), title=HOSTILE)
    page = opened(s=share_encode(made, 0))
    for tab in ("Findings", "Calls", "Output", "Why", "What if"):
        page = on_tab(page, tab)
        assert "<img src=x" not in drawn(page)
        assert "\u202e" not in drawn(page)
    assert "&lt;img src=x" in drawn(page)


def test_a_processors_page_says_what_is_called_of_it():
    page = with_sample(12)
    assert "**Processor**" in [element.value for element in page.markdown]
    assert "handleExpiredTimer for each timer" in texts(page)


def test_a_number_of_another_country_is_told_to_be_text_below_the_events_that_are_replayed_all_the_same():
    rows = [{"user": "ann", "amount": "12,50"}]
    page = opened(s=share_encode(scenario(CODE, (0, rows)), 0))
    assert "column amount: 12,50 is read as text here, not as a number. Write 12.5 if it is meant as one." in texts(
        page
    )
    assert session_of(page).trace.ending == "completed"
