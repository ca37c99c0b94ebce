"""The cases of a Spark version and Spark's answers: reading them, and a case as a scenario of ours.

A case is a scenario file with some keys of the harness that recorded the answers; those are taken out here.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from engine.codec.scenario_json import scenario_from_data
from engine.model.problems import Problem
from engine.model.scenario import Scenario
from tests.golden.jvm_script import function_of

SPARK = Path(__file__).parent / "spark-4.3"
# The harness's own keys: how it ran the case and what it read from Spark.
HARNESS = ("name", "pins", "script", "snapshot", "read_state", "tws_state_vars", "state_operator_id", "wrap")
ROCKSDB = {
    "spark.sql.streaming.stateStore.providerClass": (
        "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider"
    )
}
JVM_APIS = ("flatMapGroupsWithState", "mapGroupsWithState")


def names() -> list[str]:
    """The cases that have an answer of Spark's."""
    return sorted(path.stem for path in (SPARK / "answers").glob("*.json"))


def names_without_answer() -> list[str]:
    return sorted({path.stem for path in (SPARK / "cases").glob("*.json")} - set(names()))


@cache
def case(name: str) -> dict[str, Any]:
    return json.loads((SPARK / "cases" / f"{name}.json").read_text())


def answer(name: str) -> dict[str, Any]:
    return json.loads((SPARK / "answers" / f"{name}.json").read_text())


def scenario_of(case: dict[str, Any]) -> Scenario | list[Problem]:
    """The case as a scenario; a script for the JVM's API becomes an updateState function with the same steps."""
    fields = {key: value for key, value in case.items() if key not in (*HARNESS, "rocksdb")}
    if case.get("rocksdb"):
        fields["conf"] = {**ROCKSDB, **fields.get("conf", {})}
    if case["api"] in JVM_APIS:
        fields |= {"api": "updateState", "semantics": "spark", "output_schema": "value string"}
        fields["code"] = function_of(case["script"])
        fields.setdefault("timeout_conf", "NoTimeout")
    return scenario_from_data(fields)
