"""A processor as each task of Spark unpickles it: nothing that an earlier task changed is there (SEMANTICS 5.1).

Lives here: copies. Spark's pickle takes the object, and with it the classes and the module's names that its code uses, by
value; so the names and the attributes of the classes begin anew too.
"""

import copy
import types
from collections.abc import Iterator
from typing import Any, Final

_NOT_COPIED: Final = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.MethodType)


class Fresh:
    """The processor, and what its code can reach, as they were when the job was planned."""

    def __init__(self, processor: Any) -> None:
        """Raises TypeError for a processor that cannot be copied, as Spark's pickle does."""
        self._namespace: dict[str, Any] = _namespace_of(processor)
        self._classes = [value for value in type(processor).__mro__ if value.__module__ == type(processor).__module__]
        self._planned = copy.deepcopy(
            (processor, used_values(self._namespace), [_attributes(one) for one in self._classes])
        )

    def copy(self) -> Any:
        """A processor of its own for the next task."""
        processor, names, attributes = copy.deepcopy(self._planned)
        self._namespace.update(names)
        for owner, values in zip(self._classes, attributes, strict=True):
            for name, value in values.items():
                setattr(owner, name, value)
        return processor


def _namespace_of(processor: Any) -> dict[str, Any]:
    """The names of the module in which the processor's methods were written."""
    handler = type(processor).handleInputRows
    return getattr(handler, "__globals__", {})


def used_values(namespace: dict[str, Any]) -> dict[str, Any]:
    """The values of the module that some code of the user's names, and that can be copied."""
    names = {name for value in namespace.values() for name in _names_in(value)}
    return {name: value for name, value in namespace.items() if name in names and _is_value(value)}


def _names_in(value: Any) -> Iterator[str]:
    """The names that a function, or the methods of a class, use."""
    members = vars(value).values() if isinstance(value, type) else [value]
    for member in members:
        function = getattr(member, "__func__", member)
        if isinstance(function, types.FunctionType):
            yield from _names_of_code(function.__code__)


def _names_of_code(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names_of_code(constant)


def _attributes(owner: type) -> dict[str, Any]:
    """The values that stand in a class; not its methods, nor what Python puts there."""
    return {name: value for name, value in vars(owner).items() if not name.startswith("__") and _is_value(value)}


def _is_value(value: Any) -> bool:
    """What is copied: not functions, classes and modules, nor what cannot be (a lock, an open file)."""
    if isinstance(value, _NOT_COPIED) or hasattr(value, "__get__"):
        return False
    try:
        copy.deepcopy(value)
    except Exception:
        return False
    return True
