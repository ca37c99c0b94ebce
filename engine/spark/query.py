"""One streaming query on real Spark, trigger by trigger. Lives here: source, clock, sink, and what Spark tells of a batch.

What the query computes is given to it; the user's function is not known here.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec
from pyspark.sql import DataFrame

from engine.model.scenario import Batch, Scenario
from engine.model.trace import ErrorRecord, EventTimes
from engine.spark import errors
from engine.spark.indexed_rows import lines_of, rows_of
from engine.spark.jvm import ms_of_iso, python_row, scala_object, scala_seq
from engine.spark.recording import ROW_INDEX

_METRICS: Final = ("numRowsTotal", "numRowsUpdated", "numRowsRemoved", "numRowsDroppedByWatermark")
_CUSTOM_METRICS: Final = (
    *("numRegisteredTimers", "numDeletedTimers", "numExpiredTimers"),
    *("numValueStateVars", "numListStateVars", "numMapStateVars", "numDeletedStateVars"),
    *("numValueStateWithTTLVars", "numListStateWithTTLVars", "numMapStateWithTTLVars"),
    "numValuesRemovedDueToTTLExpiry",
)
_OPERATORS: Final = ("FlatMapGroups", "TransformWithState")
_POLL_MS: Final = 100
_PATIENCE_MS: Final = 120_000


class BatchReport(msgspec.Struct, frozen=True):
    """What Spark tells of one micro-batch. Of a batch that died it tells its times only."""

    batch_id: int
    processing_time_ms: int
    watermark_ms: int
    late_watermark_ms: int
    metrics: dict[str, int]
    event_times: EventTimes | None
    output: list[Any]
    error: ErrorRecord | None = None


class Query:
    """A query over a stream in memory. `plan` turns the DataFrame of the rows into the Dataset to be written."""

    def __init__(self, session: Any, scenario: Scenario, directory: Path, plan: Callable[[Any], Any]) -> None:
        """Raises what pyspark raises when it refuses the plan."""
        self._session = session
        self._jvm = session._jvm
        self._scenario = scenario
        self.checkpoint = directory / "checkpoint"
        streaming = self._jvm.org.apache.spark.sql.execution.streaming
        memory_stream = scala_object(streaming.runtime, "MemoryStream")
        encoder = self._jvm.org.apache.spark.sql.Encoders.STRING()
        self._source = memory_stream.apply(session._jsparkSession, scenario.input_partitions, encoder)
        self._sink = streaming.sources.MemorySink()
        self._dataset = plan(self._rows())
        self._run: Any = None
        self._clock: Any = None
        self._next_batch_id = 0

    def trigger(self, batch: Batch) -> BatchReport | None:
        """Let the rows arrive and the trigger fire; None when Spark ran no batch. Starts the query if it is stopped."""
        self._add(batch)
        if self._run is None:
            self._start(batch.processing_time_ms)
        else:
            self._clock.fire(batch.processing_time_ms)
        if not self._await_idle():
            return self._report(errors.died(self._run.exception().get()))
        latest = self._sink.latestBatchId()
        if latest.isEmpty() or latest.get() < self._next_batch_id:
            return None
        return self._report(None)

    def stop(self) -> None:
        """Stop the run; its checkpoint, its source and its sink stay."""
        if self._run is not None:
            self._run.stop()
            self._run = None

    def _rows(self) -> Any:
        """The DataFrame of the rows, the watermark declared."""
        rows = rows_of(DataFrame(self._source.toDF(), self._session), self._scenario.input_schema or "")
        watermark = self._scenario.watermark
        if watermark is None:
            return rows
        rows.drop(ROW_INDEX).withWatermark(watermark.column, watermark.delay)  # refused without a word of our column
        return rows.withWatermark(watermark.column, watermark.delay)

    def _add(self, batch: Batch) -> None:
        lines = lines_of(batch.rows, self._scenario.input_schema or "")
        if lines:
            self._source.addData(scala_seq(self._jvm, lines))

    def _start(self, time_ms: int) -> None:
        jvm, sql = self._jvm, self._jvm.org.apache.spark.sql
        none, some = jvm.scala.Option.empty, jvm.scala.Option.apply
        mode = output_mode(jvm, self._scenario)
        options = jvm.org.apache.spark.api.python.PythonUtils.toScalaMap(jvm.java.util.HashMap())
        self._clock = jvm.stateline.TriggerClock(time_ms)
        self._run = self._session._jsparkSession.streams().startQuery(
            none(),  # no name
            none(),  # no location of its own for the checkpoint …
            some(str(self.checkpoint)),
            self._dataset,
            options,
            self._sink,
            mode,
            False,  # … which is not a temporary one
            True,  # and is recovered from
            sql.streaming.Trigger.ProcessingTime(1),
            self._clock,
            none(),
            none(),
        )

    def _await_idle(self) -> bool:
        """True when the trigger is over, False when the query died in it."""
        waited_ms = 0
        while not self._clock.awaitIdle(_POLL_MS):
            if not self._run.isActive():
                return False
            waited_ms += _POLL_MS
            if waited_ms > _PATIENCE_MS:
                raise TimeoutError(f"a trigger of Spark took longer than {_PATIENCE_MS} ms")
        return True

    def _report(self, error: ErrorRecord | None) -> BatchReport:
        offsets = self._offsets(self._next_batch_id)
        progress = {} if error else json.loads(self._run.lastProgress().json())
        report = BatchReport(
            batch_id=self._next_batch_id,
            processing_time_ms=offsets["batchTimestampMs"],
            watermark_ms=offsets["batchWatermarkMs"],
            late_watermark_ms=self._watermark_before() if error else self._late_watermark_ms(),
            metrics=_metrics(progress),
            event_times=_event_times(progress),
            output=[] if error else self._output(),
            error=error,
        )
        self._next_batch_id += 1
        return report

    def _offsets(self, batch_id: int) -> dict[str, int]:
        """The metadata of a batch in the offset log, which is written before the batch runs."""
        lines = (self.checkpoint / "offsets" / str(batch_id)).read_text().splitlines()
        metadata: dict[str, int] = json.loads(lines[1])
        return metadata

    def _watermark_before(self) -> int:
        """The watermark of the batch before: a batch that died has no plan to ask, or making it is what failed."""
        return self._offsets(self._next_batch_id - 1)["batchWatermarkMs"] if self._next_batch_id else 0

    def _late_watermark_ms(self) -> int:
        node = _operator(self._run.streamingQuery().lastExecution().executedPlan())
        watermark = node.eventTimeWatermarkForLateEvents()
        return int(watermark.get()) if watermark.isDefined() else 0

    def _output(self) -> list[Any]:
        rows = self._sink.latestBatchData()
        return [python_row(self._jvm, rows.apply(i)) for i in range(rows.size())]


def _metrics(progress: dict[str, Any]) -> dict[str, int]:
    """What the operator told of its work: the numbers that every operator has, and those of timers and variables."""
    told: dict[str, int] = {}
    for operator in progress.get("stateOperators", ()):
        custom = operator.get("customMetrics", {})
        told |= {name: operator[name] for name in _METRICS}
        told |= {name: custom[name] for name in _CUSTOM_METRICS if name in custom}
    return told


def _event_times(progress: dict[str, Any]) -> EventTimes | None:
    """The statistics of the batch's event times; Spark tells none for a batch without rows."""
    told = progress.get("eventTime", {})
    return EventTimes(*(ms_of_iso(told[name]) for name in ("min", "avg", "max"))) if "max" in told else None


def output_mode(jvm: Any, scenario: Scenario) -> Any:
    """The JVM's OutputMode. Raises what pyspark raises for a name that is none."""
    modes = scala_object(jvm.org.apache.spark.sql.catalyst.streaming, "InternalOutputModes")
    return modes.apply(scenario.output_mode)


def _operator(plan: Any) -> Any:
    """The stateful operator of an executed plan: the first node, depth first, that is one."""
    if plan.getClass().getSimpleName().startswith(_OPERATORS):
        return plan
    children = plan.children()
    found = (_operator(children.apply(i)) for i in range(children.size()))
    return next((node for node in found if node is not None), None)
