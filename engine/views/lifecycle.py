"""What Spark calls of a processor besides its keys, and what the end of a batch removes. Lives here: those lines, by step."""

from collections.abc import Iterator
from typing import Final

from engine.debugger.steps import Step, Steps
from engine.model.trace import DRIVER, BatchRan, EntryRemoved, FunctionCalled, Trace
from engine.views.once import once_per_trace
from engine.views.scene import entry_text
from engine.views.words import count_text, cut, joined_text, key_text, visible

_MOST_LINES: Final = 8
_MOST_REMOVED: Final = 5
_PRINTED_LIMIT: Final = 200
_NAMES_LIMIT: Final = 100


def lines(trace: Trace, step: Step) -> tuple[str, ...]:
    """What belongs to a step besides its own call, in order; () for a function that has no life of its own."""
    if trace.state_shape != "variables" or step.batch_index is None:
        return ()
    batch = trace.batches[step.batch_index]
    beside = _steps(trace).calls_beside(step)
    told = [line for index in beside if index != step.call_index for line in _line(trace, trace.calls[index])]
    if not beside or beside[-1] == batch.first_call + batch.call_count - 1:
        told += _removed(batch)
    if len(told) > _MOST_LINES:
        told[_MOST_LINES - 1 :] = [f"… {len(told) - _MOST_LINES + 1:,} more, the same in the other partitions"]
    return tuple(told)


@once_per_trace
def _steps(trace: Trace) -> Steps:
    return Steps(trace)


def _line(trace: Trace, call: FunctionCalled) -> Iterator[str]:
    printed = f" It printed: {cut(visible(call.printed.strip()), _PRINTED_LIMIT)}" if call.printed.strip() else ""
    yield f"{_what(trace, call)}{printed}"


def _what(trace: Trace, call: FunctionCalled) -> str:
    where = f" in partition {call.partition}" if trace.scenario.shuffle_partitions > 1 else ""
    if call.partition == DRIVER:
        if call.reason == "init":
            return f"init(handle) on the driver, before the first batch: Spark learns of {_declared(call)}."
        return "close() on the driver: that copy of the processor is gone."
    if call.reason == "init":
        return (
            f"init(handle){where}: a fresh copy of the processor for this batch. What earlier batches set on self is gone;"
            f" {_declared(call)} {'is' if len(call.operations) == 1 else 'are'} there again."
        )
    return f"close(){where}: the copy is thrown away, with all that was set on self."


def _declared(call: FunctionCalled) -> str:
    """The state variables that `init` asked the handle for."""
    names = [visible(str(operation[1][0])) for operation in call.operations if operation[1]]
    return joined_text(names, len(names), _NAMES_LIMIT) if names else "no state variable"


def _removed(batch: BatchRan) -> Iterator[str]:
    """What the end of the batch took out of the store."""
    if not batch.removed:
        return
    shown = (_entry(removed) for removed in batch.removed[:_MOST_REMOVED])
    told = joined_text(shown, len(batch.removed), 240)
    removed = count_text(len(batch.removed), "value")
    yield f"The batch took {removed} out of the store, whose time was over or whose variable was deleted: {told}."


def _entry(removed: EntryRemoved) -> str:
    return f"{entry_text(removed.entry)} of {key_text(removed.key)}"
