"""eventTimeColumnName: rows that an operator after this one would have to drop kill the query (SEMANTICS 5.61), and so
does a column that cannot be compared with a watermark.

Lives here: that check. Spark makes it where the rows leave the operator.
"""

import datetime
from typing import Any, Final

from engine.model.columns import places_in
from engine.model.moments import micros_of
from engine.model.scenario import Scenario
from engine.model.schema import parse_ddl
from engine.model.trace import ErrorRecord
from engine.replay.operator import BatchClock

_LONG: Final = "java.lang.Long"
_TEXT: Final = "org.apache.spark.unsafe.types.UTF8String"
#: What Spark says of a watermark, a Long, beside a value of these types; numbers and dates are compared somehow.
_NO_TIMES: Final = {
    "string": f"class {_LONG} cannot be cast to class {_TEXT} ({_LONG} is in module java.base of loader 'bootstrap'; {_TEXT} "
    "is in unnamed module of loader 'app')",
    "boolean": f"class {_LONG} cannot be cast to class java.lang.Boolean ({_LONG} and java.lang.Boolean are in module "
    "java.base of loader 'bootstrap')",
}


class LateOutput:
    """Remembers the event times of the rows that a partition put out."""

    def __init__(self, scenario: Scenario) -> None:
        column = scenario.event_time_column_name
        schema = parse_ddl(scenario.output_schema or "")
        self._index = places_in(schema, [column], scenario)[0] if column else None
        self._type = "" if self._index is None else schema[self._index].type.name
        self._column = column
        self._has_values = False
        self._times_us: list[int] = []

    def see(self, rows: list[list[Any]]) -> None:
        if self._index is not None:
            cells = [cell for row in rows if (cell := row[self._index]) is not None]
            self._times_us += [micros_of(cell) for cell in cells if isinstance(cell, datetime.datetime)]
            self._has_values = self._has_values or bool(cells)

    def finished(self, clock: BatchClock) -> ErrorRecord | None:
        """The first row that is as late as the watermark of the batch before, or later, or a column that is no time; None
        without either."""
        if self._has_values and self._type in _NO_TIMES:
            advice = f"Name a timestamp of the output: '{self._column}' is a {self._type}"
            return ErrorRecord("java.lang.ClassCastException", _NO_TIMES[self._type], advice=advice)
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
