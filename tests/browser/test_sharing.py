"""A link opens the same scenario at the same step; whatever else an address brings is told kindly."""

from pathlib import Path

import pytest

from tests.browser.stateline import Stateline


def link_of(app: Stateline) -> str:
    app.click(app.page.get_by_role("button", name="Share"))
    return app.page.get_by_test_id("stPopoverBody").locator("code").inner_text().partition("?")[2]


def test_a_link_opens_what_was_typed_at_the_step_that_was_looked_at(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.events.fill("cat cat dog\n---\ncat\n--- +11 minutes\ndog")
    app.inspector.get_by_text('updateState("cat", ["cat", "cat"], state)').wait_for()
    app.press("Shift+ArrowRight")
    app.inspector.get_by_text("Call 3 of 5").wait_for()
    app.open(f"/?{link_of(app)}").stands_at("call 3 of 5 · batch 2")
    app.events.holds("cat cat dog\n---\ncat\n--- +11 minutes\ndog")
    app.inspector.get_by_text("Call 3 of 5").wait_for()


@pytest.mark.parametrize("payload", ["1.AfDwd6Nj", "%3Cscript%3E"])
def test_a_broken_link_is_told_and_the_tutorial_is_there(app: Stateline, payload: str) -> None:
    app.open(f"/?s={payload}").stands_at("call 1 of 5")
    app.shows("This link was not opened")
    app.click(app.page.get_by_role("button", name="Close"))
    app.page.get_by_text("This link was not opened").wait_for(state="detached")


def test_a_saved_scenario_opens_as_what_was_typed(app: Stateline, tmp_path: Path) -> None:
    app.open().stands_at("call 1 of 5")
    app.events.fill("cat cat dog")
    app.stands_at("call 1 of 2")
    app.click(app.page.get_by_role("button", name="File"))
    with app.page.expect_download() as download:
        app.click(app.page.get_by_role("button", name="Save this scenario"))
    download.value.save_as(tmp_path / "mine.json")
    app.open().stands_at("call 1 of 5")
    app.click(app.page.get_by_role("button", name="File"))
    app.page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(tmp_path / "mine.json")
    app.stands_at("call 1 of 2")
    app.events.holds("cat cat dog")
