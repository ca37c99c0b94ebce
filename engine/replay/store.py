"""The state store of one partition. Lives here: what is stored, what is due, in which order. Rules of writing do not."""

import heapq
from collections.abc import Iterator

import msgspec

from engine.model.state import NO_STATE, KeyState, StateEntry
from engine.replay.ordering import StoreOrder
from engine.replay.unsafe_row import Key


class _Schedule:
    """Moments with the keys that wait for them, in one heap, so that a batch looks only at what is due."""

    def __init__(self) -> None:
        self._moments: list[int] = []
        self._keys: dict[int, set[Key]] = {}

    def add(self, moment_ms: int, key: Key) -> None:
        if moment_ms in self._keys:
            self._keys[moment_ms].add(key)
        else:
            self._keys[moment_ms] = {key}
            heapq.heappush(self._moments, moment_ms)

    def take(self, until_ms: int) -> Iterator[tuple[int, Key]]:
        """All up to and at the moment, taken out; the earliest first."""
        while self._moments and self._moments[0] <= until_ms:
            moment_ms = heapq.heappop(self._moments)
            for key in self._keys.pop(moment_ms, ()):
                yield moment_ms, key


class StateStore:
    """State by key, with the timers and the expiries of all keys.

    `counts_entries`: Spark counts the values as rows, not the keys (SEMANTICS 7.2).
    """

    def __init__(self, order: StoreOrder, counts_entries: bool = False) -> None:
        self._states: dict[Key, KeyState] = {}
        self._order = order
        self._counts_entries = counts_entries
        self._entry_rows = 0
        self._timers = _Schedule()
        self._expiries = _Schedule()

    def __len__(self) -> int:
        """The number of rows, as Spark counts them."""
        return self._entry_rows if self._counts_entries else len(self._states)

    def get(self, key: Key | None) -> KeyState:
        return NO_STATE if key is None else self._states.get(key, NO_STATE)

    def begin_version(self) -> None:
        """A new batch opens a new version of the store."""
        self._order.next_version()

    def reload(self) -> None:
        """A restarted query reads the store from its checkpoint: the same rows, maybe in another order."""
        self._order.reload()

    def put(self, key: Key, state: KeyState) -> None:
        """Store the state, or delete the row when `state` is not stored."""
        if self._counts_entries:
            self._entry_rows += state.rows - self.get(key).rows
        if not state.stored:
            if self._states.pop(key, None) is not None:
                self._order.remove(key)
            return
        if key not in self._states:
            self._order.put(key)
        self._states[key] = state
        for timer_ms in state.timers_ms:
            self._timers.add(timer_ms, key)
        if self._counts_entries:
            for entry in state.entries:
                if entry.expires_ms is not None:
                    self._expiries.add(entry.expires_ms, key)

    def due(self, threshold_ms: int, when_equal: bool) -> list[Key]:
        """The keys with a timer below the threshold (or at it), in the store's own order (SEMANTICS 1.3)."""
        due = {key for _, key in self.due_timers(threshold_ms, when_equal)}
        for key in due:  # a timeout that the call leaves in place must be found again in the next batch
            for timer_ms in self.get(key).timers_ms:
                self._timers.add(timer_ms, key)
        return self._order.in_order(due)

    def due_timers(self, threshold_ms: int, when_equal: bool) -> list[tuple[int, Key]]:
        """The timers below the threshold (or at it) with their keys, the earliest first; each is told once."""
        until_ms = threshold_ms if when_equal else threshold_ms - 1
        stored = self._states.get
        return [
            (timer_ms, key)
            for timer_ms, key in self._timers.take(until_ms)
            if timer_ms in stored(key, NO_STATE).timers_ms
        ]

    def remove_expired(self, now_ms: int) -> list[tuple[Key, StateEntry]]:
        """Take out all entries whose time to live is over, of any key (SEMANTICS 5.33)."""
        keys = dict.fromkeys(key for _, key in self._expiries.take(now_ms))
        return [removed for key in keys for removed in self._keep(key, self.get(key).visible_at(now_ms).entries)]

    def remove_variable(self, variable: str) -> list[tuple[Key, StateEntry]]:
        """Take out all entries of a state variable, of any key."""
        return [
            removed
            for key, state in list(self._states.items())
            for removed in self._keep(key, tuple(entry for entry in state.entries if entry.variable != variable))
        ]

    def _keep(self, key: Key, kept: tuple[StateEntry, ...]) -> list[tuple[Key, StateEntry]]:
        """Keep these of the entries of a key; the others."""
        state = self.get(key)
        if len(kept) == len(state.entries):
            return []
        self.put(key, msgspec.structs.replace(state, entries=kept, stored=bool(kept or state.timers_ms)))
        kept_ids = set(map(id, kept))
        return [(key, entry) for entry in state.entries if id(entry) not in kept_ids]
