"""The only test code that knows how a scenario is built and a trace is read: builders, and transcripts to compare with."""

from typing import Any

from engine.model.problems import Problem
from engine.model.rows import Rows
from engine.model.scenario import Batch, Scenario
from engine.model.state import KeyState
from engine.model.trace import FunctionCalled, Trace
from engine.run_here import run_here

TUTORIAL = """\
def updateState(key, values, state: GroupState[int]):
    if state.hasTimedOut():
        return []
    count = sum(1 for _ in values) + (state.get() if state.exists else 0)
    state.update(count)
    state.setTimeoutDuration("10 minutes")
    return [(key, count)]
"""
MINUTE_MS = 60_000


def words(text: str) -> Rows:
    """The rows of a trigger that brings words: `words("hello hello spark")`."""
    return Rows.from_dicts([{"word": word} for word in text.split()])


def scenario(code: str, *batches: tuple[int, str | list[dict[str, Any]]], **fields: Any) -> Scenario:
    """A scenario of updateState: each batch is its processing time and its words, or its rows."""
    made = [
        Batch(time_ms, words(rows) if isinstance(rows, str) else Rows.from_dicts(rows)) for time_ms, rows in batches
    ]
    return Scenario(api="updateState", code=code, batches=made, **fields)


def replayed(code: str, *batches: tuple[int, str | list[dict[str, Any]]], **fields: Any) -> Trace:
    """The trace of such a scenario, replayed in this process."""
    return trace_of(scenario(code, *batches, **fields))


PANDAS = {
    "api": "applyInPandasWithState",
    "input_schema": "k string, v long",
    "key": "k",
    "output_schema": "info string",
    "state_schema": "n long",
}


def pandas_scenario(code: str, *batches: tuple[int, str | list[dict[str, Any]]], **fields: Any) -> Scenario:
    """A scenario of applyInPandasWithState: each batch is its processing time and its keys ("aab"), or its rows.

    Without other fields the rows have a string `k` and a number `v` that counts them, and the output is one text.
    """
    made = [
        Batch(time_ms, _keyed(rows) if isinstance(rows, str) else Rows.from_dicts(rows)) for time_ms, rows in batches
    ]
    return Scenario(code=code, batches=made, **{**PANDAS, **fields})


def _keyed(keys: str) -> Rows:
    return Rows.from_dicts([{"k": key, "v": number} for number, key in enumerate(keys)])


def replayed_in_pandas(code: str, *batches: tuple[int, str | list[dict[str, Any]]], **fields: Any) -> Trace:
    """The trace of such a scenario, replayed in this process."""
    return trace_of(pandas_scenario(code, *batches, **fields))


PROCESSOR = {
    "api": "transformWithState",
    "input_schema": "k string, v long",
    "key": "k",
    "output_schema": "info string",
    "time_mode": "ProcessingTime",
}


def processor_scenario(code: str, *batches: tuple[int, str | list[dict[str, Any]]], **fields: Any) -> Scenario:
    """A scenario of a StatefulProcessor with Rows: each batch is its processing time and its keys ("aab"), or its rows."""
    return pandas_scenario(code, *batches, **{"state_schema": None, **PROCESSOR, **fields})


def replayed_processor(code: str, *batches: tuple[int, str | list[dict[str, Any]]], **fields: Any) -> Trace:
    """The trace of such a scenario, replayed in this process."""
    return trace_of(processor_scenario(code, *batches, **fields))


def infos(trace: Trace) -> list[Any]:
    """The cells of the first output column, call by call."""
    assert trace.error is None, trace.error
    return [row[0] for call in trace.calls for row in call.output]


def trace_of(made: Scenario) -> Trace:
    trace = run_here(made)
    assert isinstance(trace, Trace), [str(problem) for problem in trace]
    return trace


def problems_of(made: Scenario) -> list[Problem]:
    found = run_here(made)
    assert isinstance(found, list), "the scenario was replayed"
    return found


def transcript(trace: Trace) -> list[str]:
    """One line a call: `batch 0: hello data(2) none -> 2 due 600000, out [('hello', 2)]`."""
    return [_line(call) for call in trace.calls]


def _line(call: FunctionCalled) -> str:
    key = ",".join(str(part) for part in call.key or ())
    reason = f"data({len(call.row_indexes)})" if call.reason == "data" else call.reason
    out = f", out {[tuple(row) for row in call.output]}" if call.output else ""
    failed = f", {call.error.error_class}" if call.error else ""
    return f"batch {call.batch_index}: {key} {reason} {_state(call.before)} -> {_state(call.after)}{out}{failed}"


def _state(state: KeyState) -> str:
    if not state.stored:
        return "none"
    value = repr(state.value) if state.exists else "no value"
    return value if state.timeout_ms is None else f"{value} due {state.timeout_ms}"
