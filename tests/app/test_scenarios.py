"""Opening, saving, and taking back: whatever is opened, nothing typed is lost."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from engine import Scenario, scenario_from_json, scenario_to_json
from tests.app.page import opened, sent_to, session_of, settled, texts
from tests.helpers import TUTORIAL, scenario
from ui import samples


@pytest.fixture
def menu() -> AppTest:
    """The page with both menus open."""
    page = opened()
    page.session_state["gallery"] = page.session_state["file"] = True
    return page.run()


def upload(page: AppTest, content: bytes) -> AppTest:
    page.file_uploader[0].upload("mine.json", content)
    return settled(page.run())


def a_file(**fields: object) -> bytes:
    made = scenario(TUTORIAL, (0, "cat cat dog"), title="My own stream")
    return json.dumps({**json.loads(scenario_to_json(made)), **fields}).encode()


def test_a_sample_is_opened_and_replayed(menu: AppTest) -> None:
    settled(menu.button(key="sample_1").click().run())
    assert session_of(menu).trace.scenario.title in texts(menu)
    assert session_of(menu).trace.ending == "completed"
    assert not menu.button(key="undo").disabled


@pytest.mark.parametrize("index", range(len(samples.samples())))
def test_every_sample_can_be_opened(menu: AppTest, index: int) -> None:
    settled(menu.button(key=f"sample_{index}").click().run())
    assert session_of(menu).steps


def test_undo_brings_back_what_stood_in_the_editors(menu: AppTest) -> None:
    settled(menu.button(key="sample_2").click().run())
    settled(menu.button(key="undo").click().run())
    assert sent_to(menu, "code")["value"] == session_of(opened()).draft.scenario.code


def test_a_scenario_file_is_opened(menu: AppTest) -> None:
    upload(menu, a_file())
    assert sent_to(menu, "events")["value"] == "cat cat dog"
    assert "My own stream" in texts(menu)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"hello", "not JSON"),
        (b"", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"[1, 2]", "not opened"),
        (b"{}", "the field 'api' is missing"),
        (a_file(colour="red"), "there is no field 'colour'"),
        (a_file(api="mapInPandas"), "invalid enum value 'mapInPandas'"),
    ],
)
def test_a_file_that_is_no_scenario_is_told_kindly_and_changes_nothing(
    menu: AppTest, content: bytes, words: str
) -> None:
    before = session_of(menu).draft
    upload(menu, content)
    assert words in texts(menu)
    assert session_of(menu).draft is before
    menu.button(key="notice_close").click().run()
    assert words not in texts(menu)


def test_a_scenario_that_spark_would_refuse_is_shown_with_the_reason(menu: AppTest) -> None:
    upload(menu, a_file(key="colour"))
    assert "the rows have no column 'colour'" in texts(menu)
    assert session_of(menu).trace is None


def test_a_scenario_survives_saving_and_opening(menu: AppTest) -> None:
    drafted = session_of(menu).draft.scenario
    saved = scenario_from_json(scenario_to_json(drafted))
    assert isinstance(saved, Scenario)
    assert saved == drafted


def test_a_hostile_title_is_shown_as_text(menu: AppTest) -> None:
    title = "![x](https://evil.example/x.png) <script>alert(1)</script>"
    upload(menu, a_file(title=title))
    assert title in [element.value for element in menu.text]
    assert not [element for element in menu.markdown if "evil" in element.value]
