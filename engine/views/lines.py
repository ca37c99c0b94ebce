"""One call, line by line, in the words of the screen. Lives here: the moments of it, and what has to be said about them all.

What was asked and what came back is engine.model.lines. Every text that a user wrote is made visible, never markup.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

import msgspec

from engine.model.lines import CallLines, LineStep, Shown
from engine.model.source_lines import source_lines
from engine.model.trace import FunctionCalled, Trace
from engine.views.operations import Operation, operation_of
from engine.views.shown_rows import Table
from engine.views.words import count_text, cut, visible

_TEXT_LIMIT: Final = 400
_CODE_LIMIT: Final = 200

#: What of a call is compared when it is replayed once more, and how that is called on the screen.
_COMPARED: Final = {
    "before": "the state before it",
    "operations": "what it did to the state",
    "after": "the state after it",
    "output": "its rows",
    "printed": "what it printed",
    "error": "how it failed",
}


class Variable(msgspec.Struct, frozen=True):
    """A local variable as it is after a line; `table` is there when it is a pandas frame."""

    name: str
    kind: str
    text: str
    table: Table | None = None


class Moment(msgspec.Struct, frozen=True):
    """One step through a call. `line` and `code` are the place in the source; `depth` counts the functions that wait.

    `happened` says in words what the line did besides changing variables, "" for nothing. `changed` and `gone` are of the
    function that runs here, which is number `activation`. `visit` counts from 1 how often the line has run so far in the
    call. `failure` is an exception that passed the line; `is_caught` when it did not end the call.
    """

    line: int
    code: str
    function: str
    depth: int
    activation: int
    visit: int
    happened: str
    changed: tuple[Variable, ...]
    gone: tuple[str, ...]
    operations: tuple[Operation, ...] = ()
    failure: str = ""
    is_caught: bool = False


class CallMoments(msgspec.Struct, frozen=True):
    """All moments of a call, how often each of its lines ran, and `notes`: what keeps them from being the whole truth."""

    moments: tuple[Moment, ...]
    hits: dict[int, int]
    notes: tuple[str, ...]

    def at(self, line: int, visit: int) -> int:
        """The number of the first moment at which the line runs for this time; 0 when there is none."""
        places = (i for i, moment in enumerate(self.moments) if (moment.line, moment.visit) == (line, visit))
        return next(places, 0)


def call_moments(trace: Trace, lines: CallLines) -> CallMoments:
    """The moments of the call that `lines` are of, which is one of this trace."""
    call = trace.calls[lines.call_index]
    source = source_lines(trace.scenario.code)
    operations = _operations_by_step(trace, call, lines.steps)
    visits = list(_visits(lines.steps))
    moments = tuple(
        _moment(step, visit, source, operations.get(number, ()), number in lines.caught)
        for number, (step, visit) in enumerate(zip(lines.steps, visits, strict=True))
    )
    hits: Counter[int] = Counter()
    for step, visit in zip(lines.steps, visits, strict=True):
        hits[step.line] = max(hits[step.line], visit)
    return CallMoments(
        moments, {line: count for line, count in hits.items() if count}, tuple(_notes(trace, call, lines))
    )


def _moment(
    step: LineStep, visit: int, source: list[str], operations: tuple[Operation, ...], is_caught: bool
) -> Moment:
    code = source[step.line - 1] if 0 < step.line <= len(source) else ""
    return Moment(
        line=step.line,
        code=cut(visible(code.strip()), _CODE_LIMIT),
        function=visible(step.function),
        depth=step.depth,
        activation=step.activation,
        visit=visit,
        happened=_happened(step),
        changed=tuple(_variable(name, value) for name, value in step.changed.items()),
        gone=tuple(visible(name) for name in step.gone),
        operations=operations,
        failure=_failure(step),
        is_caught=is_caught,
    )


def _happened(step: LineStep) -> str:
    match step.kind:
        case "enter":
            return f"{visible(step.function)} begins"
        case "into":
            return "calls a function of yours"
        case "line" if step.returned is not None:
            verb = "yields" if step.left_by == "yield" else "returns"
            return f"{verb} {_text(step.returned)}"
    return ""


def _failure(step: LineStep) -> str:
    if step.raised is None:
        return ""
    message = visible(step.raised.message)
    return visible(step.raised.error_class) + (f": {message}" if message else "")


def _variable(name: str, value: Shown) -> Variable:
    return Variable(visible(name), visible(value.kind), _text(value), _table(value))


def _text(value: Shown) -> str:
    return cut(visible(value.text), _TEXT_LIMIT)


def _table(value: Shown) -> Table | None:
    """The corner of a frame; `more` are its other rows."""
    table = value.table
    if table is None:
        return None
    others = table.column_count - len(table.columns)
    names = (*map(visible, table.columns), *([f"… {count_text(others, 'more column')}"] if others > 0 else ()))
    padding = ("…",) if others > 0 else ()
    rows = tuple((*map(visible, row), *padding) for row in table.rows)
    return Table(names, rows, max(0, table.row_count - len(rows)))


def _visits(steps: tuple[LineStep, ...]) -> Iterator[int]:
    """For each step, how often its line has begun to run by then: it may go into functions before it is over."""
    begun: Counter[int] = Counter()
    running: dict[int, int] = {}
    for step in steps:
        if step.kind == "enter":
            yield 0
            continue
        if step.activation not in running:
            begun[step.line] += 1
            running[step.activation] = begun[step.line]
        yield running[step.activation]
        if step.kind == "line":
            del running[step.activation]


def _operations_by_step(
    trace: Trace, call: FunctionCalled, steps: tuple[LineStep, ...]
) -> dict[int, tuple[Operation, ...]]:
    """The operations on the state at the steps whose lines asked for them: the same methods in the same order."""
    batch = trace.batch_of(call)
    waiting = list(zip(call.operations, call.operation_lines, strict=True))[::-1]
    found: dict[int, tuple[Operation, ...]] = {}
    for number, step in enumerate(steps):
        for method in step.methods:
            if waiting and _is_by(waiting[-1][0][0], method) and waiting[-1][1] == step.line:
                operation, line = waiting.pop()
                found[number] = (*found.get(number, ()), operation_of(trace, batch, operation, line))
    return found


def _is_by(operation: object, method: str) -> bool:
    """Whether an operation is one of this method: `update`, or `total.update` of a variable with a name."""
    return str(operation).rpartition(".")[2] == method


def _notes(trace: Trace, call: FunctionCalled, lines: CallLines) -> Iterator[str]:
    if lines.cut:
        yield f"Cut here: {lines.cut}. Lines are counted up to there."
    if lines.error is not None:
        yield f"This replay ended before the call did: {visible(lines.error.error_class)}: {visible(lines.error.message)}"
    elif lines.call:
        again = msgspec.msgpack.decode(lines.call, type=FunctionCalled)
        differing = [words for field, words in _COMPARED.items() if _differs(field, call, again)]
        if differing:
            yield (
                f"Replayed again, this call went differently ({', '.join(differing)}): the function depends on chance, "
                "the clock, or what other calls left behind."
            )


def _differs(field: str, call: FunctionCalled, again: FunctionCalled) -> bool:
    """Compared as they are written down: a NaN is equal to itself there."""
    return msgspec.msgpack.encode(getattr(call, field)) != msgspec.msgpack.encode(getattr(again, field))
