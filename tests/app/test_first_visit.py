"""The first visit: the tutorial, replayed and explained, with its rules switched."""

import os

import streamlit

from engine.model.trace import FunctionCalled
from tests.app.page import control, opened, sent_to, session_of, settled, texts


def calls_in_batch_3(page) -> list[FunctionCalled]:
    trace = session_of(page).trace
    return trace.calls_of(trace.batches[2])


def test_the_page_opens_with_the_tutorial_replayed() -> None:
    page = opened()
    trace = session_of(page).trace
    assert [(call.key, call.output) for call in list(trace.calls)[:3]] == [
        (("hello",), [["hello", 2]]),
        (("spark",), [["spark", 1]]),
        (("hello",), [["hello", 3]]),
    ]
    assert [call.reason for call in calls_in_batch_3(page)] == ["timeout", "timeout"]


def test_function_and_events_are_in_their_editors_as_the_tutorial_tells_them() -> None:
    page = opened()
    assert sent_to(page, "code")["value"].startswith("def updateState(key, values, state: GroupState[int]):\n")
    assert sent_to(page, "events")["value"] == "hello hello spark\n---\nhello\n--- +11 minutes"


def test_the_other_rules_keep_what_timed_out_and_say_what_to_add() -> None:
    page = opened()
    assert not any(call.after.exists for call in calls_in_batch_3(page))
    settled(control(page, "semantics").set_value("spark").run())
    assert all(call.after.exists for call in calls_in_batch_3(page))
    assert "state.remove()" in texts(page)


def test_switching_the_rules_back_is_the_first_picture_again() -> None:
    page = opened()
    first = session_of(page).trace
    settled(control(page, "semantics").set_value("spark").run())
    assert session_of(page).trace != first
    settled(control(page, "semantics").set_value("tutorial").run())
    assert session_of(page).trace == first


def test_the_player_knows_the_steps_of_the_trace() -> None:
    player = sent_to(opened(), "player")
    assert (player["starts"], player["batches"]) == ([0, 2, 3, 5], [0, 1, 2])
    assert (player["numbers"], player["all"]) == ([[0, 1], [2, 3], [3, 4]], 5)


def test_what_was_found_is_one_click_away() -> None:
    page = opened()
    page.button(key="to Findings").click().run()
    assert not page.exception
    assert any("state.remove()" in code.value for code in page.code)


def test_where_no_process_can_be_started_the_page_says_so(monkeypatch) -> None:
    streamlit.cache_resource.clear()
    monkeypatch.delattr(os, "fork")
    page = opened()
    monkeypatch.undo()
    streamlit.cache_resource.clear()
    assert "use Linux or macOS, or WSL on Windows" in texts(page)
    assert sent_to(page, "code")["value"]
