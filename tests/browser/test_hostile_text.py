"""A stranger's text is shown as text wherever it stands: no image, no link, no script, no formula, and nobody is called."""

from collections.abc import Iterator

import pytest

from engine import share_encode
from tests.browser.stateline import Stateline
from tests.hostile_text import MARKDOWN, SCENARIO, hides_something

FOREIGN = "img[src*=evil], a[href*=evil], [onerror], .katex"


@pytest.fixture
def hostile(app: Stateline) -> Iterator[Stateline]:
    """The page on the hostile scenario; at the end nothing of it is more than text."""
    app.page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    app.open(f"/?s={share_encode(SCENARIO, 0)}").stands_at("call 1 of 3")
    yield app
    assert_only_text(app)


def assert_only_text(app: Stateline) -> None:
    assert app.page.locator(FOREIGN).count() == 0
    assert not hides_something(app.page.locator(".stMain").inner_text())


def test_in_title_description_and_inspector_at_every_step(hostile: Stateline) -> None:
    for key in ("title", "about"):
        hostile.page.locator(f".st-key-{key}").get_by_text(MARKDOWN).first.wait_for()
    for call in (1, 2, 3):
        hostile.stands_at(f"call {call} of 3")
        hostile.inspector.get_by_text(f"Call {call} of 3").wait_for()
        assert_only_text(hostile)
        hostile.press("ArrowRight")
    hostile.inspector.get_by_text(MARKDOWN).first.wait_for()


def test_in_every_tab(hostile: Stateline) -> None:
    for name in hostile.page.get_by_role("tab").all_inner_texts():
        hostile.open_tab(name)
        assert_only_text(hostile)


def test_a_table_offers_no_download_of_its_own(hostile: Stateline) -> None:
    hostile.open_tab("Output")
    hostile.page.get_by_test_id("stDataFrame").first.hover()
    hostile.page.get_by_test_id("stElementToolbar").get_by_role("button").first.wait_for()
    assert hostile.page.get_by_test_id("stElementToolbar").get_by_label("Download as CSV").count() == 0
