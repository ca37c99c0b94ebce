"""A StatefulProcessor's trace held against real Spark's answer: its calls, its state variables, its timers.

Lives here: what differs from the GroupState APIs in the files that the harness wrote. compare.py has the rest.
"""

from collections.abc import Iterator
from typing import Any

from engine.model.scenario import Scenario

REASONS = {
    "init": "init",
    "handleInputRows": "data",
    "handleExpiredTimer": "timer",
    "handleInitialState": "initial_state",
    "close": "close",
}
TIMERS = "$timers"
Facts = dict[str, Any]


# Batches


def batch_facts(batch: Facts) -> Facts:
    metrics = batch["metrics"]
    return {
        "custom metrics": {name: number for name, number in metrics.items() if number and name not in _ROWS},
        "state": [_entry(row) for row in batch["state"]],
        "timers": [[row["key"], row["timer_ms"]] for row in batch["timers"]],
    }


def sparks_batch_facts(sparks: Facts, scenario: Scenario) -> Facts:
    custom = sparks["progress"]["stateOperators"][0]["customMetrics"]
    stored = sparks["state"]
    timers = stored.get(TIMERS, [])
    return {
        "custom metrics": {name: number for name, number in custom.items() if number},
        "state": [_stored(name, row, scenario) for name, rows in stored.items() if name != TIMERS for row in rows],
        "timers": [[_key(row, scenario), row["expiration_timestamp_ms"]] for row in timers],
    }


_ROWS = ("numRowsTotal", "numRowsUpdated", "numRowsRemoved", "numRowsDroppedByWatermark")


def _entry(row: Facts) -> list[Any]:
    return [row["key"], row["variable"], row.get("user_key"), row["value"], row["expires_ms"]]


def _stored(name: str, row: Facts, scenario: Scenario) -> list[Any]:
    value = row.get("value") or row.get("list_element") or row.get("user_map_value")
    expires_ms = None
    if value.keys() == {"value", "ttlExpirationMs"}:
        expires_ms, value = value["ttlExpirationMs"], value["value"]
    return [_key(row, scenario), name, row.get("user_map_key"), value, expires_ms]


def _key(row: Facts, scenario: Scenario) -> list[Any]:
    return [row["key"][name.rpartition(".")[2]] for name in scenario.key_columns]  # of a field Spark makes a column


# Calls


def paired_calls(ours: list[Facts], sparks: list[Facts]) -> Iterator[tuple[Facts | None, Facts | None]]:
    """Call by call. The harness wrote a call when it was over: one whose output Spark refused is not there."""
    if ours and ours[-1]["error"] is not None and len(ours) == len(sparks) + 1:
        ours = ours[:-1]
    for index in range(max(len(ours), len(sparks))):
        yield ours[index] if index < len(ours) else None, sparks[index] if index < len(sparks) else None


def call_facts(call: Facts, sparks: Facts) -> Facts:
    chunks = sparks.get("chunks", [])
    read = sum(map(len, _rows(chunks)))
    error = call["error"]
    refused = error is not None
    return {
        "reason": call["reason"],
        "key": call["key"],
        "partition": call["partition"],
        "timer_ms": call.get("timer_ms"),
        "chunks": call["chunks"][: len(_rows(chunks))] if read else [],
        "rows": [_cells(row, chunks) for row in call["rows"][:read]],
        "operations": [[name, *arguments, *raised] for name, arguments, *raised in call["operations"]],
        "before": _state(call["before"]) if sparks.get("before") is not None else None,
        "after": _state(call["after"]) if _tells_after(sparks) else None,
        "output rows": None if refused else len(call["output"]),
        "error": [error["class"], error["message"]] if refused and "raised" in sparks else None,
    }


def sparks_call_facts(call: Facts, is_refused: bool) -> Facts:
    raised = call.get("raised")
    timer_ms = call.get("expiry_ms")
    outputs = call.get("outputs", [])
    return {
        "reason": REASONS[call["call"]],
        "key": call["key"],
        "partition": call["partition"],
        "timer_ms": timer_ms,
        "chunks": [len(rows) for rows in _rows(call.get("chunks", []))],
        "rows": [row for rows in _rows(call.get("chunks", [])) for row in rows],
        "operations": [told for operation in call["ops"] for told in _operation(operation)],
        "before": _sparks_state(call["before"]) if call.get("before") is not None else None,
        "after": _sparks_state(call["after"], timer_ms) if _tells_after(call) else None,
        "output rows": None if is_refused else sum(len(frame.get("rows", [0])) for frame in outputs),
        "error": [_without_module(raised["class"]), raised["message"]] if raised else None,
    }


def _tells_after(call: Facts) -> bool:
    """After an error of the state server the harness could not ask any more."""
    return call.get("after") is not None and not any(isinstance(value, dict) for value in call["after"].values())


def _cells(row: Facts, chunks: list[Facts]) -> list[Any]:
    """A row of the trace in the order in which the harness wrote it: a frame's columns, the names of a Row sorted."""
    return list(row.values()) if "columns" in chunks[0] else [row.get(name) for name in chunks[0]]


def _rows(chunks: list[Facts]) -> list[list[Any]]:
    """The rows by frame; in the Row API one after the other."""
    if chunks and "columns" not in chunks[0]:
        return [[list(row.values()) for row in chunks]]
    return [chunk["rows"] for chunk in chunks]


def _in_order(rows: list[Facts], chunks: list[Facts]) -> list[Facts]:
    """With the columns of each row in the order of the harness, which sorts those of a Row."""
    names = chunks[0] if chunks and "columns" not in chunks[0] else rows[0] if rows else {}
    return [{name: row.get(name) for name in names} for row in rows]


def _operation(operation: list[Any]) -> Iterator[list[Any]]:
    """What is done to the state; what is only read is no operation of a trace."""
    name, *arguments = operation
    told = arguments[-1] if arguments and isinstance(arguments[-1], dict) else {}
    if "returns" in told:
        return
    if "raises" in told:
        raises = {**told["raises"], "class": _without_module(told["raises"]["class"])}
        arguments = [*arguments[:-1], {"raises": raises}]
    yield [name.removeprefix("handle."), *arguments]


def _without_module(class_name: str) -> str:
    return class_name.rsplit(".", 1)[-1]


def _state(state: Facts) -> Facts:
    return {**state["variables"], TIMERS: state["timers_ms"]}


def _sparks_state(state: Facts, fired_ms: int | None = None) -> Facts:
    """As the harness asked for it. While its handler runs the fired timer is still there; afterwards it is not."""
    there = {name: value for name, value in state.items() if name != TIMERS and value not in (None, [])}
    return {**there, TIMERS: [timer_ms for timer_ms in state.get(TIMERS, []) if timer_ms != fired_ms]}


def same_error(ours: tuple[str, str] | None, sparks: tuple[str, str] | None) -> bool:
    """The harness kept the beginning of a message, without the SQLSTATE, and its lines trimmed."""
    if ours is None or sparks is None:
        return ours == sparks
    return ours[0] == sparks[0] and " ".join(ours[1].split()).startswith(" ".join(sparks[1].split()))
