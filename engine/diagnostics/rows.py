"""Rows that did not arrive, and rows that did not leave. Lives here: findings about input and output as a whole."""

from collections.abc import Iterable

from engine.diagnostics import cures
from engine.diagnostics.finding import Case, Diagnostic, Finding, Kind
from engine.model.trace import BatchRan, FunctionCalled
from engine.views.words import count_text, moment_text


class LateRows(Diagnostic):
    """Rows at or before the watermark of the batch before theirs (SEMANTICS 0.12)."""

    kind = Kind(
        "late-rows-were-dropped",
        "warning",
        "Rows came too late and never reached the function; says how many, by which watermark, and the batch's own.",
    )

    def findings(self) -> Iterable[Finding]:
        late = [batch for batch in self.case.trace.batches if batch.dropped]
        if not late:
            return
        first, count = late[0], sum(len(batch.dropped) for batch in late)
        now_ms, watermark = first.processing_time_ms, self.case.scenario.watermark
        yield self.finding(
            f"{count_text(count, 'late row')} never reached the function",
            why="Spark drops rows whose event time is at or before the watermark of the batch before. In the first such "
            f"batch that was {moment_text(first.late_watermark_ms, now_ms)}; the batch's own watermark, which decides "
            f"about timeouts, is {moment_text(first.watermark_ms, now_ms)}.",
            fix=f"If such rows must count, allow for a longer delay than {watermark.delay if watermark else '0'}.",
            trigger=first.trigger,
            count=count,
        )


class NothingReturned(Diagnostic):
    """Many calls and not one row."""

    kind = Kind(
        "nothing-is-returned",
        "note",
        "The function was called with data and never returned a row.",
    )

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self._returned = False
        self._calls = 0

    def see(self, index: int, call: FunctionCalled, batch: BatchRan) -> None:
        self._calls += call.reason == "data"
        self._returned = self._returned or bool(call.output)

    def findings(self) -> Iterable[Finding]:
        if self._returned or not self._calls or self.case.trace.ending != "completed":
            return
        yield self.finding(
            "No call returned a row",
            why=f"The function was called {count_text(self._calls, 'time')} with data, and the query wrote nothing.",
            fix="Return rows in a list, or yield them. If it only raises alarms, give it a stream with a reason for one.",
            code=cures.return_rows(self.case),
            call_index=0,
        )
