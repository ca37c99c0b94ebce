"""Drives PySpark's own TwsTester with a scenario of transformWithState. Lives here: that drive; no Spark runs.

The tester knows neither batches nor event time: which batches run, and their watermarks, are told to it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyspark.sql import Row
from pyspark.sql.streaming.tws_tester import TwsTester

from engine.model.scenario import Scenario
from engine.model.trace import Trace
from engine.spark.transform_with_state import load_processor


def each_row_of_tester(trace: Trace, directory: Path) -> Iterator[list[Any]]:
    """The output rows of the trace's batches as the tester has them, data before timers. Raises what the tester raises."""
    scenario, watermark_ms = trace.scenario, 0
    tester = _tester(scenario, directory)
    for batch in trace.batches:
        fired: list[Row] = []
        if scenario.time_mode == "ProcessingTime":
            fired = tester.setProcessingTime(batch.processing_time_ms)
        if scenario.time_mode == "EventTime" and batch.watermark_ms > watermark_ms:
            fired, watermark_ms = tester.setWatermark(batch.watermark_ms), batch.watermark_ms
        for key, rows in _by_key(scenario, batch.trigger).items():
            yield from (list(row) for row in tester.test(key[0] if len(key) == 1 else key, rows))
        yield from (list(row) for row in fired)


def _tester(scenario: Scenario, directory: Path) -> TwsTester:
    column, initial = scenario.watermark and scenario.watermark.column, scenario.initial_state
    return TwsTester(
        load_processor(scenario, directory),
        timeMode=scenario.time_mode or "None",
        initialStateRow=initial and [(row[initial.key], Row(**row)) for row in initial.rows],
        eventTimeExtractor=(lambda row: row[column]) if scenario.time_mode == "EventTime" else None,
    )


def _by_key(scenario: Scenario, trigger: int) -> dict[tuple[Any, ...], list[Row]]:
    """The rows of a trigger by key, in Spark's order of text and numbers."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in scenario.batches[trigger].rows:
        groups.setdefault(tuple(row[name] for name in scenario.key_columns), []).append(Row(**row))
    return {key: groups[key] for key in sorted(groups)}
