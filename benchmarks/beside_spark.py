"""What one call costs, side by side in one run: on real Spark, in the replay, and around a bare dict.

Run by hand from the project's folder, where requirements-spark.txt is installed: python -m benchmarks.beside_spark
Spark has a cost a batch and a cost a call: two streams of one batch's worth of keys tell them apart.
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pandas as pd

from engine.model.rows import Rows
from engine.model.scenario import Batch, Scenario
from engine.model.trace import Trace
from engine.run_here import run_here
from engine.spark import what_is_missing

WORD_COUNT: Final = """\
def fn(key, pdfs, state):
    count = sum(len(pdf) for pdf in pdfs) + (state.get[0] if state.exists else 0)
    state.update((count,))
    state.setTimeoutDuration(600_000)
    yield pd.DataFrame({"word": [key[0]], "count": [count]})
"""
#: Keys, batches, rows a batch.
SHAPES: Final = ((10, 5, 1_000), (500, 5, 1_000), (1_000, 10, 10_000))


class BareState:
    """The least that the function can be called with: a value and a due time in two dicts."""

    def __init__(self, values: dict[str, tuple[int]], due: dict[str, int], key: str, now_ms: int) -> None:
        self.values, self.due, self.key, self.now_ms = values, due, key, now_ms
        self.hasTimedOut = False

    @property
    def exists(self) -> bool:
        return self.key in self.values

    @property
    def get(self) -> tuple[int]:
        return self.values[self.key]

    def update(self, value: tuple[int]) -> None:
        self.values[self.key] = value

    def setTimeoutDuration(self, duration_ms: int) -> None:  # noqa: N802 - Spark's name
        self.due[self.key] = self.now_ms + duration_ms


def run_bare(scenario: Scenario) -> int:
    """The same function over frames that pandas grouped; gives the number of calls."""
    namespace: dict[str, Any] = {"pd": pd}
    exec(WORD_COUNT, namespace)  # noqa: S102 - our own text
    values: dict[str, tuple[int]] = {}
    due: dict[str, int] = {}
    calls = 0
    for batch in scenario.batches:
        rows = pd.DataFrame({"word": batch.rows.column("word")})
        for key, frame in rows.groupby("word"):
            list(namespace["fn"]((key,), iter([frame]), BareState(values, due, str(key), batch.processing_time_ms)))
            calls += 1
    return calls


def run_replay(scenario: Scenario) -> int:
    trace = run_here(scenario)
    assert isinstance(trace, Trace)  # noqa: S101 - the scenario is ours
    return len(trace.calls)


def run_spark(session: Any, scenario: Scenario) -> None:
    """The same query on real Spark: the function as it is, nothing recorded, nothing read back."""
    from engine.spark.query import Query  # noqa: PLC0415 - it needs pyspark

    namespace: dict[str, Any] = {"pd": pd}
    exec(WORD_COUNT, namespace)  # noqa: S102 - our own text
    session.conf.set("spark.sql.shuffle.partitions", "1")
    schemas = (scenario.output_schema, scenario.state_schema)

    def plan(rows: Any) -> Any:
        groups = rows.select("word").groupBy("word")
        return groups.applyInPandasWithState(namespace["fn"], *schemas, "update", scenario.timeout_conf)._jdf

    with tempfile.TemporaryDirectory() as directory:
        query = Query(session, scenario, Path(directory), plan)
        for batch in scenario.batches:
            query.trigger(batch)
        query.stop()


def stream(keys: int, batches: int, rows: int) -> Scenario:
    """Words at random, all about equally often, one batch a minute."""
    dice = random.Random(0)  # noqa: S311 - words, not secrets
    words = [f"word{number:03}" for number in range(keys)]
    return Scenario(
        api="applyInPandasWithState",
        code=WORD_COUNT,
        key="word",
        input_schema="word string",
        output_schema="word string, count long",
        state_schema="count long",
        timeout_conf="ProcessingTimeTimeout",
        batches=[Batch(60_000 * i, Rows(["word"], [dice.choices(words, k=rows)])) for i in range(batches)],
    )


def seconds(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def costs(session: Any, scenario: Scenario) -> str:
    """One line: what a call cost in each of the three, and how often the one after it that is."""
    calls = run_replay(scenario)
    spark_s = seconds(lambda: run_spark(session, scenario))
    replay_s = min(seconds(lambda: run_replay(scenario)) for _ in range(3))
    bare_s = min(seconds(lambda: run_bare(scenario)) for _ in range(3))
    spark_us, replay_us, bare_us = (took * 1e6 / calls for took in (spark_s, replay_s, bare_s))
    return (
        f"{len(scenario.batches):7} {calls:7,}  {spark_s * 1e3 / len(scenario.batches):8.0f} ms  {spark_us:9.0f} us  "
        f"{replay_us:7.0f} us {spark_us / replay_us:6.0f} x  {bare_us:7.0f} us {replay_us / bare_us:6.2f} x"
    )


def main() -> None:
    missing = what_is_missing()
    if missing:
        sys.exit(missing)
    from engine.spark.session import spark_session  # noqa: PLC0415 - it needs pyspark

    with spark_session() as session:
        run_spark(session, stream(10, 2, 100))  # the first query of a session pays for its warm-up
        print("applyInPandasWithState, a word count: what Spark takes for a batch, and what a call costs")
        print(
            f"{'batches':>7} {'calls':>7}  {'Spark':>8} /b  {'Spark':>9} /c  {'replay, as fast':>19}  {'bare, as fast':>19}"
        )
        for shape in SHAPES:
            print(costs(session, stream(*shape)), flush=True)


if __name__ == "__main__":
    main()
