"""The findings of a trace by their id; each id at most once."""

from engine.diagnostics import Finding, findings
from engine.model.trace import Trace


def found(trace: Trace) -> dict[str, Finding]:
    found = findings(trace)
    by_id = {finding.id: finding for finding in found}
    assert len(by_id) == len(found), "one finding for each kind, with its count"
    return by_id
