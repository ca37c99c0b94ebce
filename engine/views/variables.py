"""The state variables of a key, each as one value. Lives here: that reading of a state, and what `init` declared."""

from collections.abc import Hashable, Mapping
from functools import lru_cache
from typing import Any, Final

import msgspec

from engine.model.schema import SchemaError, parse_ddl
from engine.model.state import KeyState, StateEntry, StateKind
from engine.model.trace import FunctionCalled, Trace
from engine.views.once import once_per_trace
from engine.views.words import value_text

#: What declares a variable, and which kind it then has.
_DECLARES: Final[dict[str, StateKind]] = {"getValueState": "value", "getListState": "list", "getMapState": "map"}


class Declared(msgspec.Struct, frozen=True):
    """A state variable as `init` declared it: the schemas of a map's keys and of its values, its time to live in ms."""

    name: str
    kind: StateKind
    schema: str
    key_schema: str = ""
    ttl_ms: int | None = None


def variables_of(state: KeyState) -> dict[str, Any]:
    """Each variable by its name: a value, a list of items, a dict by user key. A GroupState's only one has the name "".

    What a variable holds is a tuple; one of a single field is told as its value.
    """
    variables: dict[str, Any] = {}
    for entry in state.entries:
        value = bare(entry.value) if entry.variable else entry.value
        if entry.kind == "value":
            variables[entry.variable] = value
        elif entry.kind == "list":
            variables.setdefault(entry.variable, []).append(value)
        else:
            variables.setdefault(entry.variable, {})[_hashable(bare(entry.user_key))] = value
    return variables


def with_names(trace: Trace, call: FunctionCalled) -> FunctionCalled:
    """The call with the fields of what is remembered under their names, where a schema declares them.

    The fields of a GroupState are told as state variables are; several fields in one state variable as a dict.
    """
    names = _field_names(trace)
    if not names:
        return call
    return msgspec.structs.replace(call, before=_named(call.before, names), after=_named(call.after, names))


def entry_with_names(trace: Trace, entry: StateEntry) -> StateEntry:
    """The same for one stored value of a state variable."""
    return _named_entries(entry, _field_names(trace).get(entry.variable, ()))[0] if entry.variable else entry


@once_per_trace
def _field_names(trace: Trace) -> dict[str, tuple[str, ...]]:
    """The names of the fields by variable, "" for a GroupState; only those of which a name says more than the variable's."""
    if trace.has_variables:
        named = {name: _names_of(one.schema) for name, one in declared_variables(trace).items()}
        return {name: fields for name, fields in named.items() if len(fields) > 1}
    is_declared = trace.rows_as == "frames" and trace.scenario.state_schema is not None
    return {"": _names_of(trace.scenario.state_schema or "")} if is_declared else {}


@lru_cache(maxsize=64)
def _names_of(ddl: str) -> tuple[str, ...]:
    try:
        return tuple(field.name for field in parse_ddl(ddl))
    except SchemaError:  # a schema that Spark refused; the trace says so
        return ()


def _named(state: KeyState, names: dict[str, tuple[str, ...]]) -> KeyState:
    entries: list[StateEntry] = []
    for entry in state.entries:
        fields = names.get(entry.variable)
        entries += _named_entries(entry, fields) if fields else (entry,)
    return KeyState(tuple(entries), state.timers_ms, state.stored)


def _named_entries(entry: StateEntry, names: tuple[str, ...]) -> list[StateEntry]:
    cells = entry.value
    if not isinstance(cells, (list, tuple)) or not names or len(cells) != len(names):
        return [entry]
    if entry.variable:
        return [msgspec.structs.replace(entry, value=dict(zip(names, cells, strict=True)))]
    return [StateEntry([cell], name) for name, cell in zip(names, cells, strict=True)]


def bare(value: Any) -> Any:
    """The only field of a tuple of one; else the value."""
    return value[0] if isinstance(value, (list, tuple)) and len(value) == 1 else value


def entries_by_variable(state: KeyState) -> dict[str, list[StateEntry]]:
    """The stored values of each variable."""
    found: dict[str, list[StateEntry]] = {}
    for entry in state.entries:
        found.setdefault(entry.variable, []).append(entry)
    return found


@once_per_trace
def declared_variables(trace: Trace) -> dict[str, Declared]:
    """What `init` declared, by name and in its order; {} for a function without state variables."""
    if not trace.has_variables or not len(trace.calls):
        return {}
    for batch in (trace.batches[0], trace.batches[-1]):
        for index in batch.call_indexes:
            call = trace.calls[index]
            if call.reason == "init" and call.operations:
                return dict(_declared(call))
    return {}


def _declared(call: FunctionCalled) -> list[tuple[str, Declared]]:
    found = []
    for operation in call.operations:
        kind = _DECLARES.get(str(operation[0]))
        arguments = [*operation[1], None, None, None, None]
        if kind is None or len(operation) > 2:
            continue
        name, key_schema = str(arguments[0]), str(arguments[1]) if kind == "map" else ""
        schema, ttl_ms = arguments[2:4] if kind == "map" else arguments[1:3]
        ttl_ms = ttl_ms if isinstance(ttl_ms, int) and ttl_ms > 0 else None
        found.append((name, Declared(name, kind, str(schema), key_schema, ttl_ms)))
    return found


def _hashable(user_key: Any) -> Hashable:
    return value_text(user_key) if isinstance(user_key, (list, tuple, Mapping)) else user_key
