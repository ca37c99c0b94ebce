"""Objects of a user's code, looked at from outside. Lives here: what can safely be asked of any of them, and what passes through.

Their methods are their author's: they may raise, exit, never end, or lie about what they are.
"""

from collections.abc import Callable
from typing import Any, Final

from engine.model.trace import Ending

_MOST_OF_A_NAME: Final = 300
_NAME_OF_CLASS: Final[Callable[[type], str]] = vars(type)["__name__"].__get__


class LimitReached(BaseException):
    """Raised into the user's code when a limit of the runner is reached; a BaseException, so that `except Exception`
    does not swallow it. Whoever catches all that a user's object may raise lets this one pass."""

    def __init__(
        self, ending: Ending, message: str, advice: str = "Look for a loop that never ends at this line"
    ) -> None:
        super().__init__(message)
        self.ending: Ending = ending
        self.advice = advice


def class_name(value: Any) -> str:
    """The name of a value's class, whatever its metaclass says in its place; the beginning of one that is very long."""
    return beginning(_NAME_OF_CLASS(type(value)), _MOST_OF_A_NAME)


def beginning(text: str, most: int) -> str:
    """At most so many characters, as a plain str: a subclass of str may say anything in their place."""
    return str.__getitem__(text, slice(most))
