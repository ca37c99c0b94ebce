"""A replay's trace held against what real Spark answered to the same case, place by place. One runner for all cases."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from engine.apis.catalog import APIS
from engine.codec.trace_json import trace_to_data
from engine.model.problems import Problem
from engine.model.scenario import Scenario
from engine.model.schema import parse_ddl
from engine.model.trace import StateShape, Trace
from tests.golden import compare_processors as processors
from tests.golden.accepted import is_accepted
from tests.golden.values import milliseconds, same, same_in_any_order

METRICS = ("numRowsTotal", "numRowsUpdated", "numRowsRemoved", "numRowsDroppedByWatermark")
NO_TIMEOUT = -1


class Difference(NamedTuple):
    place: str
    ours: Any
    sparks: Any

    def __str__(self) -> str:
        return f"{self.place}: ours {self.ours!r:.300}, Spark's {self.sparks!r:.300}"


def differences(name: str, answer: dict[str, Any], replayed: Trace | list[Problem]) -> list[str]:
    """One line for each place where the replay is not what Spark did, but for those that are accepted."""
    if not isinstance(replayed, Trace):
        return [f"refused: {problem}" for problem in replayed]
    found = _of_trace(answer, replayed, trace_to_data(replayed))
    return [str(difference) for difference in found if not is_accepted(name, difference.place)]


def _of_trace(answer: dict[str, Any], trace: Trace, ours: dict[str, Any]) -> Iterator[Difference]:
    yield from _of_ending(answer, ours, trace.state_shape)
    if answer["plan_error"]:
        return
    by_trigger = {batch["trigger"]: batch for batch in ours["batches"]}
    for trigger in answer["triggers"]:
        place = f"trigger {trigger['trigger']}"
        batch = by_trigger.pop(trigger["trigger"], None)
        yield from _of_trigger(place, trigger, batch, trace)
        if trigger["calls"] and batch is not None:
            yield from _CALLS[trace.state_shape](place, trigger, batch)
    for trigger_index in by_trigger:
        yield Difference(f"trigger {trigger_index}", "a batch", "none")


# How it ended


def _of_ending(answer: dict[str, Any], ours: dict[str, Any], shape: StateShape) -> Iterator[Difference]:
    ending = "plan_error" if answer["plan_error"] else "user_error" if answer["query_error"] else "completed"
    if ours["ending"] != ending:
        yield Difference("ending", ours["ending"], ending)
    expected = _expected_error(answer)
    error = ours["error"]
    told = None if error is None else (error["class"], error["message"])
    is_same = processors.same_error(told, expected) if shape == "variables" else told == expected
    if not is_same:
        yield Difference("error", told, expected)


def _expected_error(answer: dict[str, Any]) -> tuple[str, str] | None:
    """Class and message: those of a Python exception, else the root cause in the JVM."""
    failure = answer["plan_error"] or answer["query_error"]
    if failure is None:
        return None
    if answer["plan_error"] or failure.get("python"):
        python = failure.get("python") or failure
        return _without_module(python["class"]), python["message"]
    root = failure["jvm_chain"][-1]
    return root["class"], root["message"]


def _without_module(class_name: str) -> str:
    return class_name.rsplit(".", 1)[-1]


# Batches


def _of_trigger(
    place: str, trigger: dict[str, Any], batch: dict[str, Any] | None, trace: Trace
) -> Iterator[Difference]:
    sparks = trigger["batches"][0] if trigger["batches"] else None
    committed = batch if batch is not None and batch["committed"] else None
    if (sparks is None) != (committed is None):
        yield Difference(f"{place}, batches", committed and "one", sparks and "one")
    elif sparks is not None and committed is not None:
        sparks_facts = _sparks_batch_facts(sparks, trace.scenario, trace.state_shape)
        yield from _fields(place, _batch_facts(committed, trace), sparks_facts)


def _batch_facts(batch: dict[str, Any], trace: Trace) -> dict[str, Any]:
    times = batch["event_times"] or {}
    return {
        "batch_id": batch["batch_id"],
        "processing_time_ms": batch["processing_time_ms"],
        "input_rows": batch["input_rows"],
        "watermark_ms": batch["watermark_ms"] if trace.scenario.watermark else None,
        "event_times": [times.get(name) for name in ("min_ms", "avg_ms", "max_ms")],
        **{name: batch["metrics"][name] for name in METRICS},
        "operatorName": APIS[trace.scenario.api].operator_name,
        "numShufflePartitions": trace.scenario.shuffle_partitions,
        "output": batch["output"],
        **_STATE[trace.state_shape](batch),
    }


def _group_states(batch: dict[str, Any]) -> dict[str, Any]:
    return {"state": [[row["key"], row["value"], row["timeout_ms"]] for row in batch["state"]]}


def _sparks_batch_facts(sparks: dict[str, Any], scenario: Scenario, shape: StateShape) -> dict[str, Any]:
    progress = sparks["progress"]
    operator = progress["stateOperators"][0]
    times = progress["eventTime"] or {}
    return {
        "batch_id": progress["batchId"],
        "processing_time_ms": milliseconds(progress["timestamp"]),
        "input_rows": progress["numInputRows"],
        "watermark_ms": milliseconds(times["watermark"]) if times else None,
        "event_times": [milliseconds(times[name]) if name in times else None for name in ("min", "avg", "max")],
        **{name: operator[name] for name in METRICS},
        "operatorName": operator["operatorName"],
        "numShufflePartitions": operator["numShufflePartitions"],
        "output": sparks["output"],
        **_SPARKS_STATE[shape](sparks, scenario),
    }


def _sparks_group_states(sparks: dict[str, Any], scenario: Scenario) -> dict[str, Any]:
    return {"state": [_state_row(row, scenario) for row in sparks["state"]]}


def _state_row(row: dict[str, Any], scenario: Scenario) -> list[Any]:
    """Key, value and timeout; the files have the fields by name, sorted. The JVM's API stores bare values as `value`."""
    timeout = row["value"].get("timeoutTimestamp", NO_TIMEOUT)
    fields = row["value"]["groupState"]
    if scenario.state_schema is None:
        key, value = list(row["key"].values()), fields and fields["value"]
    else:
        key = [row["key"][name] for name in scenario.key_columns]
        value = fields and [fields[field.name] for field in parse_ddl(scenario.state_schema)]
    return [key, value, None if timeout == NO_TIMEOUT else timeout]


# Calls


def _of_calls(place: str, trigger: dict[str, Any], batch: dict[str, Any]) -> Iterator[Difference]:
    calls, sparks = batch["calls"], trigger["calls"]
    if len(calls) != len(sparks):
        keys = [[call["key"] for call in side] for side in (calls, sparks)]
        yield Difference(f"{place}, calls", *keys)
    last = {str(call["key"]): index for index, call in enumerate(sparks)}
    for index, (call, spark_call) in enumerate(zip(calls, sparks, strict=False)):
        where = f"{place}, call {index}"
        is_refused = _is_refused(spark_call) or call["error"] is not None
        yield from _fields(where, _call_facts(call, spark_call, is_refused), _sparks_call_facts(spark_call, is_refused))
        if not is_refused:
            in_state = bool(trigger["batches"]) and last[str(spark_call["key"])] == index
            yield from _of_after(where, call["after"], spark_call, in_state)


def _call_facts(call: dict[str, Any], sparks: dict[str, Any], is_refused: bool) -> dict[str, Any]:
    read = sum(len(chunk["rows"]) for chunk in sparks["chunks"])  # the harness saw the frames that the function read
    error = call["error"]
    return {
        "key": call["key"],
        "partition": call["partition"],
        "reason": call["reason"],
        "chunks": call["chunks"][: len(sparks["chunks"])],
        "rows": [_cells(row, sparks["chunks"]) for row in call["rows"][:read]],
        "before": [call["before"]["exists"], call["before"]["value"]],
        "operations": [[name, *arguments, *raised] for name, arguments, *raised in call["operations"]],
        "output rows": 0 if is_refused else len(call["output"]),
        "error": [error["class"], error["message"]] if error and "raised" in sparks else None,
    }


def _cells(row: dict[str, Any], chunks: list[dict[str, Any]]) -> list[Any]:
    return [row.get(column) for column in chunks[0]["columns"]]


def _sparks_call_facts(call: dict[str, Any], is_refused: bool) -> dict[str, Any]:
    frames = call["outputs"] if isinstance(call["outputs"], list) else []
    raised = call.get("raised")
    chunks = [len(chunk["rows"]) for chunk in call["chunks"]]
    return {
        "key": call["key"],
        "partition": call["partition"],
        "reason": "timeout" if call["timed_out"] else "data",
        "chunks": [] if call["timed_out"] else chunks,
        "rows": [row for chunk in call["chunks"] for row in chunk["rows"]],
        "before": [call["before"]["exists"], call["before"]["value"]],
        "operations": [_operation(operation) for operation in call["ops"]],
        "output rows": 0 if is_refused else sum(len(frame.get("rows", [])) for frame in frames),
        "error": [_without_module(raised["class"]), raised["message"]] if raised else None,
    }


def _is_refused(call: dict[str, Any]) -> bool:
    """The call failed, or its frames were refused: nothing of it is output."""
    return "raised" in call or "generator_closed_early" in call


def _operation(operation: list[Any]) -> list[Any]:
    failure = operation[-1]
    if not (isinstance(failure, dict) and "raises" in failure):
        return operation
    raises = {**failure["raises"], "class": _without_module(failure["raises"]["class"])}
    return [*operation[:-1], {"raises": raises}]


def _of_after(place: str, after: dict[str, Any], sparks: dict[str, Any], in_state: bool) -> Iterator[Difference]:
    """State after the call. Spark's worker tells its value before the store has taken it through the schema: when it is
    the key's last of a committed batch (`in_state`), the batch's state is what is compared."""
    if after["exists"] != sparks["after"]["exists"]:
        yield Difference(f"{place}, after, exists", after["exists"], sparks["after"]["exists"])
    if not in_state and not same(after["value"], sparks["after"]["value"]):
        yield Difference(f"{place}, after, value", after["value"], sparks["after"]["value"])
    timeout = sparks["timeout_timestamp_after"]
    if timeout != NO_TIMEOUT and isinstance(timeout, int) and after["timeout_ms"] != timeout:
        yield Difference(f"{place}, after, timeout_ms", after["timeout_ms"], timeout)


def _fields(place: str, ours: dict[str, Any], sparks: dict[str, Any]) -> Iterator[Difference]:
    for field, value in ours.items():
        is_same = same_in_any_order if field in ("state", "timers") else same
        if not is_same(value, sparks[field]):
            yield Difference(f"{place}, {field}", value, sparks[field])


def _of_processor_calls(place: str, trigger: dict[str, Any], batch: dict[str, Any]) -> Iterator[Difference]:
    for index, (call, sparks) in enumerate(processors.paired_calls(batch["calls"], trigger["calls"])):
        where = f"{place}, call {index}"
        if call is None or sparks is None:
            names = (call and [call["reason"], call["key"]], sparks and [sparks["call"], sparks["key"]])
            yield Difference(where, *names)
            continue
        is_refused = call["error"] is not None
        yield from _fields(where, processors.call_facts(call, sparks), processors.sparks_call_facts(sparks, is_refused))


#: What a trace's state is decides how its parts are held against Spark's.
_CALLS = {"group_state": _of_calls, "variables": _of_processor_calls}
_STATE = {"group_state": _group_states, "variables": processors.batch_facts}
_SPARKS_STATE = {"group_state": _sparks_group_states, "variables": processors.sparks_batch_facts}
