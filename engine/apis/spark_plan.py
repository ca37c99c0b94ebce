"""What Spark refuses before the first batch, in its own words (SEMANTICS 9). Lives here: those rules only.

Our own checks of a scenario's fields are in plan.py; what passes both is replayed.
"""

import re
from typing import Final

from engine.apis.column_names_plan import column_error, no_column_error
from engine.apis.key_fields_plan import field_error
from engine.apis.plan import OUTPUT_MODES, TIMEOUT_CONFS
from engine.model.columns import columns_of, places_in, places_of
from engine.model.intervals import Interval
from engine.model.key_fields import is_field
from engine.model.scenario import Scenario
from engine.model.schema import parse_ddl
from engine.model.trace import ErrorRecord

_ANALYSIS: Final = "AnalysisException"
_ILLEGAL: Final = "IllegalArgumentException"
#: `df.groupBy(…).count()` and the like, in the operators around ours.
_AGGREGATION: Final = re.compile(r"\.groupBy\(.*\)\s*\.\s*(agg|count|sum|avg|mean|min|max)\(", re.DOTALL)


def plan_error(
    scenario: Scenario, timeout_conf: str, operator_name: str, either_name: str, names_all_columns: bool
) -> ErrorRecord | None:
    """What Spark refuses when the query is built or started, or None; `field` of it says which field to mend.

    `operator_name` is what Spark calls the operator, `either_name` what it says where two APIs share a message.
    """
    return (
        watermark_error(scenario)
        or _timeout_conf_error(timeout_conf)
        or (column_error(scenario) if names_all_columns else None)
        or _output_mode_error(scenario)
        or key_error(scenario)
        or _aggregation_error(scenario, operator_name)
        or _query_mode_error(scenario, operator_name)
        or _event_timeout_error(scenario, timeout_conf, either_name)
    )


def key_error(scenario: Scenario) -> ErrorRecord | None:
    """A key column that the rows, or the initial state, do not have, or have more than once."""
    initial = scenario.initial_state
    names = tuple(field.name for field in parse_ddl(initial.schema)) if initial else ()
    columns = columns_of(scenario)
    of_columns = tuple(name for name in scenario.key_columns if not is_field(scenario, name, columns))
    return (
        _no_key(scenario, of_columns, columns, "key")
        or field_error(scenario)
        or (_no_key(scenario, initial.key_columns, names, "initial_state.key") if initial else None)
    )


def _no_key(scenario: Scenario, key: tuple[str, ...], columns: tuple[str, ...], field: str) -> ErrorRecord | None:
    advice = f"Choose one of {', '.join(columns)}"
    errors = (no_column_error(scenario, name, columns, advice, field) for name in key)
    return next(filter(None, errors), None) if columns else None


def watermark_error(scenario: Scenario) -> ErrorRecord | None:
    """What is wrong with the watermark of any query."""
    watermark = scenario.watermark
    if watermark is None:
        return None
    columns, column = columns_of(scenario), watermark.column
    if not places_of(scenario, column, columns) and places_of(scenario, column.partition(".")[0], columns):
        return _nested_event_time(column)
    advice = "Choose an event-time column that the rows have"
    error = no_column_error(scenario, column, columns, advice, "watermark.column") if columns else None
    return error or _watermark_type_error(scenario, column) or _delay_error(watermark.delay)


def _nested_event_time(column: str) -> ErrorRecord:
    message = (
        "[EVENT_TIME_MUST_BE_TOP_LEVEL_COLUMN] The event time in withWatermark must be a top-level column, but "
        f"'{column}' is a nested field. To use it, alias it to a top-level column in a select before withWatermark. "
        "SQLSTATE: 42K09"
    )
    return ErrorRecord(_ANALYSIS, message, advice="Give the rows a separate column for it", field="watermark.column")


def _watermark_type_error(scenario: Scenario, column: str) -> ErrorRecord | None:
    if not scenario.input_schema:
        return None
    schema = parse_ddl(scenario.input_schema)
    field = schema[places_in(schema, [column], scenario)[0]]
    if field.type.name == "timestamp":
        return None
    message = (
        f"[EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE] The event time `{column}` has the invalid type "
        f'"{field.type.name.upper()}", but expected "TIMESTAMP". SQLSTATE: 42K09'
    )
    advice = f"Declare it as '{field.name} timestamp'"
    return ErrorRecord(_ANALYSIS, message, advice=advice, field="watermark.column")


def _delay_error(delay: str) -> ErrorRecord | None:
    field = "watermark.delay"
    if not delay:
        message = "[NOT_EXPECTED_TYPE] Argument `delayThreshold` should be str, got str."  # PySpark's words for ""
        return ErrorRecord("PySparkTypeError", message, advice="Write a delay such as '10 minutes'", field=field)
    try:
        delay_ms = Interval.parse(delay).ms
    except ValueError as error:
        message = f"[CANNOT_PARSE_INTERVAL] Unable to parse '{delay}'. Please ensure that the value provided is in a "
        message += (
            "valid format for defining an interval. You can reference the documentation for the correct format. If the "
        )
        message += "issue persists, please double check that the input value is not null or empty and try again. "
        message += "SQLSTATE: 22006"
        return ErrorRecord(_ANALYSIS, message, advice=str(error), field=field)
    if delay_ms < 0:
        message = f"requirement failed: delay threshold ({delay}) should not be negative."
        return ErrorRecord(_ILLEGAL, message, advice="Write a delay of 0 or more", field=field)
    return None


def _output_mode_error(scenario: Scenario) -> ErrorRecord | None:
    mode = scenario.output_mode.lower()
    if mode in OUTPUT_MODES:
        return None
    advice = "Choose update or append"
    if mode == "complete":
        message = "The output mode of function should be append or update"
        return ErrorRecord(_ILLEGAL, message, advice=advice, field="output_mode")
    message = f"[STREAMING_OUTPUT_MODE.INVALID] Invalid streaming output mode: {scenario.output_mode}. "
    message += "Accepted output modes are 'Append', 'Complete', 'Update'. SQLSTATE: 42KDE"
    return ErrorRecord(_ILLEGAL, message, advice=advice, field="output_mode")


def _timeout_conf_error(timeout_conf: str) -> ErrorRecord | None:
    if timeout_conf in TIMEOUT_CONFS:
        return None
    advice = f"'{timeout_conf}' is not a timeout conf: choose one of {', '.join(TIMEOUT_CONFS)}"
    return ErrorRecord("AssertionError", "", advice=advice, field="timeout_conf")  # PySpark asserts without a text


def _aggregation_error(scenario: Scenario, operator_name: str) -> ErrorRecord | None:
    before, after = (bool(_AGGREGATION.search(text or "")) for text in (scenario.pre, scenario.post))
    field = "pre" if before else "post"
    if not before and not after:
        return None
    if scenario.output_mode.lower() == "update":
        message = f"{operator_name} in update mode is not supported with aggregation on a streaming DataFrame/Dataset"
        advice = "Aggregate in a separate query, or choose append mode and a watermark"
        return ErrorRecord(_ANALYSIS, message, advice=advice, field=field)
    if after and scenario.watermark is None:
        message = (
            "[STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION] Invalid streaming output mode: append. This output mode is "
            "not supported for streaming aggregations without watermark on streaming DataFrames/DataSets. "
            "SQLSTATE: 42KDE"
        )
        return ErrorRecord(_ANALYSIS, message, advice="Give the query a watermark", field="watermark")
    return None


def _query_mode_error(scenario: Scenario, operator_name: str) -> ErrorRecord | None:
    """The operator's mode and the query's must be the same (SEMANTICS 9.1)."""
    mode, query_mode = scenario.output_mode.lower(), (scenario.query_output_mode or scenario.output_mode).lower()
    if mode == query_mode:
        return None
    if query_mode == "complete" and not scenario.post:
        message = (
            "[STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION] Invalid streaming output mode: complete. This output mode is "
            "not supported for no streaming aggregations on streaming DataFrames/DataSets. SQLSTATE: 42KDE"
        )
        return ErrorRecord(_ANALYSIS, message, advice=f"Choose {mode}", field="query_output_mode")
    message = (
        f"{operator_name} in {mode} mode is not supported with {query_mode.capitalize()} output mode on a streaming "
        "DataFrame/Dataset"
    )
    advice = f"Write the query with outputMode('{mode}') too, or give the operator {query_mode}"
    return ErrorRecord(_ANALYSIS, message, advice=advice, field="query_output_mode")


def _event_timeout_error(scenario: Scenario, timeout_conf: str, either_name: str) -> ErrorRecord | None:
    if timeout_conf != "EventTimeTimeout" or scenario.watermark is not None:
        return None
    message = (
        "Watermark must be specified in the query using '[Dataset/DataFrame].withWatermark()' for using event-time "
        f"timeout in a {either_name}. Event-time timeout not supported without watermark."
    )
    advice = "Choose the event-time column and the watermark's delay"
    return ErrorRecord(_ANALYSIS, message, advice=advice, field="watermark")
