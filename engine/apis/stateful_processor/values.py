"""The rows of one state variable on their way through its schema, as PySpark's client and the JVM take them (SEMANTICS 5.21).

Lives here: both ways in order. A value of the wrong type is silently NULL; a wrong number of values is refused at once.
"""

from typing import Any, Final

import numpy as np

from engine.apis.conversions.to_state import StateSchema
from engine.apis.group_state import ATOMS
from engine.apis.row import Row
from engine.apis.stateful_processor.pickles import demand_picklable
from engine.model.schema import Schema
from engine.replay.unsafe_row import nested_row

#: Values of exactly these types are taken as they are (`fits`).
PLAIN_TYPES: Final[dict[str, type]] = {"string": str, "double": float, "boolean": bool, "bigint": int}
_FLOATING: Final = frozenset({"double", "float"})
_BIGINT_LIMIT: Final = 1 << 63
_MANY: Final = 100_000

Values = tuple[Any, ...]


class ValueSchema:
    """The schema of a state variable, of the keys of its map, or of the grouping key."""

    def __init__(self, schema: Schema) -> None:
        self.names = tuple(field.name for field in schema)
        self._schema = StateSchema(schema)
        self.types = tuple(field.type for field in schema)
        self._kinds = tuple(PLAIN_TYPES.get(type_.name) for type_ in self.types)
        self._bytes: dict[Values, bytes] = {}
        #: Keys that are equal have the same bytes: not so 0.0 and -0.0.
        self._is_told_by_value = not any(type_.holds(_FLOATING) for type_ in self.types)
        #: What the store has must be copied before the user gets it: it could be changed in place.
        self.is_mutable = self._schema.is_mutable

    def stored(self, given: Any) -> Values:
        """What the store has of the values that the user gave. Raises what Python raises, JvmRefused from the JVM."""
        return given if self._fits(given) else self._schema.stored(self._sent(given))

    def demand_sendable(self, given: Any) -> None:
        """Raises what Python raises before anything of it is sent to the JVM."""
        if not self._fits(given):
            self._sent(given)

    def _fits(self, given: Any) -> bool:
        return type(given) is tuple and len(given) == len(self._kinds) and all(map(fits, given, self._kinds))

    def _sent(self, given: Any) -> Values:
        """As Python gives it to the JVM."""
        internal = self._schema.internal(tuple(map(normalized, given)))
        demand_picklable(internal)
        return internal

    def bytes_of(self, key: Values) -> bytes:
        """By which a store finds and sorts the key (SEMANTICS 5.23)."""
        if not self._is_told_by_value:
            return nested_row(key, self.types)
        try:
            found = self._bytes.get(key)
        except TypeError:  # an array in the key
            return nested_row(key, self.types)
        if found is None:
            found = nested_row(key, self.types)
            if len(self._bytes) < _MANY:
                self._bytes[key] = found
        return found


def fits(value: Any, kind: type | None) -> bool:
    """Whether the value needs no conversion: it is of its field's plain type, a whole number in range besides."""
    number: Any = value
    return type(value) is kind and (kind is not int or -_BIGINT_LIMIT <= number < _BIGINT_LIMIT)


def normalized(value: Any) -> Any:
    """PySpark's client: numpy's scalars and pandas' times become Python's own, also inside lists and dicts."""
    kind = type(value)
    if kind in ATOMS:
        return value
    if isinstance(value, np.generic):
        return value.tolist()
    if isinstance(value, (list, tuple)):
        parts = map(normalized, value)
        return kind(*parts) if isinstance(value, Row) or hasattr(value, "_fields") else kind(parts)
    if isinstance(value, dict):
        return {normalized(key): normalized(item) for key, item in value.items()}
    if hasattr(value, "to_pytimedelta"):
        return value.to_pytimedelta()
    return value.to_pydatetime(warn=False) if hasattr(value, "to_pydatetime") else value
