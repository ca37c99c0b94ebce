"""What Spark refuses to do with a state, in words that say what to write instead. Lives here: those findings.

They stand beside Spark's own message, which for a setter names the wrong one.
"""

import math
import re
from collections.abc import Iterable
from typing import Any, Final

from engine.diagnostics import cures
from engine.diagnostics.finding import CallDiagnostic, Case, Diagnostic, Finding, Kind
from engine.model.source_lines import line_text
from engine.model.trace import BatchRan, FunctionCalled
from engine.views.words import key_text, moment_text, visible

#: The clock that each setter needs, and the timeout conf that brings it.
_SETTERS: Final = {
    "setTimeoutDuration": ("processing_time", "ProcessingTimeTimeout"),
    "setTimeoutTimestamp": ("watermark", "EventTimeTimeout"),
}
_OTHER: Final = {"setTimeoutDuration": "setTimeoutTimestamp", "setTimeoutTimestamp": "setTimeoutDuration"}
_BEHIND: Final = re.compile(r"earlier than the current watermark")
_PROPERTIES: Final = "exists|getOption|get|hasTimedOut|oldTimeoutTimestamp"


class WrongSetter(CallDiagnostic):
    """A timeout was set by the other clock than that of the timeout conf (SEMANTICS 2.5, 2.6)."""

    kind = Kind(
        "wrong-timeout-setter",
        "error",
        "A timeout was set with the setter of the other clock: Spark refuses it, and PySpark's message names the wrong setter.",
    )

    def see(self, index: int, call: FunctionCalled, batch: BatchRan) -> None:
        if _refusals(call):
            self.seen.add(index, len(self._wrong_in(call)))

    def told(self, call: FunctionCalled) -> Finding:
        setter, line = self._wrong_in(call)[0]
        conf = _SETTERS[setter][1]
        has_other_clock = self.case.trace.expires_by is not None
        in_force = _SETTERS[_OTHER[setter]][1] if has_other_clock else "NoTimeout"
        return self.of_first(
            f"{setter} needs {conf}, and the query has {in_force}",
            why="setTimeoutDuration counts by the processing time, setTimeoutTimestamp by the watermark, and the timeout "
            "conf of the query says which of the two there is. Spark raises an error for the other one, which ends the "
            "query; do not trust the setter that its message names.",
            fix=f"Call {_OTHER[setter]} here, or give the query {conf}."
            if has_other_clock
            else f"Give the query {conf}.",
            code=cures.set_timeout(self.case) if has_other_clock else f"GroupStateTimeout.{conf}",
            line=line,
        )

    def _wrong_in(self, call: FunctionCalled) -> list[tuple[str, int]]:
        """The setters that were refused for their clock, each with its line."""
        clock = self.case.trace.expires_by
        setters = ((operation[0], line) for operation, line in _refusals(call) if operation[0] in _SETTERS)
        return [(setter, line) for setter, line in setters if _SETTERS[setter][0] != clock]


class BehindWatermark(CallDiagnostic):
    """setTimeoutTimestamp with a time that the watermark has passed (SEMANTICS 2.7)."""

    kind = Kind(
        "timeout-behind-the-watermark",
        "error",
        "A timeout timestamp lies behind the watermark: Spark refuses it, and the query ends there.",
    )

    def see(self, index: int, call: FunctionCalled, batch: BatchRan) -> None:
        if _refusals(call):
            self.seen.add(index, len(_behind_in(call)))

    def told(self, call: FunctionCalled) -> Finding:
        asked, line = _behind_in(call)[0]
        batch = self.case.trace.batch_of(call)
        watermark = moment_text(batch.watermark_ms, batch.processing_time_ms)
        is_number = isinstance(asked, int | float) and math.isfinite(asked)
        given = moment_text(int(asked), batch.processing_time_ms) if is_number else visible(str(asked))
        return self.of_first(
            "A timeout was set behind the watermark",
            why=f"The call for {key_text(call.key)} asked for {given}, and the watermark was already at {watermark}. A row "
            "that is a little late, or a batch after a pause, is enough for that, and it ends the query for all keys.",
            fix="Never ask for less than the watermark: take the later of the two.",
            code=visible(_clamped(self.case, line)) if is_number else _clamp(self.case.source.state_name, "time_ms"),
            line=line,
        )


class PropertyCalled(Diagnostic):
    """`state.get()` and the like where they are properties (SEMANTICS 2.1)."""

    kind = Kind(
        "property-is-called",
        "error",
        "`state.get()`, `state.exists()` or `state.hasTimedOut()` is called in PySpark, where they are properties: it raises.",
    )

    def findings(self) -> Iterable[Finding]:
        trace, source = self.case.trace, self.case.source
        if trace.rows_as != "frames" or trace.has_variables or source.function is None:
            return
        state = re.escape(source.state_name)
        called = re.compile(rf"(?<![\w.])({state}\.({_PROPERTIES}))\s*\(\s*\)")
        found = [(line, use) for line in source.lines for use in called.finditer(line.text)]
        if not found:
            return
        line, use = found[0]
        failed = trace.error is not None and trace.error.line in {one.number for one, _ in found}
        written = line_text(self.case.scenario.code, line.number)
        yield self.finding(
            f"{visible(use.group(1))} is a property in PySpark, and is called here",
            why="In Scala these are methods; in PySpark they are properties that hold the answer itself, and Python cannot "
            f"call a {'tuple' if use.group(2).startswith('get') else 'bool'}: the query ends with a TypeError.",
            fix="Write it without the parentheses.",
            code=visible(called.sub(r"\1", written)),
            line=line.number,
            call_index=len(trace.calls) - 1 if failed and trace.calls else None,
            count=len(found),
        )


def _refusals(call: FunctionCalled) -> list[tuple[list[Any], int]]:
    """The operations of a call that raised an error, each with its line; the function may have caught it."""
    if max(map(len, call.operations), default=0) < 3:  # nearly no call: two findings ask, of every one
        return []
    pairs = zip(call.operations, call.operation_lines, strict=True)
    return [(operation, line) for operation, line in pairs if len(operation) > 2]


def _behind_in(call: FunctionCalled) -> list[tuple[Any, int]]:
    """What was asked for behind the watermark, each with its line."""
    return [
        (next(iter(operation[1]), None), line)
        for operation, line in _refusals(call)
        if operation[0] == "setTimeoutTimestamp" and _BEHIND.search(str(operation[2]["raises"]["message"]))
    ]


def _clamped(case: Case, line: int) -> str:
    """The function's own line with the clamp around its time, when that is one plain expression."""
    own = line_text(case.scenario.code, line)
    found = re.fullmatch(r"(\w+)\.setTimeoutTimestamp\(([^(),#]*(?:\([^()]*\)[^(),#]*)*)\)\s*(?:#.*)?", own)
    return _clamp(*found.groups()) if found else _clamp(case.source.state_name, "time_ms")


def _clamp(state: str, time: str) -> str:
    return f"{state}.setTimeoutTimestamp(max({time}, {state}.getCurrentWatermarkMs() + 1))"
