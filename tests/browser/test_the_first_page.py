"""What a newcomer sees and does first."""

import json
import re
from pathlib import Path

import pytest

from tests.browser.stateline import Stateline

HOSTILE = '<img src="https://evil.example/x.png" onerror="alert(1)"> ![x](https://evil.example/y.png)'


def test_the_tutorial_is_there_with_cause_and_effect_in_one_glance(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5 · batch 1")
    app.inspector.get_by_text('updateState("hello", ["hello", "hello"], state)').wait_for()
    app.chart.wait_for()
    app.is_at_rest()
    for part in (app.chart, app.function.area, app.events.area, app.inspector.get_by_text("What happened")):
        box = part.bounding_box()
        assert box["y"] + box["height"] <= 900
    app.events.holds("hello hello spark\n---\nhello\n--- +11 minutes")


def test_both_keys_time_out_in_batch_3_and_are_forgotten(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.press("End", "ArrowLeft")
    for call, key in ((4, "spark"), (5, "hello")):
        app.stands_at(f"call {call} of 5 · batch 3")
        app.inspector.get_by_text(f"Call {call} of 5").wait_for()
        app.inspector.get_by_text("timed out", exact=False).first.wait_for()
        app.inspector.get_by_text(f'updateState("{key}", [], state)').wait_for()
        app.press("ArrowRight")


def test_the_other_rules_keep_both_keys_and_say_what_to_add(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.click(app.page.get_by_text("Spark's rules", exact=True))
    app.shows("remembered for ever")
    app.page.locator(".st-key-rules").get_by_text("state.remove()").wait_for()
    app.press("End")
    app.inspector.get_by_text("deletes nothing").first.wait_for()


def test_the_text_in_the_editor_survives_a_look_at_the_other_tabs(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    before = app.function.text
    app.function.press("Control+End")
    app.function.type("# mine")
    for tab in ("Output", "Calls", "Findings"):
        app.open_tab(tab)
        app.function.area.wait_for(state="detached")
    app.open_tab("Code and events")
    app.function.holds(before + "# mine")


def test_a_file_is_uploaded_and_replayed(app: Stateline, tmp_path: Path) -> None:
    file = tmp_path / "clicks.csv"
    file.write_text("user,at\nann,2024-01-01 10:00\nbob,2024-01-01 10:01\nann,2024-01-01 10:20\n")
    app.open().stands_at("call 1 of 5")
    app.click(app.page.get_by_role("button", name="Upload"))
    app.page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    app.click(app.page.get_by_role("button", name=re.compile("Use these 3 events")))
    app.inspector.get_by_text('Row(user="ann"').first.wait_for()
    app.click(app.page.get_by_role("button", name="Undo"))
    app.inspector.get_by_text('updateState("hello", ["hello", "hello"], state)').wait_for()


@pytest.mark.slow
def test_hostile_events_are_text_and_nothing_else(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.events.fill(json.dumps({"word": HOSTILE}))
    app.stands_at("call 1 of 1")
    app.inspector.get_by_text("evil.example").first.wait_for()
    for tab in ("Output", "Calls", "Findings"):
        app.open_tab(tab)
    assert app.page.locator("img[src*=evil]").count() == 0


def test_the_page_is_dark_where_the_visitor_is(app: Stateline) -> None:
    app.page.emulate_media(color_scheme="dark")
    app.open().stands_at("call 1 of 5")
    colour = app.page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    assert colour == "rgb(15, 19, 26)", "the dark theme's, as .streamlit/config.toml has it"
