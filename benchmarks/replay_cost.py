"""What a replay costs, side by side in one run: through the sandbox, in this process, and as a bare dict in a loop.

Run by hand from the project's folder: python -m benchmarks.replay_cost [most rows]
"""

import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final

from engine.model.rows import Rows
from engine.model.scenario import Batch, Scenario
from engine.model.trace import Trace
from engine.run_here import run_here
from engine.sandbox import Limits, SandboxRunner

TUTORIAL: Final = """\
def updateState(key, values, state):
    if state.hasTimedOut():
        return []
    count = sum(1 for _ in values) + (state.get() if state.exists else 0)
    state.update(count)
    state.setTimeoutDuration("10 minutes")
    return [(key, count)]
"""
KEYS: Final = 1_000
SHAPES: Final = ((10_000, 10), (10_000, 100), (100_000, 10), (100_000, 100), (1_000_000, 10), (1_000_000, 100))
PATIENT: Final = Limits(time_ms=600_000, memory_bytes=4 * 1024**3, output_bytes=1024**3)
WARM_REPLAYS: Final = 100


class BareState:
    """The least that the function can be called with: a value and a due time in two dicts."""

    __slots__ = ("due", "hasTimedOut", "key", "now_ms", "values")

    def __init__(self, values: dict[str, int], due: dict[str, int], key: str, now_ms: int) -> None:
        self.values, self.due, self.key, self.now_ms = values, due, key, now_ms
        self.hasTimedOut = bool

    @property
    def exists(self) -> bool:
        return self.key in self.values

    def get(self) -> int:
        return self.values[self.key]

    def update(self, value: int) -> None:
        self.values[self.key] = value

    def setTimeoutDuration(self, duration: str) -> None:  # noqa: N802 - Spark's name
        self.due[self.key] = self.now_ms + 600_000


def run_bare(scenario: Scenario) -> list[Any]:
    """The same function over the same rows, with nothing recorded and no rule of Spark's."""
    namespace: dict[str, Any] = {}
    exec(TUTORIAL, namespace)  # noqa: S102 - our own text
    function = namespace["updateState"]
    values: dict[str, int] = {}
    due: dict[str, int] = {}
    output: list[Any] = []
    for batch in scenario.batches:
        groups: dict[str, list[str]] = defaultdict(list)
        for word in batch.rows.column("word"):
            groups[word].append(word)
        for key, words in groups.items():
            output += function(key, words, BareState(values, due, key, batch.processing_time_ms))
    return output


def stream(rows: int, batches: int) -> Scenario:
    """Words at random, all about equally often, one batch a minute."""
    dice = random.Random(0)  # noqa: S311 - words, not secrets
    words = [f"word{number:03}" for number in range(KEYS)]
    size = rows // batches
    made = [Batch(60_000 * i, Rows(["word"], [dice.choices(words, k=size)])) for i in range(batches)]
    return Scenario(api="updateState", code=TUTORIAL, batches=made)


def seconds(run: Callable[[], Any]) -> tuple[float, Any]:
    """The better of two runs, and its result."""
    best, result = float("inf"), None
    for _ in range(2):
        start = time.perf_counter()
        result = run()
        best = min(best, time.perf_counter() - start)
    return best, result


def print_warm_replay(runner: SandboxRunner) -> None:
    tutorial = Scenario(
        api="updateState",
        code=TUTORIAL,
        batches=[Batch(0, Rows(["word"], [["hello", "hello", "spark"]])), Batch(660_000)],
    )
    runner.run(tutorial)
    took_ms = []
    for _ in range(WARM_REPLAYS):
        start = time.perf_counter()
        runner.run(tutorial)
        took_ms.append((time.perf_counter() - start) * 1000)
    cuts = statistics.quantiles(took_ms, n=20)
    print(f"The tutorial, warm, to the decoded trace: median {cuts[9]:.1f} ms, p95 {cuts[18]:.1f} ms\n")


def print_costs(runner: SandboxRunner, rows: int, batches: int) -> None:
    scenario = stream(rows, batches)
    bare_s, _ = seconds(lambda: run_bare(scenario))
    here_s, trace = seconds(lambda: run_here(scenario))
    sandbox_s, same = seconds(lambda: runner.run(scenario, PATIENT))
    if not isinstance(trace, Trace) or trace != same or trace.ending != "completed":
        raise AssertionError("the runners disagree")
    calls = len(trace.calls)
    costs = [f"{took * 1e6 / calls:9.2f} us {took / bare_s:5.1f} x" for took in (bare_s, here_s, sandbox_s)]
    print(f"{rows:9,} {batches:7} {calls:9,}  {'  '.join(costs)}", flush=True)


def main() -> None:
    most_rows = int(sys.argv[1].replace(",", "").replace("_", "")) if len(sys.argv) > 1 else SHAPES[-1][0]
    with SandboxRunner() as runner:
        print_warm_replay(runner)
        print(f"Cost of a call, {KEYS:,} keys, the better of two runs, and how often that of a bare dict it is")
        names = "  ".join(f"{name:>20}" for name in ("bare dict", "run_here", "sandbox"))
        print(f"{'rows':>9} {'batches':>7} {'calls':>9}  {names}")
        for rows, batches in SHAPES:
            if rows <= most_rows:
                print_costs(runner, rows, batches)


if __name__ == "__main__":
    main()
