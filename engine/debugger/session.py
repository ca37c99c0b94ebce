"""Where somebody stands: what the editors say, the last replay, the step. Lives here: the session, all actions, `reduce`.

Pure: nothing is read, replayed or drawn here. An action brings what its sender has already read.
"""

from typing import Final, Literal

import msgspec

from engine.debugger.steps import Step, Steps
from engine.model.problems import Problem
from engine.model.scenario import Api, Batch, Scenario, Semantics, Watermark
from engine.model.schema import SchemaError, parse_ddl
from engine.model.trace import BatchRan, FunctionCalled, Trace

_MAX_UNDO: Final = 8


class Draft(msgspec.Struct, frozen=True):
    """What the editors and controls say now; it may not be fit for a replay.

    `scenario` has the code as typed, and the batches of the last events that could be read. `events_text` is the text
    as typed, None when the events are too many for an editor; `events_problems` are what keeps it from being read.
    """

    scenario: Scenario
    events_text: str | None = ""
    events_problems: tuple[Problem, ...] = ()


class Breakpoint(msgspec.Struct, frozen=True):
    """A line of the function (from 1) that somebody marked; `condition` is an expression over its names, "" for always."""

    line: int
    condition: str = ""


class Session(msgspec.Struct, frozen=True):
    """All that a page shows, for one visitor.

    `draft` is being edited; `trace` is the last replay (None before the first one), of `scenario`; `steps` are its
    steps and `step_index` the one that is looked at: the server's only word on it. `problems` keep the draft from
    being replayed (by field); `failure` is the replay of the draft when it ended early: `trace` itself, unless it ended
    before the first batch, for then the last picture stays. `undo` holds the drafts that were replaced whole, the last
    one last; `notice` is what has to be told about the last attempt to open something. `text_rev` and `seek_rev` are
    raised when the server, not the visitor, changes the texts or the step. `wanted_step` is the step that whoever
    opened the draft asked for, until its replay is there. `breakpoints` are of the draft's function, by line.
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
        call: FunctionCalled = self.trace.calls[step.call_index]
        return call


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


class SetBreakpoints(msgspec.Struct, frozen=True):
    """All breakpoints of the function, at their lines in its text as it is now."""

    breakpoints: tuple[Breakpoint, ...]


class EditEvents(msgspec.Struct, frozen=True):
    """The text in the events editor, with what it says, or with the `problems` that keep it from being read."""

    text: str
    batches: tuple[Batch, ...] = ()
    restart_before: tuple[int, ...] = ()
    problems: tuple[Problem, ...] = ()


class ChooseSemantics(msgspec.Struct, frozen=True):
    semantics: Semantics


class ChooseTimeoutConf(msgspec.Struct, frozen=True):
    timeout_conf: str


class ChooseKey(msgspec.Struct, frozen=True):
    """The grouping columns; None means the first column of the rows."""

    key: str | list[str] | None


class ChooseOutputMode(msgspec.Struct, frozen=True):
    output_mode: str


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
    | SetBreakpoints
    | EditEvents
    | ChooseSemantics
    | ChooseTimeoutConf
    | ChooseKey
    | ChooseOutputMode
    | SetWatermark
    | ChooseApi
    | SetSchema
    | Describe
    | OpenScenario
    | Tell
    | Undo
    | Replayed
    | Refused
)


def reduce(session: Session, action: Action) -> Session:
    """The session after the action. Never raises: a step out of range means the nearest one."""
    match action:
        case GoToStep(step_index, seek_rev):
            return _at_step(session, step_index) if seek_rev == session.seek_rev else session
        case GoToCall(call_index):
            return _at_call(session, call_index)
        case GoToTrigger(trigger):
            return _seek(session, session.steps.of_trigger(trigger)) if session.steps else session
        case OpenScenario(scenario, events_text, step_index):
            opened = _replaced(session, Draft(scenario, events_text), step_index)
            return _with(opened, undo=(*session.undo, session.draft)[-_MAX_UNDO:])
        case SetBreakpoints(breakpoints):
            return _with(session, breakpoints=tuple(sorted(breakpoints, key=lambda point: point.line)))
        case Describe(title, about):
            return _described(session, title, about)
        case Tell(notice):
            return _with(session, notice=notice)
        case Undo():
            return _undone(session)
        case Replayed(scenario, trace):
            return _replayed(session, scenario, trace) if scenario is session.draft.scenario else session
        case Refused(scenario, problems):
            return _with(session, problems=problems, failure=None) if scenario is session.draft.scenario else session
        case _:
            return _edited(session, action)


def _edited(session: Session, action: Action) -> Session:
    """The session with one thing changed in its draft; unchanged when nothing is new (typed and taken back)."""
    match action:
        case EditEvents():
            return _events_edited(session, action)
        case EditCode(code):
            return _scenario_changed(session, code=code)
        case ChooseSemantics(semantics):
            return _scenario_changed(session, semantics=semantics)
        case ChooseTimeoutConf(timeout_conf):
            return _scenario_changed(session, timeout_conf=timeout_conf)
        case ChooseKey(key):
            return _scenario_changed(session, key=key)
        case ChooseOutputMode(output_mode):
            return _scenario_changed(session, output_mode=output_mode)
        case SetWatermark(watermark):
            return _scenario_changed(session, watermark=watermark)
        case ChooseApi(api):
            return _scenario_changed(session, api=api)
        case SetSchema(field, ddl):
            return _scenario_changed(session, **{field: ddl})
        case _:
            raise TypeError(f"{action!r} is no action")


def _scenario_changed(session: Session, **fields: object) -> Session:
    scenario = session.draft.scenario
    if all(getattr(scenario, name) == value for name, value in fields.items()):
        return session
    draft = msgspec.structs.replace(session.draft, scenario=msgspec.structs.replace(scenario, **fields))
    return _with(session, draft=draft, problems=(), failure=None)


def _described(session: Session, title: str, about: str) -> Session:
    """Other words about the same scenario: its picture is still its picture, its failure still its failure."""
    draft = _scenario_changed(session, title=title, about=about).draft
    return _with(session, draft=draft, scenario=session.scenario if session.is_stale else draft.scenario)


def _events_edited(session: Session, action: EditEvents) -> Session:
    """The typed text is kept in any case; only events that could be read become batches."""
    if action.problems:
        draft = msgspec.structs.replace(session.draft, events_text=action.text, events_problems=action.problems)
        return _with(session, draft=draft)
    scenario = msgspec.structs.replace(
        session.draft.scenario, batches=list(action.batches), restart_before=list(action.restart_before)
    )
    if not _is_declared(scenario):
        scenario = msgspec.structs.replace(scenario, input_schema=None)
    return _with(session, draft=Draft(scenario, action.text), problems=(), failure=None)


def _is_declared(scenario: Scenario) -> bool:
    """Whether the input schema, if there is one, is of these rows: other rows than it was written for make it void."""
    try:
        declared = {field.name for field in parse_ddl(scenario.input_schema)} if scenario.input_schema else set()
    except SchemaError:
        return True  # somebody is still writing it, and is told what is wrong with it
    return declared >= set(scenario.column_names)


def _replaced(session: Session, draft: Draft, step_index: int | None = None) -> Session:
    """Another draft, and no picture until its replay is there: the old one shows something else."""
    return Session(
        draft, undo=session.undo, text_rev=session.text_rev + 1, seek_rev=session.seek_rev + 1, wanted_step=step_index
    )


def _undone(session: Session) -> Session:
    if not session.undo:
        return session
    return _with(_replaced(session, session.undo[-1]), undo=session.undo[:-1])


def _replayed(session: Session, scenario: Scenario, trace: Trace) -> Session:
    """The new picture. The step stays where it was, but a replay that failed is looked at where it failed.

    Where it stays, the browser is not told: a step that was taken meanwhile must not be taken back.
    """
    failure = None if trace.ending == "completed" else trace
    session = _with(session, failure=failure, problems=())
    steps = Steps(trace)
    if failure is not None and not steps:
        return session
    shown = _with(session, trace=trace, scenario=scenario, steps=steps, wanted_step=None)
    if session.wanted_step is not None:
        return _seek(shown, session.wanted_step)
    return _at_step(shown, session.step_index) if failure is None else _seek(shown, len(steps) - 1)


def _at_call(session: Session, call_index: int) -> Session:
    if not session.steps or session.trace is None or not 0 <= call_index < len(session.trace.calls):
        return session
    return _seek(session, session.steps.of_call(call_index))


def _at_step(session: Session, step_index: int) -> Session:
    last = len(session.steps) - 1 if session.steps else 0
    return _with(session, step_index=max(0, min(step_index, last)))


def _seek(session: Session, step_index: int) -> Session:
    return _with(_at_step(session, step_index), seek_rev=session.seek_rev + 1)


def _with(session: Session, **fields: object) -> Session:
    return msgspec.structs.replace(session, **fields)
