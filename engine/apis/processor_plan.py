"""What Spark refuses of a transformWithState before the first batch, in its own words (SEMANTICS 5.7 to 5.10, 5.61).

Lives here: those rules only; what is said of every query's watermark is in spark_plan.py.
"""

from typing import Final

from engine.apis.column_names_plan import column_error, no_column_error
from engine.apis.spark_plan import key_error, watermark_error
from engine.model.columns import places_in
from engine.model.scenario import Scenario
from engine.model.schema import DataType, parse_ddl
from engine.model.trace import ErrorRecord
from engine.replay.intake import schema_of

_ANALYSIS: Final = "AnalysisException"
_ILLEGAL: Final = "IllegalArgumentException"
_PROVIDER: Final = "spark.sql.streaming.stateStore.providerClass"
_NO_BACKEND: Final = "org.apache.spark.sql.execution.streaming.state.StateStoreBackendNotSupportedForTWSException"
#: What PySpark's worker looks for in the schema of a key, and does not find.
_MISSED: Final = {"array": "elementType", "map": "keyType"}
_MODES: Final = ("append", "update", "complete")


def processor_plan_error(scenario: Scenario, time_mode: str, time_modes: tuple[str, ...]) -> ErrorRecord | None:
    """What Spark refuses when the query is built or started, or None; `field` of it says which field to mend."""
    return (
        watermark_error(scenario)
        or column_error(scenario)
        or _time_mode_error(time_mode, time_modes)
        or _output_mode_error(scenario)
        or key_error(scenario)
        or _event_time_column_error(scenario)
    )


def _time_mode_error(time_mode: str, time_modes: tuple[str, ...]) -> ErrorRecord | None:
    if time_mode in time_modes:
        return None
    message = (
        f"[STATEFUL_PROCESSOR_UNKNOWN_TIME_MODE] Unknown time mode {time_mode}. Accepted timeMode modes are 'none', "
    )
    message += "'processingTime', 'eventTime' SQLSTATE: 42802"
    return ErrorRecord(_ILLEGAL, message, advice=f"Choose one of {', '.join(time_modes)}", field="time_mode")


def _output_mode_error(scenario: Scenario) -> ErrorRecord | None:
    """The operator's mode and the query's need not be the same (SEMANTICS 5.9): Spark looks at the query's alone."""
    for field in ("output_mode", "query_output_mode"):
        mode = getattr(scenario, field)
        if mode is not None and mode.lower() not in _MODES:
            message = f"[STREAMING_OUTPUT_MODE.INVALID] Invalid streaming output mode: {mode}. "
            message += "Accepted output modes are 'Append', 'Complete', 'Update'. SQLSTATE: 42KDE"
            return ErrorRecord(_ILLEGAL, message, advice="Choose update or append", field=field)
    if (scenario.query_output_mode or scenario.output_mode).lower() != "complete":
        return None
    message = (
        "[STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION] Invalid streaming output mode: complete. This output mode is not "
        "supported for no streaming aggregations on streaming DataFrames/DataSets. SQLSTATE: 42KDE"
    )
    field = "query_output_mode" if scenario.query_output_mode else "output_mode"
    return ErrorRecord(_ANALYSIS, message, advice="Choose update or append", field=field)


def _event_time_column_error(scenario: Scenario) -> ErrorRecord | None:
    column = scenario.event_time_column_name
    if not column:
        return None
    if scenario.watermark is None:
        message = "[CANNOT_ASSIGN_EVENT_TIME_COLUMN_WITHOUT_WATERMARK] Watermark needs to be defined to reassign event "
        message += "time column. Failed to find watermark definition in the streaming query. SQLSTATE: 42611"
        return ErrorRecord(_ANALYSIS, message, advice="Choose the watermark's column and delay", field="watermark")
    names = tuple(field.name for field in parse_ddl(scenario.output_schema or ""))
    return no_column_error(scenario, column, names, "Name a column of the output", "event_time_column_name")


def key_type_error(scenario: Scenario) -> ErrorRecord | None:
    """What kills the first task: PySpark's worker cannot read an array or a map in the schema of the key (SEMANTICS 5.3)."""
    schema = schema_of(scenario)
    for place in places_in(schema, scenario.key_columns, scenario):
        missing = _unread(schema[place].type)
        if missing:
            advice = (
                f"Group by another column than {schema[place].name}: Spark gives processors no array or map as a key"
            )
            return ErrorRecord("KeyError", f"'{missing}'", advice=advice, field="key")
    return None


def _unread(data_type: DataType) -> str:
    """What the worker misses in the first array or map of the type, "" when there is none."""
    if data_type.name in _MISSED:
        return _MISSED[data_type.name]
    return next(filter(None, (_unread(field.type) for field in data_type.fields)), "")


def store_error(scenario: Scenario) -> ErrorRecord | None:
    """What kills the first batch: a provider that is named must be RocksDB's (SEMANTICS 5.8).

    Spark's own default is another one, so that everybody who runs this names it: a scenario need not.
    """
    provider = str(scenario.conf.get(_PROVIDER, "RocksDB"))
    if "RocksDB" in provider:
        return None
    message = (
        "[UNSUPPORTED_FEATURE.STORE_BACKEND_NOT_SUPPORTED_FOR_TWS] The feature is not supported: Store backend "
        f"{provider} is not supported by TransformWithState operator. Please use RocksDBStateStoreProvider. "
        "SQLSTATE: 0A000"
    )
    advice = "Set it to org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider"
    return ErrorRecord(_NO_BACKEND, message, advice=advice, field=f"conf.{_PROVIDER}")
