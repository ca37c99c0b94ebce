"""One run of a scenario on real Spark, from trigger to trigger. Lives here: the run, and how its trace is put together.

Calls come from the recorder around the function; output, state, watermarks and numbers from Spark itself.
"""

import contextlib
import io
import itertools
from pathlib import Path
from typing import Any, Final

import msgspec
from pyspark.errors import PySparkException
from pyspark.sql.types import StructType

from engine.apis.catalog import policy_of
from engine.codec.frames import FrameWriter
from engine.model.problems import Problem
from engine.model.scenario import Scenario
from engine.model.state import KeyState
from engine.model.trace import DroppedRow, ErrorRecord, FunctionCalled, Key
from engine.spark import errors
from engine.spark.apply_in_pandas import ApplyInPandasWithState
from engine.spark.keys import cells_of_key, key_types_of
from engine.spark.operator import Operator, Ran
from engine.spark.query import BatchReport, Query
from engine.spark.recording import CallRecord, class_of, line_of_error
from engine.spark.transform_with_state import TransformWithState, TransformWithStateInPandas
from engine.spark.update_state import UpdateState

_OPERATORS: Final[dict[str, type[Operator]]] = {
    "updateState": UpdateState,
    "applyInPandasWithState": ApplyInPandasWithState,
    "transformWithStateInPandas": TransformWithStateInPandas,
    "transformWithState": TransformWithState,
}


#: PySpark turns this one of the function's into an error of its own (SEMANTICS 1.25).
_RENAMED: Final = "StopIteration"


def unfit(scenario: Scenario) -> list[Problem]:
    """What a replay can do without and Spark can not."""
    if scenario.input_schema is None:
        return [Problem("input_schema", "Spark needs it", "Write it as DDL, such as 'word string, amount long'")]
    return _OPERATORS[scenario.api].unfit(scenario)


def conf_of(scenario: Scenario) -> dict[str, Any]:
    """The settings of the session for this scenario: its own, and those without which its API cannot run."""
    partitions = {"spark.sql.shuffle.partitions": scenario.shuffle_partitions}
    return {**partitions, **_OPERATORS[scenario.api].conf, **scenario.conf}


def write_trace(session: Any, scenario: Scenario, directory: Path, writer: FrameWriter) -> None:
    """Run the scenario, with files in the directory, and write everything that happened."""
    prints = io.StringIO()
    try:
        with contextlib.redirect_stdout(prints):
            operator: Operator = _OPERATORS[scenario.api](session, scenario, directory)
    except Exception as error:  # whatever the user's module raises is data
        writer.ended("user_error", ErrorRecord(class_of(error), str(error), line=line_of_error(error)), ())
        return
    _Run(session, scenario, operator, directory).write(writer, prints.getvalue())


class _Run:
    def __init__(self, session: Any, scenario: Scenario, operator: Operator, directory: Path) -> None:
        self._session = session
        self._scenario = scenario
        self._operator = operator
        self._key_types = key_types_of(scenario)
        self._directory = directory

    def write(self, writer: FrameWriter, printed_at_load: str) -> None:
        try:
            query = Query(self._session, self._scenario, self._directory, self._operator.plan)
            ran = self._triggers(query)
        except (PySparkException, AssertionError) as error:  # pyspark asserts that it knows the timeout conf
            writer.ended("plan_error", errors.refused(error), ())
            return
        writer.loaded(printed_at_load, policy_of(self._scenario).expires_by)
        self._write_batches(ran, query.checkpoint, writer)
        died = ran[-1].report.error if ran else None
        writer.ended("user_error" if died else "completed", self._placed(died, ran), self._output_names())

    def _triggers(self, query: Query) -> list[Ran]:
        """Fire all triggers, up to the batch that died. Raises what pyspark raises when it refuses to start."""
        ran: list[Ran] = []
        try:
            for trigger, batch in enumerate(self._scenario.batches):
                if trigger in self._scenario.restart_before:
                    query.stop()
                report = query.trigger(batch)
                calls = sorted(self._operator.take_calls(), key=lambda call: call.partition)
                if report is not None:
                    ran.append(Ran(trigger, report, calls))
                if report is not None and report.error is not None:
                    break
        finally:
            query.stop()
        return ran

    def _write_batches(self, ran: list[Ran], checkpoint: Path, writer: FrameWriter) -> None:
        for batch, states in zip(ran, self._operator.states(checkpoint, ran), strict=True):
            self._write_batch(batch, states, writer)

    def _write_batch(self, ran: Ran, states: list[tuple[KeyState, KeyState]], writer: FrameWriter) -> None:
        report, rows = ran.report, self._scenario.batches[ran.trigger].rows
        writer.batch_began(
            batch_id=report.batch_id,
            trigger=ran.trigger,
            processing_time_ms=report.processing_time_ms,
            watermark_ms=report.watermark_ms,
            late_watermark_ms=report.late_watermark_ms,
            input_rows=len(rows),
            event_times=report.event_times,
            dropped=[] if report.error else _never_given(len(rows), ran.calls),
        )
        output = iter(report.output)
        for call, before_and_after in zip(ran.calls, states, strict=True):
            cells = [self._operator.cells_of(row) for row in itertools.islice(output, call.output_rows)]
            key = cells_of_key(call.key, self._key_types)
            writer.called(_called(report, call, key, before_and_after, cells))
        writer.batch_ended(report.metrics, committed=report.error is None)

    def _placed(self, error: ErrorRecord | None, ran: list[Ran]) -> ErrorRecord | None:
        """The error of the batch that died: with line and key when the function raised it; else Spark does not tell."""
        if error is None:
            return None
        raising = next((call for call in ran[-1].calls if call.error), None)
        raised = raising.error if raising and raising.error and raising.error.error_class != _RENAMED else error
        key = cells_of_key(raising.key, self._key_types) if raising else None
        return msgspec.structs.replace(raised, batch_id=ran[-1].report.batch_id, key=key)

    def _output_names(self) -> tuple[str, ...]:
        return tuple(StructType.fromDDL(self._scenario.output_schema).names) if self._scenario.output_schema else ()


def _never_given(rows: int, calls: list[CallRecord]) -> list[DroppedRow]:
    """The rows of the trigger that no call was given: Spark dropped them before."""
    given = {index for call in calls if call.reason == "data" for index in call.row_indexes}
    return [DroppedRow(index, "late") for index in range(rows) if index not in given]


def _called(
    report: BatchReport, call: CallRecord, key: Key, states: tuple[KeyState, KeyState], output: list[list[Any]]
) -> FunctionCalled:
    before, after = states
    return FunctionCalled(
        report.batch_id,
        key,
        call.partition,
        call.reason,
        call.row_indexes,
        call.chunks,
        before,
        call.operations,
        call.operation_lines,
        after,
        output,
        call.printed,
        call.error,
    )
