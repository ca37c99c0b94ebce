"""What the sandbox's layers cost, hardened beside forked only, in turns in one run; and what hostile neighbours cost.

Run by hand from the project's folder: python -m benchmarks.sandbox_cost [pairs]
"""

import statistics
import sys
import time
from contextlib import ExitStack
from typing import Final

from benchmarks.replay_cost import TUTORIAL, stream
from engine.model.rows import Rows
from engine.model.scenario import Batch, Scenario
from engine.model.trace import Trace
from engine.sandbox import Hardening, Limits, SandboxRunner

FORKED_ONLY: Final = Hardening(uid_drop=False, landlock=False, rlimits=False, seccomp=False)
PATIENT: Final = Limits(time_ms=600_000, output_bytes=1024**3)
SHORT: Final = Limits(time_ms=2_000, call_time_ms=2_000, memory_bytes=256 * 1024**2, output_bytes=16 * 1024**2)
WORDS: Final = Scenario(
    api="updateState",
    code=TUTORIAL,
    batches=[Batch(0, Rows(["word"], [["hello", "hello", "spark"]])), Batch(660_000)],
)
HOSTILE: Final = {
    "an endless loop": "while True: pass",
    "a memory bomb": "kept = []\n    while True: kept.append(bytearray(1 << 20))",
    "a flood of output": "return [(key, 'x' * 200)] * 10**7",
}


def took_ms(runner: SandboxRunner, scenario: Scenario, limits: Limits) -> float:
    start = time.perf_counter()
    trace = runner.run(scenario, limits)
    took = (time.perf_counter() - start) * 1000
    if not isinstance(trace, Trace) or trace.ending != "completed":
        raise AssertionError(f"it did not complete: {trace}")
    return took


def in_turns(runners: list[SandboxRunner], scenario: Scenario, times: int) -> list[list[float]]:
    """For each runner how long it took, each time; what disturbs the machine disturbs them alike."""
    took: list[list[float]] = [[] for _ in runners]
    for _ in range(times):
        for times_ms, runner in zip(took, runners, strict=True):
            times_ms.append(took_ms(runner, scenario, PATIENT))
    return took


def print_warm(runners: list[SandboxRunner], times: int) -> None:
    print(f"The tutorial, warm, from the request to the decoded trace, {times} times each")
    for name, times_ms in zip(("hardened", "forked only"), in_turns(runners, WORDS, times), strict=True):
        cuts = statistics.quantiles(times_ms, n=20)
        print(f"  {name:12} median {cuts[9]:6.1f} ms   p95 {cuts[18]:6.1f} ms   least {min(times_ms):6.1f} ms")


def print_calls(runners: list[SandboxRunner], pairs: int) -> None:
    hardened, forked = in_turns(runners, stream(100_000, 100), pairs)
    ratios = sorted(a / b for a, b in zip(hardened, forked, strict=True))
    print(f"100,000 calls, {pairs} pairs: hardened {min(hardened):,.0f} ms, forked only {min(forked):,.0f} ms at best;")
    print(
        f"  hardened / forked only: median {statistics.median(ratios):.3f}, of the best {min(hardened) / min(forked):.3f}"
    )


def print_neighbours(runner: SandboxRunner) -> None:
    """Four of each hostile replay at once; meanwhile an honest one again and again."""
    print("An honest replay among 12 hostile ones")
    with ExitStack() as held:
        for body in [*HOSTILE.values()] * 4:
            code = f"def updateState(key, values, state):\n    {body}\n"
            scenario = Scenario(api="updateState", code=code, batches=[Batch(0, Rows(["word"], [["a"]]))])
            held.enter_context(runner.start(scenario, SHORT))
        honest = [took_ms(runner, WORDS, SHORT) for _ in range(10)]
    print(f"  first {honest[0]:,.0f} ms, median {statistics.median(honest):,.0f} ms, worst {max(honest):,.0f} ms")


def main() -> None:
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with SandboxRunner(max_workers=1) as hardened, SandboxRunner(max_workers=1, hardening=FORKED_ONLY) as forked:
        runners = [hardened, forked]
        in_turns(runners, WORDS, 5)
        print_warm(runners, 100)
        print_calls(runners, pairs)
    with SandboxRunner(max_workers=13) as runner:
        took_ms(runner, WORDS, PATIENT)
        print_neighbours(runner)


if __name__ == "__main__":
    main()
