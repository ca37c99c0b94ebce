"""State in a trace file, in both of its shapes (docs/formats.md). Lives here: those; the rest of the file is trace_json.py's."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from engine.codec.plain import jsonable
from engine.model.state import KeyState, StateEntry
from engine.model.trace import EntryRemoved, Key, StateShape


def state_of_call(shape: StateShape, state: KeyState) -> dict[str, Any]:
    """`before` and `after` of a call."""
    return _OF_CALL[shape](state)


def stored_state(shape: StateShape, states: Iterable[tuple[Key, KeyState]]) -> list[dict[str, Any]]:
    """What is stored after a batch: an item for each key, or for each value of its variables."""
    return [item for key, state in states for item in _STORED[shape](key, state)]


def waiting_timers(states: Iterable[tuple[Key, KeyState]]) -> list[dict[str, Any]]:
    """The timers that wait after a batch, of all keys."""
    return [{"key": jsonable(key), "timer_ms": timer_ms} for key, state in states for timer_ms in state.timers_ms]


def removed_entry(removed: EntryRemoved) -> dict[str, Any]:
    """A value that no call removed."""
    return {**_entry(removed.key, removed.entry), "rule": removed.rule}


def _group_state(state: KeyState) -> dict[str, Any]:
    return {"exists": state.exists, "value": jsonable(state.value), "timeout_ms": state.timeout_ms}


def _variables(state: KeyState) -> dict[str, Any]:
    """Each variable by its name: a value, a list of items, or a list of pairs."""
    variables: dict[str, Any] = {}
    for entry in state.entries:
        value = jsonable(entry.value)
        if entry.kind == "value":
            variables[entry.variable] = value
        else:
            item = value if entry.kind == "list" else [jsonable(entry.user_key), value]
            variables.setdefault(entry.variable, []).append(item)
    return {"variables": variables, "timers_ms": list(state.timers_ms)}


def _stored_group_state(key: Key, state: KeyState) -> list[dict[str, Any]]:
    return [{"key": jsonable(key), "value": jsonable(state.value), "timeout_ms": state.timeout_ms}]


def _stored_entries(key: Key, state: KeyState) -> list[dict[str, Any]]:
    return [_entry(key, entry) for entry in state.entries]


def _entry(key: Key, entry: StateEntry) -> dict[str, Any]:
    user_key = {"user_key": jsonable(entry.user_key)} if entry.kind == "map" else {}
    return {
        "key": jsonable(key),
        "variable": entry.variable,
        "kind": entry.kind,
        **user_key,
        "value": jsonable(entry.value),
        "expires_ms": entry.expires_ms,
    }


_OF_CALL: Final[dict[StateShape, Callable[[KeyState], dict[str, Any]]]] = {
    "group_state": _group_state,
    "variables": _variables,
}
_STORED: Final[dict[StateShape, Callable[[Key, KeyState], list[dict[str, Any]]]]] = {
    "group_state": _stored_group_state,
    "variables": _stored_entries,
}
