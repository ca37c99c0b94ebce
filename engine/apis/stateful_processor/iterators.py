"""What `get`, `keys`, `values`, `iterator` and `listTimers` give. Lives here: PySpark's iterators, by their names.

They have no length and no index, and ask for the state at their first element.
"""

from collections.abc import Callable, Iterator
from typing import Any

_CLIENTS = "pyspark.sql.streaming."


class StateIterator:
    """The elements as they are when the first one is asked for; where there are none, it asks again the next time."""

    __slots__ = ("_ask", "_left")

    def __init__(self, ask: Callable[[], list[Any]]) -> None:
        self._ask = ask
        self._left: Iterator[Any] | None = None

    def __iter__(self) -> "StateIterator":
        return self

    def __next__(self) -> Any:
        if self._left is None:
            elements = self._ask()
            self._left = iter(elements) if elements else None
        if self._left is None:
            raise StopIteration
        return next(self._left)


class ListStateIterator(StateIterator):
    """Of a list's tuples."""

    __module__ = _CLIENTS + "list_state_client"


class MapStateIterator(StateIterator):
    """Of a map's keys, or of its values."""

    __module__ = _CLIENTS + "map_state_client"


class MapStateKeyValuePairIterator(StateIterator):
    """Of a map's keys with their values."""

    __module__ = _CLIENTS + "map_state_client"


class ListTimerIterator(StateIterator):
    """Of a key's timers."""

    __module__ = _CLIENTS + "stateful_processor_api_client"
