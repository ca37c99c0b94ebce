"""A closer look at the calls of a trace: what can be asked, and what is answered. Lives here: the nouns; looking does not.

An answer comes from another replay of the trace's scenario. Lines count from 1 in the user's source, calls and steps from 0.
"""

from typing import Annotated, Literal

import msgspec

from engine.model.job import JobRead, ReadJob
from engine.model.trace import Ending, ErrorRecord

Line = Annotated[int, msgspec.Meta(ge=1)]
Number = Annotated[int, msgspec.Meta(ge=0)]

#: A function was entered with its arguments; a line is about to run a function of the user's; a line has run.
StepKind = Literal["enter", "into", "line"]
#: Where a line left its function: for good, or until somebody wants the next row.
LeftBy = Literal["", "return", "yield"]


class Breakpoint(msgspec.Struct, frozen=True):
    """A line to stop at, whenever the condition, a Python expression, is true before it runs; "" is always true."""

    line: Line
    condition: str = ""


class Watch(msgspec.Struct, frozen=True):
    """An expression to be worth something in every call: when it ends, or the last time that `line` is about to run."""

    expression: str
    line: Line | None = None


class LinesOfCall(msgspec.Struct, frozen=True, tag="lines_of_call"):
    """Which lines ran in this call, one after another, and what each did to the local variables?"""

    call_index: Number


class WatchedCalls(msgspec.Struct, frozen=True, tag="watched_calls"):
    """In which calls are the breakpoints reached, what are the watches worth in each, how often did each line run?"""

    breakpoints: tuple[Breakpoint, ...] = ()
    watches: tuple[Watch, ...] = ()
    counts_lines: bool = False


Question = LinesOfCall | WatchedCalls | ReadJob


class SmallTable(msgspec.Struct, frozen=True, array_like=True):
    """The upper left corner of a pandas frame of `row_count` rows and `column_count` columns, cells as text."""

    columns: Annotated[list[str], msgspec.Meta(max_length=8)]
    rows: Annotated[list[Annotated[list[str], msgspec.Meta(max_length=8)]], msgspec.Meta(max_length=6)]
    row_count: Number
    column_count: Number


class Shown(msgspec.Struct, frozen=True, array_like=True):
    """A value as a person looks at it: the name of its type, short text, and a table when it is a pandas frame."""

    kind: str
    text: str
    table: SmallTable | None = None


class Raised(msgspec.Struct, frozen=True, array_like=True):
    """An exception of the user's code."""

    error_class: str
    message: str


class LineStep(msgspec.Struct, frozen=True, array_like=True):
    """One moment of a call.

    `activation` numbers the running functions: the local variables of one are what its steps `changed`, less what is
    `gone`. `depth` counts the user's functions that wait for it. `methods` are what the line called of Spark's objects,
    in order. With `left_by` its function was left, with the value `returned`; with `raised` an exception passed the line.
    """

    kind: StepKind
    line: Number
    function: str
    depth: Number
    activation: Number
    changed: dict[str, Shown]
    gone: list[str] = []
    methods: list[str] = []
    left_by: LeftBy = ""
    returned: Shown | None = None
    raised: Raised | None = None


class CallLines(msgspec.Struct, frozen=True):
    """The answer to LinesOfCall.

    `caught` are the steps whose exception did not end the call. `cut` says why the steps end before the call does, ""
    when they do not. `call` is the call as it was recorded this time, in the bytes of a call log; b"" when it did not
    come back. `error` is what ended this replay before that.
    """

    call_index: int
    steps: tuple[LineStep, ...] = ()
    caught: frozenset[int] = frozenset()
    cut: str = ""
    call: bytes = b""
    error: ErrorRecord | None = None


class Hit(msgspec.Struct, frozen=True, array_like=True):
    """The line of a breakpoint was reached for the `hit`-th time (from 1) in a call, and its condition held, or failed."""

    breakpoint: Number
    call_index: Number
    hit: Number
    error: Raised | None = None


class WatchValue(msgspec.Struct, frozen=True, array_like=True):
    """What a watch is worth in a call: a value or an error."""

    watch: Number
    call_index: Number
    value: Shown | None = None
    error: Raised | None = None


class BadExpression(msgspec.Struct, frozen=True, array_like=True):
    """A condition or a watch that is no Python expression."""

    of: Literal["breakpoint", "watch"]
    number: Number
    error: Raised


class WatchedAnswer(msgspec.Struct, frozen=True):
    """The answer to WatchedCalls, in the order of the calls.

    `line_counts` says how often each line ran, None when that was not asked. `call_count` calls were looked at; `cut`
    says why not all, "" when all were. `ending` and `error` are how this replay ended.
    """

    hits: tuple[Hit, ...] = ()
    values: tuple[WatchValue, ...] = ()
    bad: tuple[BadExpression, ...] = ()
    line_counts: dict[int, int] | None = None
    call_count: int = 0
    cut: str = ""
    ending: Ending = "completed"
    error: ErrorRecord | None = None


Answer = CallLines | WatchedAnswer | JobRead
