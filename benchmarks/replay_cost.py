"""What a replay costs, side by side in one run: through the sandbox, in this process, and as a bare dict in a loop.

In this process it is told how much of it is replaying and writing the trace, and how much is reading it.
Run by hand from the project's folder: python -m benchmarks.replay_cost [most rows]
"""

import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final

from engine.codec.frames import FrameWriter, read_trace
from engine.model.rows import Rows
from engine.model.scenario import Batch, Scenario
from engine.model.trace import ErrorRecord, Trace
from engine.run_here import write_trace
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
TURNS: Final = 3
_NO_ENDING: Final = ErrorRecord("RuntimeError", "the replay wrote no ending")


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


def written(scenario: Scenario) -> bytes:
    """The frames of the replay, in this process."""
    frames = bytearray()
    write_trace(scenario, FrameWriter(frames.extend))
    return bytes(frames)


def in_turns(runs: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """The best time of each in seconds. They take turns, so that what else the machine does meets them all."""
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(TURNS):
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            best[name] = min(best[name], time.perf_counter() - start)
    return best


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
    frames = written(scenario)
    trace = read_trace(frames, scenario, _NO_ENDING)
    if not isinstance(trace, Trace) or trace != runner.run(scenario, PATIENT) or trace.ending != "completed":
        raise AssertionError("the runners disagree")
    took_s = in_turns(
        {
            "bare dict": lambda: run_bare(scenario),
            "replayed, written": lambda: written(scenario),
            "read": lambda: read_trace(frames, scenario, _NO_ENDING),
            "sandbox": lambda: runner.run(scenario, PATIENT),
        }
    )
    bare_s, write_s, read_s, sandbox_s = took_s.values()
    calls = len(trace.calls)
    costs = [
        f"{took * 1e6 / calls:9.2f} us {took / bare_s:5.1f} x"
        for took in (bare_s, write_s, read_s, write_s + read_s, sandbox_s)
    ]
    print(f"{rows:9,} {batches:7} {calls:9,}  {'  '.join(costs)}", flush=True)


def main() -> None:
    most_rows = int(sys.argv[1].replace(",", "").replace("_", "")) if len(sys.argv) > 1 else SHAPES[-1][0]
    with SandboxRunner() as runner:
        print_warm_replay(runner)
        print(f"Cost of a call, {KEYS:,} keys, the best of {TURNS} runs, and how often that of a bare dict it is")
        columns = ("bare dict", "replayed, written", "read", "both, here", "sandbox")
        names = "  ".join(f"{name:>20}" for name in columns)
        print(f"{'rows':>9} {'batches':>7} {'calls':>9}  {names}")
        for rows, batches in SHAPES:
            if rows <= most_rows:
                print_costs(runner, rows, batches)


if __name__ == "__main__":
    main()
