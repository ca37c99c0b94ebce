"""What keeps a scenario from being replayed. Lives here: our own checks of its fields. What Spark refuses does not."""

import re
from typing import Final

from engine.model.columns import columns_of, places_of
from engine.model.key_fields import is_field
from engine.model.problems import Problem
from engine.model.scenario import Scenario
from engine.model.schema import Schema, SchemaError, parse_ddl
from engine.replay.intake import initial_rows

TIMEOUT_CONFS: Final = ("NoTimeout", "ProcessingTimeTimeout", "EventTimeTimeout")
OUTPUT_MODES: Final = ("append", "update")
_MOST_COLUMNS_SHOWN: Final = 8
_MAX_PARTITIONS: Final = 1000
_MAX_RECORDS: Final = "spark.sql.execution.arrow.maxRecordsPerBatch"
_DEFAULT_MAX_RECORDS: Final = 10_000
_UNLIMITED: Final = 2**31 - 1
_WHOLE_NUMBERS: Final = (_MAX_RECORDS,)
_PARTITIONS: Final = "spark.sql.shuffle.partitions"
_TIME_ZONE: Final = "spark.sql.session.timeZone"
_UTC: Final = ("UTC", "Etc/UTC", "GMT", "Z", "+00:00")


def scenario_problems(scenario: Scenario, required: tuple[str, ...] = ()) -> list[Problem]:
    """The fields that make no scenario, each with how to mend it; empty when all is well. Runs nothing.

    `required` are the fields without which the scenario's API cannot be called.
    """
    return [
        *_required_problems(scenario, required),
        *_key_problems(scenario),
        *_schema_problems(scenario),
        *_clock_problems(scenario),
        *_choice_problems(scenario),
    ]


def _required_problems(scenario: Scenario, required: tuple[str, ...]) -> list[Problem]:
    return [
        Problem(name, f"{scenario.api} needs it", "Write it as Spark does, such as 'word string, count long'")
        for name in required
        if getattr(scenario, name) is None
    ]


def max_records_of(scenario: Scenario) -> int:
    """`spark.sql.execution.arrow.maxRecordsPerBatch`: how many rows an Arrow batch holds; 0 and less mean no limit."""
    limit = int(scenario.conf.get(_MAX_RECORDS, _DEFAULT_MAX_RECORDS))
    return limit if limit > 0 else _UNLIMITED


def _key_problems(scenario: Scenario) -> list[Problem]:
    columns = columns_of(scenario)
    if not scenario.key_columns and columns:
        return [Problem("key", "no column is named", f"Choose one of {', '.join(columns)}")]
    if scenario.input_schema:  # Spark's to say
        return []
    return [
        Problem("key", f"the rows have no column '{name}'", f"Choose one of {', '.join(columns)}")
        for name in scenario.key_columns
        if columns and not places_of(scenario, name, columns) and not is_field(scenario, name, columns)
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
            problems += _foreign_events(scenario, schema)
    return problems


def _foreign_events(scenario: Scenario, schema: Schema) -> list[Problem]:
    """Events with none of the declared columns would be rows of nothing but NULL: they are those of another query."""
    declared = [field.name for field in schema]
    if not declared or not scenario.column_names or not set(declared).isdisjoint(scenario.column_names):
        return []
    example = " ".join(f"{name}=…" for name in declared[:_MOST_COLUMNS_SHOWN])
    what = f"they have none of the columns of the input schema: {', '.join(declared[:_MOST_COLUMNS_SHOWN])}"
    return [Problem("events", what, f"Write events such as {example}, or clear the input schema")]


def _clock_problems(scenario: Scenario) -> list[Problem]:
    problems = []
    times_ms = [batch.processing_time_ms for batch in scenario.batches]
    for i in range(1, len(times_ms)):
        if times_ms[i] < times_ms[i - 1]:
            what = f"the clock goes back from {times_ms[i - 1]} to {times_ms[i]}"
            problems.append(Problem(f"batches[{i}].processing_time_ms", what, "Make it the same or later"))
    for index in scenario.restart_before:
        if not 0 <= index < len(times_ms):
            what = f"there is no trigger {index}"
            problems.append(Problem("restart_before", what, f"Use indexes from 0 to {len(times_ms) - 1}"))
    return problems


def _choice_problems(scenario: Scenario) -> list[Problem]:
    problems = []
    for field in ("shuffle_partitions", "input_partitions"):
        count = getattr(scenario, field)
        if not 1 <= count <= _MAX_PARTITIONS:
            problems.append(Problem(field, f"{count} is out of range", f"Choose from 1 to {_MAX_PARTITIONS}"))
    return [*problems, *_conf_problems(scenario)]


def initial_state_problems(scenario: Scenario, has_initial_state: bool) -> list[Problem]:
    """What is wrong with the initial state: its schema, its key, its rows, or that Spark's API takes none."""
    initial = scenario.initial_state
    if initial is None:
        return []
    if not has_initial_state:
        what = f"{scenario.api} has none in Spark"
        return [Problem("initial_state", what, "Leave it out, or write the function as a StatefulProcessor")]
    try:
        columns = [field.name for field in parse_ddl(initial.schema)]
    except SchemaError as error:
        return [
            Problem("initial_state.schema", str(error), "Write it as Spark does, such as 'word string, count long'")
        ]
    if len(initial.key_columns) != len(scenario.key_columns):
        how = f"Name as many of its columns as the rows are grouped by: {', '.join(columns)}"
        return [Problem("initial_state.key", f"'{', '.join(initial.key_columns)}' is not its key", how)]
    try:
        initial_rows(initial)
    except (ValueError, TypeError, OverflowError, ArithmeticError) as error:
        return [Problem("initial_state.rows", str(error), "Write values of the types in its schema")]
    return []


def _conf_problems(scenario: Scenario) -> list[Problem]:
    problems = []
    for name, setting in scenario.conf.items():
        text = str(setting).strip()
        if name in _WHOLE_NUMBERS and not re.fullmatch(r"-?\d{1,10}", text):
            problems.append(
                Problem(f"conf.{name}", f"{setting!r} is not a whole number", "Write a number such as 10000")
            )
        if name == _PARTITIONS and text != str(scenario.shuffle_partitions):
            problems.append(
                Problem(f"conf.{name}", "this setting has its own field", "Write shuffle_partitions instead")
            )
        if name == _TIME_ZONE and text not in _UTC:
            problems.append(Problem(f"conf.{name}", f"{text} has no effect here: times are in UTC", "Leave it out"))
    return problems


def timeout_conf_problems(scenario: Scenario) -> list[Problem]:
    """A timeout conf that does not exist, for an API in which none can be named that does not."""
    conf = scenario.timeout_conf
    if conf is None or conf in TIMEOUT_CONFS:
        return []
    return [Problem("timeout_conf", f"'{conf}' is not a timeout conf", f"Choose one of {', '.join(TIMEOUT_CONFS)}")]


def around_problems(scenario: Scenario) -> list[Problem]:
    """What stands around the function is not replayed."""
    return [
        Problem(
            name, "what the job does around the function is not replayed", "Leave it out to replay the function alone"
        )
        for name in ("pre", "post")
        if getattr(scenario, name)
    ]
