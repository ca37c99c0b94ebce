"""All that can be done to a session. Lives here: these nouns, one for each thing a visitor or a replay does.

An action brings what its sender has already read.
"""

from typing import Any, Literal

import msgspec

from engine.debugger.what_if import Stream
from engine.model.job import Job
from engine.model.lines import Breakpoint, Watch
from engine.model.problems import Problem
from engine.model.scenario import Api, Batch, InitialState, Scenario, Semantics, Watermark
from engine.model.trace import Trace


class GoToStep(msgspec.Struct, frozen=True):
    """The visitor stepped in the browser, which already shows the step. One of an older `seek_rev` is ignored."""

    step_index: int
    seek_rev: int


class GoToCall(msgspec.Struct, frozen=True):
    """A click on something of this call; the browser has to follow."""

    call_index: int


class GoToTrigger(msgspec.Struct, frozen=True):
    """A click on something of this trigger: its first step; the browser has to follow."""

    trigger: int


class EditCode(msgspec.Struct, frozen=True):
    code: str


class ReplaceCode(msgspec.Struct, frozen=True):
    """Another text for the function, which the browser does not have yet; it can be taken back."""

    code: str


class SetBreakpoints(msgspec.Struct, frozen=True):
    """All breakpoints of the function, at their lines in its text as it is now."""

    breakpoints: tuple[Breakpoint, ...]


class SetWatches(msgspec.Struct, frozen=True):
    """All expressions that are watched; two of the same are one."""

    watches: tuple[Watch, ...]


class EditEvents(msgspec.Struct, frozen=True):
    """The text in the events editor, with what it says, or with the `problems` that keep it from being read."""

    text: str
    batches: tuple[Batch, ...] = ()
    restart_before: tuple[int, ...] = ()
    problems: tuple[Problem, ...] = ()


class ChangeStream(msgspec.Struct, frozen=True):
    """Another stream for the same function (`engine.debugger.what_if`), with its text; it can be taken back."""

    stream: Stream
    events_text: str | None


class KeepBaseline(msgspec.Struct, frozen=True):
    """The last replay is kept, to be compared with what comes."""


class ForgetBaseline(msgspec.Struct, frozen=True):
    """Nothing is compared any more."""


class ChooseSemantics(msgspec.Struct, frozen=True):
    semantics: Semantics


class ChooseTimeoutConf(msgspec.Struct, frozen=True):
    timeout_conf: str


class ChooseTimeMode(msgspec.Struct, frozen=True):
    time_mode: str


class SetEventTimeColumn(msgspec.Struct, frozen=True):
    """The event-time column of the output, or None for none."""

    column: str | None


class SetInitialState(msgspec.Struct, frozen=True):
    """The state that is there before the first batch, or None for none."""

    initial_state: InitialState | None


class ChooseKey(msgspec.Struct, frozen=True):
    """The grouping columns; None means the first column of the rows."""

    key: str | list[str] | None


class ChooseOutputMode(msgspec.Struct, frozen=True):
    output_mode: str


class SetShufflePartitions(msgspec.Struct, frozen=True):
    """Over how many partitions the keys are spread."""

    shuffle_partitions: int


class SetConf(msgspec.Struct, frozen=True):
    """All settings of the Spark session, by their names."""

    conf: dict[str, Any]


class SetWatermark(msgspec.Struct, frozen=True):
    """`withWatermark`, or None for a query without one."""

    watermark: Watermark | None


class ChooseApi(msgspec.Struct, frozen=True):
    api: Api


class SetSchema(msgspec.Struct, frozen=True):
    """One of the scenario's schemas as DDL; None where it is to be found, or where the API needs none."""

    field: Literal["input_schema", "output_schema", "state_schema"]
    ddl: str | None


class Describe(msgspec.Struct, frozen=True):
    title: str
    about: str


class UseJob(msgspec.Struct, frozen=True):
    """What the pasted job says of its query is to hold here too; it can be taken back."""

    job: Job


class OpenScenario(msgspec.Struct, frozen=True):
    """A scenario instead of the one in the editors, from a sample, file, link or upload; `events_text` as in Draft.

    `step_index` is where to look at it; None means the start, or where it fails.
    """

    scenario: Scenario
    events_text: str | None
    step_index: int | None = None


class Tell(msgspec.Struct, frozen=True):
    """Something could not be opened; what is on the page stays. None takes the notice away."""

    notice: Problem | None


class Undo(msgspec.Struct, frozen=True):
    """Back to the draft that the last OpenScenario replaced."""


class Replayed(msgspec.Struct, frozen=True):
    """A replay ended; `trace` is of `scenario`."""

    scenario: Scenario
    trace: Trace


class Refused(msgspec.Struct, frozen=True):
    """The scenario cannot be replayed, for these reasons."""

    scenario: Scenario
    problems: tuple[Problem, ...]


Action = (
    GoToStep
    | GoToCall
    | GoToTrigger
    | EditCode
    | ReplaceCode
    | SetBreakpoints
    | SetWatches
    | EditEvents
    | ChangeStream
    | KeepBaseline
    | ForgetBaseline
    | ChooseSemantics
    | ChooseTimeoutConf
    | ChooseTimeMode
    | SetEventTimeColumn
    | SetInitialState
    | ChooseKey
    | ChooseOutputMode
    | SetShufflePartitions
    | SetConf
    | SetWatermark
    | ChooseApi
    | SetSchema
    | UseJob
    | Describe
    | OpenScenario
    | Tell
    | Undo
    | Replayed
    | Refused
)
