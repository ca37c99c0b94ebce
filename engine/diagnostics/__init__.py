"""From a trace to findings: what is wrong or surprising, why it matters, what to do. Reads traces and text, runs nothing."""

from engine.diagnostics.catalog import KINDS, findings, findings_of_two
from engine.diagnostics.finding import Finding, Kind, Severity

__all__ = ["KINDS", "Finding", "Kind", "Severity", "findings", "findings_of_two"]
