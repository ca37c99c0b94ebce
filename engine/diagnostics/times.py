"""Times that cannot be meant: seconds for milliseconds, a timeout in 1970, an event from the future. Lives here: those."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from engine.diagnostics import cures
from engine.diagnostics.finding import CallDiagnostic, Case, Diagnostic, Finding, Kind, times_given
from engine.model.trace import BatchRan, FunctionCalled, Trace
from engine.views.words import duration_text, key_text, moment_text

_YEAR_MS: Final = 366 * 86_400_000
_DAY_MS: Final = 86_400_000
#: As seconds these are the years 2001 to 2286; as milliseconds a few weeks of 1970.
_LIKE_SECONDS: Final = range(10**9, 10**10)
#: Milliseconds beyond the year 5000: microseconds were meant.
_TOO_LATE_MS: Final = 10**14
_SHORTEST_MS: Final = 1_000
_SLOW_STEP_MS: Final = 10_000
_LONGEST_MS: Final = 20 * _YEAR_MS


class OddTimeout(CallDiagnostic):
    """setTimeoutTimestamp with a moment that no event of the stream is near."""

    kind = Kind(
        "implausible-timeout",
        "warning",
        "A timeout timestamp in 1970 or far in the future: a watermark of 0, seconds or microseconds for milliseconds.",
    )

    def see(self, index: int, call: FunctionCalled, batch: BatchRan) -> None:
        if self.case.trace.expires_by == "watermark":
            self.seen.add(index, len(_odd_in(call, batch)))

    def told(self, call: FunctionCalled) -> Finding:
        batch = self.case.trace.batch_of(call)
        due_ms, line = _odd_in(call, batch)[0]
        due = moment_text(due_ms, batch.processing_time_ms)
        why, fix, code = _odd_reason(due_ms, batch, self.case)
        return self.of_first(
            f"A timeout for {due} is probably a mistake",
            why=f"The call for {key_text(call.key)} asked for {due}. {why}",
            fix=fix,
            code=code,
            line=line,
        )


class OddDuration(CallDiagnostic):
    """setTimeoutDuration with less than a second, or more than decades."""

    kind = Kind(
        "implausible-duration",
        "warning",
        "A timeout duration below a second or of decades: seconds or microseconds were given for milliseconds.",
    )

    def see(self, index: int, call: FunctionCalled, batch: BatchRan) -> None:
        self.seen.add(index, len(_hardly_meant_in(call)))

    def told(self, call: FunctionCalled) -> Finding | None:
        length_ms, line = _hardly_meant_in(call)[0]
        is_short = length_ms < _SHORTEST_MS
        if is_short and _is_in_slow_motion(self.case.trace):
            return None
        meant_ms = length_ms * 1000 if is_short else length_ms // 1000
        return self.of_first(
            f"A timeout of {duration_text(length_ms)} is probably a mistake",
            why=f"A number is taken as milliseconds. Perhaps you meant {duration_text(meant_ms)}.",
            fix="Write it so that the unit can be seen.",
            code=cures.set_duration(self.case, meant_ms),
            line=line,
        )


class OddEventTimes(Diagnostic):
    """Event times in 1970 or in the future, beside a processing time of today."""

    kind = Kind(
        "implausible-event-time",
        "warning",
        "Event times in 1970 (seconds for milliseconds) or in the future, while the processing time is not.",
    )

    def findings(self) -> Iterable[Finding]:
        for batch in self.case.trace.batches:
            times = batch.event_times
            if times is None:
                continue
            if times.max_ms in _LIKE_SECONDS and batch.processing_time_ms not in _LIKE_SECONDS:
                yield self._seconds(batch, times.max_ms)
                return
            if _is_recent(batch.processing_time_ms) and times.max_ms > batch.processing_time_ms + _DAY_MS:
                yield self._future(batch, times.max_ms)
                return

    def _seconds(self, batch: BatchRan, time_ms: int) -> Finding:
        column = self._column()
        return self.finding(
            "Event times lie in 1970",
            why=f"The latest of this batch is {moment_text(time_ms)}. Numbers in {column} are taken as milliseconds; as "
            f"seconds it would be {moment_text(time_ms * 1000)}. The watermark stays in 1970 with them.",
            fix=f"Multiply {column} by 1000, or write it as a date and time.",
            trigger=batch.trigger,
        )

    def _future(self, batch: BatchRan, time_ms: int) -> Finding:
        now_ms = batch.processing_time_ms
        return self.finding(
            "An event comes from the future",
            why=f"A row says {moment_text(time_ms, now_ms)}, but the batch ran at {moment_text(now_ms)}. It moves the "
            "watermark to its own time, and every correct row after it may be dropped as late.",
            fix="Look for a wrong clock, unit or time zone, and filter such rows before the watermark.",
            trigger=batch.trigger,
        )

    def _column(self) -> str:
        watermark = self.case.scenario.watermark
        return watermark.column if watermark else "the event-time column"


def _odd_in(call: FunctionCalled, batch: BatchRan) -> list[tuple[int, int]]:
    """The timeout timestamps of a call that cannot be meant, in milliseconds, each with its line."""
    return [given for given in times_given(call, "setTimeoutTimestamp") if _is_odd(given[0], batch)]


def _hardly_meant_in(call: FunctionCalled) -> list[tuple[int, int]]:
    """The same of timeout durations."""
    given = times_given(call, "setTimeoutDuration")
    return [one for one in given if 0 < one[0] < _SHORTEST_MS or one[0] > _LONGEST_MS]


def _is_recent(time_ms: int) -> bool:
    return time_ms >= _YEAR_MS


def _is_in_slow_motion(trace: Trace) -> bool:
    """Whether the stream counts from 0, by seconds at most: then a timeout of milliseconds is as meant as its batches."""
    times_ms = [batch.processing_time_ms for batch in trace.batches]
    steps_ms = [later - earlier for earlier, later in pairwise(times_ms)]
    return bool(steps_ms) and not _is_recent(times_ms[-1]) and max(steps_ms) <= _SLOW_STEP_MS


def _is_odd(time_ms: int, batch: BatchRan) -> bool:
    """Far from everything that the batch knows of time: its clock, its watermark, its events."""
    event_ms = batch.event_times.max_ms if batch.event_times else 0
    knows_today = _is_recent(max(batch.processing_time_ms, batch.watermark_ms, event_ms))
    return (knows_today and not _is_recent(time_ms)) or time_ms >= _TOO_LATE_MS


def _odd_reason(time_ms: int, batch: BatchRan, case: Case) -> tuple[str, str, str]:
    """Why it matters, what to do, and the line for it."""
    state = case.source.state_name
    if time_ms >= _TOO_LATE_MS:
        why = "Timestamps are milliseconds since 1970; this one looks like microseconds, and will never be reached."
        return why, "Divide by 1000.", f"{state}.setTimeoutTimestamp(event_time_us // 1000)"
    if time_ms in _LIKE_SECONDS:
        why = f"Timestamps are milliseconds since 1970; as seconds it would be {moment_text(time_ms * 1000)}."
        return why, "Multiply by 1000.", f"{state}.setTimeoutTimestamp(int(event_time_s * 1000))"
    clamp = cures.event_time_timeout(case)
    if batch.watermark_ms == 0:
        why = "In the first batch the watermark is still 0, that is 1970, so the timeout fires as soon as it moves."
        return why, "Count from the row's event time, not from the watermark alone.", clamp
    return "It is long past: it fires at once, or is refused.", "Count from the row's event time.", clamp
