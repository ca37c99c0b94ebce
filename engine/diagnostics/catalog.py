"""All findings, one row each, in the order in which they are shown. Lives here: that table, and the pass over the calls."""

from typing import Final

from engine.diagnostics import (
    failure,
    nulls,
    processor,
    purity,
    refused,
    rows,
    state_kept,
    state_lost,
    timeouts,
    times,
    twice,
    versions,
)
from engine.diagnostics.finding import Case, Diagnostic, Finding, Kind
from engine.diagnostics.source import HANDLER, Source
from engine.model.trace import Trace
from engine.views.once import once_per_trace

DIAGNOSTICS: Final[tuple[type[Diagnostic], ...]] = (
    failure.QueryFailed,
    refused.WrongSetter,
    refused.BehindWatermark,
    refused.PropertyCalled,
    processor.HandlerNames,
    state_lost.ChangedWithoutUpdate,
    nulls.StoredAsNull,
    nulls.ColumnIsNull,
    purity.ReadTwice,
    processor.NullKeys,
    processor.ForgottenAttributes,
    timeouts.LostTimeout,
    timeouts.NeverAsksForTimeout,
    state_kept.ZombieTimeout,
    state_kept.TimedOutKept,
    state_kept.ForgottenByTutorial,
    state_kept.NeverRemoved,
    rows.LateRows,
    times.OddTimeout,
    times.OddDuration,
    times.OddEventTimes,
    twice.ReplaysDiffer,
    purity.ClockOrChance,
    purity.ModuleState,
    versions.VersionsDiffer,
    state_lost.NothingStored,
    state_kept.RowWithoutValue,
    timeouts.BranchNeverRan,
    processor.DueWhenSet,
    timeouts.PendingTimeouts,
    rows.NothingReturned,
)
KINDS: Final[tuple[Kind, ...]] = tuple(diagnostic.kind for diagnostic in DIAGNOSTICS)


@once_per_trace
def findings(trace: Trace) -> tuple[Finding, ...]:
    """What is to be known of a trace, errors first, then warnings, then notes. One pass over the calls, once a trace."""
    return _found(trace, DIAGNOSTICS)


def findings_of_two(trace: Trace, second: Trace) -> tuple[Finding, ...]:
    """The findings of a trace, with those of a second replay of its scenario that went otherwise."""
    differing = _found(trace, (twice.ReplaysDiffer,), second)
    order = [kind.id for kind in KINDS]
    return tuple(sorted((*findings(trace), *differing), key=lambda finding: order.index(finding.id)))


def _found(trace: Trace, diagnostics: tuple[type[Diagnostic], ...], second: Trace | None = None) -> tuple[Finding, ...]:
    called = HANDLER if trace.has_variables else trace.function_name
    case = Case(trace, Source(trace.scenario.code, called), second)
    running = [diagnostic(case) for diagnostic in diagnostics]
    watching = [one.see for one in running if type(one).see is not Diagnostic.see]
    for batch in trace.batches:
        for index in batch.call_indexes:
            call = trace.calls[index]
            for see in watching:
                see(index, call, batch)
    return tuple(finding for one in running for finding in one.findings())
