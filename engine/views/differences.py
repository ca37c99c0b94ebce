"""What a call changed in the state of its key, field by field. Lives here: that comparison; how it is drawn does not."""

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import islice
from typing import Any, Final, Literal

import msgspec

from engine.model.state import KeyState
from engine.views.variables import variables_of
from engine.views.words import is_epoch_ms, short_duration_text, value_text, visible, with_its_moment

_MAX_CHANGES: Final = 12
_VALUE_LIMIT: Final = 60
_MAX_SHIFT: Final = 50
_MAX_DEPTH: Final = 20
_KEY_LIMIT: Final = 30
_LARGEST_NUMBER: Final = 2**63

Kind = Literal["added", "changed", "removed"]


class Change(msgspec.Struct, frozen=True):
    """One field that is not what it was; `before` or `after` is "" where there was none. `delta` is "↑ 1" for numbers.

    `field` is "" for the value itself, else its place in it: `count`, `[2]`, `user.name`.
    """

    kind: Kind
    field: str
    before: str
    after: str
    delta: str = ""


class Difference(msgspec.Struct, frozen=True):
    """The first changes, and how many more there are."""

    changes: tuple[Change, ...] = ()
    more: int = 0


def difference(before: KeyState, after: KeyState) -> Difference:
    """What of the values is different; timeouts and timers are not looked at."""
    return value_difference(_fields(before), _fields(after))


def value_difference(before: Any, after: Any) -> Difference:
    """As `difference`, between two bare values."""
    found = _between(before, after, ())
    changes = tuple(_told(*one) for one in islice(found, _MAX_CHANGES))
    return Difference(changes, sum(1 for _ in found))


def variable_differences(before: KeyState, after: KeyState) -> dict[str, Difference]:
    """The difference of each state variable that is there before or after, by its name."""
    was, now = variables_of(before), variables_of(after)
    return {
        name: value_difference(was.get(name, _NOTHING), now.get(name, _NOTHING)) for name in dict.fromkeys([*was, *now])
    }


def _fields(state: KeyState) -> Any:
    """The state as one value: the only one of a GroupState, else a dict of the variables."""
    if all(entry.variable == "" for entry in state.entries):
        return state.value if state.exists else _NOTHING
    return variables_of(state)


class _Nothing:
    """Stands for a value that is not there: None is a value."""


_NOTHING: Final = _Nothing()
#: The keys and places that lead to a field; and two values that differ there.
_Path = tuple[Any, ...]
_Found = tuple[Any, Any, _Path]


def _told(before: Any, after: Any, path: _Path) -> Change:
    field = reduce(_inside, path, "")
    if before is _NOTHING:
        return Change("added", field, "", _with_its_time(after))
    if after is _NOTHING:
        return Change("removed", field, value_text(before, _VALUE_LIMIT), "")
    return Change("changed", field, value_text(before, _VALUE_LIMIT), _with_its_time(after), _delta(before, after))


def _between(before: Any, after: Any, path: _Path) -> Iterator[_Found]:
    """What differs, without a text: all are counted, and only the first are told."""
    if isinstance(before, Mapping) and isinstance(after, Mapping) and len(path) < _MAX_DEPTH:
        yield from _between_maps(before, after, path)
    elif isinstance(before, list) and isinstance(after, list) and len(path) < _MAX_DEPTH:
        yield from _between_lists(before, after, path)
    elif before is not after and not _same(before, after):
        yield before, after, path


def _between_maps(before: Mapping[Any, Any], after: Mapping[Any, Any], path: _Path) -> Iterator[_Found]:
    for key, value in before.items():
        yield from _between(value, after.get(key, _NOTHING), (*path, key))
    for key, value in after.items():
        if key not in before:
            yield _NOTHING, value, (*path, key)


def _between_lists(before: list[Any], after: list[Any], path: _Path) -> Iterator[_Found]:
    """Items that left at the front are told as such; then place by place what lies between the common ends."""
    left = _left_at_front(before, after)
    for place in range(left):
        yield before[place], _NOTHING, (*path, place)
    before = before[left:]
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    for place in range(start, max(len(before), len(after)) - end):
        was = before[place] if place < len(before) - end else _NOTHING
        now = after[place] if place < len(after) - end else _NOTHING
        yield from _between(was, now, (*path, place))


def _left_at_front(before: Sequence[Any], after: Sequence[Any]) -> int:
    """How many items left at the front, when the rest stands at the front of `after`; else 0."""
    if not before or not after or _same(before[0], after[0]):
        return 0
    for shift in range(1, min(len(before), _MAX_SHIFT)):
        kept = len(before) - shift
        if kept <= len(after) and before[shift:] == after[:kept]:
            return shift
    return 0


def _common(before: Sequence[Any], after: Sequence[Any]) -> int:
    pairs = zip(before, after, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if not _same(a, b)), min(len(before), len(after)))


def _same(before: Any, after: Any) -> bool:
    """Equal, and of one type: 1, 1.0 and True differ in a store. NaN is the same as NaN."""
    if type(before) is not type(after):
        return False
    return bool(before == after or (before != before and after != after))  # noqa: PLR0124 - NaN


def _with_its_time(value: Any) -> str:
    return value_text(value, _VALUE_LIMIT, with_its_moment)


def _delta(before: Any, after: Any) -> str:
    if not (_is_number(before) and _is_number(after)) or before == after:
        return ""
    step = after - before
    if is_epoch_ms(before) and is_epoch_ms(after):
        return f"{'↑' if step > 0 else '↓'} {short_duration_text(abs(step))}"
    return f"{'↑' if step > 0 else '↓'} {value_text(round(abs(step), 10))}" if step == step else ""  # noqa: PLR0124


def _is_number(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, float) or (isinstance(value, int) and abs(value) < _LARGEST_NUMBER)


def _inside(field: str, key: Any) -> str:
    """The name of a field inside another: `user.name`, `[2].amount`, `seen["a b"]`."""
    if isinstance(key, str) and key.isidentifier():
        return visible(f"{field}.{key}" if field else key)
    return f"{field}[{value_text(key, _KEY_LIMIT)}]"
