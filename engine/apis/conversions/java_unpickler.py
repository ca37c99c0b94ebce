"""What the JVM's unpickler makes of a pickled Python value, or why it cannot (SEMANTICS 3.9, 5.21). Lives here: that.

It has constructors for a few of Python's own classes. Of any other it makes a dict, if the pickle constructs it without
arguments; else the whole value is refused.
"""

import copyreg
import datetime
import decimal
import enum
from collections.abc import Iterable
from typing import Any, Final

from engine.apis.row import Row

_PROTOCOL: Final = 5
_NEW: Final = copyreg.__newobj__  # type: ignore[attr-defined] # of which typeshed does not know
_PLAIN: Final = frozenset(
    {
        *(type(None), bool, int, float, str, bytes, bytearray, complex),
        *(datetime.date, datetime.time, datetime.timedelta),
    }
)
_PLAIN_NAMES: Final = ("NAType", "PickleBuffer")
_INFINITE: Final = "problem construction object: java.lang.reflect.InvocationTargetException"
_UNKNOWN: Final = (
    "expected zero arguments for construction of ClassDict (for {}). This happens when an unsupported/unregistered class "
    "is being unpickled that requires construction arguments. Fix it by registering a custom IObjectConstructor for this "
    "class."
)


def unpickling_failure(value: Any) -> str | None:
    """What the JVM says of a value that it cannot unpickle, None when it can."""
    if type(value) in _PLAIN or isinstance(value, type) or type(value).__name__ in _PLAIN_NAMES:
        return None
    if type(value) is datetime.datetime:
        return None if value.tzinfo is None else unpickling_failure(value.tzinfo)
    if isinstance(value, decimal.Decimal):
        return _INFINITE if value.is_infinite() else None
    if isinstance(value, Row) and "__fields__" not in value.__dict__:
        return _UNKNOWN.format("copyreg._reconstructor")
    if isinstance(value, (list, tuple, set, frozenset)):
        return _first_failure(value)
    if type(value) is dict:
        return _first_failure((*value.keys(), *value.values()))
    return _failure_of_object(value)


def class_dict(value: Any) -> dict[str, Any] | None:
    """What the JVM has of an object of an unknown class that is constructed without arguments, such as a UUID."""
    if isinstance(value, type) or callable(value):
        return None
    constructor, arguments, state = _reduced(value)
    if constructor is not _NEW or len(arguments) > 1 or not isinstance(state, dict):
        return None
    return {"__class__": f"{type(value).__module__}.{type(value).__qualname__}", **state}


def _first_failure(values: Iterable[Any]) -> str | None:
    return next((failure for failure in map(unpickling_failure, values) if failure is not None), None)


def _failure_of_object(value: Any) -> str | None:
    """The pickle's instructions in their order: the arguments, the constructor, the state. A name is no instruction."""
    if type(value).__module__ in ("your_function", "__main__"):
        kind = "enum" if isinstance(value, enum.Enum) else "class"
        return _UNKNOWN.format(f"pyspark.cloudpickle.cloudpickle._make_skeleton_{kind}")
    if callable(value) and hasattr(value, "__code__"):
        return _UNKNOWN.format("pyspark.cloudpickle.cloudpickle._builtin_type")
    constructor, arguments, state = _reduced(value)
    failure = _first_failure(arguments)
    if failure is not None:
        return failure
    if constructor is _NEW:
        constructor, arguments = arguments[0], arguments[1:]
    return _UNKNOWN.format(_name(constructor)) if arguments else unpickling_failure(state)


def _reduced(value: Any) -> tuple[Any, tuple[Any, ...], Any]:
    """Constructor, arguments and state of the object in a pickle; a name has no arguments."""
    try:
        reduced = value.__reduce_ex__(_PROTOCOL)
    except TypeError:  # it cannot be pickled, which is told elsewhere
        return type(value), (None,), None
    if isinstance(reduced, str):
        return type(value), (), None
    constructor, arguments, *more = reduced
    return constructor, arguments, more[0] if more else None


def _name(constructor: Any) -> str:
    """As the pickle names it: a class's method is asked of the class."""
    if isinstance(getattr(constructor, "__self__", None), type):
        return "builtins.getattr"
    return f"{constructor.__module__}.{constructor.__qualname__}"
