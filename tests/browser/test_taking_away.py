"""What one takes away from the page: pictures, a report, the scenario; and the line that says how well all is isolated."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from tests.browser.conftest import opened
from tests.browser.stateline import Stateline

PNG = b"\x89PNG\r\n\x1a\n"


def taken(app: Stateline, name: str) -> Path:
    with app.page.expect_download() as download:
        app.click(app.page.get_by_role("button", name=name))
    return Path(download.value.path())


def test_the_picture_the_report_and_the_scenario_are_files_that_open(app: Stateline, browser: Any, server: str) -> None:
    app.open().stands_at("call 1 of 5")
    app.click(app.page.get_by_role("button", name="File", exact=False).first)
    drawn = ElementTree.fromstring(taken(app, "Picture as SVG").read_text())  # noqa: S314  (our own server wrote it)
    assert drawn.tag.endswith("svg")
    assert taken(app, "Picture as PNG").read_bytes().startswith(PNG)
    saved = taken(app, "Save this scenario").read_bytes()
    report = taken(app, "Report as HTML").read_text()
    with opened(browser, server) as reader:
        reader.page.set_content(report)
        reader.page.get_by_role("heading", name="Word count that forgets quiet words").wait_for()
        assert (
            reader.page.locator("img").first.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 500
        )
    app.page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": "again.json", "mimeType": "application/json", "buffer": saved}
    )
    app.page.get_by_role("button", name="Undo").wait_for()
    app.stands_at("call 1 of 5")


def test_a_file_that_is_no_scenario_says_so_and_changes_nothing(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.click(app.page.get_by_role("button", name="File", exact=False).first)
    app.page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": "x.json", "mimeType": "application/json", "buffer": b'{"hello": 1}'}
    )
    app.shows("This file was not opened: there is no field 'hello'")
    app.stands_at("call 1 of 5")


def test_the_page_says_how_well_the_function_is_isolated(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.page.get_by_text("Isolation: ", exact=False).first.wait_for()
