"""What is believed of an ending that a worker wrote itself: that a limit was reached, when the zygote saw it too."""

from typing import Final, TypeVar

import msgspec

from engine.model.lines import WatchedAnswer
from engine.model.trace import Ending, Trace
from engine.sandbox.limits import ENDINGS, Limit

#: What stands before the words of a worker that nobody else can vouch for.
REPORTED: Final = "the program reported: "

Result = TypeVar("Result")


def believed(answer: Result, seen: frozenset[Limit]) -> Result:
    """The answer, in which a limit that is not among those `seen` is told as the program's own word.

    Memory that was refused and a call that printed too much leave no sign outside, so these endings stay as they are told.
    Time does: an ending by time that had not passed is an error of the function.
    """
    if not isinstance(answer, (Trace, WatchedAnswer)) or answer.error is None or not _is_doubted(answer.ending, seen):
        return answer
    error = msgspec.structs.replace(answer.error, message=REPORTED + answer.error.message)
    ending: Ending = "user_error" if answer.ending == "time_limit" else answer.ending
    return msgspec.structs.replace(answer, ending=ending, error=error)


def _is_doubted(ending: Ending, seen: frozenset[Limit]) -> bool:
    return ending in ENDINGS.values() and not any(ENDINGS[limit] == ending for limit in seen)
