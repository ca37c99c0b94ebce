"""All calls of a replay, looked at where somebody wants it. Lives here: reaching breakpoints, asking watches, counting lines.

Only functions that have such a place in them are told of their lines; the rest of the replay is as ever.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any, Final, NamedTuple

from engine.lines.expressions import compiled, worth
from engine.lines.users_frames import is_function_of_the_user, left_by, lines_of, users_frame_around
from engine.lines.values import raised, shown
from engine.model.lines import BadExpression, Hit, WatchedCalls, WatchValue
from engine.model.user_objects import LimitReached

MAX_HITS: Final = 10_000
MAX_VALUES: Final = 100_000
MAX_BYTES: Final = 16_000_000

Told = Hit | WatchValue | BadExpression


class _Place(NamedTuple):
    """A breakpoint or a watch; without an expression it is a breakpoint that always stops."""

    number: int
    expression: CodeType | None


class CallWatcher:
    """Looks at each call in turn; `tell` is given what is found, and says its bytes.

    `cut` says why it stopped looking, `call_count` how many calls it has looked at.
    """

    def __init__(self, question: WatchedCalls, function_name: str, tell: Callable[[Told], int]) -> None:
        self.cut = ""
        self.call_count = 0
        self.line_counts: Counter[int] | None = Counter() if question.counts_lines else None
        self._function_name = function_name
        self._tell = tell
        self._told_bytes = self._hit_count = self._value_count = 0
        self._stops: dict[int, list[_Place]] = {}
        self._asks: dict[int | None, list[_Place]] = {}
        self._read(question)
        self._lines = frozenset(self._stops) | frozenset(line for line in self._asks if line is not None)
        self._named_has_ended = False
        self._hits: Counter[int] = Counter()
        self._values: dict[int, WatchValue] = {}
        self._call_index = 0
        self._helpers: dict[str, Any] = {}

    @contextmanager
    def looking_at(self, call_index: int, helpers: dict[str, Any]) -> Iterator[None]:
        """Look at the call that is made in this block; `helpers` are what expressions may use besides its variables."""
        self._call_index, self._helpers = call_index, helpers
        self._named_has_ended = False
        self._hits.clear()
        self._values.clear()
        sys.settrace(self._called)
        try:
            yield
        finally:
            if sys.gettrace() == self._called:
                sys.settrace(None)
        self._tell_values()
        self.call_count += 1

    def _read(self, question: WatchedCalls) -> None:
        for number, stop in enumerate(question.breakpoints):
            self._place(self._stops.setdefault(stop.line, []), "breakpoint", number, stop.condition)
        for number, watch in enumerate(question.watches):
            self._place(self._asks.setdefault(watch.line, []), "watch", number, watch.expression)

    def _place(self, places: list[_Place], of: Any, number: int, expression: str) -> None:
        try:
            is_always = of == "breakpoint" and not expression.strip()
            places.append(_Place(number, None if is_always else compiled(expression)))
        except (SyntaxError, ValueError, RecursionError) as error:
            self._tell(BadExpression(of, number, raised(error)))

    def _called(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        if self.cut or not is_function_of_the_user(frame):
            return None
        frame.f_trace_lines = self.line_counts is not None or not self._lines.isdisjoint(lines_of(frame.f_code))
        return self._happened if frame.f_trace_lines or self._is_named(frame) or _is_outermost(frame) else None

    def _is_named(self, frame: FrameType) -> bool:
        return frame.f_code.co_name == self._function_name

    def _happened(self, frame: FrameType, event: str, _argument: Any) -> Any:
        if event == "line":
            self._reach(frame, frame.f_lineno)
        elif event == "return" and left_by(frame) != "yield":
            self._end(frame)
        return self._happened

    def _reach(self, frame: FrameType, line: int) -> None:
        if self.line_counts is not None:
            self.line_counts[line] += 1
        if line in self._stops or line in self._asks:
            self._hits[line] += 1
            for place in self._stops.get(line, ()):
                self._stop(frame, place, self._hits[line])
            for place in self._asks.get(line, ()):
                self._ask(frame, place)

    def _end(self, frame: FrameType) -> None:
        """Ask at the end of the named function, which comes before that of a decorator around it; else of what was called."""
        is_named = self._is_named(frame)
        if is_named or (_is_outermost(frame) and not self._named_has_ended):
            self._named_has_ended = is_named
            for place in self._asks.get(None, ()):
                self._ask(frame, place)

    def _stop(self, frame: FrameType, place: _Place, hit: int) -> None:
        error = None
        if place.expression is not None:
            try:
                if not worth(place.expression, frame, self._helpers):
                    return
            except LimitReached as limit:  # it is the condition that never ends
                self._found(Hit(place.number, self._call_index, hit, raised(limit)))
                raise
            except BaseException as failed:  # theirs, exit() too: it is told at its place
                error = raised(failed)
        self._found(Hit(place.number, self._call_index, hit, error))
        self._hit_count += 1
        if self._hit_count >= MAX_HITS:
            self._stop_looking(f"only the first {MAX_HITS:,} hits were looked for")

    def _ask(self, frame: FrameType, place: _Place) -> None:
        if place.expression is None:
            return
        try:
            value = WatchValue(place.number, self._call_index, shown(worth(place.expression, frame, self._helpers)))
        except LimitReached as limit:
            self._values[place.number] = WatchValue(place.number, self._call_index, error=raised(limit))
            raise
        except BaseException as failed:  # as above
            value = WatchValue(place.number, self._call_index, error=raised(failed))
        self._values[place.number] = value

    def _tell_values(self) -> None:
        for number in sorted(self._values):
            self._found(self._values[number])
        self._value_count += len(self._values)
        if self._value_count >= MAX_VALUES:
            self._stop_looking(f"only the first {MAX_VALUES:,} values were looked for")

    def _found(self, told: Told) -> None:
        self._told_bytes += self._tell(told)
        if self._told_bytes >= MAX_BYTES:
            self._stop_looking("what was found fills what may be shown")

    def _stop_looking(self, why: str) -> None:
        self.cut = why
        sys.settrace(None)


def _is_outermost(frame: FrameType) -> bool:
    return users_frame_around(frame.f_back) is None
