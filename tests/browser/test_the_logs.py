"""From a row of a log, or from a finding, to its call; and the download that no spreadsheet runs."""

from pathlib import Path

from tests.browser.stateline import Stateline

HEADER_AND_HALF_A_ROW = 50
ROW_HEIGHT = 30


def click_row(app: Stateline, row: int) -> None:
    """Click into a row of the log, counted from 0."""
    table = app.page.get_by_test_id("stDataFrame")
    table.get_by_test_id(f"glide-cell-1-{row}").wait_for(state="attached")
    app.is_at_rest()
    place = {"x": 300, "y": HEADER_AND_HALF_A_ROW + ROW_HEIGHT * row}
    table.hover(position=place)
    table.click(position=place)


def test_a_click_into_the_call_log_goes_to_the_call(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.open_tab("Calls")
    click_row(app, 2)
    app.stands_at("call 3 of 5 · batch 2")
    app.inspector.get_by_text("Call 3 of 5").wait_for()


def test_a_click_into_the_output_log_goes_to_the_call_that_returned_the_row(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.open_tab("Output")
    click_row(app, 1)
    app.stands_at("call 2 of 5")


def test_the_output_can_be_downloaded(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.open_tab("Output")
    with app.page.expect_download() as download:
        app.click(app.page.get_by_text("Download as CSV"))
    assert Path(download.value.path()).read_text() == "key,count\nhello,2\nspark,1\nhello,3\n"


def test_a_finding_leads_to_the_call_that_shows_it(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.open_tab("Findings")
    app.click(app.page.get_by_text("Show call 4"))
    app.stands_at("call 4 of 5 · batch 3")
