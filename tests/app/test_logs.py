"""From a cell of a log to its call, and no further: what the browser sends once more moves nothing."""

import json
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from engine import share_encode
from tests.app.page import opened, session_of, settled
from tests.helpers import TUTORIAL, scenario


def on_calls() -> AppTest:
    return with_tab(opened(), "Calls")


def with_tab(page: AppTest, name: str) -> AppTest:
    page.session_state["below"] = name
    return settled(page.run())


def click(page: AppTest, row: int, column: str = "call") -> WidgetState:
    """What the browser sends of the log that is on the page when a cell of it is clicked."""
    selection = {"rows": [], "columns": [], "cells": [[row, column]]}
    return WidgetState(id=page.dataframe[0].proto.id, string_value=json.dumps({"selection": selection}))


def sent(page: AppTest, *news: Any) -> AppTest:
    """The page after the browser sent this with all else that it shows."""
    states = page._tree.get_widget_states()
    states.widgets.extend(news)
    return settled(page._run(states))


def call_number(page: AppTest) -> int:
    return session_of(page).step.call_index + 1


def test_a_click_on_a_cell_goes_to_its_call() -> None:
    page = on_calls()
    assert call_number(sent(page, click(page, 2))) == 3
    assert call_number(sent(page, click(page, 4))) == 5


def test_a_cell_that_was_clicked_once_and_is_sent_again_after_its_log_was_away_moves_nothing() -> None:
    page = on_calls()
    clicked = click(page, 2)
    sent(page, clicked)
    with_tab(page, "Findings")
    page.button(key="go-forgotten-only-by-the-tutorial").click()
    assert call_number(sent(page, clicked)) == 4
    with_tab(page, "Calls")
    assert call_number(sent(page, clicked)) == 4


def test_the_same_cell_can_be_clicked_again_when_its_log_was_away() -> None:
    page = on_calls()
    sent(page, click(page, 2))
    sent(with_tab(page, "Output"), click(page, 0))
    assert call_number(page) == 1
    assert call_number(sent(with_tab(page, "Calls"), click(page, 2))) == 3


def test_a_cell_of_another_page_of_the_log_is_no_choice_in_this_one() -> None:
    words = " ".join(f"w{number:02d}" for number in range(30))
    page = with_tab(opened(s=share_encode(scenario(TUTORIAL, (0, words)), 0)), "Calls")
    clicked = click(page, 3)
    assert call_number(sent(page, clicked)) == 4
    assert page.caption[-2].value == "30 rows"
    page.session_state["calls-page-1-of-2"] = 2
    page.run()
    assert list(page.dataframe[0].value["call"]) == list(range(16, 31))
    assert call_number(sent(page, clicked)) == 4
    assert call_number(sent(page, click(page, 3))) == 19
