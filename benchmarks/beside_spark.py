"""What one call costs, side by side in one run: on real Spark, in the replay, in TwsTester, and the user's own work.

Run by hand from the project's folder, where requirements-spark.txt is installed: python -m benchmarks.beside_spark
Spark has a cost a batch and a cost a call: streams of few and of many keys tell them apart. What is in each figure:

- Spark: all triggers of a query that runs already; nothing is recorded, nothing is read back.
- the replay: checking the scenario, loading the code, every batch, and the trace of it in bytes; not the page's reading.
- TwsTester (StatefulProcessors only): grouping each batch with pandas and calling the tester for each key; no trace.
- own: the user's function on rows made beforehand, around a bare dict. Nothing can be faster than that.

Replay, tester and own work take turns in this process, the best of each counts, and texts are stored as in the runner.
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import pandas as pd

from benchmarks.word_counts import WORD_COUNTS, WordCount
from engine.apis.row import Row
from engine.apis.stateful_processor.base import TimerValues
from engine.codec.frames import FrameWriter
from engine.model.rows import Rows
from engine.model.scenario import Batch, Scenario
from engine.model.trace import Trace
from engine.run_here import run_here, write_trace
from engine.spark import what_is_missing

#: Keys, batches, rows a batch.
SHAPES: Final = ((10, 5, 1_000), (300, 5, 1_000), (1_000, 5, 10_000))
ROUNDS: Final = 5


class OwnCall(NamedTuple):
    """One call, with the frame or the Rows that it is given."""

    now_ms: int
    key: str
    rows: list[Any]


class BareState:
    """The least that a function or a processor can be called with: a value and a due time in two dicts."""

    def __init__(self) -> None:
        self.values: dict[str, tuple[int]] = {}
        self.due: dict[str, int] = {}
        self.hasTimedOut = False
        self.key, self.now_ms = "", 0

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


class BareHandle(BareState):
    """The same as a processor's handle and its one variable, whose `exists` and `get` are methods."""

    def getValueState(self, name: str, schema: str) -> "BareHandle":  # noqa: N802 - Spark's name
        return self

    def exists(self) -> bool:  # type: ignore[override]
        return self.key in self.values

    def get(self) -> tuple[int]:  # type: ignore[override]
        return self.values[self.key]

    def listTimers(self) -> list[int]:  # noqa: N802 - Spark's name
        return [self.due[self.key]] if self.key in self.due else []

    def deleteTimer(self, timer_ms: int) -> None:  # noqa: N802 - Spark's name
        del self.due[self.key]

    def registerTimer(self, timer_ms: int) -> None:  # noqa: N802 - Spark's name
        self.due[self.key] = timer_ms


def run_own(word_count: WordCount, calls: list[OwnCall]) -> None:
    """The same function or processor around a bare dict."""
    loaded = word_count.load({"pd": pd, "Row": Row, "StatefulProcessor": object})
    state: BareState = BareHandle() if word_count.is_processor else BareState()
    processor = loaded() if word_count.is_processor else None
    if processor is not None:
        processor.init(state)
    for now_ms, key, rows in calls:
        state.key, state.now_ms = key, now_ms
        if processor is None:
            list(loaded((key,), iter(rows), state))
        else:
            list(processor.handleInputRows((key,), iter(rows), TimerValues(now_ms)))


def own_calls(word_count: WordCount, scenario: Scenario) -> list[OwnCall]:
    """All calls of a stream; what each is given is made here, beforehand."""

    def given(frame: pd.DataFrame) -> list[Any]:
        return [Row(word=word) for word in frame["word"]] if word_count.in_rows else [frame]

    return [
        OwnCall(batch.processing_time_ms, key, given(frame))
        for batch, groups in _grouped(scenario)
        for key, frame in groups
    ]


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


def run_replay(scenario: Scenario) -> bytearray:
    """The trace in bytes, as the runner hands it to the page."""
    trace = bytearray()
    write_trace(scenario, FrameWriter(trace.extend))
    return trace


def calls_of(scenario: Scenario) -> int:
    """How many calls with a key a stream makes."""
    trace = run_here(scenario)
    assert isinstance(trace, Trace)  # noqa: S101 - the scenario is ours
    return sum(call.key is not None for call in trace.calls)


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


def best_s(word_count: WordCount, scenario: Scenario) -> dict[str, float]:
    """The best of several rounds of each, in seconds; a first round of each warms it."""
    calls = own_calls(word_count, scenario)
    runs: dict[str, Callable[[], Any]] = {
        "replay": lambda: run_replay(scenario),
        "own": lambda: run_own(word_count, calls),
    }
    if word_count.is_processor:
        runs["tester"] = lambda: run_tester(word_count, scenario)
    with pd.option_context("mode.string_storage", "python"):
        rounds = [{name: seconds(run) for name, run in runs.items()} for _ in range(1 + ROUNDS)]
    return {name: min(one[name] for one in rounds[1:]) for name in runs}


def costs(session: Any, word_count: WordCount, scenario: Scenario) -> str:
    """One line: what a call cost everywhere, in microseconds, and how many times the replay's that is."""
    calls = calls_of(scenario)
    took_us = {name: took_s * 1e6 / calls for name, took_s in best_s(word_count, scenario).items()}
    spark_s = seconds(lambda: run_spark(session, word_count, scenario))
    took_us["spark"] = spark_s * 1e6 / calls
    replay_us, batches = took_us["replay"], len(scenario.batches)
    told = f"{batches:7} {calls:7,}  {spark_s * 1e3 / batches:11.0f} ms  {replay_us:11.0f} us  {took_us['own']:6.0f} us"
    others = (
        f"  {took_us[name]:10.0f} us {took_us[name] / replay_us:5.1f} x"
        for name in ("spark", "tester")
        if name in took_us
    )
    return told + "".join(others)


def main() -> None:
    missing = what_is_missing()
    if missing:
        sys.exit(missing)
    from engine.spark.session import spark_session  # noqa: PLC0415 - it needs pyspark

    with spark_session() as session:
        for name, word_count in WORD_COUNTS.items():
            run_spark(session, word_count, stream(word_count, 10, 2, 100))  # the first query pays for its warm-up
            print(f"\n{name}, a word count; x is how many times the replay's cost that is")
            print("batches   calls   Spark a batch   replay a call   own work   Spark a call        TwsTester a call")
            for shape in SHAPES:
                print(costs(session, word_count, stream(word_count, *shape)), flush=True)


if __name__ == "__main__":
    main()
