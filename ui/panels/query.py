"""The query around the function: key, timeouts, watermark, output mode. Lives here: its controls, and words for beginners."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final

import streamlit as st

from engine import APIS, OUTPUT_MODES, Scenario, Session, Watermark, debugger, mode_of, modes_of, views
from ui import store
from ui.panels import initial_state, problems

_KEY_HELP: Final = (
    "Rows with the same key share one memory, the state. The function is called once for each key in a batch."
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
_SCHEMA_HELP: Final = "As Spark writes a schema, such as `word string, amount double, at timestamp`"
_SCHEMAS: Final = {
    "input_schema": ("Input schema", "found from the events"),
    "output_schema": ("Output schema", "found from what is returned"),
    "state_schema": ("State schema", "such as count long"),
}
_DUE_HINT: Final = "such as word string, count long"
#: How the query is asked which clock wakes keys: by the field that its API has for it.
_MODES: Final[dict[str, tuple[str, str, Callable[[str], debugger.Action]]]] = {
    "timeout_conf": ("Timeouts", _TIMEOUT_HELP, debugger.ChooseTimeoutConf),
    "time_mode": ("Time mode", _TIME_MODE_HELP, debugger.ChooseTimeMode),
}
_EVENT_TIME_COLUMN_HELP: Final = (
    "eventTimeColumnName: the column of the output that an operator after this one takes as event time"
)
_OWN_FIELDS: Final = tuple(dict.fromkeys(field for row in APIS.values() for field in row.own_fields))
_NO_COLUMN: Final = "none"
_DEFAULT_DELAY: Final = "10 seconds"


def draw(session: Session) -> None:
    """One row of controls, and under it what Spark would not start the query with."""
    scenario = session.draft.scenario
    row = APIS[scenario.api]
    api, key, mode, event_time, delay, more = st.columns([8, 6, 7, 4, 5, 3], gap="small", vertical_alignment="bottom")
    with api:
        _api(scenario)
    with key:
        _key(scenario)
    with mode:
        _mode(scenario)
    with event_time:
        _event_time(scenario)
    with delay:
        _delay(scenario)
    due = _due(session)
    with more.popover("More", key="more"):
        _output_mode(scenario)
        for field in _SCHEMAS:
            if field not in due and (field not in _OWN_FIELDS or field in row.own_fields):
                _schema(scenario, field)
        if "event_time_column_name" in row.own_fields:
            _event_time_column(scenario)
        if row.has_initial_state:
            initial_state.draw(scenario)
        _description(scenario)
    for column, field in zip(st.columns(len(due)) if due else (), due, strict=True):
        with column:
            _schema(scenario, field, _DUE_HINT)
    problems.draw(session.problems, "query")


def _due(session: Session) -> tuple[str, ...]:
    """The schemas that keep the query from starting: they stand in sight, with what is wrong with them below."""
    wanting = {problem.where for problem in session.problems}
    return tuple(field for field in _SCHEMAS if field in wanting)


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
    )


def _choose_key(columns: Any) -> debugger.ChooseKey:
    return debugger.ChooseKey(columns if len(columns) > 1 else columns[0] if columns else None)


def _mode(scenario: Scenario) -> None:
    field = APIS[scenario.api].mode_field
    label, about, choose = _MODES[field]
    _choice(label, field, modes_of(scenario.api), mode_of(scenario), choose, about=about)


def _event_time_column(scenario: Scenario) -> None:
    column = scenario.event_time_column_name or ""
    key = store.showing("event_time_column", column)
    st.text_input(
        "Event-time column of the output",
        column,
        key=key,
        placeholder=_NO_COLUMN,
        help=_EVENT_TIME_COLUMN_HELP,
        on_change=store.sends(lambda text: debugger.SetEventTimeColumn(text.strip() or None), key),
    )


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
    _choice("Output mode", "output_mode", OUTPUT_MODES, scenario.output_mode, debugger.ChooseOutputMode)


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


def _schema(scenario: Scenario, field: Any, hint: str | None = None) -> None:
    name, usual_hint = _SCHEMAS[field]
    ddl = getattr(scenario, field) or ""
    key = store.showing(field, ddl)
    st.text_input(
        name,
        ddl,
        key=key,
        placeholder=hint or usual_hint,
        help=_SCHEMA_HELP,
        on_change=store.sends(lambda text: debugger.SetSchema(field, text.strip() or None), key),
    )


def _description(scenario: Scenario) -> None:
    title, about = scenario.title, scenario.about
    title_key, about_key = store.showing("title_input", title), store.showing("about_input", about)
    new_title = store.sends(lambda text: debugger.Describe(text, about), title_key)
    new_about = store.sends(lambda text: debugger.Describe(title, text), about_key)
    st.text_input("Title", title, key=title_key, on_change=new_title)
    st.text_area("About", about, key=about_key, on_change=new_about)
