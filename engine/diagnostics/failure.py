"""How a replay ended early. Lives here: the trace's error as a finding, so that it stands first in the list."""

from collections.abc import Iterable
from typing import Final

from engine.diagnostics.finding import Diagnostic, Finding, Kind
from engine.views.mending import advice_of
from engine.views.words import batch_name, call_name, visible

_TITLES: Final = {
    "plan_error": "Spark refuses the query",
    "time_limit": "Stopped: it ran longer than a replay may",
    "memory_limit": "Stopped: it asked for more memory than a replay may have",
    "output_limit": "Stopped: it wrote more than a replay may",
    "worker_died": "Stopped: the process of the replay died",
}


class QueryFailed(Diagnostic):
    """The error with which the trace ends."""

    kind = Kind(
        "query-failed",
        "error",
        "The function or the query failed, or a limit was reached: nothing after that was replayed.",
    )

    def findings(self) -> Iterable[Finding]:
        trace, error = self.case.trace, self.case.trace.error
        if error is None:
            return
        failed = len(trace.calls) - 1 if trace.calls and trace.calls[-1].error is not None else None
        last = trace.batches[-1] if trace.batches else None
        place = f" in {call_name(failed)}" if failed is not None else f" in {batch_name(last.batch_id)}" if last else ""
        yield self.finding(
            f"{_TITLES.get(trace.ending, visible(error.error_class))}{place}",
            why=visible(error.message) or "It gave no message.",
            fix=visible(advice_of(error, trace.scenario.code))
            or "Look at what the call was given, and at what it stored and returned.",
            line=error.line,
            call_index=failed,
            trigger=last.trigger if last and failed is None else None,
        )
