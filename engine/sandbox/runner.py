"""The runner that the page and the command line use: a scenario goes in, a trace comes out, in a process of its own.

The server never compiles or runs a user's code; there is no way around the sandbox when it fails.
"""

import os
import secrets
import sys
from hashlib import blake2b
from types import TracebackType
from typing import Final, Self, get_args

from engine.codec.frames import read_trace
from engine.codec.lines import read_answer
from engine.model.lines import Answer, Question
from engine.model.problems import Problem
from engine.model.scenario import Scenario
from engine.model.trace import Ending, ErrorRecord, Trace
from engine.sandbox.channel import Order
from engine.sandbox.layers import ALL_LAYERS, Hardening
from engine.sandbox.levels import Level, SelfTest, with_sentence
from engine.sandbox.limits import Limits
from engine.sandbox.replay import Replay
from engine.sandbox.settings import Settings, hide_memory, read_settings
from engine.sandbox.zygote_process import ZygoteProcess

#: Of the places for replays, so many more are for second replays: one to four.
_SECOND_REPLAYS: Final = 4
#: What an order is for, as a number: a replay, or a question of this kind.
_PURPOSES: Final = (Trace, *get_args(Question))


class SandboxRunner:
    """Replays scenarios in worker processes, `max_workers` at once; the others wait until it is their visitor's turn.

    Orders with the same `visitor`, a name, are one visitor's; one without is nobody else's. Visitors take turns (turns.py),
    and of each one order of each kind waits: a newer one takes its place.
    May be used by many threads. `settings` are the host's, from the environment when they are not given; `limits` and
    `max_workers` go before them. Raises OSError where processes cannot be forked, BadSetting for settings that cannot be
    read. `hardening` is for tests and benchmarks only (layers.py): with a layer off, no level is asked for.
    Workers are forked, or `spare_workers`: processes started before they are needed, where forking is not safe.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        max_workers: int | None = None,
        hardening: Hardening = ALL_LAYERS,
        settings: Settings | None = None,
        spare_workers: bool = sys.platform != "linux",
    ) -> None:
        if not hasattr(os, "fork"):
            raise OSError("Functions are replayed in forked processes: use Linux or macOS, or WSL on Windows")
        self._settings = settings or read_settings(os.environ)
        self._limits = limits or self._settings.limits
        self._is_hardened = hardening == ALL_LAYERS
        at_once = max_workers or self._settings.replays_at_once
        self._zygote = ZygoteProcess(at_once, hardening, spare_workers)
        second = -(-at_once // _SECOND_REPLAYS)
        self._other_zygote = ZygoteProcess(second, hardening, spare_workers, hash_seed=1)
        if self._settings.hosted:
            hide_memory()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def warm(self) -> None:
        """Begin to start what replays need, so that the first one does not wait for it. Returns at once."""
        self._zygote.start()

    def start(
        self, scenario: Scenario, limits: Limits | None = None, consent: bool = False, visitor: str | None = None
    ) -> Replay[Trace | list[Problem]]:
        """Order a replay, to be waited for, watched or cancelled. Use it in a `with`: leaving that ends the worker.

        On a computer that cannot isolate code nothing runs, unless somebody who read the function gave his `consent`. A
        hosted server heeds none.
        """
        return _traced(self._zygote, scenario, self._order(limits, consent, visitor, Trace))

    def ask(
        self, scenario: Scenario, question: Question, consent: bool = False, visitor: str | None = None
    ) -> Replay[Answer]:
        """Order the answer to a question: about the lines of the calls of a scenario that has been replayed, which is
        replayed once more for it; or about its job, whether it can be replayed or not."""

        def read(frames: bytes, otherwise: ErrorRecord, ending: Ending) -> Answer:
            return read_answer(frames, question, otherwise, ending)

        return Replay(self._zygote, scenario, self._order(None, consent, visitor, type(question)), question, read)

    def again(
        self, scenario: Scenario, consent: bool = False, visitor: str | None = None
    ) -> Replay[Trace | list[Problem]]:
        """Order a second replay of a scenario, with all else as Spark may have it another time.

        It is later, chance and the order of sets are other ones, and with each task the variables of the function's module
        are as they were at first. A function that answers otherwise then does so in Spark, too. Its process is started when
        it is first asked for, and has a quarter of the places.
        """
        return _traced(self._other_zygote, scenario, self._order(None, consent, visitor, Trace))

    def run(self, scenario: Scenario, limits: Limits | None = None, consent: bool = False) -> Trace | list[Problem]:
        """The trace of the scenario, or the problems that keep it from being replayed."""
        with self.start(scenario, limits, consent) as replay:
            return replay.result()

    def self_test(self) -> SelfTest:
        """How well this computer holds a worker, and the sentence for the visitor; waits for the zygote to find it out."""
        found = self._zygote.self_test()
        return with_sentence(found or SelfTest("none", ()), self._limits)

    def self_test_so_far(self) -> SelfTest | None:
        """The same without waiting: None while the zygote does not know it yet."""
        found = self._zygote.self_test(0)
        return with_sentence(found, self._limits) if found else None

    def close(self) -> None:
        """End everything at once; replays that still run end as if their process had died."""
        self._zygote.stop()
        self._other_zygote.stop()

    def _order(self, limits: Limits | None, consent: bool, visitor: str | None, purpose: type) -> Order:
        least: Level = "process" if consent and not self._settings.hosted else "kernel"
        order = Order(limits or self._limits, least, _number_of(visitor), _PURPOSES.index(purpose))
        return order if self._is_hardened else order._replace(least="none")


def _number_of(visitor: str | None) -> int:
    """What tells this visitor from all others."""
    if visitor is None:
        return secrets.randbits(64)
    return int.from_bytes(blake2b(visitor.encode(), digest_size=8).digest())


def _traced(zygote: ZygoteProcess, scenario: Scenario, order: Order) -> Replay[Trace | list[Problem]]:
    """A replay that results in a trace."""

    def read(frames: bytes, otherwise: ErrorRecord, ending: Ending) -> Trace | list[Problem]:
        return read_trace(frames, scenario, otherwise, ending)

    return Replay(zygote, scenario, order, None, read)
