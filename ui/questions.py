"""What one visitor asks that takes another process, and the answers. Lives here: one question of each kind at a time.

The store keeps it and brings the runner; nothing is drawn here.
"""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from engine import Problem, Scenario, sandbox
from engine.debugger import LinesOfCall, ReadJob, WatchedCalls

#: Most answers are there by then; a longer one is looked at again and again.
_PATIENCE_S: Final = 0.3


class SecondReplay(msgspec.Struct, frozen=True):
    """Does a second replay go as the first one did? The answer is its trace."""


Question = LinesOfCall | WatchedCalls | SecondReplay | ReadJob


class _Asked(msgspec.Struct):
    """A question about this scenario: who looks for its answer, until that is there."""

    scenario: Scenario
    question: Question
    running: Any = None
    answer: Any = None

    def is_about(self, scenario: Scenario, question: Question) -> bool:
        """Whether it is this very question; an equal scenario that was opened anew is another one."""
        return self.scenario is scenario and self.question == question


class Questions:
    """A question that takes another's place calls that off; so does leaving it."""

    def __init__(self) -> None:
        self._asked: dict[type, _Asked] = {}

    def answer(self, ask: Callable[[], sandbox.Replay[Any]], scenario: Scenario, question: Question) -> Any:
        """The answer (of the kind that the question has), or how far it is; a Problem when nothing can be run.

        `ask` orders it, when it is a new one. Waits a moment for it.
        """
        asked = self._asked.get(type(question))
        if asked is None or not asked.is_about(scenario, question):
            asked = self._ask(ask, scenario, question)
        if asked.answer is None and asked.running.wait(_PATIENCE_S):
            with asked.running as running:
                asked.answer = running.result()
        return asked.answer if asked.answer is not None else asked.running.progress

    def known(self, scenario: Scenario, question: Question) -> Any:
        """The answer if it is there already, else None; nothing is run for it."""
        asked = self._asked.get(type(question))
        return asked.answer if asked is not None and asked.is_about(scenario, question) else None

    def stop(self, kind: type) -> None:
        """Call off the question of this kind that is being answered, if one is; an answer stays."""
        asked = self._asked.get(kind)
        if asked is not None and asked.answer is None:
            del self._asked[kind]
            _call_off(asked)

    def _ask(self, ask: Callable[[], sandbox.Replay[Any]], scenario: Scenario, question: Question) -> _Asked:
        older, asked = self._asked.get(type(question)), _Asked(scenario, question)
        try:
            asked.running = ask()
        except OSError as error:  # no processes on this system, or no more of them
            asked.answer = Problem("replay", str(error), "Nothing was run")
        self._asked[type(question)] = asked
        if older is not None and older.answer is None:
            _call_off(older)  # only now: one that waits has kept its place in the line for the newer
        return asked


def _call_off(asked: _Asked) -> None:
    with asked.running as running:  # leaving the block ends its worker
        running.cancel()
