"""The lines of code that findings tell people to add. Lives here: those lines, in the words of the user's own function."""

from typing import Final

from engine.diagnostics.finding import Case
from engine.views.variables import declared_variables
from engine.views.words import duration_text

#: How the source shows that it expects a timeout, or a timer.
ASKS_HAS_TIMED_OUT: Final = r"\bhasTimedOut\b"
HANDLES_TIMERS: Final = r"\bdef\s+handleExpiredTimer\b"


def remove_when_timed_out(case: Case) -> str:
    """The line below the question whether it has timed out; with the question when the source does not ask."""
    if case.trace.has_variables:
        return f"def handleExpiredTimer(self, key, timerValues, expiredTimerInfo):\n    self.{_variable(case)}.clear()"
    if case.source.has(ASKS_HAS_TIMED_OUT):
        return f"{case.source.state_name}.remove()"
    return ask_whether_timed_out(case)


def ask_whether_timed_out(case: Case) -> str:
    """The question, with what to do when the answer is yes."""
    state = case.source.state_name
    return f"if {state}.hasTimedOut:\n    {state}.remove()\n    return []"


def update(case: Case) -> str:
    """Storing a value: PySpark takes the fields of the state as a tuple."""
    if case.trace.has_variables:
        return f"self.{_variable(case)}.update((value,))"
    value = "(value,)" if case.trace.rows_as == "frames" else "value"
    return f"{case.source.state_name}.update({value})"


def now_ms(case: Case) -> str:
    """The time of the batch."""
    if case.trace.has_variables:
        return "now_ms = timerValues.getCurrentProcessingTimeInMs()"
    return f"now_ms = {case.source.state_name}.getCurrentProcessingTimeMs()"


def set_duration(case: Case, length_ms: int) -> str:
    """A timeout by processing time: PySpark takes milliseconds only (SEMANTICS 2.4)."""
    if case.trace.has_variables:
        return f"self.handle.registerTimer(timerValues.getCurrentProcessingTimeInMs() + {length_ms:_})"
    length = f"{length_ms:_}" if case.trace.rows_as == "frames" else f'"{duration_text(length_ms)}"'
    return f"{case.source.state_name}.setTimeoutDuration({length})"


def set_timeout(case: Case) -> str:
    """A timeout of ten minutes by the clock of the query; never before the watermark, which Spark refuses."""
    return event_time_timeout(case) if case.trace.expires_by == "watermark" else set_duration(case, 600_000)


def event_time_timeout(case: Case) -> str:
    """A timeout ten minutes after an event, or after the watermark where that is later."""
    if case.trace.has_variables:
        return "self.handle.registerTimer(event_time_ms + 600_000)"
    state = case.source.state_name
    return f"{state}.setTimeoutTimestamp(max(event_time_ms, {state}.getCurrentWatermarkMs()) + 600_000)"


def return_rows(case: Case) -> str:
    """A row, as the function has to give it out."""
    if case.trace.rows_as == "frames":
        return 'yield pd.DataFrame({"key": [key[0]], "value": [value]})'
    return "yield Row(key=key[0], value=value)" if case.trace.has_variables else "return [(key, value)]"


def _variable(case: Case) -> str:
    """A state variable of the processor's own, as it is declared."""
    return next(iter(declared_variables(case.trace)), "count")
