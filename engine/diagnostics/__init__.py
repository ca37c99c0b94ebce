"""From a trace to findings: what is wrong or surprising, why it matters, what to do. Reads traces and text, runs nothing."""

from engine.diagnostics.catalog import KINDS, findings, findings_of_two
from engine.diagnostics.finding import Finding, Kind, Severity
from engine.diagnostics.twice import can_be_compared

__all__ = ["KINDS", "Finding", "Kind", "Severity", "can_be_compared", "findings", "findings_of_two"]
