"""A trace as text that a beginner can read from top to bottom. Lives here: the order of its lines; its words are the page's.

Pure: a trace goes in, lines come out.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from engine.debugger import Step, Steps
from engine.model.trace import BatchRan, Ending, FunctionCalled, Trace
from engine.views.failures import Failure, failure_of
from engine.views.inspector import Inspection, inspect
from engine.views.lane_story import timeout_fates
from engine.views.quiet_steps import watermark_text
from engine.views.shown_rows import Table
from engine.views.words import (
    batch_name,
    count_text,
    due_name,
    key_text,
    moment_text,
    visible,
    visible_lines,
    waits_for_text,
)

_MAX_PENDING: Final = 10
_ENDINGS: Final[dict[Ending, str]] = {
    "user_error": "The function failed",
    "plan_error": "The query cannot be started",
    "time_limit": "The replay was stopped: its time is up",
    "memory_limit": "The replay was stopped: it used too much memory",
    "output_limit": "The replay was stopped: it recorded too much",
    "worker_died": "The process of the replay died",
}


def transcript(trace: Trace) -> str:
    """The whole trace as text: every batch with its clock, every call as Spark makes it, and how it ended."""
    return "".join(f"{line}\n" for line in transcript_lines(trace))


def transcript_lines(trace: Trace) -> Iterator[str]:
    """As `transcript`, line by line; a long trace is told while it is read."""
    heading = list(_heading(trace))
    if heading:
        yield from (*heading, "")
    steps = Steps(trace)
    for first, end in pairwise(steps.starts):
        yield from _trigger(trace, [steps.at(index) for index in range(first, end)])
        yield ""
    yield from _ending(trace)


def _heading(trace: Trace) -> Iterator[str]:
    for text in (trace.scenario.title, trace.scenario.about):
        if text:
            yield visible(text)
    yield from _printed(trace.printed_at_load)


def _trigger(trace: Trace, steps: list[Step]) -> Iterator[str]:
    """What one trigger brought, and its calls; or why nothing was called."""
    first = inspect(trace, steps[0])
    if steps[0].batch_index is None:
        yield f"{first.place}: no batch ran"
    else:
        batch = trace.batches[steps[0].batch_index]
        yield f"{first.place} · {_rows_that_came(batch)}{_watermark(trace, batch)}"
        yield from _rows("dropped", first.dropped, note=" (too late)")
        if not batch.committed:
            yield "  The batch failed: nothing of it is kept."
    for step in steps:
        if step.call_index is not None:
            yield from _call(trace, step, trace.calls[step.call_index])
    if steps[0].call_index is None:
        yield from (f"  {sentence}" for sentence in first.story)
        yield from _around(first)


def _rows_that_came(batch: BatchRan) -> str:
    return count_text(batch.input_rows, "row") if batch.input_rows else "no new data"


def _watermark(trace: Trace, batch: BatchRan) -> str:
    if trace.scenario.watermark is None:
        return ""
    return f" · watermark {watermark_text(batch.watermark_ms, batch.processing_time_ms)}"


def _call(trace: Trace, step: Step, call: FunctionCalled) -> Iterator[str]:
    inspection = inspect(trace, step)
    yield f"  {inspection.call}"
    if inspection.reason != "data":
        yield f"    {inspection.why}"
    if call.state_key is not None:
        yield f"    {inspection.story[0]}"
    for operation in inspection.operations:
        text = ", ".join(part for part in (operation.text, operation.note) if part)
        yield _labelled(f"line {operation.line}" if operation.line else "", text)
    if inspection.more_operations:
        yield _labelled("", f"… {inspection.more_operations:,} more operations")
    yield _labelled("state", _change(inspection))
    yield from _lost_timeout(trace, call)
    yield from _timers(inspection)
    yield from _around(inspection)
    yield from _rows("output", inspection.rows_out, none="no rows")
    yield from _printed(inspection.printed)
    if inspection.failure and call.error:  # else it was a later call, which never came back
        yield _labelled("fails", _told(inspection.failure))


def _change(inspection: Inspection) -> str:
    is_same = inspection.before == inspection.after
    return f"{inspection.after} (unchanged)" if is_same else f"{inspection.before} → {inspection.after}"


def _around(inspection: Inspection) -> Iterator[str]:
    """What init and close printed, and what the end of the batch took out of the store."""
    for around in inspection.lifecycle:
        yield from _printed(around.printed)
    if inspection.removed:
        yield _labelled("removed", inspection.removed)


def _timers(inspection: Inspection) -> Iterator[str]:
    """The timers before and after the call: those that it registered or ended have a sign."""
    signs = {"added": "+ ", "removed": "- "}
    timers = [f"{signs.get(timer.kind, '')}{timer.moment}" for timer in inspection.timers or ()]
    if timers:
        yield _labelled("timers", ", ".join(timers))


def _lost_timeout(trace: Trace, call: FunctionCalled) -> Iterator[str]:
    """A call with rows that sets no timeout cancels the one that was there, and nobody is told."""
    due_ms = call.before.timeout_ms
    if call.reason == "data" and not trace.has_variables and due_ms is not None and call.after.timeout_ms is None:
        yield _labelled("timeout", f"due {moment_text(due_ms, trace.batch_of(call).processing_time_ms)} → cancelled")


def _rows(label: str, table: Table, none: str = "", note: str = "") -> Iterator[str]:
    """One line a row, each cell with its column's name."""
    if not table.rows and none:
        yield _labelled(label, none)
    for number, cells in enumerate(table.rows):
        row = ", ".join(f"{name}={cell}" for name, cell in zip(table.names, cells, strict=True))
        yield _labelled("" if number else label, row + note)
    if table.more:
        yield _labelled("", f"… {count_text(table.more, 'more row')}")


def _printed(text: str) -> Iterator[str]:
    for number, line in enumerate(visible_lines(text).splitlines()):
        yield _labelled("" if number else "printed", line)


def _labelled(label: str, text: str) -> str:
    return f"    {label:<9}{text}"


def _ending(trace: Trace) -> Iterator[str]:
    failure = failure_of(trace)
    if failure is None:
        yield f"The stream ended after {count_text(len(trace.batches), 'batch', 'batches')}: {_totals(trace)}."
        yield from _pending(trace)
        return
    place = _place(trace, failure)
    yield f"{_ENDINGS[trace.ending]}{place}: {_told(failure)}"
    if failure.code_line:
        yield f"    {failure.line} | {failure.code_line}"
    if failure.advice:
        yield f"    {failure.advice}"


def _told(failure: Failure) -> str:
    return f"{failure.error_class}: {failure.message}" if failure.message else failure.error_class


def _place(trace: Trace, failure: Failure) -> str:
    """In which line, batch and call it happened, as far as that is known."""
    error = trace.error
    parts = [f" on line {failure.line}"] if failure.line else []
    if error is not None and error.batch_id is not None:
        parts.append(f" in {batch_name(error.batch_id)}")
        parts += [f" in the call for {key_text(error.key)}"] if error.key is not None else []
    return ",".join(parts)


def _totals(trace: Trace) -> str:
    rows = sum(len(call.output) for call in trace.calls)
    return f"{count_text(len(trace.calls), 'call')}, {count_text(rows, 'row')} of output"


def _pending(trace: Trace) -> Iterator[str]:
    """The timeouts that still wait: without another trigger they never fire."""
    pending = [timeout for timeout in timeout_fates(trace) if timeout.fate == "pending"]
    if not pending:
        return
    yield f"{count_text(len(pending), due_name(trace))} still {'waits' if len(pending) == 1 else 'wait'}:"
    now_ms = trace.batches[-1].processing_time_ms
    for timeout in pending[:_MAX_PENDING]:
        yield f"    {key_text(timeout.key)} waits for {waits_for_text(trace, timeout.due_ms, now_ms)}"
    if len(pending) > _MAX_PENDING:
        yield f"    … {len(pending) - _MAX_PENDING:,} more"
