"""Everything that is known of one step, as text: what the inspector draws. Lives here: that view; sentences do not.

Texts are plain: whoever draws them must not read them as HTML or Markdown.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from engine.debugger.steps import Step
from engine.model.rules import RULES
from engine.model.state import KeyState
from engine.model.trace import BatchRan, FunctionCalled, Trace
from engine.views import quiet_steps, story
from engine.views.differences import Difference, difference
from engine.views.failures import Failure, failure, failure_of
from engine.views.key_changes import TimerChange, VariableChange, timer_changes, variable_changes
from engine.views.lifecycle import Around, around, removed_by
from engine.views.operations import MAX_OPERATIONS, Operation, operations
from engine.views.shown_rows import Table, call_as_made, input_table, rows_table
from engine.views.state_words import remembered
from engine.views.variables import with_names
from engine.views.words import (
    batch_name,
    count_text,
    due_name,
    key_text,
    long_text,
    moment_text,
    times_of,
    waits_for_text,
)

_STATE_LIMIT: Final = 160


class Fact(msgspec.Struct, frozen=True):
    """A named line, such as "watermark" "10:02"."""

    name: str
    text: str


class Inspection(msgspec.Struct, frozen=True, kw_only=True):
    """One step. What does not apply is empty, so that a drawing keeps its places.

    `variables` are the state variables by name, where there are any; `before`, `after` and `difference` are of all of them.
    `timers` are those before and after, the earliest first, None where a key has at most one timeout. `lifecycle` is what
    was called around the step, `removed` what the end of the batch took out of the store.
    """

    title: str
    place: str
    reason: str
    why: str
    story: tuple[str, ...]
    call: str = ""
    key: str = ""
    before: str = ""
    before_exists: bool = False
    after: str = ""
    after_exists: bool = False
    difference: Difference = Difference()
    variables: tuple[VariableChange, ...] = ()
    timers: tuple[TimerChange, ...] | None = None
    lifecycle: tuple[Around, ...] = ()
    removed: str = ""
    operations: tuple[Operation, ...] = ()
    more_operations: int = 0
    rows_in: Table = Table()
    rows_out: Table = Table()
    dropped: Table = Table()
    printed: str = ""
    printed_at_load: str = ""
    facts: tuple[Fact, ...] = ()
    rules: tuple[str, ...] = ()
    failure: Failure | None = None


def inspect(trace: Trace, step: Step) -> Inspection:
    """The step in words and small tables; costs about a millisecond, however long the trace is."""
    inspection = _inspect(trace, step)
    return (
        msgspec.structs.replace(inspection, printed_at_load=printed_at_load(trace)) if step.index == 0 else inspection
    )


def _inspect(trace: Trace, step: Step) -> Inspection:
    if step.batch_index is None:
        return _trigger_without_batch(trace, step)
    batch = trace.batches[step.batch_index]
    if step.call_index is None:
        return _batch_without_calls(trace, step, batch)
    return _call(trace, step, batch, step.call_index)


def printed_at_load(trace: Trace) -> str:
    """What the module printed before any call; it is shown with the first step."""
    return long_text(trace.printed_at_load)


def _call(trace: Trace, step: Step, batch: BatchRan, call_index: int) -> Inspection:
    call = with_names(trace, trace.calls[call_index])
    is_last = call_index == len(trace.calls) - 1
    return Inspection(
        title=f"Call {call_index + 1:,} of {len(trace.calls):,}",
        place=_place(trace, batch),
        reason=call.reason,
        why=story.why_called(trace, batch, call),
        story=story.of_call(trace, batch, call_index, call),
        call=call_as_made(trace, batch, call),
        key=key_text(call.stored_under),
        before=_state(trace, call.before),
        before_exists=call.before.exists,
        after=_state(trace, call.after),
        after_exists=call.after.exists,
        difference=difference(call.before, call.after),
        variables=tuple(variable_changes(trace, batch, call)),
        timers=timer_changes(trace, batch, call) if trace.has_variables else None,
        lifecycle=around(trace, step),
        removed=removed_by(trace, step),
        operations=tuple(operations(trace, batch, call)),
        more_operations=max(0, len(call.operations) - MAX_OPERATIONS),
        rows_in=_rows_in(trace, batch, call),
        rows_out=rows_table(trace.output_names, call.output, len(call.output)),
        dropped=input_table(trace, batch, [row.row_index for row in batch.dropped]),
        printed=long_text(call.printed),
        facts=(*_timeout_facts(trace, batch, call), *_clock_facts(trace, batch)),
        rules=_rules(call.rule, call.state_rule),
        failure=failure(trace, call.error) if call.error else failure_of(trace) if is_last else None,
    )


def _rows_in(trace: Trace, batch: BatchRan, call: FunctionCalled) -> Table:
    if call.reason == "initial_state":
        given = trace.rows_of(call)
        names = tuple(given[0]) if given else ()
        return rows_table(names, [list(row.values()) for row in given], len(given))
    return input_table(trace, batch, call.row_indexes)


def _batch_without_calls(trace: Trace, step: Step, batch: BatchRan) -> Inspection:
    return Inspection(
        title=f"{batch_name(batch.batch_id).capitalize()}: nothing was called",
        place=_place(trace, batch),
        reason="no call",
        why=quiet_steps.why_nothing_was_called(batch),
        story=quiet_steps.of_batch(trace, batch),
        lifecycle=around(trace, step),
        removed=removed_by(trace, step),
        dropped=input_table(trace, batch, [row.row_index for row in batch.dropped]),
        facts=_clock_facts(trace, batch),
        rules=_rules(batch.rule, *(row.rule for row in batch.dropped[:1])),
        failure=None if batch.committed else failure_of(trace),
    )


def _trigger_without_batch(trace: Trace, step: Step) -> Inspection:
    time_ms = trace.scenario.batches[step.trigger].processing_time_ms
    return Inspection(
        title="No batch ran",
        place=f"trigger {step.trigger + 1:,} · {moment_text(time_ms, trace.start_ms)}",
        reason="no batch",
        why="The trigger fired, but Spark had nothing to do.",
        story=quiet_steps.of_trigger(trace, step.trigger),
    )


def _place(trace: Trace, batch: BatchRan) -> str:
    restarted = " · after a restart" if batch.trigger in trace.scenario.restart_before else ""
    return f"{batch_name(batch.batch_id)} · {moment_text(batch.processing_time_ms, trace.start_ms)}{restarted}"


def _state(trace: Trace, state: KeyState) -> str:
    if not state.exists:
        return f"only {'timers' if trace.has_variables else 'a timeout'}, no value" if state.stored else "nothing"
    return remembered(state, _STATE_LIMIT, times_of(trace))


def _timeout_facts(trace: Trace, batch: BatchRan, call: FunctionCalled) -> Iterable[Fact]:
    """The timeout of a key before and after; timers have a place of their own."""
    if trace.expires_by is None:
        return (Fact(due_name(trace) + ("s" if trace.has_variables else ""), "the query has none"),)
    if trace.has_variables:
        return ()
    before_ms, after_ms, now_ms = call.before.timeout_ms, call.after.timeout_ms, batch.processing_time_ms
    return (
        Fact("timeout before", "none" if before_ms is None else f"due {moment_text(before_ms, now_ms)}"),
        Fact("timeout after", "none" if after_ms is None else f"waits for {waits_for_text(trace, after_ms, now_ms)}"),
    )


def _clock_facts(trace: Trace, batch: BatchRan) -> tuple[Fact, ...]:
    """The clock of the batch, and with a watermark both of its watermarks (SEMANTICS 0.12)."""
    now_ms = batch.processing_time_ms
    clock = Fact("processing time", moment_text(now_ms, trace.start_ms))
    if trace.scenario.watermark is None:
        return (clock,)
    late = count_text(len(batch.dropped), "row")
    return (
        clock,
        Fact("watermark", quiet_steps.watermark_text(batch.watermark_ms, now_ms)),
        Fact("late if at or before", f"{quiet_steps.watermark_text(batch.late_watermark_ms, now_ms)} · {late} dropped"),
    )


def _rules(*ids: str) -> tuple[str, ...]:
    """The rules that the step followed, each with its number."""
    named = [RULES[rule_id] for rule_id in ids if rule_id in RULES]
    return tuple(f"{rule.sentence} (rule {rule.section})" for rule in named)
