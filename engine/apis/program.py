"""A file that is run as a program: what stands under `if __name__ == "__main__"` is its job. Child side only."""

import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

from engine.apis.spark_names.said import handover
from engine.apis.user_code import UserCode, UserCodeFailed, load_code

#: What a module is called that is run as a program.
MAIN: Final = "__main__"
_MOST_ARGUMENTS: Final = 5
_MADE_UP: Final = "1"
_WANTS_ARGUMENTS: Final = ("SystemExit", "IndexError")


def load_as_program(source: str, find: Callable[[Mapping[str, Any]], Any], names: Mapping[str, Any]) -> UserCode:
    """Load the source as `python job.py` would. One that ends itself for want of arguments is given some, one by one.

    Raises UserCodeFailed, as load_code does.
    """
    arguments = sys.argv
    try:
        for count in range(_MOST_ARGUMENTS):
            try:
                return _loaded(source, find, names, count)
            except UserCodeFailed as failed:
                if failed.error.error_class not in _WANTS_ARGUMENTS or count == _MOST_ARGUMENTS - 1:
                    raise
    finally:
        sys.argv = arguments
    raise AssertionError("the last try returns or raises")


def _loaded(
    source: str, find: Callable[[Mapping[str, Any]], Any], names: Mapping[str, Any], argument_count: int
) -> UserCode:
    handover.begin()
    if argument_count:
        handover.guesses.append(f"It needs arguments: each of them is {_MADE_UP} here")
    sys.argv = ["job.py", *[_MADE_UP] * argument_count]
    return load_code(source, find, {**names, "__name__": MAIN})
