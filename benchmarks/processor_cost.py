"""What a call costs beyond the user's own work: of a StatefulProcessor with Rows and with frames, and of a function with frames.

The same code is replayed, and called in a bare loop with a dict for state; the difference, by call, is the replay's. Both
take turns, the time is the processor's, and the best counts: what else the machine does is left out as far as it can be.
Run by hand from the project's folder: python -m benchmarks.processor_cost [keys] [batches]
"""

import gc
import sys
import time
from collections.abc import Callable
from typing import Any, Final

import pandas as pd

from engine.apis.row import Row
from engine.model.rows import Rows
from engine.model.scenario import Batch, Scenario
from engine.model.trace import Trace
from engine.run_here import run_here

ROW_CODE: Final = """\
class Processor(StatefulProcessor):
    def init(self, handle):
        self.total = handle.getValueState("total", "n long")
    def handleInputRows(self, key, rows, timerValues):
        total = (self.total.get() or (0,))[0] + sum(row.v for row in rows)
        self.total.update((total,))
        yield Row(k=key[0], total=total)
"""
PANDAS_CODE: Final = """\
class Processor(StatefulProcessor):
    def init(self, handle):
        self.total = handle.getValueState("total", "n long")
    def handleInputRows(self, key, rows, timerValues):
        total = (self.total.get() or (0,))[0] + sum(int(frame["v"].sum()) for frame in rows)
        self.total.update((total,))
        yield pd.DataFrame({"k": [key[0]], "total": [total]})
"""
FUNCTION_CODE: Final = """\
def total(key, pdfs, state):
    total = (state.get[0] if state.exists else 0) + sum(int(frame["v"].sum()) for frame in pdfs)
    state.update((total,))
    yield pd.DataFrame({"k": [key[0]], "total": [total]})
"""
FUNCTION_API: Final = "applyInPandasWithState"
CASES: Final = (
    ("transformWithState", ROW_CODE),
    ("transformWithStateInPandas", PANDAS_CODE),
    (FUNCTION_API, FUNCTION_CODE),
)
ROWS_A_CALL: Final = 2
ROUNDS: Final = 5


class BareState:
    """A state variable that is one item of a dict."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.key = ""

    def get(self) -> Any:
        return self.values.get(self.key)

    def update(self, value: Any) -> None:
        self.values[self.key] = value


class BareGroupState(BareState):
    """The same as a function has it: `exists` and `get` are properties."""

    @property
    def exists(self) -> bool:
        return self.key in self.values

    @property
    def get(self) -> Any:
        return self.values[self.key]


class BareHandle:
    """Hands out the one variable."""

    def __init__(self, state: BareState) -> None:
        self.state = state

    def getValueState(self, name: str, schema: str) -> BareState:  # noqa: N802 - Spark's name
        return self.state


def scenario_of(api: Any, code: str, keys: int, batches: int) -> Scenario:
    """Every key has two rows in every batch."""
    names = [f"key{i % keys}" for i in range(keys * ROWS_A_CALL)]
    made = [Batch(1000 * (i + 1), Rows(("k", "v"), [names, list(range(len(names)))])) for i in range(batches)]
    fields: dict[str, Any] = {"input_schema": "k string, v long", "output_schema": "k string, total long"}
    fields |= {"state_schema": "n long"} if api == FUNCTION_API else {"time_mode": "ProcessingTime"}
    return Scenario(api=api, code=code, key="k", batches=made, **fields)


def given(api: str, keys: int) -> list[tuple[str, list[Any]]]:
    """What each call is given, made beforehand."""
    rows = [(f"key{i}", [i, i + keys]) for i in range(keys)]
    if api == "transformWithState":
        return [(key, [Row.of(("k", "v"), (key, value)) for value in values]) for key, values in rows]
    return [(key, [pd.DataFrame({"k": [key] * len(values), "v": values})]) for key, values in rows]


def bare_call(api: str, code: str) -> tuple[BareState, Callable[..., Any]]:
    """The user's code, and the state around it: what is called is given a key and its rows."""
    namespace: dict[str, Any] = {"StatefulProcessor": object, "Row": Row, "pd": pd}
    exec(code, namespace)  # noqa: S102 - the code above
    if api == FUNCTION_API:
        group_state = BareGroupState()
        return group_state, lambda key, rows: namespace["total"](key, rows, group_state)
    state, processor = BareState(), namespace["Processor"]()
    processor.init(BareHandle(state))
    return state, lambda key, rows: processor.handleInputRows(key, rows, None)


def bare_seconds(api: str, code: str, keys: int, batches: int) -> float:
    """The user's own work: each call with its rows at hand, its output thrown away."""
    state, call = bare_call(api, code)
    calls = given(api, keys)
    gc.collect()
    began = time.process_time()
    for _ in range(batches):
        for key, rows in calls:
            state.key = key
            for _ in call((key,), iter(rows)):
                pass
    return time.process_time() - began


def replay_seconds(scenario: Scenario) -> float:
    gc.collect()
    began = time.process_time()
    trace = run_here(scenario)
    took = time.process_time() - began
    if not isinstance(trace, Trace) or trace.error is not None:
        raise RuntimeError(f"the benchmark's scenario failed: {trace}")
    return took


def main(keys: int = 1000, batches: int = 10) -> None:
    print(f"{keys} keys, {batches} batches, the best of {ROUNDS}; microseconds a call")
    for api, code in CASES:
        scenario = scenario_of(api, code, keys, batches)
        with pd.option_context("mode.string_storage", "python"):  # as in the runner, which has no pyarrow
            rounds = [(replay_seconds(scenario), bare_seconds(api, code, keys, batches)) for _ in range(ROUNDS)]
        replayed, bare = map(min, zip(*rounds, strict=True))
        calls = keys * batches
        own, all_of_it = bare / calls * 1e6, replayed / calls * 1e6
        print(f"{api:28} replay {all_of_it:7.1f}   own work {own:7.1f}   the replay's {all_of_it - own:7.1f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
