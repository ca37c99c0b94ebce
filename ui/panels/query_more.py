"""What else a query has: schemas, partitions, session settings, and the scenario's title. Lives here: those fields.

They are out of the way until somebody opens them; a schema that Spark waits for is shown with the query itself.
"""

from typing import Any, Final

import streamlit as st

from engine import APIS, Scenario, debugger
from ui import drafts, store
from ui.panels import initial_state

_MORE: Final = "Schemas, partitions, session settings, title"
_PARTITIONS_HELP: Final = (
    "spark.sql.shuffle.partitions: keys are spread over this many partitions by their hash; one partition is called after "
    "another"
)
_MOST_PARTITIONS: Final = 1_000
_SETTINGS_HINT: Final = "spark.sql.execution.arrow.maxRecordsPerBatch = 10000"
_SETTINGS_HELP: Final = (
    "One per line, name = value. These have an effect: `spark.sql.execution.arrow.maxRecordsPerBatch`, "
    "`spark.sql.streaming.noDataMicroBatches.enabled`, `spark.sql.streaming.stateStore.providerClass` and "
    "`spark.sql.caseSensitive`"
)
_SETTINGS_HEIGHT_PX: Final = 80
_SCHEMA_HELP: Final = "As Spark writes a schema, such as `word string, amount double, at timestamp`"
SCHEMAS: Final = {
    "input_schema": ("Input schema", "inferred from the events"),
    "output_schema": ("Output schema", "inferred from what is returned"),
    "state_schema": ("State schema", "such as count long"),
}
_OWN_FIELDS: Final = tuple(dict.fromkeys(field for row in APIS.values() for field in row.own_fields))
_EVENT_TIME_COLUMN_HELP: Final = (
    "eventTimeColumnName: the column of the output that a later operator takes as event time"
)


def draw(scenario: Scenario, due: tuple[str, ...]) -> None:
    """All fields but the schemas that are `due`, which stand in sight already."""
    with st.expander(_MORE, key="more"):
        _schemas(scenario, due)
        if APIS[scenario.api].has_initial_state:
            initial_state.draw(scenario)
        _session_settings(scenario)
        _description(scenario)


def schema(scenario: Scenario, field: Any, hint: str | None = None) -> None:
    """One of `SCHEMAS`, as DDL; `hint` is what to say of an empty one, where it is not the usual."""
    name, usual_hint = SCHEMAS[field]
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


def _schemas(scenario: Scenario, due: tuple[str, ...]) -> None:
    """The schemas that do not stand in sight already, and the event-time column of the output."""
    row = APIS[scenario.api]
    with st.grid(2, gap="small") as grid:
        for field in SCHEMAS:
            if field not in due and (field not in _OWN_FIELDS or field in row.own_fields):
                with grid.cell():
                    schema(scenario, field)
        if "event_time_column_name" in row.own_fields:
            with grid.cell():
                _event_time_column(scenario)


def _event_time_column(scenario: Scenario) -> None:
    column = scenario.event_time_column_name or ""
    key = store.showing("event_time_column", column)
    st.text_input(
        "Event-time column of the output",
        column,
        key=key,
        placeholder="none",
        help=_EVENT_TIME_COLUMN_HELP,
        on_change=store.sends(lambda text: debugger.SetEventTimeColumn(text.strip() or None), key),
    )


def _session_settings(scenario: Scenario) -> None:
    partitions, settings = st.columns([1, 2], gap="small")
    with partitions:
        _shuffle_partitions(scenario)
    with settings:
        _conf(scenario)


def _shuffle_partitions(scenario: Scenario) -> None:
    chosen = scenario.shuffle_partitions
    key = store.showing("shuffle_partitions", chosen)
    st.number_input(
        "Shuffle partitions",
        min(1, chosen),
        max(_MOST_PARTITIONS, chosen),
        chosen,
        key=key,
        help=_PARTITIONS_HELP,
        on_change=store.sends(debugger.SetShufflePartitions, key),
    )


def _conf(scenario: Scenario) -> None:
    text = drafts.settings_text(scenario)
    key = store.showing("conf", text)
    st.text_area(
        "Session settings",
        text,
        key=key,
        height=_SETTINGS_HEIGHT_PX,
        placeholder=_SETTINGS_HINT,
        help=_SETTINGS_HELP,
        on_change=store.sends(drafts.setting, key),
    )


def _description(scenario: Scenario) -> None:
    title, about = scenario.title, scenario.about
    title_key, about_key = store.showing("title_input", title), store.showing("about_input", about)
    new_title = store.sends(lambda text: debugger.Describe(text, about), title_key)
    new_about = store.sends(lambda text: debugger.Describe(title, text), about_key)
    st.text_input("Title", title, key=title_key, on_change=new_title)
    st.text_area("About", about, key=about_key, on_change=new_about)
