"""Which of the user's StatefulProcessors is the one to run. Lives here: finding it. Copies of it are made in fresh.py."""

import functools
import inspect
import types
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from engine.apis.entry import (
    USER_MODULE,
    NoFunction,
    NotPlanned,
    WrongParameters,
    accepts,
    demand_present,
    handed_as,
    handed_over,
    inside,
    name_of,
)
from engine.apis.spark_names.stubs import Stub

_METHODS: Final = ("init", "handleInputRows")


class NotAProcessor(TypeError):
    """What stands where a StatefulProcessor is due is none; `advice` says what to write."""

    spark_class = "TypeError"

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(what)
        self.advice = advice


def find_processor(
    namespace: Mapping[str, Any], entry: str | None, known_names: tuple[str, ...], parameters: tuple[str, ...]
) -> Any:
    """The processor: what `entry` names, else what the job handed to Spark, else the one with a known name, else the
    only one there is. A class or a factory is called without arguments, as a job would.

    Raises NoFunction, NotAProcessor, WrongParameters, NotPlanned from whatever the user's constructor raises, and what is
    due when the job has the processor from elsewhere.
    """
    found = _found(namespace, entry, known_names)
    demand_present(found)
    return _made(found, entry or (name_of(found) if isinstance(found, type) else known_names[0]))


def _found(namespace: Mapping[str, Any], entry: str | None, known_names: tuple[str, ...]) -> Any:
    if entry is not None:
        named = handed_as(entry, namespace)
        if named is not None:
            return named
        if entry not in namespace:
            advice = f"Define class {entry}(StatefulProcessor), or name the one in the code"
            raise NoFunction(f"there is no StatefulProcessor named '{entry}'", advice)
        return namespace[entry]
    handed = handed_over()
    if handed is not None:
        return handed
    known = next((namespace[name] for name in known_names if name in namespace), None)
    return known if known is not None else _only(namespace, known_names)


def _only(namespace: Mapping[str, Any], known_names: tuple[str, ...]) -> Any:
    """The only instance of a processor, else the only class that no other one builds on."""
    found = processors_in(namespace)
    if not any(_is_processor(one) or accepts(one, 0) for one in found):
        found = inside(namespace) or found
    if len(found) == 1:
        return found[0]
    if not found:
        advice = f"Define class {known_names[0]}(StatefulProcessor) with init and handleInputRows"
        raise NoFunction("there is no StatefulProcessor to run", advice)
    listed = ", ".join(map(name_of, found))
    advice = f"Rename the one to run to {known_names[0]}, or choose it as the entry"
    raise NoFunction(f"several StatefulProcessors could be meant: {listed}", advice)


def processors_in(namespace: Mapping[str, Any]) -> list[Any]:
    """All instances of processors, else all classes that no other one builds on."""
    instances = [value for value in namespace.values() if _is_processor(value)]
    classes = [value for value in namespace.values() if is_processor_class(value)]
    leaves = [one for one in classes if not any(one in other.__mro__[1:] for other in classes)]
    return _distinct(instances or leaves)


def _distinct(found: list[Any]) -> list[Any]:
    """Without what stands there under two names."""
    return list({id(value): value for value in found}.values())


def is_processor_class(value: Any) -> bool:
    is_defined_here = isinstance(value, type) and value.__module__ == USER_MODULE
    return is_defined_here and all(callable(getattr(value, name, None)) for name in _METHODS)


def _is_processor(value: Any) -> bool:
    return not isinstance(value, Stub) and is_processor_class(type(value))


def _made(found: Any, name: str) -> Any:
    """The processor itself: a class is instantiated, a factory is called."""
    if _is_processor(found):
        return found
    if isinstance(found, (type, types.FunctionType, types.MethodType, functools.partial)):
        _demand_no_arguments(found, name)
        try:
            made = found()
        except Exception as error:
            raise NotPlanned from error
        if all(callable(getattr(made, method, None)) for method in _METHODS):
            return made
        found = made
    kind = type(found).__name__
    advice = f"Define class {name}(StatefulProcessor) with init and handleInputRows"
    raise NotAProcessor(f"{name} is not a StatefulProcessor but a {kind}", advice)


def _demand_no_arguments(maker: Callable[..., Any], name: str) -> None:
    """A class with arguments needs an instance: which ones to give, only the user knows."""
    if accepts(maker, 0):
        return
    given = ", ".join(inspect.signature(maker).parameters)
    line = _line_of(getattr(maker, "__init__", maker))
    advice = f"Make one at the end of the code: processor = {name_of(maker)}(…), and leave the entry out"
    raise WrongParameters(f"{name} cannot be made without arguments: it takes {given}", advice, line)


class Misfit(NamedTuple):
    """A handler whose parameters are not those of its API: what to write in its place, and its line."""

    advice: str
    line: int | None


def misfit_of(processor: Any, parameters: tuple[str, ...]) -> Misfit | None:
    """What is wrong with handleInputRows; None when it can be called. Spark finds out when it calls it."""
    handler = processor.handleInputRows
    if accepts(handler, len(parameters)):
        return None
    return Misfit(f"Write def handleInputRows(self, {', '.join(parameters)}): …", _line_of(handler))


def accepts_named(method: Any, parameters: tuple[str, ...]) -> bool:
    """Whether the method can be called with these parameters by name; True for what is not there."""
    try:
        inspect.signature(method).bind(**dict.fromkeys(parameters))
    except TypeError:
        return method is None
    return True


def _line_of(function: Any) -> int | None:
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    return code.co_firstlineno if code is not None else None
