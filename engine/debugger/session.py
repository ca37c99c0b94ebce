"""Where somebody stands: what the editors say, the last replay, the step. Lives here: these nouns; what changes them does not."""

import msgspec

from engine.debugger.steps import Step, Steps
from engine.model.lines import Breakpoint, Watch
from engine.model.problems import Problem
from engine.model.scenario import Scenario
from engine.model.trace import BatchRan, FunctionCalled, Trace


class Draft(msgspec.Struct, frozen=True):
    """What the editors and controls say now; it may not be fit for a replay.

    `scenario` has the code as typed, and the batches of the last events that could be read. `events_text` is the text
    as typed, None when the events are too many for an editor; `events_problems` are what keeps it from being read.
    """

    scenario: Scenario
    events_text: str | None = ""
    events_problems: tuple[Problem, ...] = ()


class Session(msgspec.Struct, frozen=True):
    """All that a page shows, for one visitor.

    `draft` is being edited; `trace` is the last replay (None before the first one), of `scenario`; `steps` are its
    steps and `step_index` the one that is looked at: the server's only word on it. `problems` keep the draft from
    being replayed (by field); `failure` is the replay of the draft when it ended early: `trace` itself, unless it ended
    before the first batch, for then the last picture stays. `undo` holds the drafts that were replaced whole, the last
    one last; `notice` is what has to be told about the last attempt to open something. `text_rev` and `seek_rev` are
    raised when the server, not the visitor, changes the texts or the step. `wanted_step` is the step that whoever
    opened the draft asked for, until its replay is there. `breakpoints` are of the draft's function, by line;
    `watches` are expressions in it. `baseline` is the replay that later ones are compared with. `named` is the scenario
    that the title and the about were given to, None when that is the draft's.
    """

    draft: Draft
    trace: Trace | None = None
    scenario: Scenario | None = None
    steps: Steps | None = None
    step_index: int = 0
    problems: tuple[Problem, ...] = ()
    failure: Trace | None = None
    undo: tuple[Draft, ...] = ()
    notice: Problem | None = None
    text_rev: int = 0
    seek_rev: int = 0
    wanted_step: int | None = None
    breakpoints: tuple[Breakpoint, ...] = ()
    watches: tuple[Watch, ...] = ()
    baseline: Trace | None = None
    named: Scenario | None = None

    @property
    def is_stale(self) -> bool:
        """Whether the picture belongs to an older input than the one in the editors."""
        return self.scenario is not self.draft.scenario or bool(self.draft.events_problems)

    @property
    def step(self) -> Step | None:
        """The step that is looked at; None when there is none."""
        return self.steps.at(self.step_index) if self.steps else None

    @property
    def batch(self) -> BatchRan | None:
        """The batch of the step; None when no batch ran at its trigger."""
        step = self.step
        if self.trace is None or step is None or step.batch_index is None:
            return None
        return self.trace.batches[step.batch_index]

    @property
    def call(self) -> FunctionCalled | None:
        """The call of the step; None when nothing was called."""
        step = self.step
        if self.trace is None or step is None or step.call_index is None:
            return None
        return self.trace.calls[step.call_index]
