"""A replay as the few lines that docs/semantics.md shows: each trigger, whether a batch ran, and each call's state."""

from collections.abc import Iterator
from typing import Any

from engine.codec.trace_json import trace_to_data
from engine.model.trace import Trace

_MAX_OUTPUT = 30


def story(trace: Trace) -> list[str]:
    """`at 1000: 2 rows`, then one line a call: `  a      data    none -> [7] due 2000   out ('a', 'x')`."""
    data = trace_to_data(trace)
    ran = {batch["trigger"]: batch for batch in data["batches"]}
    lines: list[str] = []
    for trigger, arrived in enumerate(trace.scenario.batches):
        restart = ", after a restart" if trigger in trace.scenario.restart_before else ""
        lines += _trigger(trace, arrived.processing_time_ms, len(arrived.rows), restart, ran.get(trigger))
        if trigger in ran and not ran[trigger]["committed"]:
            break
    error = trace.error
    return [*lines, f"the query dies: {error.error_class}: {_short(error.message)}"] if error else lines


def _trigger(trace: Trace, time_ms: int, count: int, restart: str, batch: dict[str, Any] | None) -> Iterator[str]:
    rows = "no data" if not count else "1 row" if count == 1 else f"{count} rows"
    watermark = f", watermark {batch['watermark_ms']}" if batch and trace.scenario.watermark else ""
    runs = "" if batch and count else ": a batch runs" if batch else ": no batch runs"
    yield f"at {time_ms}{restart}{watermark}, {rows}{runs}"
    for dropped in batch["dropped"] if batch else ():
        yield f"  dropped: {', '.join(map(str, dropped['row'].values()))}"
    for call in batch["calls"] if batch else ():
        yield _call(trace, call)
    for removed in batch.get("removed", ()) if batch else ():
        key = ",".join(map(str, removed["key"]))
        yield f"  {key:<6} removed {removed['variable']} {removed.get('user_key', '')}{removed['value']}"


def _call(trace: Trace, call: dict[str, Any]) -> str:
    if call["key"] is None:
        where = "on the driver" if call["partition"] is None else f"in {call['partition']}"
        return f"  {call['reason']} {where}"
    partition = f" in {call['partition']}" if trace.scenario.shuffle_partitions > 1 else ""
    key = ",".join("NULL" if part is None else str(part) or "''" for part in call["key"])
    state = _state if trace.state_shape == "group_state" else _variables
    stored = f"{state(call['before'])} -> {state(call['after'])}"
    output = "".join(f"   out {_short(', '.join(map(str, row)))}" for row in call["output"])
    frames = f" {call['chunks']}" if len(call["chunks"]) > 1 else ""
    reason = f"{call['reason']} {call['timer_ms']}" if "timer_ms" in call else f"{call['reason']:<7}"
    return f"  {key:<6} {reason}{partition}{frames} {stored}{output}".rstrip()


def _short(text: str) -> str:
    return text if len(text) <= _MAX_OUTPUT else f"{text[:_MAX_OUTPUT]}…"


def _state(state: dict[str, Any]) -> str:
    due = "" if state["timeout_ms"] is None else f" due {state['timeout_ms']}"
    if state["exists"]:
        return f"{state['value']}{due}"
    return f"no value{due}" if due else "none"


def _variables(state: dict[str, Any]) -> str:
    timers = f"timers {state['timers_ms']}" if state["timers_ms"] else ""
    variables = [f"{name} {value}" for name, value in state["variables"].items()]
    return ", ".join([*variables, timers] if timers else variables) or "none"
