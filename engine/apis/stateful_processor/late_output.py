"""eventTimeColumnName: rows that an operator after this one would have to drop kill the query (SEMANTICS 5.61).

Lives here: that check. Spark makes it where the rows leave the operator.
"""

import datetime
from typing import Any

from engine.model.columns import places_in
from engine.model.moments import micros_of
from engine.model.scenario import Scenario
from engine.model.schema import parse_ddl
from engine.model.trace import ErrorRecord
from engine.replay.operator import BatchClock


class LateOutput:
    """Remembers the event times of the rows that a partition put out."""

    def __init__(self, scenario: Scenario) -> None:
        column = scenario.event_time_column_name
        schema = parse_ddl(scenario.output_schema or "")
        self._index = places_in(schema, [column], scenario)[0] if column else None
        self._column = column
        self._times_us: list[int] = []

    def see(self, rows: list[list[Any]]) -> None:
        if self._index is not None:
            cells = (row[self._index] for row in rows)
            self._times_us += [micros_of(cell) for cell in cells if isinstance(cell, datetime.datetime)]

    def finished(self, clock: BatchClock) -> ErrorRecord | None:
        """The first row that is as late as the watermark of the batch before, or later; None without one."""
        limit_ms = clock.watermark_for_late_events_ms
        times_us, self._times_us = self._times_us, []
        late_us = next((time_us for time_us in times_us if time_us <= limit_ms * 1000), None)
        if late_us is None:
            return None
        message = (
            "[EMITTING_ROWS_OLDER_THAN_WATERMARK_NOT_ALLOWED] Previous node emitted a row with "
            f"eventTime={late_us} which is older than current_watermark_value={limit_ms}\nThis can lead to correctness "
            "issues in the stateful operators downstream in the execution pipeline.\nPlease correct the operator logic to "
            "emit rows after current global watermark value. SQLSTATE: 42815"
        )
        advice = f"Give '{self._column}' a time after the watermark, such as that of the newest row"
        return ErrorRecord("org.apache.spark.SparkRuntimeException", message, advice=advice)
