"""What every GroupState API shares: which change of state a call leaves behind. The state objects live with their API."""

import copy
from typing import Any, Final, Protocol

import msgspec

from engine.model import rules
from engine.model.state import NO_STATE, KeyState, StateEntry
from engine.model.user_objects import LimitReached, class_name

#: Values that cannot change, so that they need no copy.
ATOMS: Final = frozenset({int, str, float, bool, bytes, type(None)})
_WORD: Final = 1 << 64
_LARGEST: Final = (_WORD >> 1) - 1


class Touched(Protocol):
    """What a call did to its state: the value it would store, and the flags of GroupStateImpl.

    `update` clears `was_removed`, `remove` clears `was_updated`; `timeout_set_ms` is of this call, None without. When the
    call is over, `value_now` must be a copy that the function cannot reach (`frozen`). A state object has these names too:
    nobody takes them for methods of Spark.
    """

    value_now: Any
    was_updated: bool
    was_removed: bool
    timeout_set_ms: int | None


class Touches(msgspec.Struct, gc=False):
    """The same where the function's state object is not asked itself."""

    value_now: Any = None
    was_updated: bool = False
    was_removed: bool = False
    timeout_set_ms: int | None = None


class Written(msgspec.Struct, frozen=True, gc=False):
    """The state after a call, how Spark counts the change (numRowsUpdated, numRowsRemoved), and the rule's id.

    `rule` is "" where nothing but the obvious happened: the value that was updated is there, with its timeout.
    """

    after: KeyState
    writes: int
    removals: int
    rule: str = ""


def write_back(touched: Touched, stored: KeyState, old_timers_ms: tuple[int, ...]) -> Written:
    """Spark's rule (SEMANTICS 1.5): removed without a timeout deletes the row; a change is written; else nothing is.

    `old_timers_ms` is what the timeout of this call is compared with: the stored one in the JVM API, none in PySpark.
    """
    if touched.was_updated and touched.timeout_set_ms is not None:  # what most calls do
        return Written(KeyState((StateEntry(touched.value_now),), (touched.timeout_set_ms,), True), 1, 0)
    if touched.was_removed and touched.timeout_set_ms is None:
        return Written(NO_STATE, 0, 1, rules.REMOVE_DELETES.id)
    if touched.was_updated or touched.was_removed or _timers_ms(touched) != old_timers_ms:
        return Written(_row(touched, stored), 1, 0, _rule_of(touched, stored))
    return Written(stored, 0, 0, rules.UNTOUCHED_KEEPS_TIMEOUT.id if stored.timers_ms else "")


def _timers_ms(touched: Touched) -> tuple[int, ...]:
    return () if touched.timeout_set_ms is None else (touched.timeout_set_ms,)


def _row(touched: Touched, stored: KeyState) -> KeyState:
    timers_ms = _timers_ms(touched)
    if touched.was_updated:
        return KeyState((StateEntry(touched.value_now),), timers_ms, True)
    return KeyState(() if touched.was_removed else stored.entries, timers_ms, True)


def _rule_of(touched: Touched, stored: KeyState) -> str:
    """Which rule says what a written row keeps; "" for an update that had no timeout to lose."""
    if touched.was_removed:
        return rules.REMOVE_WITH_TIMEOUT.id
    if touched.timeout_set_ms is not None:
        return rules.TIMEOUT_WITHOUT_UPDATE.id if stored.entries else rules.TIMEOUT_WITHOUT_STATE.id
    if not stored.timers_ms:
        return ""
    return rules.UPDATE_CLEARS_TIMEOUT.id if touched.was_updated else rules.UNTOUCHED_CLEARS_TIMEOUT.id


def unsaved(touched: Touched, stored: KeyState) -> Any:
    """The value that the function got, changed and did not store; None when there is none. Spark loses the change.

    A value that cannot be compared (an array, a class whose `__eq__` fails) tells nothing.
    """
    if touched.was_updated or touched.value_now is None or type(touched.value_now) in ATOMS:
        return None
    try:
        return touched.value_now if touched.value_now != stored.value else None
    except LimitReached:
        raise
    except BaseException:  # a class of the user's, which may exit, too
        return None


def as_long(number: int) -> int:
    """A whole number as the JVM's long has it: beyond 64 bits it wraps around."""
    if -_LARGEST <= number <= _LARGEST:
        return number
    return (number + (_WORD >> 1)) % _WORD - (_WORD >> 1)


def frozen(value: Any) -> Any:
    """A copy that later changes of the original cannot reach: state is stored by value, as Spark serialises it.

    Raises TypeError for what cannot be copied (a generator, an open file): it could not be stored either.
    """
    if type(value) in ATOMS:
        return value
    try:
        return copy.deepcopy(value)
    except Exception as error:
        raise TypeError(f"a {class_name(value)} cannot be stored: {error}") from error
