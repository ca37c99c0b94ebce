"""What two replays of the same scenario do not agree on. Lives here: that finding; the second replay is the runner's."""

import re
from collections.abc import Iterable
from typing import Final

from engine.diagnostics.finding import Diagnostic, Finding, Kind
from engine.model.trace import Trace
from engine.views.compare import Difference, compare
from engine.views.words import call_name, count_text, visible

#: What a call printed is nobody's result: a log line may tell the time.
_NO_RESULT: Final = "printed"
#: Where an object lies in memory, in the text of one that cannot be stored as it is.
_ADDRESS: Final = re.compile(r"\b0x[0-9a-f]+")
_TO_THE_END: Final = ("completed", "user_error")


def can_be_compared(trace: Trace, second: Trace) -> bool:
    """Whether both went as far as the function let them: one that was stopped at a limit says nothing about the rest."""
    return trace.ending in _TO_THE_END and second.ending in _TO_THE_END


class ReplaysDiffer(Diagnostic):
    """A second replay, later and with other chance, went otherwise; only where one was asked for."""

    kind = Kind(
        "replays-differ",
        "warning",
        "A second replay of these events went differently: wall clock, chance, the order of a set, or memory outside the state.",
    )

    def findings(self) -> Iterable[Finding]:
        trace, second = self.case.trace, self.case.second
        if second is None or not can_be_compared(trace, second):
            return
        found = [one for one in compare(second, trace).differences if _is_result(one)]
        if not found:
            return
        first = found[0]
        calls = {one.call_index for one in found}
        yield self.finding(
            f"A second replay went differently ({count_text(len(calls), 'call')})",
            why=f"{_told(first)} It had the same rows and the same times of its batches. Only the wall clock, random numbers "
            "and the order of sets (which Python does not promise) were different, and what the function keeps outside its "
            "state (variables of the module, default arguments, attributes) started afresh with each batch. After a "
            "failure Spark runs a batch again, and then this function gives a different answer.",
            fix="Use only the key, its rows, its state and the time of the batch; sort what comes out of a set.",
            call_index=first.call_index if first.call_index >= 0 else None,
            count=len(calls),
        )


def _is_result(one: Difference) -> bool:
    """Whether it is more than a log line, or an address. Texts that are equal were shortened before they differ."""
    is_address = one.before != one.now and _ADDRESS.sub("", one.before) == _ADDRESS.sub("", one.now)
    return one.what != _NO_RESULT and not is_address


def _told(first: Difference) -> str:
    if first.call_index < 0:
        return f"A call for {first.key} in batch {first.batch} was made in the second replay only."
    if not first.before:
        return f"{call_name(first.call_index).capitalize()}, for {first.key}, was not made in the second replay."
    what = f"{first.what} is {visible(first.now)}, and was {visible(first.before)} in the second replay"
    return f"{call_name(first.call_index).capitalize()}, for {first.key}: its {what}."
