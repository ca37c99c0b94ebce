"""One call, line by line, while it runs. Lives here: from the interpreter's events to steps; nothing is kept of a call but steps.

Python tells of a line before it runs, so a step is told when the next event shows that its line is over.
"""

import sys
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Final, Self

from engine.lines.users_frames import (
    depth_of,
    ends_a_loop,
    is_function_of_the_user,
    left_by,
    locals_of,
    method_of_spark,
    users_frame_around,
)
from engine.lines.values import raised, shown
from engine.model.lines import LeftBy, LineStep, Raised, Shown, StepKind

MAX_STEPS: Final = 10_000
MAX_BYTES: Final = 2_000_000
_MAX_METHODS: Final = 50


class _Activation:
    """A function of the user's that runs: the line that it is in (0: none yet), its variables when that line began."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.line = 0
        self.variables: dict[str, Shown] = {}
        self.methods: list[str] = []


class LineTracer:
    """Traces the user's functions as long as its `with` block runs; `tell` is given each step, and says its bytes.

    `cut` says why it stopped before the call did. The system's alarm may take its place as the trace function; then
    the call is being stopped.
    """

    def __init__(self, tell: Callable[[LineStep], int]) -> None:
        self.cut = ""
        self._tell = tell
        self._step_count = self._told_bytes = 0
        self._activation_count = 0
        self._activations: dict[FrameType, _Activation] = {}
        self._raised: list[tuple[int, BaseException]] = []

    def __enter__(self) -> Self:
        sys.settrace(self._called)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if sys.gettrace() == self._called:
            sys.settrace(None)
        self._activations.clear()

    def caught(self, has_failed: bool) -> frozenset[int]:
        """The steps whose exception did not end the call: all, unless it failed, and then those of any other exception."""
        ended_by = next((error for _, error in reversed(self._raised) if _left_the_users_code(error)), None)
        return frozenset(step for step, error in self._raised if not has_failed or error is not ended_by)

    def _called(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        if not is_function_of_the_user(frame):
            self._note_method(frame)
            return None
        if frame not in self._activations:  # else it is a generator that goes on
            self._enter(frame)
        return self._happened

    def _note_method(self, frame: FrameType) -> None:
        name = method_of_spark(frame)
        around = users_frame_around(frame) if name else None
        activation = self._activations.get(around) if around else None
        if activation is not None and len(activation.methods) < _MAX_METHODS:
            activation.methods.append(name)

    def _enter(self, frame: FrameType) -> None:
        around = users_frame_around(frame.f_back)
        caller = self._activations.get(around) if around else None
        if around is not None and caller is not None and caller.line:
            self._step("into", around, caller)
        activation = self._activations[frame] = _Activation(self._activation_count)
        self._activation_count += 1
        activation.line = frame.f_code.co_firstlineno
        self._step("enter", frame, activation)
        activation.line = 0

    def _happened(self, frame: FrameType, event: str, argument: Any) -> Any:
        activation = self._activations.get(frame)
        if activation is None:
            return None
        if event == "line":
            self._finish_line(frame, activation)
            activation.line = frame.f_lineno
        elif event == "exception":
            self._fail(frame, activation, argument[1])
        elif event == "return":
            self._leave(frame, activation, argument)
        return self._happened

    def _finish_line(self, frame: FrameType, activation: _Activation, **ending: Any) -> None:
        if activation.line:
            self._step("line", frame, activation, **ending)
        activation.line = 0

    def _fail(self, frame: FrameType, activation: _Activation, error: BaseException) -> None:
        if ends_a_loop(frame, error):
            return
        activation.line = activation.line or frame.f_lineno
        self._raised.append((self._step_count, error))
        self._finish_line(frame, activation, failure=raised(error))

    def _leave(self, frame: FrameType, activation: _Activation, value: Any) -> None:
        how = left_by(frame)
        self._finish_line(frame, activation, how=how, returned=shown(value) if how else None)
        if how != "yield":
            del self._activations[frame]

    def _step(
        self,
        kind: StepKind,
        frame: FrameType,
        activation: _Activation,
        *,
        how: LeftBy = "",
        returned: Shown | None = None,
        failure: Raised | None = None,
    ) -> None:
        if self.cut:
            return
        before, now = activation.variables, {name: shown(value) for name, value in locals_of(frame).items()}
        step = LineStep(
            kind=kind,
            line=activation.line,
            function=frame.f_code.co_qualname,
            depth=depth_of(frame),
            activation=activation.number,
            changed={name: value for name, value in now.items() if before.get(name) != value},
            gone=[name for name in before if name not in now],
            methods=activation.methods,
            left_by=how,
            returned=returned,
            raised=failure,
        )
        activation.variables, activation.methods = now, []
        self._count(self._tell(step))

    def _count(self, told_bytes: int) -> None:
        """Stop when there is enough: a person cannot look at more, and the browser should not have to."""
        self._step_count += 1
        self._told_bytes += told_bytes
        if self._step_count >= MAX_STEPS:
            self.cut = f"the first {MAX_STEPS:,} lines of this call are shown"
        elif self._told_bytes >= MAX_BYTES:
            self.cut = f"the values of the first {self._step_count:,} lines of this call fill what may be shown"
        if self.cut:
            sys.settrace(None)


def _left_the_users_code(error: BaseException) -> bool:
    """Whether somebody else's frame is the outermost that the exception has passed."""
    passed = error.__traceback__
    return passed is not None and not is_function_of_the_user(passed.tb_frame)
