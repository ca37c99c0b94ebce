"""What a state remembers, in words: on a line, in a cell, on a bar. Lives here: those texts; values alone are words.py's."""

from collections.abc import Callable, Collection, Mapping
from itertools import islice
from typing import Any, Final, NamedTuple

from engine.model.state import NO_STATE, KeyState, StateEntry
from engine.views.variables import bare, variables_of
from engine.views.words import Times, cell_text, joined_text, value_text, visible

#: More than these fields no bar has room for.
_MOST_FIELDS: Final = 50


def remembered(state: KeyState, limit: int = 60, times: Times = None) -> str:
    """All that is remembered, on one line; "no value" for a row with a timeout only, "nothing" without a row.

    State variables have their names: `count = 3, seen = [1, 2], prices = {"a": 3}`.
    """
    if not state.exists:
        return "no value" if state.stored else "nothing"
    variables = variables_of(state)
    return _by_name(variables, lambda name, room: value_text(variables[name], room, times), limit)


def state_text(state: KeyState) -> str:
    """What is remembered, in a cell; "" for nothing."""
    return remembered(state) if state.exists else ""


class Short(NamedTuple):
    """What is remembered, for a narrow place; and its values alone, for where names leave no room for them."""

    label: str
    values: str


def remembered_shortly(
    state: KeyState, limit: int = 60, named: bool = False, was: KeyState = NO_STATE, times: Times = None
) -> Short:
    """As `remembered`, without the signs of Python: "3, open" for a list, "count=3, last=open" for a dict.

    A state variable that is the only one goes without its name, unless it is to be `named` all the same. What is not as
    it `was` stands first: the rest may be cut.
    """
    now, before = variables_of(state), variables_of(was)
    if not now:
        return _nameless(remembered(state, limit))
    if len(now) == 1 and not named:
        ((name, value),) = now.items()
        return _shortly(value, limit, before.get(name), times)
    share = max(12, limit // len(now))
    return _fields(now, before, " = ", limit, lambda name: _shortly(now[name], share, before.get(name), times).label)


def _by_name(names: Collection[str], text: Callable[[str, int], str], limit: int) -> str:
    if list(names) == [""]:
        return text("", limit)
    share = max(12, limit // len(names))
    return joined_text((f"{visible(name)} = {text(name, share)}" for name in names), len(names), limit)


def _shortly(value: Any, limit: int, was: Any, times: Times) -> Short:
    if isinstance(value, Mapping) and value:
        before = was if isinstance(was, Mapping) else {}
        return _fields(value, before, "=", limit, lambda name: cell_text(value[name], limit, times))
    if isinstance(value, list) and value:
        return _nameless(joined_text((cell_text(cell, limit, times) for cell in value), len(value), limit))
    return _nameless(cell_text(value, limit, times))


def _nameless(text: str) -> Short:
    return Short(text, text)


def _fields(now: Mapping[Any, Any], was: Mapping[Any, Any], sign: str, limit: int, text: Callable[[Any], str]) -> Short:
    told = [(f"{cell_text(name, limit)}{sign}", text(name)) for name in _changed_first(now, was)]
    label = joined_text((name + value for name, value in told), len(now), limit)
    return Short(label, joined_text((value for _, value in told), len(now), limit))


def _changed_first(now: Mapping[Any, Any], was: Mapping[Any, Any]) -> list[Any]:
    """The names, those whose value is not what it was before the others; of a long mapping the first, in their order."""
    if len(now) > _MOST_FIELDS:
        return list(islice(now, _MOST_FIELDS))
    return sorted(now, key=lambda name: name in was and was[name] == now[name])


def entry_text(entry: StateEntry, limit: int = 40) -> str:
    """One stored value with its place: `seen[3]`, or `count = 3`; items of a list have no name of their own."""
    name = visible(entry.variable)
    if entry.kind == "map":
        return f"{name}[{value_text(bare(entry.user_key), limit)}]"
    return f"{name} = {value_text(bare(entry.value), limit)}" if name else value_text(entry.value, limit)
