"""What is refused before the first batch. Lives here: our own checks of a scenario's fields, and Spark's plan-time rules."""

from typing import Final

from engine.model.intervals import Interval
from engine.model.problems import Problem
from engine.model.scenario import Scenario
from engine.model.schema import Schema, SchemaError, parse_ddl
from engine.model.trace import ErrorRecord

TIMEOUT_CONFS: Final = ("NoTimeout", "ProcessingTimeTimeout", "EventTimeTimeout")
OUTPUT_MODES: Final = ("append", "update")
_UNSORTABLE: Final = frozenset({"array", "map", "struct", "void"})
_MAX_PARTITIONS: Final = 1000


def scenario_problems(scenario: Scenario) -> list[Problem]:
    """The fields that make no scenario, each with how to mend it; empty when all is well. Runs nothing."""
    return [
        *_key_problems(scenario),
        *_schema_problems(scenario),
        *_clock_problems(scenario),
        *_choice_problems(scenario),
    ]


def _columns(scenario: Scenario) -> tuple[str, ...]:
    try:
        declared = parse_ddl(scenario.input_schema) if scenario.input_schema else ()
    except SchemaError:
        declared = ()
    return tuple(field.name for field in declared) or scenario.column_names


def _key_problems(scenario: Scenario) -> list[Problem]:
    columns = _columns(scenario)
    if not scenario.key_columns and columns:
        return [Problem("key", "no column is named", f"Choose one of {', '.join(columns)}")]
    return [
        Problem("key", f"the rows have no column '{name}'", f"Choose one of {', '.join(columns)}")
        for name in scenario.key_columns
        if columns and name not in columns
    ]


def _schema_problems(scenario: Scenario) -> list[Problem]:
    problems = []
    for name in ("input_schema", "output_schema", "state_schema"):
        ddl = getattr(scenario, name)
        try:
            schema: Schema = parse_ddl(ddl) if ddl is not None else ()
        except SchemaError as error:
            problems.append(Problem(name, str(error), "Write it as Spark does, such as 'word string, count long'"))
            continue
        if ddl is not None and not schema:
            problems.append(Problem(name, "it names no column", "Write 'word string', or leave the field out"))
        if name == "input_schema":
            problems += _unsortable_keys(scenario, schema)
    return problems


def _unsortable_keys(scenario: Scenario, schema: Schema) -> list[Problem]:
    return [
        Problem("key", f"column '{field.name}' is a {field.type.name}", "Group by a column of a simple type")
        for field in schema
        if field.name in scenario.key_columns and field.type.name in _UNSORTABLE
    ]


def _clock_problems(scenario: Scenario) -> list[Problem]:
    problems = []
    times_ms = [batch.processing_time_ms for batch in scenario.batches]
    for i in range(1, len(times_ms)):
        if times_ms[i] < times_ms[i - 1]:
            what = f"the clock goes back from {times_ms[i - 1]} to {times_ms[i]}"
            problems.append(Problem(f"batches[{i}].processing_time_ms", what, "Let it be the same or later"))
    for index in scenario.restart_before:
        if not 0 <= index < len(times_ms):
            what = f"there is no trigger {index}"
            problems.append(Problem("restart_before", what, f"Name indexes from 0 to {len(times_ms) - 1}"))
    return problems


def _choice_problems(scenario: Scenario) -> list[Problem]:
    problems = []
    if not 1 <= scenario.shuffle_partitions <= _MAX_PARTITIONS:
        what = f"{scenario.shuffle_partitions} is out of range"
        problems.append(Problem("shuffle_partitions", what, f"Choose from 1 to {_MAX_PARTITIONS}"))
    if scenario.timeout_conf is not None and scenario.timeout_conf not in TIMEOUT_CONFS:
        what = f"'{scenario.timeout_conf}' is no timeout conf"
        problems.append(Problem("timeout_conf", what, f"Choose one of {', '.join(TIMEOUT_CONFS)}"))
    if scenario.initial_state is not None:
        problems.append(Problem("initial_state", "it is not supported yet", "Leave it out"))
    return problems


def plan_error(scenario: Scenario, timeout_conf: str, operator_name: str) -> ErrorRecord | None:
    """What Spark refuses when the query is built or started, in its own words (SEMANTICS 9), or None."""
    return (
        _watermark_error(scenario)
        or _output_mode_error(scenario)
        or _event_timeout_error(scenario, timeout_conf, operator_name)
    )


def _watermark_error(scenario: Scenario) -> ErrorRecord | None:
    watermark = scenario.watermark
    if watermark is None:
        return None
    columns = _columns(scenario)
    if columns and watermark.column not in columns:
        suggestion = ", ".join(f"`{name}`" for name in columns)
        message = (
            "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function parameter with name "
            f"`{watermark.column}` cannot be resolved. Did you mean one of the following? [{suggestion}]. "
            "SQLSTATE: 42703"
        )
        return ErrorRecord("AnalysisException", message, advice="Choose an event-time column that the rows have")
    return _watermark_type_error(scenario) or _delay_error(watermark.delay)


def _watermark_type_error(scenario: Scenario) -> ErrorRecord | None:
    declared = parse_ddl(scenario.input_schema) if scenario.input_schema else ()
    for field in declared:
        if scenario.watermark and field.name == scenario.watermark.column and field.type.name != "timestamp":
            message = (
                f"[EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE] The event time `{field.name}` has the invalid type "
                f'"{field.type.name.upper()}", but expected "TIMESTAMP". SQLSTATE: 42K09'
            )
            return ErrorRecord("AnalysisException", message, advice=f"Declare it as '{field.name} timestamp'")
    return None


def _delay_error(delay: str) -> ErrorRecord | None:
    try:
        delay_ms = Interval.parse(delay).ms
    except ValueError as error:
        message = f"[CANNOT_PARSE_INTERVAL] Unable to parse '{delay}'. Please ensure that the value provided is in a "
        message += "valid format for defining an interval. SQLSTATE: 22006"
        return ErrorRecord("AnalysisException", message, advice=str(error))
    if delay_ms < 0:
        message = f"requirement failed: delay threshold ({delay}) should not be negative."
        return ErrorRecord("IllegalArgumentException", message, advice="Write a delay of 0 or more")
    return None


def _output_mode_error(scenario: Scenario) -> ErrorRecord | None:
    mode = scenario.output_mode.lower()
    if mode in OUTPUT_MODES:
        return None
    advice = "Choose update or append"
    if mode == "complete":
        message = "The output mode of function should be append or update"
        return ErrorRecord("IllegalArgumentException", message, advice=advice)
    message = f"[STREAMING_OUTPUT_MODE.INVALID] Invalid streaming output mode: {scenario.output_mode}. "
    message += "Accepted output modes are 'Append', 'Complete', 'Update'. SQLSTATE: 42KDE"
    return ErrorRecord("IllegalArgumentException", message, advice=advice)


def _event_timeout_error(scenario: Scenario, timeout_conf: str, operator_name: str) -> ErrorRecord | None:
    if timeout_conf != "EventTimeTimeout" or scenario.watermark is not None:
        return None
    message = (
        "Watermark must be specified in the query using '[Dataset/DataFrame].withWatermark()' for using event-time "
        f"timeout in a {operator_name}. Event-time timeout not supported without watermark."
    )
    return ErrorRecord("AnalysisException", message, advice="Choose the event-time column and the watermark's delay")
