"""A question about the lines of calls, answered by replaying. Lives here: which calls are looked at, and when it is enough.

Nothing here knows an API: whoever makes a call is asked to make it, with somebody looking on.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

from engine.apis.job import read_jobs
from engine.apis.user_code import UserCodeFailed
from engine.codec.frames import FrameWriter
from engine.codec.lines import AnswerWriter, CallEnded, ReplayEnded, WatchEnded, read_answer
from engine.lines.expressions import helpers_of
from engine.lines.tracer import LineTracer
from engine.lines.watcher import CallWatcher
from engine.model.job import JobRead, ReadJob
from engine.model.lines import Answer, LinesOfCall, Question, WatchedCalls
from engine.model.scenario import Scenario
from engine.model.trace import Ending, ErrorRecord, FunctionCalled
from engine.replay.loop import replay
from engine.replay.operator import Around, Call, CallResult, Operator
from engine.run_here import loaded

_BROKE_OFF: Final = ErrorRecord("RuntimeError", "the replay wrote no ending")

#: Given the number of the call that comes next and what is known of it: the block in which it is made.
Look = Callable[[int, Call], AbstractContextManager[Any]]


class _Enough(Exception):
    """The question is answered: the rest need not be replayed."""


def write_answer(scenario: Scenario, question: Question, frames: FrameWriter) -> None:
    """Replay the scenario as far as the question needs it, and write the answer. The scenario has been replayed before,
    unless the question is about its job."""
    writer = AnswerWriter(frames)
    if isinstance(question, ReadJob):
        writer.tell(JobRead(read_jobs(scenario.code)))
        return
    try:
        with loaded(scenario) as (operator, code):
            match question:
                case LinesOfCall(call_index):
                    _write_lines(scenario, operator, call_index, writer)
                case WatchedCalls():
                    _write_watched(scenario, operator, CallWatcher(question, code.name, writer.tell), writer)
    except UserCodeFailed as failed:
        writer.tell(ReplayEnded(failed.ending, failed.error))


def answer_here(scenario: Scenario, question: Question) -> Answer:
    """The answer without a border, for tests and benchmarks; not for the server."""
    frames = bytearray()
    write_answer(scenario, question, FrameWriter(frames.extend))
    return read_answer(bytes(frames), question, _BROKE_OFF, "worker_died")


def _write_lines(scenario: Scenario, operator: Operator, call_index: int, writer: AnswerWriter) -> None:
    tracer = LineTracer(writer.tell)

    def recorded(index: int, call: FunctionCalled) -> None:
        if index == call_index:
            writer.tell(CallEnded(tracer.caught(call.error is not None), tracer.cut))
            writer.called(call)
            raise _Enough

    _replay(scenario, operator, lambda index, _: tracer if index == call_index else nullcontext(), recorded, writer)


def _write_watched(scenario: Scenario, operator: Operator, watcher: CallWatcher, writer: AnswerWriter) -> None:
    def recorded(_index: int, _call: FunctionCalled) -> None:
        if watcher.cut:
            raise _Enough

    _replay(scenario, operator, lambda index, call: watcher.looking_at(index, helpers_of(call)), recorded, writer)
    counts = None if watcher.line_counts is None else dict(watcher.line_counts)
    writer.tell(WatchEnded(counts, watcher.call_count, watcher.cut))


def _replay(
    scenario: Scenario,
    operator: Operator,
    look: Look,
    recorded: Callable[[int, FunctionCalled], None],
    writer: AnswerWriter,
) -> None:
    """Replay until `recorded` has had enough, or to the end."""
    recorder = _Recorder(recorded, writer)
    try:
        replay(scenario, _LookedAt(operator, look, recorder), recorder)
    except _Enough:
        writer.tell(ReplayEnded("completed", None))


class _Recorder:
    """Told of the replay; keeps nothing of it but the number of calls, and passes them on."""

    def __init__(self, recorded: Callable[[int, FunctionCalled], None], writer: AnswerWriter) -> None:
        self.call_count = 0
        self._recorded = recorded
        self._writer = writer

    def called(self, call: FunctionCalled) -> None:
        self._writer.tick()
        index = self.call_count
        self.call_count += 1
        self._recorded(index, call)

    def ended(self, ending: Ending, error: ErrorRecord | None, output_names: tuple[str, ...]) -> None:
        self._writer.tell(ReplayEnded(ending, error))

    def batch_began(self, **_numbers: Any) -> None:
        """Nothing: the trace has it."""

    def calls_planned(self, *_planned: Any) -> None:
        """Nothing: the trace has it."""

    def entries_removed(self, *_removed: Any) -> None:
        """Nothing: the trace has it."""

    def batch_ended(self, *_numbers: Any, **_flags: Any) -> None:
        self._writer.batch_ended()


class _LookedAt(Around):
    """The operator as it is, with somebody looking on while it makes its calls."""

    def __init__(self, operator: Operator, look: Look, recorder: _Recorder) -> None:
        super().__init__(operator)
        self._look = look
        self._recorder = recorder

    def call(self, call: Call) -> CallResult:
        with self._look(self._recorder.call_count, call):
            return super().call(call)
