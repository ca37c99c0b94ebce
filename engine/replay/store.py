"""The state store of one partition. Lives here: what is stored, what is due, in which order. Rules of writing do not."""

import heapq

from engine.model.state import NO_STATE, KeyState
from engine.replay.ordering import Key, StoreOrder


class StateStore:
    """State by key, with the timers of all keys in one heap so that a batch looks only at what is due."""

    def __init__(self, order: StoreOrder) -> None:
        self._states: dict[Key, KeyState] = {}
        self._order = order
        self._due: list[int] = []
        self._keys_by_timer: dict[int, set[Key]] = {}

    def __len__(self) -> int:
        return len(self._states)

    def get(self, key: Key) -> KeyState:
        return self._states.get(key, NO_STATE)

    def begin_version(self) -> None:
        """A new batch opens a new version of the store."""
        self._order.next_version()

    def reload(self) -> None:
        """A restarted query reads the store from its checkpoint: the same rows, maybe in another order."""
        self._order.reload()

    def put(self, key: Key, state: KeyState) -> None:
        """Store the state, or delete the row when `state` is not stored."""
        if not state.stored:
            if self._states.pop(key, None) is not None:
                self._order.remove(key)
            return
        if key not in self._states:
            self._order.put(key)
        self._states[key] = state
        for timer_ms in state.timers_ms:
            self._remember(timer_ms, key)

    def due(self, threshold_ms: int, when_equal: bool) -> list[Key]:
        """The keys with a timer below the threshold (or at it), in the store's own order (SEMANTICS 1.3)."""
        last_due_ms = threshold_ms if when_equal else threshold_ms - 1
        due: set[Key] = set()
        while self._due and self._due[0] <= last_due_ms:
            timer_ms = heapq.heappop(self._due)
            for key in self._keys_by_timer.pop(timer_ms, ()):
                if timer_ms in self.get(key).timers_ms:
                    due.add(key)
        for key in due:  # a timeout that the call leaves in place must be found again in the next batch
            for timer_ms in self.get(key).timers_ms:
                self._remember(timer_ms, key)
        return self._order.in_order(due)

    def _remember(self, timer_ms: int, key: Key) -> None:
        keys = self._keys_by_timer.get(timer_ms)
        if keys is None:
            self._keys_by_timer[timer_ms] = {key}
            heapq.heappush(self._due, timer_ms)
        else:
            keys.add(key)
