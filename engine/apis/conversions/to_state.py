"""State through its schema, there and back, as PySpark and the JVM take it (SEMANTICS 2.3, 3.9). Lives here: both ways in order.

First Python's side, when the call is over, then the JVM's, when all calls are.
"""

from typing import Any, Final

from engine.apis.conversions.jvm_side import jvm_side, length_mismatch
from engine.apis.conversions.python_side import needs_python, python_side
from engine.model.schema import Schema

_MUTABLE: Final = frozenset({"array", "map"})


class StateSchema:
    """Takes the values of `state.update` through the state schema."""

    def __init__(self, schema: Schema) -> None:
        self._converts_in_python = any(needs_python(field.type) for field in schema)
        self._python = tuple(python_side(field.type) for field in schema)
        self._jvm = tuple(jvm_side(field.type) for field in schema)
        #: The function may change a value that it was given, without update().
        self.is_mutable = any(field.type.holds(_MUTABLE) for field in schema)

    def internal(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """Python's side of the way. Raises what PySpark's worker raises: AttributeError, PySparkValueError, …"""
        if not self._converts_in_python:
            return values
        # With a field that needs converting zip() drops surplus values: only then are too many not noticed.
        return tuple(convert(value) for convert, value in zip(self._python, values, strict=False))

    def stored(self, internal: tuple[Any, ...]) -> tuple[Any, ...]:
        """The JVM's side, and back into Python. Raises JvmRefused."""
        if len(internal) != len(self._jvm):
            raise length_mismatch(len(self._jvm), len(internal))
        return tuple(
            None if value is None else convert(value) for convert, value in zip(self._jvm, internal, strict=True)
        )
