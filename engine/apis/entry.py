"""Which of the user's functions is the one to call. Lives here: finding it, where need be by running what builds the query.

Compiling their code does not.
"""

import inspect
import types
from collections.abc import Callable, Mapping
from typing import Any, Final

from engine.apis.missing_names import HANDING_OVER
from engine.apis.spark_names.said import handover
from engine.apis.spark_names.stubs import absence_of, absent
from engine.model.user_objects import class_name

#: The file name under which a user's code is compiled.
USER_FILE: Final = "<your function>"
#: The module that a user's code believes to be in.
USER_MODULE: Final = "your_function"


class NoFunction(NameError):
    """There is no function to call, or more than one could be meant; `advice` says what to do."""

    spark_class = "NameError"

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(what)
        self.advice = advice


class WrongParameters(TypeError):
    """The function cannot be called with the parameters of its API; `advice` says what to write, `line` where."""

    spark_class = "TypeError"

    def __init__(self, what: str, advice: str, line: int | None) -> None:
        super().__init__(what)
        self.advice = advice
        self.line = line


class NotPlanned(Exception):
    """What the user's code raised where a job builds its query, before any batch; it is the cause of this."""


def find_function(
    namespace: Mapping[str, Any], entry: str | None, known_names: tuple[str, ...], parameters: tuple[str, ...]
) -> Callable[..., Any]:
    """The function named `entry`; without a name the one that the job handed to Spark, the one with a known name, or
    the only one that fits, also inside a function such as main(). Raises NoFunction, WrongParameters, and what is due when
    the job has the function from elsewhere."""
    function = _found(namespace, entry, known_names, parameters)
    demand_present(function)
    _check_parameters(function, parameters)
    return function


def demand_present(found: Any) -> None:
    """Raises why it is absent, when it is something that only stands in for what the job has from elsewhere."""
    absence = absence_of(found)
    if absence is not None:
        raise absence.error()


def name_of(function: Any) -> str:
    """The function's own name; a partial has that of what is in it, an object, and its `__call__`, that of its class."""
    try:
        named = getattr(function, "func", function)
        name = getattr(named, "__name__", "")
        if name == "__call__":
            named, name = named.__self__, ""
    except Exception:  # it is a class of the user's that fails
        named, name = function, ""
    return name if type(name) is str and name else class_name(named)


def _found(
    namespace: Mapping[str, Any], entry: str | None, known_names: tuple[str, ...], parameters: tuple[str, ...]
) -> Callable[..., Any]:
    if entry is not None:
        return _named(namespace, entry, parameters)
    handed = handed_over()
    if handed is not None:
        return handed
    for name in known_names:
        if callable(namespace.get(name)):
            return namespace[name]  # type: ignore[no-any-return]
    functions = [value for value in namespace.values() if is_users(value)]
    fitting = [function for function in functions if accepts(function, len(parameters))]
    return _only(fitting or inside(namespace) or functions, known_names, parameters)


def _named(namespace: Mapping[str, Any], entry: str, parameters: tuple[str, ...]) -> Callable[..., Any]:
    found = handed_as(entry, namespace) or namespace.get(entry)
    if not callable(found):
        raise NoFunction(f"there is no function named '{entry}'", f"Define {entry}({', '.join(parameters)})")
    return found  # type: ignore[no-any-return]


def handed_over() -> Callable[..., Any] | None:
    """What the job itself gave to Spark, when it was one function."""
    functions = list({id(handed.function): handed.function for handed in handover.made}.values())
    return functions[0] if len(functions) == 1 else None


def handed_as(name: str, namespace: Mapping[str, Any]) -> Any:
    """What the job gave to Spark under this name, also inside a function when the module has no such name; else None."""
    if name not in namespace:
        run_builders(namespace)
    return next((one.function for one in handover.made if name_of(one.function) == name), None)


def inside(namespace: Mapping[str, Any]) -> list[Any]:
    """What a function such as main() hands over when it is run; Spark's session is a stand-in."""
    run_builders(namespace)
    handed = handed_over()
    return [] if handed is None else [handed]


def run_builders(namespace: Mapping[str, Any]) -> None:
    """Run the functions that may hand something to Spark, until one has; first those that need nothing."""
    functions = [one for one in (*namespace.values(), *handover.decorated) if is_users(one) and _may_hand_over(one)]
    for function in sorted(functions, key=lambda one: not accepts(one, 0)):
        if handover.made:
            return
        if accepts(function, 0):
            function()
        else:
            _run_with_made_up_arguments(function)


def _may_hand_over(function: Any) -> bool:
    """Whether it names an operator; or defines a function itself, and needs nothing."""
    code = getattr(function, "__code__", _NO_CODE)
    defines = any(isinstance(part, types.CodeType) for part in code.co_consts)
    return not set(HANDING_OVER).isdisjoint(code.co_names) or (defines and accepts(function, 0))


_NO_CODE: Final = (lambda: None).__code__


def _run_with_made_up_arguments(function: Callable[..., Any]) -> None:
    """What it needs stands for something absent: the query shows, and what the stateful function uses of it is told."""
    needed = [one for one in inspect.signature(function).parameters.values() if one.default is one.empty]
    named = {one.name: _unknown(one.name, function) for one in needed if one.kind is one.KEYWORD_ONLY}
    placed = [_unknown(one.name, function) for one in needed if one.kind is one.POSITIONAL_OR_KEYWORD]
    try:
        function(*placed, **named)
    except Exception:  # it cannot do with what is made up: then it says nothing of the query
        return


def _unknown(parameter: str, function: Any) -> Any:
    name = name_of(function)
    advice = f"Call {name}(…) at the end of the code, with the arguments it needs"
    return absent(NameError, f"{parameter} has no known value: nothing here calls {name}", advice)


def _only(
    found: list[Callable[..., Any]], known_names: tuple[str, ...], parameters: tuple[str, ...]
) -> Callable[..., Any]:
    """The one that is left, where need be the one whose last parameter is the state."""
    candidates = found if len(found) == 1 else [f for f in found if takes_state(f)] or found
    if len(candidates) == 1:
        return candidates[0]
    signature = f"{known_names[0]}({', '.join(parameters)})"
    if not candidates:
        raise NoFunction("there is no function to call", f"Write def {signature}: …")
    listed = ", ".join(map(name_of, candidates))
    advice = f"Rename the one to call to {known_names[0]}, or choose it as the entry"
    raise NoFunction(f"several functions could be meant: {listed}", advice)


def is_users(value: Any) -> bool:
    function = getattr(value, "func", value)  # of a partial
    return isinstance(function, types.FunctionType) and function.__code__.co_filename == USER_FILE


def takes_state(function: Callable[..., Any]) -> bool:
    named = list(inspect.signature(function).parameters.values())
    return bool(named) and (named[-1].name == "state" or "GroupState" in str(named[-1].annotation))


def accepts(function: Callable[..., Any], count: int) -> bool:
    """Whether it can be called with so many arguments; a decorator may have other parameters than what it wraps."""
    try:
        inspect.signature(function, follow_wrapped=False).bind(*range(count))
    except (TypeError, ValueError):
        return False
    return True


def _check_parameters(function: Callable[..., Any], parameters: tuple[str, ...]) -> None:
    if accepts(function, len(parameters)):
        return
    name, what = name_of(function), _pythons_words(function, len(parameters))
    line = function.__code__.co_firstlineno if isinstance(function, types.FunctionType) else None
    raise WrongParameters(what, f"Write def {name}({', '.join(parameters)}): …", line)


def _pythons_words(function: Callable[..., Any], count: int) -> str:
    """What Python says to a call with so many arguments. They do not fit, so nothing of the function runs, unless its
    signature lies: then what it does is its own error, as in any call."""
    try:
        function(*[None] * count)
    except TypeError as error:
        return str(error)
    return f"{name_of(function)} cannot be called with {count} arguments"
