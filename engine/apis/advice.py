"""Our own sentence beside an error that a user's code gets. Lives here: how it is put there; what it says does not."""

from typing import TypeVar

_AnError = TypeVar("_AnError", bound=BaseException)


def advised(error: _AnError, advice: str) -> _AnError:
    """The error with our own sentence, which the page shows beside Spark's."""
    error.advice = advice  # type: ignore[attr-defined]
    return error
