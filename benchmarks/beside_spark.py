"""What one call costs, side by side in one run: on real Spark, in the replay, in TwsTester, and around a bare dict.

Run by hand from the project's folder, where requirements-spark.txt is installed: python -m benchmarks.beside_spark
Spark has a cost a batch and a cost a call: streams of few and of many keys tell them apart.
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd

from benchmarks.word_counts import WORD_COUNTS, WordCount
from engine.model.rows import Rows
from engine.model.scenario import Batch, Scenario
from engine.model.trace import Trace
from engine.run_here import run_here
from engine.spark import what_is_missing

#: Keys, batches, rows a batch.
SHAPES: Final = ((10, 5, 1_000), (300, 5, 1_000), (1_000, 5, 10_000))


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


def run_bare(word_count: WordCount, scenario: Scenario) -> None:
    """The same function over frames that pandas grouped."""
    function = word_count.load({"pd": pd})
    values: dict[str, tuple[int]] = {}
    due: dict[str, int] = {}
    for batch, groups in _grouped(scenario):
        for key, frame in groups:
            list(function((key,), iter([frame]), BareState(values, due, key, batch.processing_time_ms)))


def run_tester(word_count: WordCount, scenario: Scenario) -> None:
    """The same processor in PySpark's own tester, over frames that pandas grouped."""
    from pyspark.sql import Row  # noqa: PLC0415 - it needs pyspark
    from pyspark.sql.streaming import StatefulProcessor  # noqa: PLC0415 - it needs pyspark
    from pyspark.sql.streaming.tws_tester import TwsTester  # noqa: PLC0415 - it needs pyspark

    processor = word_count.load({"pd": pd, "Row": Row, "StatefulProcessor": StatefulProcessor})
    tester = TwsTester(processor(), timeMode="ProcessingTime")
    for batch, groups in _grouped(scenario):
        tester.setProcessingTime(batch.processing_time_ms)
        for key, frame in groups:
            if word_count.in_rows:
                tester.test(key, [Row(word=word) for word in frame["word"]])
            else:
                tester.testInPandas(key, frame)


def _grouped(scenario: Scenario) -> Iterator[tuple[Batch, list[tuple[str, Any]]]]:
    for batch in scenario.batches:
        rows = pd.DataFrame({"word": batch.rows.column("word")})
        yield batch, [(str(key), frame) for key, frame in rows.groupby("word")]


def run_replay(scenario: Scenario) -> Trace:
    trace = run_here(scenario)
    assert isinstance(trace, Trace)  # noqa: S101 - the scenario is ours
    return trace


def run_spark(session: Any, word_count: WordCount, scenario: Scenario) -> None:
    """The same query on real Spark: the function as it is, nothing recorded, nothing read back."""
    from engine.spark.query import Query  # noqa: PLC0415 - it needs pyspark
    from engine.spark.run import conf_of  # noqa: PLC0415 - it needs pyspark

    for name, value in conf_of(scenario).items():
        session.conf.set(name, str(value))
    with tempfile.TemporaryDirectory() as directory:
        query = Query(session, scenario, Path(directory), lambda rows: word_count.plan(rows.select("word"))._jdf)
        for batch in scenario.batches:
            query.trigger(batch)
        query.stop()


def stream(word_count: WordCount, keys: int, batches: int, rows: int) -> Scenario:
    """Words at random, all about equally often, one batch a minute."""
    dice = random.Random(0)  # noqa: S311 - words, not secrets
    words = [f"word{number:03}" for number in range(keys)]
    return Scenario(
        key="word",
        input_schema="word string",
        output_schema="word string, count long",
        batches=[Batch(60_000 * (i + 1), Rows(["word"], [dice.choices(words, k=rows)])) for i in range(batches)],
        **word_count.fields,
    )


def seconds(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def best(run: Callable[[], Any]) -> float:
    return min(seconds(run) for _ in range(3))


def costs(session: Any, word_count: WordCount, scenario: Scenario) -> str:
    """One line: what a call cost on Spark, in the replay, and in the third, and how often the replay's that is."""
    calls = sum(call.key is not None for call in run_replay(scenario).calls)
    third = run_tester if word_count.is_processor else run_bare
    took_s = (
        seconds(lambda: run_spark(session, word_count, scenario)),
        best(lambda: run_replay(scenario)),
        best(lambda: third(word_count, scenario)),
    )
    spark_us, replay_us, third_us = (each_s * 1e6 / calls for each_s in took_s)
    batch_ms = took_s[0] * 1e3 / len(scenario.batches)
    return (
        f"{len(scenario.batches):7} {calls:7,}  {batch_ms:8.0f} ms  {spark_us:9.0f} us {spark_us / replay_us:6.0f} x  "
        f"{replay_us:7.0f} us  {third.__name__.removeprefix('run_'):>6} {third_us:7.0f} us {third_us / replay_us:6.2f} x"
    )


def main() -> None:
    missing = what_is_missing()
    if missing:
        sys.exit(missing)
    from engine.spark.session import spark_session  # noqa: PLC0415 - it needs pyspark

    with spark_session() as session:
        for name, word_count in WORD_COUNTS.items():
            run_spark(session, word_count, stream(word_count, 10, 2, 100))  # the first query pays for its warm-up
            print(f"\n{name}, a word count; x is how many times the replay's cost that is")
            print(f"{'batches':>7} {'calls':>7}  {'Spark':>8} /b  {'Spark':>9} /c {'':8}  {'replay':>7} /c")
            for shape in SHAPES:
                print(costs(session, word_count, stream(word_count, *shape)), flush=True)


if __name__ == "__main__":
    main()
