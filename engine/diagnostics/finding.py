"""What a finding is, and what finds one. Lives here: the nouns, and the base of every diagnostic; no diagnostic does."""

from collections.abc import Iterable
from typing import ClassVar, Literal

import msgspec

from engine.diagnostics.source import Source
from engine.model.scenario import Scenario
from engine.model.trace import BatchRan, FunctionCalled, Trace

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
    """What a diagnostic may look at: the scenario, its trace, and the text of the source (which is never parsed).

    `second` is the trace of a second replay of the same scenario, under other circumstances; None when there was none.
    """

    scenario: Scenario
    trace: Trace
    source: Source
    second: Trace | None = None


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

    def finding(self, title: str, **fields: object) -> Finding:
        """A finding of this kind; `fields` as in Finding."""
        return msgspec.convert(
            {"id": self.kind.id, "severity": self.kind.severity, "title": title, **fields}, type=Finding
        )


class Tally:
    """How often something was seen in calls, and where first."""

    def __init__(self) -> None:
        self.count = 0
        self.first: int | None = None

    def add(self, index: int) -> None:
        self.count += 1
        if self.first is None:
            self.first = index
