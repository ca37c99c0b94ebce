"""One partition in one batch, as a StatefulProcessor meets it: what its handle and its variables share (SEMANTICS 5.1).

Lives here: the state of the key that is called, what was done to it, and what Spark counts. What a method says is not.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable
from typing import Final, Literal

import msgspec

from engine.apis.operations import OperationLog
from engine.apis.stateful_processor.values import Values, ValueSchema
from engine.model.state import NO_STATE, KeyState, StateEntry, StateKind
from engine.replay.unsafe_row import timer_bytes

TimeMode = Literal["None", "ProcessingTime", "EventTime"]
HandleState = Literal["PRE_INIT", "CREATED", "INITIALIZED", "DATA_PROCESSED", "TIMER_PROCESSED", "CLOSED"]

#: Spark's names for what it counts besides rows (SEMANTICS 7.6).
CUSTOM_METRICS: Final = (
    *("numRegisteredTimers", "numDeletedTimers", "numExpiredTimers"),
    *("numValueStateVars", "numListStateVars", "numMapStateVars", "numDeletedStateVars"),
    *("numValueStateWithTTLVars", "numListStateWithTTLVars", "numMapStateWithTTLVars"),
    "numValuesRemovedDueToTTLExpiry",
)
UPDATED: Final = "numRowsUpdated"
REMOVED: Final = "numRowsRemoved"


class Variable(msgspec.Struct, frozen=True):
    """A state variable as `init` declared it: `key` is the schema of a map's keys."""

    name: str
    kind: StateKind
    value: ValueSchema
    key: ValueSchema | None = None
    ttl_ms: int | None = None


class Task:
    """What is known while one partition runs. `state` is the handle's, `metrics` are Spark's numbers of the partition.

    `known` are the variables that the store of the partition has. `is_cut_off`: Spark's state server has ended with an
    error; `is_closed`: somebody has noticed (server.py).
    """

    def __init__(self, time_mode: TimeMode, processing_time_ms: int, known: set[str] | None = None) -> None:
        self.time_mode = time_mode
        self.processing_time_ms = processing_time_ms
        self.state: HandleState = "CREATED"
        self.metrics = dict.fromkeys((UPDATED, REMOVED, *CUSTOM_METRICS), 0)
        self.variables: dict[str, Variable] = {}
        self._known = set() if known is None else known
        self._deleted: list[str] = []
        self.has_key = False
        self.is_cut_off = False
        self.is_closed = False
        self.operations = OperationLog()
        self._before: KeyState = NO_STATE
        self._entries: dict[str, list[StateEntry]] = {}
        self._maps: dict[str, dict[bytes, StateEntry]] = {}
        self._timers_ms: list[int] = []
        self._changed: set[str] = set()
        self._timers_changed = False
        self._expiries: list[tuple[StateEntry, bool]] = []

    def begin(self, state: KeyState, has_key: bool) -> None:
        """A call begins, with this state of its key."""
        self.operations = OperationLog()
        self.has_key = has_key
        self._before = state
        self._entries = _by_variable(state.entries)
        self._maps = {}
        self._timers_ms = list(state.timers_ms)
        self._changed = set()
        self._timers_changed = False

    def after(self) -> KeyState:
        """The state that the call leaves: the very one that it was given when nothing was changed."""
        if not (self._changed or self._timers_changed):
            return self._before
        for name in self._changed & self._maps.keys():
            self._entries[name] = self.map_entries(self.variables[name])
        entries: list[StateEntry] = []
        for name in dict.fromkeys((*self.variables, *self._entries)):
            entries += self._entries.get(name, ())
        return KeyState(tuple(entries), tuple(self._timers_ms), bool(entries or self._timers_ms))

    def declare(self, variable: Variable) -> None:
        """`init` has declared a variable; Spark counts them by kind."""
        self.variables[variable.name] = variable
        self._known.add(variable.name)
        with_ttl = "" if variable.ttl_ms is None else "WithTTL"
        self.metrics[f"num{variable.kind.capitalize()}State{with_ttl}Vars"] += 1

    def take_deleted(self) -> tuple[str, ...]:
        """The variables that `init` deleted, told once."""
        deleted, self._deleted = tuple(self._deleted), []
        return deleted

    def delete_variable(self, name: str) -> None:
        """`init` has deleted a variable; Spark counts it when its store had it."""
        self.variables.pop(name, None)
        self._deleted.append(name)
        self.metrics["numDeletedStateVars"] += name in self._known
        self._known.discard(name)

    # Entries

    def is_visible(self, entry: StateEntry) -> bool:
        """At its very expiry an entry is gone for the user, although the store still has it (SEMANTICS 5.30)."""
        return entry.expires_ms is None or entry.expires_ms > self.processing_time_ms

    def entry(self, variable: Variable, value: Values, user_key: Values | None = None) -> StateEntry:
        """A value written now; every write begins its time to live anew (5.31)."""
        expires_ms = None if variable.ttl_ms is None else self.processing_time_ms + variable.ttl_ms
        return StateEntry(value, variable.name, user_key, expires_ms, variable.kind)

    def entries(self, variable: Variable) -> list[StateEntry]:
        """What the store has for the key, expired ones too."""
        return self._entries.get(variable.name, [])

    def write_value(self, variable: Variable, entry: StateEntry) -> None:
        stored = self.entries(variable)
        self.write(variable, [entry], _writes(entry, stored[0] if stored else None))

    def write(self, variable: Variable, entries: list[StateEntry], written: int) -> None:
        self._entries[variable.name] = entries
        self._changed.add(variable.name)
        self.metrics[UPDATED] += written

    def append(self, variable: Variable, entries: list[StateEntry]) -> None:
        self._entries.setdefault(variable.name, []).extend(entries)
        self._changed.add(variable.name)
        self.metrics[UPDATED] += len(entries)

    def restart_count(self) -> None:
        """What ListState.put does to Spark's count of written rows, whichever variable they were of (SEMANTICS 7.3)."""
        self.metrics[UPDATED] = 0

    def clear(self, variable: Variable, removed: int) -> None:
        self.metrics[REMOVED] += removed
        for entry in self.map(variable).values() if variable.key is not None else ():
            self._gone(entry, expiry_stays=False)
        if self._entries.pop(variable.name, None) or self._maps.get(variable.name):
            self._maps.pop(variable.name, None)
            self._changed.add(variable.name)

    # Maps

    def map(self, variable: Variable) -> dict[bytes, StateEntry]:
        """The entries of a map by the bytes of their keys."""
        found = self._maps.get(variable.name)
        if found is None:
            bytes_of = _key_schema(variable).bytes_of
            found = {bytes_of(entry.user_key): entry for entry in self.entries(variable)}
            self._maps[variable.name] = found
        return found

    def map_entries(self, variable: Variable) -> list[StateEntry]:
        """The entries of a map in the order of their keys' bytes (SEMANTICS 5.23)."""
        entries = self.map(variable)
        return [entries[key] for key in sorted(entries)]

    def map_write(self, variable: Variable, place: bytes, entry: StateEntry) -> None:
        entries = self.map(variable)
        stored = entries.get(place)
        self.metrics[UPDATED] += _writes(entry, stored)
        if stored is not None and stored.expires_ms != entry.expires_ms:
            self._gone(stored, expiry_stays=False)
        entries[place] = entry
        self._changed.add(variable.name)

    def map_removed(self, variable: Variable, removed: StateEntry | None) -> None:
        self.metrics[REMOVED] += 1
        if removed is not None:
            self._changed.add(variable.name)
            self._gone(removed, expiry_stays=True)

    def _gone(self, entry: StateEntry, expiry_stays: bool) -> None:
        if entry.expires_ms is not None:
            self._expiries.append((entry, expiry_stays))

    def take_expiries(self) -> tuple[tuple[StateEntry, bool], ...]:
        """The entries of maps that the call replaced or removed, in order, and whether their expiry stays; told once."""
        expiries, self._expiries = tuple(self._expiries), []
        return expiries

    # Timers

    @property
    def timers_ms(self) -> list[int]:
        """In the order of the store (SEMANTICS 5.47)."""
        return self._timers_ms

    def add_timer(self, timer_ms: int) -> None:
        if not self._has_timer(timer_ms):
            insort(self._timers_ms, timer_ms, key=timer_bytes)
            self._timers_changed = True

    def _has_timer(self, timer_ms: int) -> bool:
        place = bisect_left(self._timers_ms, timer_bytes(timer_ms), key=timer_bytes)
        return place < len(self._timers_ms) and self._timers_ms[place] == timer_ms

    def delete_timer(self, timer_ms: int) -> None:
        """Spark counts the asking, not the timers."""
        self.metrics["numDeletedTimers"] += 1
        if self._has_timer(timer_ms):
            self._timers_ms.remove(timer_ms)
            self._timers_changed = True


def _by_variable(entries: Iterable[StateEntry]) -> dict[str, list[StateEntry]]:
    found: dict[str, list[StateEntry]] = {}
    for entry in entries:
        found.setdefault(entry.variable, []).append(entry)
    return found


def _key_schema(variable: Variable) -> ValueSchema:
    if variable.key is None:
        raise TypeError(f"{variable.name} is not a map")
    return variable.key


def _writes(entry: StateEntry, stored: StateEntry | None) -> int:
    """How many writes Spark counts: with a time to live it does not write the same value a second time in a batch."""
    return int(entry.expires_ms is None or entry != stored)
