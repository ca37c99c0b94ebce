"""A function or a processor as each task of Spark unpickles it: nothing that an earlier task changed is there.

Lives here: copies. Spark's pickle takes what is called by value, and with it all of the user's own that its code uses: names of
the module, attributes of classes, default arguments, variables around a nested function (SEMANTICS 1.27, 5.1).
"""

import copy
import dis
import enum
import functools
import operator
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from engine.apis.entry import USER_FILE, USER_MODULE
from engine.apis.user_code import UserCodeFailed, error_record
from engine.model.trace import ErrorRecord
from engine.model.user_objects import LimitReached

_NOT_COPIED: Final = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.MethodType)
#: Spark's pickle can send these, although Python's copy cannot copy them.
_SENT_AS_IS: Final[tuple[type, ...]] = (
    type({}.keys()),
    type({}.values()),
    type({}.items()),
    types.MappingProxyType,
    memoryview,
)
_GLOBAL_STEPS: Final = frozenset({"LOAD_GLOBAL", "STORE_GLOBAL", "DELETE_GLOBAL", "LOAD_NAME"})
_FLAT: Final = (dict, list, set)
_ATOMS: Final = frozenset({int, str, float, bool, bytes, type(None)})


class _Place(NamedTuple):
    """A place that holds a value which the code can change; `put` puts another one there."""

    put: Callable[[Any], object]
    value: Any


class Places:
    """All places with values that what is called can reach; `values` are those that stand there when this is made."""

    def __init__(self, called: Any) -> None:
        parts = _parts(called)
        functions = [part for part in parts if isinstance(part, types.FunctionType)]
        namespace: dict[str, Any] = functions[0].__globals__ if functions else {}
        self._names = [(names, frozenset(names)) for names in (namespace, *map(vars, functions))]
        self._attributes = [(part, frozenset(_attributes_of(part))) for part in parts if isinstance(part, type)]
        #: A module is no value: a copy refers to the same one.
        self.modules = {id(value): value for value in namespace.values() if isinstance(value, types.ModuleType)}
        places = [place for part in parts for place in _places(part) if _is_value(place.value) and _can_be_put(place)]
        self._puts = [place.put for place in places]
        self.values = [place.value for place in places]

    def put(self, values: list[Any]) -> None:
        """Put other values there, in the order of `values`; names and attributes that the code has made since are gone."""
        for names, first in self._names:
            for name in names.keys() - first:
                del names[name]
        for owner, first in self._attributes:
            for name in _attributes_of(owner).keys() - first:
                type.__delattr__(owner, name)
        for put, value in zip(self._puts, values, strict=True):
            put(value)


class Fresh:
    """What is called, and what its code can reach, as they were when the job was planned."""

    def __init__(self, called: Any) -> None:
        """Raises TypeError for what cannot be copied, as Spark's pickle does: a lock, a generator."""
        self._places = Places(called)
        self._planned = copy.deepcopy((called, self._places.values), dict(self._places.modules))
        self._flat = [value for value in self._planned[1] if _is_flat(value)]

    def copy(self) -> Any:
        """What the next task calls."""
        copied = self._places.modules | {id(value): value.copy() for value in self._flat}  # much faster than deepcopy
        called, values = copy.deepcopy(self._planned, copied)
        self._places.put(values)
        return called


def planned(called: Any, advice: str) -> Fresh:
    """What Spark pickles when the query is planned. Raises UserCodeFailed, as PySpark's PicklingError, for what cannot be."""
    try:
        fresh = Fresh(called)
        # The workers' own module of this name has nothing of the job: their pickle finds none of its classes there.
        sys.modules[USER_MODULE] = types.ModuleType(USER_MODULE)
        return fresh
    except LimitReached:
        raise
    except BaseException as error:  # a class of the user's, which may exit, too
        told = error_record(error, "")
        message = f"Could not serialize object: {told.error_class}: {told.message}"
        raise UserCodeFailed(ErrorRecord("PicklingError", message, advice=advice), "plan_error") from None


# What can be reached


def _parts(called: Any) -> list[Any]:
    """The user's functions and classes that what is called can reach."""
    found: dict[int, Any] = {}
    left = [called]
    while left:
        part = left.pop()
        if not isinstance(part, (type, types.FunctionType)):
            left += _inside(part)
        elif id(part) not in found and _is_users(part):
            found[id(part)] = part
            left += [*part.__mro__, *vars(part).values()] if isinstance(part, type) else _reached_from(part)
    return list(found.values())


def _is_users(part: Any) -> bool:
    if isinstance(part, type):
        return part.__module__ == USER_MODULE
    return bool(part.__code__.co_filename == USER_FILE)


def _inside(part: Any) -> list[Any]:
    """What stands in a method, a property, a partial; else the class of an object."""
    if isinstance(part, types.MethodType):
        return [part.__func__, part.__self__]
    if isinstance(part, (staticmethod, classmethod)):
        return [part.__func__]
    if isinstance(part, property):
        return [part.fget, part.fset, part.fdel]
    if isinstance(part, functools.partial):
        return [part.func, *part.args, *part.keywords.values()]
    return [type(part)]


def _reached_from(function: types.FunctionType) -> list[Any]:
    used = [function.__globals__[name] for name in _names_used(function)]
    return [*used, *(cell.cell_contents for cell in _cells(function)), *vars(function).values()]


def _names_used(function: types.FunctionType) -> list[str]:
    names = set(_globals_of(function.__code__))
    return [name for name in function.__globals__ if name in names]


def _globals_of(code: types.CodeType) -> Iterator[str]:
    """The names of its module that a function's code, or what is nested in it, reads or sets."""
    for step in dis.get_instructions(code):
        if step.opname in _GLOBAL_STEPS:
            yield step.argval
        elif isinstance(step.argval, types.CodeType):
            yield from _globals_of(step.argval)


def _cells(function: types.FunctionType) -> Iterator[types.CellType]:
    """The variables around a nested function, but for those that have no value yet."""
    for cell in function.__closure__ or ():
        try:
            cell.cell_contents  # noqa: B018 - it raises when there is none
        except ValueError:
            continue
        yield cell


# Where values stand


def _places(part: Any) -> Iterator[_Place]:
    if isinstance(part, type):
        yield from _places_in_class(part)
        return
    for name in _names_used(part):
        yield _Place(functools.partial(operator.setitem, part.__globals__, name), part.__globals__[name])
    for name, value in vars(part).items():
        yield _Place(functools.partial(operator.setitem, vars(part), name), value)
    for cell in _cells(part):
        yield _Place(functools.partial(setattr, cell, "cell_contents"), cell.cell_contents)
    for name in ("__defaults__", "__kwdefaults__"):
        yield _Place(functools.partial(setattr, part, name), getattr(part, name))


def _places_in_class(owner: type) -> Iterator[_Place]:
    for name in _attributes_of(owner):
        yield _Place(functools.partial(setattr, owner, name), vars(owner)[name])


def _attributes_of(owner: type) -> dict[str, None]:
    """What a class holds, in its order, but for what Python puts there; the members of an enum cannot change."""
    names = () if issubclass(owner, enum.Enum) else vars(owner)
    return dict.fromkeys(name for name in names if not name.startswith(("__", "_abc_")))


def _is_value(value: Any) -> bool:
    """What is copied: not functions, classes and modules."""
    return not isinstance(value, (*_NOT_COPIED, *_SENT_AS_IS)) and not hasattr(value, "__get__")


def _can_be_put(place: _Place) -> bool:
    """Whether the place takes a value again: some classes keep what they hold."""
    try:
        place.put(place.value)
    except LimitReached:
        raise
    except BaseException:  # a class of the user's, which may exit, too
        return False
    return True


def _is_flat(value: Any) -> bool:
    """A collection of nothing but what cannot change."""
    if type(value) not in _FLAT:
        return False
    cells = [*value, *value.values()] if type(value) is dict else value
    return _ATOMS.issuperset(map(type, cells))
