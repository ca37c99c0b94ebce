"""State that is there before the first batch, for the GroupState APIs that have it (SEMANTICS 3.5). Lives here: its values."""

from engine.apis.row import Row
from engine.model.columns import places_in
from engine.model.scenario import Scenario
from engine.model.state import KeyState, StateEntry
from engine.model.trace import ErrorRecord, Key
from engine.replay.intake import TypedRows
from engine.replay.operator import Group, Stopped


def initial_states(scenario: Scenario, rows: TypedRows, groups: list[Group]) -> list[tuple[Key, KeyState]]:
    """The state of each key: the bare value of one column, a Row of several. Raises Stopped for a key that comes twice."""
    initial = scenario.initial_state
    if initial is None:
        return []
    key_places = places_in(rows.schema, initial.key_columns, scenario)
    indexes = [index for index in range(len(rows.schema)) if index not in key_places]
    fields = tuple(rows.schema[index].name for index in indexes)
    states: list[tuple[Key, KeyState]] = []
    for group in groups:
        if len(group.row_indexes) > 1:
            raise Stopped("user_error", _twice(group.key))
        values = tuple(rows.columns[index][group.row_indexes[0]] for index in indexes)
        value = values[0] if len(values) == 1 else Row.of(fields, values)
        states.append((group.key, KeyState((StateEntry(value),), (), True)))
    return states


def _twice(key: Key) -> ErrorRecord:
    message = (
        "The initial state provided contained multiple rows(state) with the same key. Make sure to de-duplicate the "
    )
    message += "initial state before passing it."
    advice = "Give each key only one row of initial state"
    return ErrorRecord("java.lang.IllegalArgumentException", message, key=key, advice=advice, field="initial_state")
