"""The pipe through which a worker that cannot end its trace still tells the user's line, or why it broke. Worker's side.

Stacks are written as faulthandler writes them, which does so even while C code runs, or as Python crashes.
"""

import faulthandler
import os
from contextlib import suppress
from typing import Final

from engine.apis.user_code import USER_FILE, user_lines
from engine.sandbox.channel import HARDENED, WHERE_ARE_YOU
from engine.sandbox.kernel import LAST_WORDS

_CONTEXT_OF: Final = vars(BaseException)["__context__"].__get__


def say_hardened() -> None:
    """From here on nobody can claim that this process could not be hardened. Raises OSError."""
    os.write(LAST_WORDS, HARDENED)


def say(words: str) -> None:
    with suppress(OSError):  # the pipe is full, so the server has enough to read; or the function has closed it
        os.write(LAST_WORDS, _encoded(words))


def say_why(error: BaseException, pipes: tuple[int, ...]) -> None:
    """Why nothing could be replayed, into the first of these that is open: the pipe may have found its place or not."""
    for pipe in pipes:
        with suppress(OSError):  # this one is closed
            os.write(pipe, _encoded(f"{type(error).__name__}: {error}"))
            return


def _encoded(words: str) -> bytes:
    return words.encode(errors="backslashreplace")


def say_line(line: int) -> None:
    """The line of the user's source that was the last to run."""
    say(f'(most recent call first):\n  File "{USER_FILE}", line {line} in it\n')


def say_line_of(error: BaseException | None) -> None:
    """The innermost line of the user's source in the error, or in what led to it."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:  # what led to it may be itself, where somebody said so
        lines = user_lines(error)
        if lines:
            say_line(lines[-1][0])
            return
        seen.add(id(error))
        error = _CONTEXT_OF(error)


def say_stack_when_asked() -> None:
    """Also while C code runs, and when Python crashes."""
    faulthandler.enable(LAST_WORDS, all_threads=False)
    faulthandler.register(WHERE_ARE_YOU, LAST_WORDS, all_threads=False)
