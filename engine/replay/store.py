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
        keys = self._keys.get(moment_ms)
        if keys is None:
            self._keys[moment_ms] = {key}
            heapq.heappush(self._moments, moment_ms)
        else:
            keys.add(key)

    def take(self, until_ms: int) -> Iterator[tuple[int, Key]]:
        """All up to and at the moment, taken out; the earliest first."""
        while self._moments and self._moments[0] <= until_ms:
            moment_ms = heapq.heappop(self._moments)
            for key in self._keys.pop(moment_ms, ()):
                yield moment_ms, key


#: When a value is to expire, of which variable it is, and its key in the map.
_Expiry = tuple[int, str, str]


def _expiry(entry: StateEntry) -> _Expiry:
    return entry.expires_ms or 0, entry.variable, repr(entry.user_key)


class Expired(msgspec.Struct):
    """What the end of a batch takes out: entries whose time is `over`, and entries that go `early`, with an expiry that a
    removed key left behind. `count` is how many expiries came, as Spark counts them."""

    over: list[tuple[Key, StateEntry]] = []
    early: list[tuple[Key, StateEntry]] = []
    count: int = 0


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
        self._left: dict[Key, set[_Expiry]] = {}

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
            self._entry_rows += state.rows - self._states.get(key, NO_STATE).rows
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

    def leave_expiry(self, key: Key | None, entry: StateEntry, stays: bool = True) -> None:
        """An entry of a map is gone. `stays`: not so the moment at which it was to expire (SEMANTICS 5.32)."""
        if key is None or entry.expires_ms is None:
            return
        if stays:
            self._left.setdefault(key, set()).add(_expiry(entry))
            self._expiries.add(entry.expires_ms, key)
        elif key in self._left:
            self._left[key].discard(_expiry(entry))

    def remove_expired(self, now_ms: int) -> Expired:
        """Take out all entries whose time to live is over, of any key (SEMANTICS 5.33)."""
        expired = Expired()
        for key in dict.fromkeys(key for _, key in self._expiries.take(now_ms)):
            left = self._take_left(key, now_ms)
            over = self._keep(key, self.get(key).visible_at(now_ms).entries)
            expired.over.extend(over)
            expired.early.extend(self._remove_with(key, left))
            expired.count += len(over) + len(left.difference(_expiry(entry) for _, entry in over))
        return expired

    def _take_left(self, key: Key, now_ms: int) -> set[_Expiry]:
        """The expiries that were left behind and have come."""
        left = self._left.pop(key, set())
        due = {expiry for expiry in left if expiry[0] <= now_ms}
        if len(due) < len(left):
            self._left[key] = left - due
        return due

    def _remove_with(self, key: Key, left: set[_Expiry]) -> list[tuple[Key, StateEntry]]:
        """What was put since for keys of a map whose expiry had been left behind: it goes, and leaves its own."""
        if not left:
            return []
        named = {expiry[1:] for expiry in left}
        removed = self._keep(key, tuple(entry for entry in self.get(key).entries if _expiry(entry)[1:] not in named))
        for _, entry in removed:
            self.leave_expiry(key, entry)
        return removed

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
