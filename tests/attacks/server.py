"""The server under attack, a process of its own: `python -m tests.attacks.server [--without-layers]`.

It lays out the bait, reads names of attacks, a line each, and answers each with one line of JSON: what became of it.
"""

import json
import os
import sys
import tempfile
import traceback
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

from engine.codec.trace_json import trace_to_json
from engine.model.problems import Problem
from engine.model.scenario import Scenario
from engine.model.trace import Trace
from engine.run_here import run_here
from engine.sandbox import Hardening, Limits, SandboxRunner
from tests.attacks.bait import Bait
from tests.attacks.catalog import Attack, Verdict, attacks
from tests.everything_shown import everything_shown
from tests.helpers import MINUTE_MS, TUTORIAL, scenario
from tests.sandbox.processes import children, zygotes

#: Small, so that what ends by a limit ends soon.
LIMITS: Final = Limits(time_ms=1_500, call_time_ms=300, memory_bytes=192 * 2**20, output_bytes=16 * 2**20)
#: The families whose traces are odd: all views are drawn of them.
_ON_THE_TRACE: Final = ("recorder", "trace_format", "columns", "words", "values", "resources")
#: A zygote that has had 500 orders starts the one that follows it, whose self-test has processes that no replay left.
_ATTACKS_ON_ONE: Final = 200
HONEST: Final = scenario(TUTORIAL, (0, "hello hello spark"), (MINUTE_MS, "hello"), (20 * MINUTE_MS, ""))


class Range:
    """Where attacks are run, one after another, each followed by an honest replay."""

    def __init__(self, runner: SandboxRunner, bait: Bait) -> None:
        self._runner = runner
        self._bait = bait
        self._honest_trace = run_here(HONEST)

    def fire(self, attack: Attack) -> dict[str, Any]:
        """What became of the attack, and of those who came after it."""
        self._bait.lay_out()
        others = _processes()
        target = self._bait.target()
        answer = self._runner.run(_stream(attack.code(target)), LIMITS)
        touched = [*self._bait.touched(), *(f"process {pid}" for pid in _processes() - others)]
        shown, broken = _shown(answer, attack)
        return {
            "verdict": "escaped" if touched or target["mark"] in shown else _verdict(answer),
            "ending": answer.ending if isinstance(answer, Trace) else "refused",
            "error": _error(answer),
            "touched": touched,
            "is_not_here": "NotOnThisMachine" in _error(answer),
            "broke_the_page": broken,
            "next_is_honest": self._runner.run(HONEST) == self._honest_trace,
        }


def _processes() -> set[int]:
    """All that the zygote has started; when no replay runs, a replay left them."""
    return {pid for zygote in zygotes(os.getpid()) for pid in children(zygote)}


def _stream(code: str) -> Scenario:
    return scenario(code, (0, "before"), (1, "attack"), (2, "after"))


def _shown(answer: Trace | list[Problem], attack: Attack) -> tuple[str, str]:
    """Everything that a page could show of it as text, and what the page broke of: "" when it did not."""
    if not isinstance(answer, Trace):
        return "\n".join(map(str, answer)), ""
    if attack.family not in _ON_THE_TRACE:
        return trace_to_json(answer), ""
    try:
        return everything_shown(answer), ""
    except Exception:
        return "", traceback.format_exc()


def _verdict(answer: Trace | list[Problem]) -> Verdict:
    if not isinstance(answer, Trace):
        return "stopped"
    return {"completed": "harmless", "user_error": "blocked"}.get(answer.ending, "stopped")  # type: ignore[return-value]


def _error(answer: Trace | list[Problem]) -> str:
    if not isinstance(answer, Trace):
        return str(answer[:1])[:200]
    return f"{answer.error.error_class}: {answer.error.message}"[:200] if answer.error else ""


def main(*layers: str) -> None:
    """Serve until there are no more names."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        bait, names = Bait(Path(folder)), map(str.strip, sys.stdin)
        for first in names:
            with _runner(*layers) as runner:
                attacked = Range(runner, bait)
                for name in chain([first], islice(names, _ATTACKS_ON_ONE - 1)):
                    print(json.dumps(attacked.fire(attacks()[name])), flush=True)


def _runner(layers: str = "") -> SandboxRunner:
    all_off = Hardening(**dict.fromkeys(Hardening.__struct_fields__, False))
    return SandboxRunner(max_workers=2, hardening=all_off if layers == "--without-layers" else Hardening())


if __name__ == "__main__":
    main(*sys.argv[1:])
