"""What a state store holds for one key, in one shape for every API. Lives here: the noun. The store does not."""

from typing import Any

import msgspec


class StateEntry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One stored value: `variable` is "" for a GroupState; `user_key` belongs to map state, `expires_ms` to TTL."""

    value: Any
    variable: str = ""
    user_key: Any = None
    expires_ms: int | None = None


class KeyState(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """All that is remembered for one key between two calls.

    A GroupState is at most one entry and at most one timer (its timeout). `stored` says whether the store has a row
    for the key: Spark keeps one without a value when only a timeout was set (SEMANTICS 1.11, 1.12).
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
    def timeout_ms(self) -> int | None:
        return self.timers_ms[0] if self.timers_ms else None


NO_STATE = KeyState()
