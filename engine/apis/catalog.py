"""The catalogue: one row an API. Lives here: what differs between them, as data; no code of an API is imported.

`if api ==` belongs nowhere else. The server reads this table too, so nothing that runs a user's code is reachable from it.
"""

from collections.abc import Callable
from typing import Any, Final, Literal

import msgspec

from engine.apis import placeholders
from engine.apis.key_fields_plan import cast_error
from engine.apis.key_plan import FieldsAsKeys, key_problems, part_problems
from engine.apis.offers import JVM_GROUP_STATE, PROCESSOR, PYSPARK_GROUP_STATE, StateObject
from engine.apis.plan import around_problems, initial_state_problems, scenario_problems, timeout_conf_problems
from engine.apis.processor_plan import processor_plan_error
from engine.apis.spark_plan import plan_error
from engine.model import rules
from engine.model.problems import Problem
from engine.model.scenario import Scenario
from engine.model.trace import ErrorRecord, StateShape
from engine.replay.intake import row_problems
from engine.replay.operator import Policy

#: What the timeout conf decides in every GroupState API (SEMANTICS 0.3, 0.14, 1.1).
GROUP_STATE_POLICIES: Final = {
    "NoTimeout": Policy(),
    "ProcessingTimeTimeout": Policy(runs_without_data="always", expires_by="processing_time"),
    "EventTimeTimeout": Policy(drops_late_rows=True, runs_without_data="watermark_moved", expires_by="watermark"),
}

_LIFECYCLE: Final = Policy(opens_with=("init",), closes_with=("close",), counts_entries=True, needs_rocksdb=True)
_TIMERS: Final = msgspec.structs.replace(
    _LIFECYCLE,
    expires_when_equal=True,
    expires_each="timer",
    expiry_reason="timer",
    expiry_rule=rules.TIMER_FIRES.id,
)
#: What the time mode decides for a StatefulProcessor (SEMANTICS 0.3, 0.14, 5.30, 5.41).
TIME_MODE_POLICIES: Final = {
    "None": msgspec.structs.replace(_LIFECYCLE, runs_without_data="watermark_moved"),
    "ProcessingTime": msgspec.structs.replace(
        _TIMERS, runs_without_data="always", expires_by="processing_time", values_expire=True
    ),
    "EventTime": msgspec.structs.replace(
        _TIMERS, drops_late_rows=True, runs_without_data="watermark_moved", expires_by="watermark"
    ),
}


class ApiRow(msgspec.Struct, frozen=True):
    """One API: what its function is called and takes, and what Spark calls its operator.

    `module` holds `NAMES`, what its functions may use without an import, and `make`, which builds the operator; only
    the loader imports it. `state_shape` says how state is written in a trace file (docs/formats.md).
    `entry` is what the user's code must have for it, and `parameters` are those of the function (or of handleInputRows).
    Where two APIs share a message of Spark's, it says `either_name`. `required` are the scenario's fields without which the
    function cannot be called. PySpark asserts its timeout conf itself (`asserts_timeout_conf`), and names all columns of
    the rows (`names_all_columns`). `key_fields` says what the operator makes of a field of a column as the key: it dies of
    it, makes a column of it, or a column that must not have another one's name. Only an API that is not Spark's own can be
    replayed by the tutorial's rules too (`has_tutorial_rules`). `own_fields` are the scenario's fields that not every API
    has. `about` is what it is, in a line, `placeholder` what an empty editor shows, `offers` what it completes.
    """

    module: str
    known_names: tuple[str, ...]
    parameters: tuple[str, ...]
    mode_field: Literal["timeout_conf", "time_mode"]
    default_mode: str
    operator_name: str
    either_name: str
    state_shape: StateShape
    entry: Literal["function", "processor"] = "function"
    required: tuple[str, ...] = ()
    asserts_timeout_conf: bool = False
    names_all_columns: bool = True
    key_fields: FieldsAsKeys = "columns"
    has_tutorial_rules: bool = False
    has_initial_state: bool = True
    own_fields: tuple[Literal["state_schema", "event_time_column_name"], ...] = ()
    about: str = ""
    placeholder: str = ""
    offers: tuple[StateObject, ...] = ()


APIS: Final[dict[str, ApiRow]] = {
    "applyInPandasWithState": ApiRow(
        module="engine.apis.apply_in_pandas",
        known_names=("fn",),
        parameters=("key", "pdfs", "state"),
        mode_field="timeout_conf",
        default_mode="NoTimeout",
        operator_name="applyInPandasWithState",
        either_name="applyInPandasWithState",
        state_shape="group_state",
        required=("output_schema", "state_schema"),
        asserts_timeout_conf=True,
        key_fields="refused",
        has_initial_state=False,
        own_fields=("state_schema",),
        about="PySpark's applyInPandasWithState, unchanged: a function of pandas frames, with one state for each key",
        placeholder=placeholders.APPLY_IN_PANDAS,
        offers=PYSPARK_GROUP_STATE,
    ),
    "updateState": ApiRow(
        module="engine.apis.update_state",
        known_names=("updateState", "update_state"),
        parameters=("key", "values", "state"),
        mode_field="timeout_conf",
        default_mode="ProcessingTimeTimeout",
        operator_name="flatMapGroupsWithState",
        either_name="[map|flatMap]GroupsWithState",
        state_shape="group_state",
        names_all_columns=False,
        has_tutorial_rules=True,
        about="flatMapGroupsWithState in plain Python: a good place to start",
        placeholder=placeholders.UPDATE_STATE,
        offers=JVM_GROUP_STATE,
    ),
    "transformWithStateInPandas": ApiRow(
        module="engine.apis.transform_with_state_in_pandas",
        entry="processor",
        known_names=("Processor",),
        parameters=("key", "rows", "timerValues"),
        mode_field="time_mode",
        default_mode="None",
        operator_name="transformWithStateInPandasExec",
        either_name="transformWithStateInPandas",
        state_shape="variables",
        required=("output_schema",),
        own_fields=("event_time_column_name",),
        about="Spark 4's StatefulProcessor, with several state variables and timers; it is given pandas frames",
        placeholder=placeholders.IN_PANDAS,
        offers=PROCESSOR,
    ),
    "transformWithState": ApiRow(
        module="engine.apis.transform_with_state",
        entry="processor",
        known_names=("Processor",),
        parameters=("key", "rows", "timerValues"),
        mode_field="time_mode",
        default_mode="None",
        operator_name="transformWithStateInPySparkExec",
        either_name="transformWithState",
        state_shape="variables",
        required=("output_schema",),
        own_fields=("event_time_column_name",),
        about="the same StatefulProcessor, but it is given Rows",
        placeholder=placeholders.IN_ROWS,
        offers=PROCESSOR,
    ),
}
#: By the field in which a scenario names its mode: what the modes decide, and what Spark refuses before the first batch.
_POLICIES: Final[dict[str, dict[str, Policy]]] = {
    "timeout_conf": GROUP_STATE_POLICIES,
    "time_mode": TIME_MODE_POLICIES,
}
_REFUSALS: Final[dict[str, Callable[[Scenario, "ApiRow"], ErrorRecord | None]]] = {
    "timeout_conf": lambda scenario, row: plan_error(
        scenario, timeout_conf_of(scenario), row.operator_name, row.either_name, row.names_all_columns
    ),
    "time_mode": lambda scenario, row: processor_plan_error(
        scenario, time_mode_of(scenario), tuple(TIME_MODE_POLICIES)
    ),
}


def problems(scenario: Scenario) -> list[Problem]:
    """All that keeps the scenario from being replayed, told by field; the user's code is not looked at."""
    if scenario.api not in APIS:
        return [Problem("api", f"{scenario.api} is not supported yet", f"Choose one of {', '.join(APIS)}")]
    row = APIS[scenario.api]
    return (
        scenario_problems(scenario, row.required)
        or ([] if row.asserts_timeout_conf else timeout_conf_problems(scenario))
        or key_problems(scenario, row.key_fields)
        or row_problems(scenario)
        or initial_state_problems(scenario, row.has_initial_state)
        or ([] if spark_refusal(scenario) else around_problems(scenario) or part_problems(scenario))
    )


def spark_refusal(scenario: Scenario) -> ErrorRecord | None:
    """What Spark refuses before the first batch of a scenario without problems; `field` of it is the one to mend."""
    row = APIS[scenario.api]
    return _REFUSALS[row.mode_field](scenario, row)


def first_batch_error(scenario: Scenario) -> ErrorRecord | None:
    """What kills the first batch of a query that Spark has not refused, whatever the user's code does."""
    return cast_error(scenario) if APIS[scenario.api].key_fields == "refused" else None


def timeout_conf_of(scenario: Scenario) -> str:
    """The timeout conf in force: the scenario's, else its API's default."""
    return scenario.timeout_conf or APIS[scenario.api].default_mode


def time_mode_of(scenario: Scenario) -> Any:
    """The time mode in force, as Spark writes it: it does not look at capitals (SEMANTICS 5.10)."""
    given = scenario.time_mode or APIS[scenario.api].default_mode
    return next((mode for mode in TIME_MODE_POLICIES if mode.lower() == given.lower()), given)


def mode_of(scenario: Scenario) -> str:
    """The timeout conf or the time mode in force, whichever the API has."""
    row = APIS[scenario.api]
    return timeout_conf_of(scenario) if row.mode_field == "timeout_conf" else str(time_mode_of(scenario))


def modes_of(api: str) -> tuple[str, ...]:
    """The timeout confs or time modes from which an API's query chooses one."""
    return tuple(_POLICIES[APIS[api].mode_field])


def policy_of(scenario: Scenario) -> Policy:
    """What the loop must know of the API in the scenario's mode."""
    return _POLICIES[APIS[scenario.api].mode_field][mode_of(scenario)]
