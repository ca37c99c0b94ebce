"""The tour: every stop says what the page beside it shows, and one can leave anywhere."""

import pytest

from engine import debugger
from tests.app.page import opened, session_of, settled
from ui import drafts
from ui.panels.tour import STOPS


def at_stop(number):
    page = settled(opened().button(key="tour_begin").click().run())
    for _ in range(number):
        page = settled(page.button(key="tour_next").click().run())
    return page


def card(page):
    return next(element.proto.body for element in page.get("html") if " of 8" in element.proto.body)


def test_it_has_at_most_eight_stops():
    assert len(STOPS) <= 8


@pytest.mark.parametrize(
    ("number", "key", "before", "after", "timed_out"),
    [
        (1, ("hello",), None, 2, False),
        (3, ("hello",), 2, 3, False),
        (5, ("spark",), 1, None, True),
        (6, ("spark",), 1, 1, True),
    ],
)
def test_what_a_stop_tells_is_what_the_call_did(number, key, before, after, timed_out):
    page = at_stop(number)
    call = session_of(page).call
    assert STOPS[number].title in card(page)
    assert (call.key, call.before.value, call.after.value) == (key, before, after)
    assert (call.reason == "timeout") is timed_out


def test_going_back_takes_the_rules_back_too():
    page = at_stop(6)
    assert session_of(page).draft.scenario.semantics == "spark"
    page = settled(page.button(key="tour_back").click().run())
    assert session_of(page).draft.scenario.semantics == "tutorial"


def test_it_can_be_left_at_any_stop_and_taken_again():
    page = at_stop(2)
    page = settled(page.button(key="tour_leave").click().run())
    assert not [b for b in page.button if b.key == "tour_next"]
    assert "1 of 8" in card(settled(page.button(key="tour_begin").click().run()))


def test_what_was_in_the_editors_before_the_tour_comes_back_with_undo():
    page = opened()
    page.session_state["gallery"] = True
    page = settled(page.run().button(key="sample_1").click().run())
    other = session_of(page).draft.scenario
    page = settled(page.button(key="tour_begin").click().run())
    assert session_of(page).draft.scenario != other
    page = settled(page.button(key="undo").click().run())
    assert session_of(page).draft.scenario == other


def test_events_that_cannot_be_read_make_room_for_those_of_the_tour():
    page = opened()
    visit = page.session_state["visit"]
    visit.session = debugger.reduce(visit.session, drafts.editing("hello\n--- tomorrow"))
    page = settled(page.run().button(key="tour_begin").click().run())
    assert not session_of(page).draft.events_problems
