"""What an address brings: the scenario at its step, or a kind word."""

import pytest

from engine.share import share_encode
from tests.app.page import opened, session_of, texts
from tests.helpers import TUTORIAL, scenario

BOMB = "1." + "A" * 199_990


def test_a_link_opens_its_scenario_at_its_step() -> None:
    page = opened(s=share_encode(scenario(TUTORIAL, (0, "cat dog"), title="From a link"), 1))
    assert session_of(page).call.key == ("dog",)
    assert "From a link" in texts(page)
    assert session_of(page).undo == ()


def test_a_step_behind_the_last_one_is_the_last_one() -> None:
    page = opened(s=share_encode(scenario(TUTORIAL, (0, "cat dog")), 4_000_000))
    assert session_of(page).step_index == 1


@pytest.mark.parametrize("payload", ["", "hello", "1.", "1.AfDwd6Nj", "9.AAAA", BOMB, "<script>", "1.é"])
def test_a_link_that_brings_nothing_is_told_and_the_tutorial_is_there(payload: str) -> None:
    page = opened(s=payload)
    assert "This link was not opened" in texts(page)
    assert session_of(page).trace.ending == "completed"


def test_a_link_whose_function_never_loads_shows_it_with_the_reason() -> None:
    page = opened(s=share_encode(scenario("def updateState(:", (0, "cat")), 0))
    assert "SyntaxError" in texts(page)
    assert session_of(page).draft.scenario.code == "def updateState(:"
