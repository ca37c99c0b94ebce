"""The session after an action. Lives here: `reduce`, and nothing that reads, replays or draws."""

from typing import Final

import msgspec

from engine.debugger.actions import (
    Action,
    ChangeStream,
    ChooseApi,
    ChooseKey,
    ChooseOutputMode,
    ChooseSemantics,
    ChooseTimeMode,
    ChooseTimeoutConf,
    Describe,
    EditCode,
    EditEvents,
    ForgetBaseline,
    GoToCall,
    GoToStep,
    GoToTrigger,
    KeepBaseline,
    OpenScenario,
    Refused,
    ReplaceCode,
    Replayed,
    SetBreakpoints,
    SetConf,
    SetEventTimeColumn,
    SetInitialState,
    SetSchema,
    SetShufflePartitions,
    SetWatches,
    SetWatermark,
    Tell,
    Undo,
    UseJob,
)
from engine.debugger.session import Draft, Session
from engine.debugger.steps import Steps
from engine.debugger.titles import is_of_the_same_code
from engine.debugger.what_if import Stream
from engine.model.job import Job
from engine.model.scenario import Scenario
from engine.model.schema import SchemaError, parse_ddl
from engine.model.trace import Trace

_MAX_UNDO: Final = 8
#: Their fields are called as the scenario's.
_OF_ONE_FIELD: Final = (
    ChooseApi,
    ChooseKey,
    ChooseOutputMode,
    ChooseSemantics,
    ChooseTimeMode,
    ChooseTimeoutConf,
    SetConf,
    SetInitialState,
    SetShufflePartitions,
    SetWatermark,
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
            return _with(opened, undo=_kept(session))
        case SetBreakpoints(breakpoints):
            return _with(session, breakpoints=tuple(sorted(breakpoints, key=lambda point: point.line)))
        case SetWatches(watches):
            return _with(session, watches=tuple(dict.fromkeys(watches)))
        case Describe(title, about):
            return _described(session, title, about)
        case Tell(notice):
            return _with(session, notice=notice)
        case Undo():
            return _undone(session)
        case KeepBaseline():
            return _with(session, baseline=session.trace)
        case ForgetBaseline():
            return _with(session, baseline=None)
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
        case ChangeStream(stream, events_text):
            return _stream_changed(session, stream, events_text)
        case EditCode(code):
            return _code_changed(session, code)
        case SetEventTimeColumn(column):
            return _scenario_changed(session, event_time_column_name=column)
        case SetSchema(field, ddl):
            return _scenario_changed(session, **{field: ddl})
        case UseJob(job):
            return _with(_job_used(session, job), undo=_kept(session))
        case ReplaceCode(code):
            return _with(_code_changed(session, code), undo=_kept(session), text_rev=session.text_rev + 1)
        case _ if isinstance(action, _OF_ONE_FIELD):
            return _scenario_changed(session, **msgspec.structs.asdict(action))
        case _:
            raise TypeError(f"{action!r} is no action")


def _kept(session: Session) -> tuple[Draft, ...]:
    """The drafts to go back to, when this one is changed by more than typing."""
    return (*session.undo, session.draft)[-_MAX_UNDO:]


def _scenario_changed(session: Session, **fields: object) -> Session:
    scenario = session.draft.scenario
    if all(getattr(scenario, name) == value for name, value in fields.items()):
        return session
    draft = msgspec.structs.replace(session.draft, scenario=msgspec.structs.replace(scenario, **fields))
    return _with(session, draft=draft, problems=(), failure=None)


def _code_changed(session: Session, code: str) -> Session:
    """A text that takes the place of another one does not stand under its title, nor is the same function called in it;
    when that text is back, so are they."""
    named = session.named or session.draft.scenario
    is_its = is_of_the_same_code(named.code, code)
    title, about, entry = (named.title, named.about, named.entry) if is_its else ("", "", None)
    if is_of_the_same_code(session.draft.scenario.code, code):
        entry = session.draft.scenario.entry
    changed = _scenario_changed(session, code=code, title=title, about=about, entry=entry)
    return changed if changed is session else _with(changed, named=named)


def _job_used(session: Session, job: Job) -> Session:
    """The query as the job has it; what has no title is called as its function."""
    title = session.draft.scenario.title or job.function_name
    changed = _scenario_changed(session, **job.query(), title=title)
    return _with(changed, named=None)


def _described(session: Session, title: str, about: str) -> Session:
    """Other words about the same scenario: its picture is still its picture, its failure still its failure."""
    draft = _scenario_changed(session, title=title, about=about).draft
    shown = session.scenario if session.is_stale else draft.scenario
    return _with(session, draft=draft, scenario=shown, named=None)


def _events_edited(session: Session, action: EditEvents) -> Session:
    """The typed text is kept in any case; only events that could be read become batches."""
    if action.problems:
        draft = msgspec.structs.replace(session.draft, events_text=action.text, events_problems=action.problems)
        return _with(session, draft=draft)
    scenario = Stream(action.batches, action.restart_before).put_into(session.draft.scenario)
    if not _is_declared(scenario):
        scenario = msgspec.structs.replace(scenario, input_schema=None)
    return _with(session, draft=Draft(scenario, action.text), problems=(), failure=None)


def _stream_changed(session: Session, stream: Stream, events_text: str | None) -> Session:
    """The picture stays until the new one is there; what was replayed before is the baseline, unless there is one."""
    return _with(
        session,
        draft=Draft(stream.put_into(session.draft.scenario), events_text),
        undo=_kept(session),
        baseline=session.baseline or session.trace,
        text_rev=session.text_rev + 1,
        problems=(),
        failure=None,
    )


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
