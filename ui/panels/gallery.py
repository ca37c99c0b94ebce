"""The two menus of scenarios: samples; opening, saving and exporting. Lives here: both; what is read or written does not."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import streamlit as st

from engine import Scenario, Session, Trace, debugger, scenario_to_json, views
from ui import drafts, report, samples, store
from ui.charts import still
from ui.panels import problems
from ui.theme import THEMES

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
    if session.trace is not None and session.steps:
        _exports(session.trace, session.steps, scenario.title)
    key = _uploader(session)  # another one for each text
    st.file_uploader(
        "Open a saved scenario", type=["json"], key=key, on_change=store.sends(partial(_opening, key), key)
    )


def _uploader(session: Session) -> str:
    return f"scenario_file_{session.text_rev}"


def _exports(trace: Trace, steps: debugger.Steps, title: str) -> None:
    """What can be put into a document; each is made when it is asked for."""
    window = store.window()
    if window is None:
        return
    lanes = views.chosen_lanes(trace, "first call", "all keys", "")
    made = {
        "Report as HTML": ("html", "text/html", lambda picture: report.html(trace, picture)),
        "Picture as SVG": ("svg", "image/svg+xml", lambda picture: still.svg(picture, THEMES["light"])),
        "Picture as PNG": ("png", "image/png", lambda picture: still.png(picture, THEMES["light"])),
    }
    for words, (ending, mime, make) in made.items():
        st.download_button(
            words,
            partial(_made, make, trace, steps, window, lanes),
            file_name=f"{_file_name(title)}.{ending}",
            mime=mime,
            icon=":material/image:" if ending != "html" else ":material/description:",
            on_click="ignore",
            width="stretch",
            key=f"export-{ending}",
        )


def _made(
    make: Callable[[views.Picture], Any], trace: Trace, steps: debugger.Steps, window: views.Window, lanes: Any
) -> Any:
    return make(views.picture(trace, steps, window, lanes))


def _open(scenario: Scenario) -> None:
    store.show(_SAMPLES, False)
    store.dispatch(drafts.opening(scenario))


def _opening(key: str, file: Any) -> debugger.Action | None:
    """The scenario in the file; None for one that was opened before: the browser may send it once more."""
    if key != _uploader(store.get()):
        return None
    store.show(_FILE, False)
    return drafts.opening_file(file.getvalue())


def _file_name(title: str) -> str:
    """The title as the name of a file: its letters and digits, with hyphens between."""
    return "-".join(re.findall(r"[a-z0-9]+", title.lower()))[:60] or "scenario"
