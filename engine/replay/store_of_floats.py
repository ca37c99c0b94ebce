"""The state store of a key with floating-point columns: 0.0 and -0.0 are two keys there. Lives here: keys on the way in and out.

Everywhere else they are plain numbers, which Python holds for equal, as Spark does when it groups rows.
"""

from collections.abc import Sequence
from typing import Final

from engine.model.keys import as_given, as_stored
from engine.model.state import KeyState, StateEntry
from engine.replay.store import Expired, StateStore
from engine.replay.unsafe_row import Key, KeyTypes

_FLOATS: Final = frozenset({"double", "float"})
Entries = list[tuple[Key, StateEntry]]


class StoreOfFloats:
    """A StateStore, each of whose methods is told and tells plain keys."""

    def __init__(self, store: StateStore) -> None:
        self._store = store
        self.begin_version = store.begin_version
        self.reload = store.reload

    def __len__(self) -> int:
        return len(self._store)

    def get(self, key: Key | None) -> KeyState:
        return self._store.get(as_stored(key))

    def put(self, key: Key, state: KeyState) -> None:
        self._store.put(as_stored(key), state)

    def due(self, threshold_ms: int, when_equal: bool) -> list[Key]:
        return [as_given(key) for key in self._store.due(threshold_ms, when_equal)]

    def due_timers(self, threshold_ms: int, when_equal: bool) -> list[tuple[int, Key]]:
        return [(timer_ms, as_given(key)) for timer_ms, key in self._store.due_timers(threshold_ms, when_equal)]

    def leave_expiry(self, key: Key | None, entry: StateEntry, stays: bool = True) -> None:
        self._store.leave_expiry(as_stored(key), entry, stays)

    def remove_expired(self, now_ms: int) -> Expired:
        expired = self._store.remove_expired(now_ms)
        return Expired(_given(expired.over), _given(expired.early), expired.count)

    def remove_variable(self, variable: str) -> Entries:
        return _given(self._store.remove_variable(variable))


Store = StateStore | StoreOfFloats


def store_for(store: StateStore, key_types: KeyTypes) -> Store:
    """The store as its keys need it."""
    return StoreOfFloats(store) if any(key_type.holds(_FLOATS) for key_type in key_types) else store


def _given(entries: Sequence[tuple[Key, StateEntry]]) -> Entries:
    return [(as_given(key), entry) for key, entry in entries]
