"""Stepping: at once in the browser, by call and by batch, with keys, slider and play."""

import pytest

from tests.browser.stateline import Stateline


def test_six_fast_presses_are_six_steps(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5 · batch 1")
    app.press("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "ArrowRight", "ArrowRight")
    app.stands_at("call 5 of 5 · batch 3")
    app.inspector.get_by_text("Call 5 of 5").wait_for()


def test_keys_move_by_call_and_by_batch(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    for key, there in (
        ("End", "call 5 of 5 · batch 3"),
        ("Shift+ArrowLeft", "call 4 of 5 · batch 3"),
        ("Shift+ArrowLeft", "call 3 of 5 · batch 2"),
        ("Home", "call 1 of 5 · batch 1"),
        ("Shift+ArrowRight", "call 3 of 5 · batch 2"),
    ):
        app.press(key)
        app.stands_at(there)


@pytest.mark.slow
def test_space_plays_to_the_end_and_stops_there(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.press("Space")
    app.player.get_by_label("Pause").wait_for()
    app.stands_at("call 5 of 5")
    app.player.get_by_label("Play", exact=True).wait_for()


def test_keys_typed_into_an_editor_do_not_step(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.function.press("End")
    app.function.press("ArrowRight")
    app.events.press(" ")
    app.stands_at("call 1 of 5")


def test_the_slider_moves_with_its_own_keys(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.player.get_by_label("Step", exact=True).press("ArrowRight")
    app.stands_at("call 2 of 5")


@pytest.mark.slow
def test_it_jumps_along_a_key_and_to_a_finding(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.press("k")
    app.stands_at("call 3 of 5 · batch 2")
    app.press("Shift+K")
    app.stands_at("call 1 of 5")
    app.click(app.player.get_by_label("To the next finding"))
    app.stands_at("call 4 of 5 · batch 3")
