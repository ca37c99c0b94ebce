"""The two menus of scenarios: the samples, and opening and saving a file. Lives here: both; reading a scenario does not."""

import re
from typing import Any, Final

import streamlit as st

from engine import Scenario, Session, debugger, scenario_to_json
from ui import drafts, samples, store
from ui.panels import problems

_SAMPLES: Final = "gallery"
_FILE: Final = "file"


def draw(session: Session) -> None:
    """The menus, which close when something was opened."""
    with st.popover("Scenarios", icon=":material/menu_book:", key=_SAMPLES, on_change="rerun") as menu:
        if menu.open:
            _samples()
    with st.popover("File", icon=":material/folder_open:", key=_FILE, on_change="rerun") as menu:
        if menu.open:
            _files(session)


def _samples() -> None:
    with st.grid(2, gap=("small", "medium"), key="samples") as grid:
        for index, scenario in enumerate(samples.samples()):
            with grid.cell(), st.container(gap=None):
                st.button(
                    scenario.title, key=f"sample_{index}", type="tertiary", on_click=_open, args=(scenario,), wrap=True
                )
                st.caption(scenario.about)


def _files(session: Session) -> None:
    scenario = session.draft.scenario
    st.download_button(
        "Save this scenario",
        lambda: scenario_to_json(scenario),
        file_name=f"{_file_name(scenario.title)}.json",
        mime="application/json",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
        key="save",
    )
    problems.note_unread(session)
    key = f"scenario_file_{session.text_rev}"
    st.file_uploader("Open a saved scenario", type=["json"], key=key, on_change=store.sends(_opening, key))


def _open(scenario: Scenario) -> None:
    store.show(_SAMPLES, False)
    store.dispatch(drafts.opening(scenario))


def _opening(file: Any) -> debugger.Action:
    store.show(_FILE, False)
    return drafts.opening_file(file.getvalue())


def _file_name(title: str) -> str:
    """The title as the name of a file: its letters and digits, with hyphens between."""
    return "-".join(re.findall(r"[a-z0-9]+", title.lower()))[:60] or "scenario"
