"""What a finding is, and what finds one. Lives here: the nouns, and the base of every diagnostic; no diagnostic does."""

from collections.abc import Iterable
from typing import ClassVar, Literal

import msgspec

from engine.diagnostics.source import Source
from engine.model.scenario import Scenario
from engine.model.trace import BatchRan, FunctionCalled, Trace
from engine.views.words import count_text

Severity = Literal["error", "warning", "note"]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to know about a function or its stream, with its place and its cure.

    `title` is one line, `why` says what it leads to, `fix` what to do; `code` is a line or two to add, "" where nothing
    can be added. `line` counts from 1 in the user's source. `call_index` is the first call that shows it, `trigger` the
    first trigger when no call does. `count` is how often it happened.
    """

    id: str
    severity: Severity
    title: str
    why: str
    fix: str
    code: str = ""
    line: int | None = None
    call_index: int | None = None
    trigger: int | None = None
    count: int = 1


class Kind(msgspec.Struct, frozen=True):
    """One row of the table of findings; `finds` is its line in docs/findings.md."""

    id: str
    severity: Severity
    finds: str


class Case(msgspec.Struct, frozen=True):
    """What a diagnostic may look at: a trace with its scenario, and the text of the source (which is never parsed).

    `second` is the trace of a second replay of the same scenario, under other circumstances; None when there was none.
    """

    trace: Trace
    source: Source
    second: Trace | None = None

    @property
    def scenario(self) -> Scenario:
        return self.trace.scenario


class Diagnostic:
    """Finds one kind of thing: is shown every call once, in order, and says then what it found.

    Nothing is asked about the API: the trace says which state and which timers a call left, and by which rule.
    """

    kind: ClassVar[Kind]

    def __init__(self, case: Case) -> None:
        self.case = case

    def see(self, index: int, call: FunctionCalled, batch: BatchRan) -> None:
        """Look at call `index`; also at those of a batch that was not committed."""

    def findings(self) -> Iterable[Finding]:
        """What was found; at most a few, each with how often it happened."""
        raise NotImplementedError

    def finding(
        self,
        title: str,
        *,
        why: str,
        fix: str,
        code: str = "",
        line: int | None = None,
        call_index: int | None = None,
        trigger: int | None = None,
        count: int = 1,
    ) -> Finding:
        """A finding of this kind; the rest as in Finding. A `line` of 0 is one that nobody knows."""
        return Finding(
            id=self.kind.id,
            severity=self.kind.severity,
            title=title,
            why=why,
            fix=fix,
            code=code,
            line=line or None,
            call_index=call_index,
            trigger=trigger,
            count=count,
        )


class Tally:
    """How often something was seen in calls, and in which call first: `first` says so once there is a `count`."""

    def __init__(self) -> None:
        self.count = 0
        self.first = -1

    def add(self, index: int, times: int = 1) -> None:
        if times and not self.count:
            self.first = index
        self.count += times


class CallDiagnostic(Diagnostic):
    """Finds what single calls show: `see` adds each of them to `seen`, and the first one is told."""

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.seen = Tally()

    def findings(self) -> Iterable[Finding]:
        found = self.told(self.case.trace.calls[self.seen.first]) if self.seen.count else None
        if found is not None:
            yield found

    def told(self, call: FunctionCalled) -> Finding | None:
        """The finding, with the first call that shows it; None when something else speaks against it."""
        raise NotImplementedError

    def of_first(
        self, title: str, *, why: str, fix: str, code: str = "", line: int | None = None, times: str = "time"
    ) -> Finding:
        """A finding with the first call, and how often it was seen; `times` is the noun for that."""
        counted = f"{title} ({count_text(self.seen.count, times)})"
        return self.finding(
            counted, why=why, fix=fix, code=code, line=line, call_index=self.seen.first, count=self.seen.count
        )


def times_given(call: FunctionCalled, name: str) -> list[tuple[int, int]]:
    """The whole number, in milliseconds, that each operation of this name was given, with its line; also when it was
    refused."""
    return [
        (operation[1][0], line)
        for operation, line in zip(call.operations, call.operation_lines, strict=True)
        if operation[0] == name and len(operation[1]) == 1 and type(operation[1][0]) is int
    ]


def last_line(call: FunctionCalled) -> int:
    """The line that was the last to do something to the state; 0 when the call did nothing."""
    return call.operation_lines[-1] if call.operation_lines else 0
