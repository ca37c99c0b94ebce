"""What a state store holds for one key, in one shape for every API. Lives here: the noun. The store does not."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Literal

import msgspec

StateKind = Literal["value", "list", "map"]


class StateEntry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One stored value: `variable` is "" for a GroupState; `user_key` belongs to map state, `expires_ms` to TTL.

    The elements of a list are entries of the same variable, in the list's order; those of a map in the store's.
    """

    value: Any
    variable: str = ""
    user_key: Any = None
    expires_ms: int | None = None
    kind: StateKind = "value"


class KeyState(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """All that is remembered for one key between two calls.

    A GroupState is at most one entry and at most one timer (its timeout); a StatefulProcessor has the entries of all its
    variables, and any number of timers in the order in which `listTimers` tells them. `stored` says whether the store
    has anything for the key: Spark keeps a row without a value when only a timeout was set (SEMANTICS 1.11, 1.12).
    """

    entries: tuple[StateEntry, ...] = ()
    timers_ms: tuple[int, ...] = ()
    stored: bool = False

    @property
    def exists(self) -> bool:
        return bool(self.entries)

    @property
    def value(self) -> Any:
        """The one value of a GroupState, None without one."""
        return self.entries[0].value if self.entries else None

    @property
    def rows(self) -> int:
        """How many rows of Spark's store the entries are: a list is one, however long (SEMANTICS 7.2)."""
        if len(self.entries) < 2:  # what most states are
            return len(self.entries)
        of_lists = [entry.variable for entry in self.entries if entry.kind == "list"]
        return len(self.entries) - len(of_lists) + len(set(of_lists))

    def visible_at(self, now_ms: int) -> "KeyState":
        """Without what is expired by then: nobody sees it any more, although the store still has it (SEMANTICS 5.30)."""
        for entry in self.entries:
            if entry.expires_ms is not None and entry.expires_ms <= now_ms:
                break
        else:  # what most states are: asked twice in every call
            return self
        kept = tuple(entry for entry in self.entries if entry.expires_ms is None or entry.expires_ms > now_ms)
        return KeyState(kept, self.timers_ms, bool(kept or self.timers_ms))

    def without(self, gone: Iterable[StateEntry]) -> "KeyState":
        """Without an entry for each of these that is equal to it; the very state when none is. A NaN is equal to a NaN here.

        All of them in one pass: a time to live may end a hundred thousand at once.
        """
        left = Counter(map(repr, gone))
        kept = tuple(entry for entry in self.entries if not _is_among(left, entry))
        if len(kept) == len(self.entries):
            return self
        return KeyState(kept, self.timers_ms, bool(kept or self.timers_ms))

    @property
    def timeout_ms(self) -> int | None:
        """When the timeout of a GroupState is due, None without one."""
        return self.timers_ms[0] if self.timers_ms else None


NO_STATE = KeyState()


def _is_among(left: Counter[str], entry: StateEntry) -> bool:
    """Whether the entry is one of those that are left to be found, which then is one less."""
    told = repr(entry) if left else ""
    if told not in left:
        return False
    left[told] -= 1
    if not left[told]:
        del left[told]
    return True
