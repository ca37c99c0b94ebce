"""The browser sends something newer while the page is at work: Streamlit breaks the run off, and nothing is lost by it."""

import tomllib
from typing import Any

import pytest
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

from engine.sandbox import SandboxRunner
from tests.app.page import APP, control, opened, session_of, settled


@pytest.fixture
def news_while_replaying(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever a replay starts, something newer comes from the browser."""
    start = SandboxRunner.start

    def start_and_hear(self: SandboxRunner, scenario: Any, **how: Any) -> Any:
        get_script_run_ctx().script_requests.request_rerun(RerunData())
        return start(self, scenario, **how)

    monkeypatch.setattr(SandboxRunner, "start", start_and_hear)


@pytest.mark.usefixtures("news_while_replaying")
def test_the_first_visit_gets_its_picture():
    assert len(session_of(opened()).trace.calls) == 5


def test_all_that_was_chosen_at_once_is_replayed(request: pytest.FixtureRequest):
    page = opened()
    request.getfixturevalue("news_while_replaying")
    control(page, "semantics").set_value("spark")
    control(page, "timeout_conf").set_value("NoTimeout")
    session = session_of(settled(page.run()))
    assert (session.draft.scenario.semantics, session.draft.scenario.timeout_conf) == ("spark", "NoTimeout")
    assert not session.is_stale


def test_a_sample_opens_and_its_menu_closes(request: pytest.FixtureRequest):
    page = opened()
    request.getfixturevalue("news_while_replaying")
    page.session_state["gallery"] = True
    page.run().button(key="sample_1").click()
    assert session_of(settled(page.run())).scenario.title.startswith("Forgetting is your job")
    assert not page.session_state["gallery"]


def test_one_visitor_is_served_by_one_thread():
    """With fast reruns a second one works beside a callback, and what was told to neither counts as told."""
    config = tomllib.loads((APP.parent / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["runner"]["fastReruns"] is False
