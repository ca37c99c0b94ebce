"""State so far: what keys remember before the first batch. Lives here: its schema and rows as text; values come from engine."""

from typing import Final

import msgspec
import streamlit as st

from engine import Batch, InitialState, Rows, Scenario, debugger, events
from ui import store

_SCHEMA_HELP: Final = (
    "initialState: the columns of the state so far, as Spark writes a schema, such as `word string, count long`"
)
_ROWS_HELP: Final = "One row for each key, written as events are: `word=hello count=5`, CSV, or JSON lines"
_ROWS_HEIGHT_PX: Final = 110


def draw(scenario: Scenario) -> None:
    """Two fields: the schema with the key in front, and the rows. Without a schema there is no state so far."""
    _schema(scenario)
    if scenario.initial_state is not None:
        _rows(scenario.initial_state)


def _schema(scenario: Scenario) -> None:
    schema = scenario.initial_state.schema if scenario.initial_state else ""
    key = store.showing("initial_schema", schema)
    st.text_input(
        "State so far: its schema",
        schema,
        key=key,
        placeholder="none: the query starts from nothing",
        help=_SCHEMA_HELP,
        on_change=store.sends(lambda text: debugger.SetInitialState(_with_schema(scenario, text.strip())), key),
    )


def _rows(initial: InitialState) -> None:
    rows = events.write_text([Batch(0, Rows.from_dicts(initial.rows))]) if initial.rows else ""
    key = store.showing("initial_rows", rows)
    st.text_area(
        "State so far: its rows",
        rows,
        key=key,
        height=_ROWS_HEIGHT_PX,
        help=_ROWS_HELP,
        on_change=store.sends(lambda text: _read(initial, text), key),
    )


def _with_schema(scenario: Scenario, schema: str) -> InitialState | None:
    """The state so far under another schema; a new one is keyed by the columns of the query's own key."""
    if not schema:
        return None
    initial = scenario.initial_state
    if initial is not None:
        return msgspec.structs.replace(initial, schema=schema)
    return InitialState(schema, list(scenario.key_columns), [])


def _read(initial: InitialState, text: str) -> debugger.Action:
    """The action for rows that were typed; what cannot be read is told."""
    read = events.read_text(text)
    if read.problems:
        return debugger.Tell(read.problems[0])
    rows = [row for batch in read.batches for row in batch.rows]
    return debugger.SetInitialState(msgspec.structs.replace(initial, rows=rows))
