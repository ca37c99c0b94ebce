"""The query around the function: API, key, timeouts, watermark, output mode. Lives here: its controls, with their words."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final

import streamlit as st

from engine import APIS, OUTPUT_MODES, Scenario, Session, Watermark, debugger, mode_of, modes_of, views
from ui import store
from ui.panels import problems, query_more

_KEY_HELP: Final = (
    "Rows with the same key share one memory, the state. The function is called once for each key in a batch. "
    "A field of a struct is a key too: type it, as `user.id`."
)
_TIMEOUT_HELP: Final = (
    "When a key times out, the function is called once more without rows. "
    "**ProcessingTimeTimeout**: when the clock has passed the time that the function set. "
    "**EventTimeTimeout**: when the watermark has passed it. **NoTimeout**: never."
)
_TIME_MODE_HELP: Final = (
    "Which clock timers follow. **ProcessingTime**: the clock of the batch; only here values may have a time to live, and "
    "every trigger runs a batch. **EventTime**: the watermark; rows behind it are dropped as late. **None**: no timers."
)
_EVENT_TIME_HELP: Final = (
    "withWatermark: the column that says when an event happened. The watermark is the latest event time seen, less the "
    "delay. Under EventTimeTimeout, rows behind it are dropped as late."
)
_DELAY_HELP: Final = "How late an event may come, such as 10 seconds or 1 hour"
_API_HELP: Final = "Which operator of Spark calls the function: paste yours unchanged.\n\n" + "\n".join(
    f"* **{name}**: {row.about}" for name, row in APIS.items()
)
_DUE_HINT: Final = "such as word string, count long"
#: How the query is asked which clock wakes keys: by the field that its API has for it.
_MODES: Final[dict[str, tuple[str, str, Callable[[str], debugger.Action]]]] = {
    "timeout_conf": ("Timeouts", _TIMEOUT_HELP, debugger.ChooseTimeoutConf),
    "time_mode": ("Time mode", _TIME_MODE_HELP, debugger.ChooseTimeMode),
}
_WIDTHS: Final = (8, 6, 7, 4, 4, 4)
_OUTPUT_MODE_HELP: Final = (
    "How the query tells its sink what a row means. The rows are the same; Spark refuses a mode that does not go with the "
    "rest of the query, and so does this page"
)
_NO_COLUMN: Final = "none"
_DEFAULT_DELAY: Final = "10 seconds"


def draw(session: Session) -> None:
    """One row of controls, what else a query has below it, and what Spark would not start the query with."""
    scenario = session.draft.scenario
    parts = (_api, _key, _mode, _event_time, _delay, _output_mode)
    for column, draw_part in zip(st.columns(_WIDTHS, gap="small", vertical_alignment="bottom"), parts, strict=True):
        with column:
            draw_part(scenario)
    due = _due(session)
    for column, field in zip(st.columns(len(due)) if due else (), due, strict=True):
        with column:
            query_more.schema(scenario, field, _DUE_HINT)
    problems.draw(session.problems, "query")
    query_more.draw(scenario, due)


def _due(session: Session) -> tuple[str, ...]:
    """The schemas that keep the query from starting: they stand in sight, with what is wrong with them below."""
    wanting = {problem.where for problem in session.problems}
    return tuple(field for field in query_more.SCHEMAS if field in wanting)


def _api(scenario: Scenario) -> None:
    _choice("API", "api", APIS, scenario.api, debugger.ChooseApi, about=_API_HELP)


def _key(scenario: Scenario) -> None:
    chosen = list(scenario.key_columns)
    key = store.showing("key", chosen)
    st.multiselect(
        "Key",
        list(dict.fromkeys((*scenario.column_names, *chosen))),
        default=chosen,
        format_func=views.visible,
        key=key,
        help=_KEY_HELP,
        on_change=store.sends(_choose_key, key),
        placeholder="the first column",
        accept_new_options=True,
    )


def _choose_key(columns: Any) -> debugger.ChooseKey:
    return debugger.ChooseKey(columns if len(columns) > 1 else columns[0] if columns else None)


def _mode(scenario: Scenario) -> None:
    field = APIS[scenario.api].mode_field
    label, about, choose = _MODES[field]
    _choice(label, field, modes_of(scenario.api), mode_of(scenario), choose, about=about)


def _event_time(scenario: Scenario) -> None:
    watermark = scenario.watermark
    chosen = watermark.column if watermark else _NO_COLUMN
    delay = watermark.delay if watermark else _DEFAULT_DELAY
    columns = (_NO_COLUMN, *scenario.column_names)
    choose = partial(_set_watermark, delay=delay)
    _choice("Event time", "event_time", columns, chosen, choose, about=_EVENT_TIME_HELP)


def _delay(scenario: Scenario) -> None:
    watermark = scenario.watermark
    column, delay = (watermark.column, watermark.delay) if watermark else (_NO_COLUMN, "")
    key = store.showing("delay", delay)
    st.text_input(
        "Watermark delay",
        delay,
        key=key,
        help=_DELAY_HELP,
        disabled=watermark is None,
        on_change=store.sends(lambda text: _set_watermark(column, text), key),
    )


def _set_watermark(column: str, delay: str) -> debugger.SetWatermark:
    return debugger.SetWatermark(None if column == _NO_COLUMN else Watermark(column, delay))


def _output_mode(scenario: Scenario) -> None:
    _choice(
        "Output mode",
        "output_mode",
        OUTPUT_MODES,
        scenario.output_mode,
        debugger.ChooseOutputMode,
        about=_OUTPUT_MODE_HELP,
    )


def _choice(
    label: str,
    name: str,
    options: Iterable[str],
    chosen: str,
    choose: Callable[[Any], debugger.Action],
    *,
    about: str | None = None,
) -> None:
    """One of the options; what a file or link chose is one of them even when nobody else would offer it."""
    options = list(dict.fromkeys((*options, chosen)))
    key = store.showing(name, chosen)
    st.selectbox(
        label,
        options,
        options.index(chosen),
        format_func=views.visible,
        key=key,
        help=about,
        on_change=store.sends(choose, key),
    )
