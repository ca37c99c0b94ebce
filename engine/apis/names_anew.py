"""What a function keeps outside its state, as each task of Spark has it that unpickles the function: as it was at first.

Lives here: an operator around another one that puts it back before each task. Only the second replay, which looks for
what a function remembers outside its state, is made so; what PySpark pickles has this in every replay (fresh.py).
"""

import copy
from typing import Any

from engine.apis.fresh import Places
from engine.model.user_objects import LimitReached
from engine.replay.intake import TypedRows
from engine.replay.operator import Around, Group, Operator


def with_names_anew(operator: Operator, called: Any) -> Operator:
    """The operator, with what `called` keeps put back before each partition; as it is, when that cannot be looked at."""
    try:
        return NamesAnew(operator, Places(called))
    except LimitReached:
        raise
    except BaseException:  # a class of the user's, which may exit, too
        return operator


class NamesAnew(Around):
    """The operator, with the values at these places put back before each partition."""

    def __init__(self, operator: Operator, places: Places) -> None:
        super().__init__(operator)
        self._places = places
        self._first = self._copies(places.values)

    def begin_partition(self, rows: TypedRows, groups: list[Group]) -> list[Group]:
        """A task begins."""
        self._places.put(self._copies(self._first))
        return super().begin_partition(rows, groups)

    def _copies(self, values: list[Any]) -> list[Any]:
        """A copy of each value; a value that stands at two places does so in the copies."""
        memo = dict(self._places.modules)
        return [_copy_or_itself(value, memo) for value in values]


def _copy_or_itself(value: Any, memo: dict[int, Any]) -> Any:
    """What cannot be copied (a lock, an open file) is not told here: Spark may not have to send it."""
    try:
        return copy.deepcopy(value, memo)
    except LimitReached:
        raise
    except BaseException:  # a class of the user's, which may exit, too
        return value
