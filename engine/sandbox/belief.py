"""What is believed of an ending that a worker wrote itself: that a limit was reached, when the zygote saw it too.

Memory that is refused, and a call that prints or returns too much, leave no sign outside: there it is said who says so.
"""

from typing import Final, TypeVar

import msgspec

from engine.model.call_limits import RETURNED_TOO_MUCH, printed_too_much
from engine.model.lines import WatchedAnswer
from engine.model.trace import Ending, Trace
from engine.sandbox.limits import ENDINGS, Limit, Limits, refused_memory, with_size

#: What stands with a limit that nobody else can vouch for: before the program's own words, after ours.
_SAID: Final = "the program reported: "
_AS_SAID: Final = " (as the program reports)"

Result = TypeVar("Result")


def believed(answer: Result, seen: frozenset[Limit], limits: Limits) -> Result:
    """The answer, in which a limit that is not among those `seen` is told as the program's own word.

    Which limit it was and its size are told all the same. An ending by time that had not passed is an error of the function.
    """
    if not isinstance(answer, (Trace, WatchedAnswer)) or answer.error is None:
        return answer
    error, ending = with_size(answer.error, limits), answer.ending
    if _is_doubted(ending, seen):
        ending = "user_error" if ending == "time_limit" else ending
        said = error.message
        error = msgspec.structs.replace(error, message=said + _AS_SAID if _is_ours(said, limits) else _SAID + said)
    return msgspec.structs.replace(answer, ending=ending, error=error)


def _is_ours(words: str, limits: Limits) -> bool:
    """Whether these are the words for a limit that cannot be seen from outside, and not any that the program chose."""
    of_one_call = (printed_too_much(limits.printed_characters), RETURNED_TOO_MUCH)
    return words in of_one_call or words.startswith(refused_memory(limits))


def _is_doubted(ending: Ending, seen: frozenset[Limit]) -> bool:
    return ending in ENDINGS.values() and not any(ENDINGS[limit] == ending for limit in seen)
