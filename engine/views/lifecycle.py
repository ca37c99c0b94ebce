"""What Spark calls of a processor besides its keys, and what the end of a batch removes. Lives here: those words, by step."""

from typing import Final

import msgspec

from engine.debugger.steps import Step, Steps
from engine.model import rules
from engine.model.trace import DRIVER, EntryRemoved, FunctionCalled, Trace
from engine.views.once import once_per_trace
from engine.views.state_words import entry_text
from engine.views.variables import entry_with_names
from engine.views.words import count_text, joined_text, key_text, long_text, visible

_MOST_LINES: Final = 6
_MOST_REMOVED: Final = 5
_PRINTED_LIMIT: Final = 2_000
_NAMES_LIMIT: Final = 100
_REMOVED_LIMIT: Final = 240
_WHY: Final = {
    rules.TTL_REMOVES.id: "whose time to live was over",
    rules.VARIABLE_DELETED.id: "whose variable init deleted",
}


class Around(msgspec.Struct, frozen=True):
    """Something that Spark called around a step, in words, and what it printed."""

    text: str
    printed: str = ""


def around(trace: Trace, step: Step) -> tuple[Around, ...]:
    """What was called besides the step's own call, in order; () for a function that has no life of its own."""
    if not trace.has_variables or step.batch_index is None:
        return ()
    beside = _steps(trace).calls_beside(step)
    others = [index for index in beside if index != step.call_index]
    told = tuple(_line(trace, trace.calls[index]) for index in others[:_MOST_LINES])
    more = len(others) - _MOST_LINES
    return (*told, Around(f"… {more:,} more, for other partitions")) if more > 0 else told


def removed_by(trace: Trace, step: Step) -> str:
    """What the end of the batch took out of the store, told at its last step; "" for nothing."""
    if step.batch_index is None or _steps(trace).of_trigger(step.trigger + 1) not in (step.index, step.index + 1):
        return ""
    batch = trace.batches[step.batch_index]
    if not batch.removed:
        return ""
    shown = (_entry(trace, one) for one in batch.removed[:_MOST_REMOVED])
    told = joined_text(shown, len(batch.removed), _REMOVED_LIMIT)
    why = " and ".join(dict.fromkeys(_WHY.get(one.rule, visible(one.rule)) for one in batch.removed))
    return f"When the batch was over, Spark removed {count_text(len(batch.removed), 'value')} from the store, {why}: {told}."


@once_per_trace
def _steps(trace: Trace) -> Steps:
    return Steps(trace)


def _line(trace: Trace, call: FunctionCalled) -> Around:
    return Around(_what(trace, call), long_text(call.printed, _PRINTED_LIMIT))


def _what(trace: Trace, call: FunctionCalled) -> str:
    where = f" in partition {call.partition}" if trace.scenario.shuffle_partitions > 1 else ""
    if call.partition == DRIVER:
        if call.reason == "init":
            return f"init(handle) on the driver, before the first batch: Spark learns about {_declared(call)}."
        return "close() on the driver: that copy of the processor is gone."
    if call.reason == "init":
        there = f"{_declared(call)}, with what is stored" if call.operations else "nothing"
        return f"init(handle){where}, on a fresh copy of the processor: it has {there}. What earlier batches set on self is gone."
    return f"close(){where}: the copy is thrown away, with all that was set on self."


def _declared(call: FunctionCalled) -> str:
    """The state variables that `init` asked the handle for."""
    names = [visible(str(operation[1][0])) for operation in call.operations if operation[1]]
    return joined_text(names, len(names), _NAMES_LIMIT) if names else "no state variable"


def _entry(trace: Trace, removed: EntryRemoved) -> str:
    return f"{entry_text(entry_with_names(trace, removed.entry))} of {key_text(removed.key)}"
