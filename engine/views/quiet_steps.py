"""Why nothing was called, in plain words. Lives here: batches without a call, and triggers without a batch."""

from engine.model import rules
from engine.model.trace import BatchRan, Trace
from engine.views.lane_story import timeout_fates
from engine.views.timeouts import TimeoutFate
from engine.views.words import count_text, due_name, key_text, moment_text, waits_for_text

_NO_DATA_BATCHES = "spark.sql.streaming.noDataMicroBatches.enabled"


def watermark_text(watermark_ms: int, beside_ms: int) -> str:
    """A watermark; 0 is where it starts (SEMANTICS 0.7)."""
    return moment_text(watermark_ms, beside_ms) if watermark_ms else "not set yet (1970)"


def why_nothing_was_called(batch: BatchRan) -> str:
    """One sentence about a batch that called nothing."""
    if not batch.input_rows:
        return "No rows came."
    return f"{count_text(batch.input_rows, 'row')} came, but the function was called for none of them."


def of_batch(trace: Trace, batch: BatchRan) -> tuple[str, ...]:
    """Why the batch ran, and why it called nothing."""
    if not batch.committed:
        return ("The batch failed before any call had finished: nothing of it is kept.",)
    rule = rules.RULES.get(batch.rule)
    told = _all_late(batch) if batch.dropped else [rule.sentence] if rule else []
    if trace.expires_by is not None:
        told.append(_nothing_due(trace, batch))
    return tuple(told)


def of_trigger(trace: Trace, trigger: int) -> tuple[str, ...]:
    """Why a trigger ran no batch: there was no data, and (SEMANTICS 0.2 to 0.5) nothing else asked for one."""
    return ("No new data had arrived.", _why_no_batch(trace, trigger))


def _all_late(batch: BatchRan) -> list[str]:
    now_ms = batch.processing_time_ms
    late = watermark_text(batch.late_watermark_ms, now_ms)
    return [
        f"All rows of the batch came too late and were dropped: {count_text(len(batch.dropped), 'row')}.",
        f"A row is late when its event time is at or before the watermark of the batch before, here {late}"
        f" (this batch's own is {watermark_text(batch.watermark_ms, now_ms)}).",
    ]


def _nothing_due(trace: Trace, batch: BatchRan) -> str:
    name = due_name(trace)
    waiting = [timeout for timeout in timeout_fates(trace) if _is_pending(timeout, batch.first_call)]
    if not waiting:
        return f"No key has a {name} to wait for."
    first = min(waiting, key=lambda timeout: timeout.due_ms)
    waits = waits_for_text(trace, first.due_ms, batch.processing_time_ms)
    return f"No {name} was due: the next one, of {key_text(first.key)}, waits for {waits}."


def _is_pending(timeout: TimeoutFate, call_index: int) -> bool:
    """Whether the timeout stands when this call begins."""
    return timeout.set_by < call_index and (timeout.ended_by is None or timeout.ended_by >= call_index)


def _why_no_batch(trace: Trace, trigger: int) -> str:
    name = due_name(trace)
    restarts = [index for index in trace.scenario.restart_before if index <= trigger]
    run_began = max(restarts, default=0)
    if not any(run_began <= batch.trigger < trigger for batch in trace.batches):
        if restarts:
            return f"The query was restarted, and after a restart {name}s wait until a batch with new data has run."
        return "Before the first batch with data there is nothing that could become due, so Spark runs no batch."
    if str(trace.scenario.conf.get(_NO_DATA_BATCHES, True)).lower() != "true":
        return f"{_NO_DATA_BATCHES} is off: {name}s fire only inside the next batch that has data."
    if trace.expires_by == "watermark":
        return f"The watermark has not moved since the last batch, so no {name} can have become due."
    return f"The query has no {name}s, so there is nothing else to run a batch for."
