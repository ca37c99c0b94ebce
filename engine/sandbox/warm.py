"""Making a process warm: it imports what functions and replays need, and replays the smallest streams once."""

import importlib
from typing import Final

from engine.apis.catalog import APIS
from engine.codec.scenario_json import scenario_from_wire, scenario_to_wire
from engine.model.rows import Rows
from engine.model.scenario import Batch, Scenario
from engine.run_here import run_here
from engine.sandbox import preload

#: The smallest streams that touch what a replay touches.
_WARM_UPS: Final = (
    Scenario(
        api="updateState",
        code=(
            "def updateState(key, values, state):\n"
            "    state.update(1)\n"
            "    state.setTimeoutDuration(1)\n"
            "    return [(key, 1)]\n"
        ),
        batches=[Batch(0, Rows(["word"], [["hello"]])), Batch(1)],
    ),
    Scenario(
        api="applyInPandasWithState",
        code=(
            "import pandas as pd\n"
            "def fn(key, pdfs, state):\n"
            "    rows = pd.concat(pdfs).groupby('word', as_index=False)['amount'].sum()\n"
            "    state.update((int(rows['amount'].sum()),))\n"
            "    yield rows.merge(rows, on='word')[['word']]\n"
        ),
        input_schema="word string, amount long",
        key="word",
        output_schema="word string",
        state_schema="amount long",
        batches=[Batch(0, Rows(["word", "amount"], [["hello"], [1]]))],
    ),
)


def warm_up() -> None:
    """Workers find all that a replay touches in memory, made and looked up. Raises RuntimeError when a replay fails."""
    preload.import_everything()
    for api in APIS.values():
        importlib.import_module(api.module)
    for scenario in _WARM_UPS:
        trace = run_here(scenario_from_wire(scenario_to_wire(scenario)))
        if isinstance(trace, list) or trace.ending != "completed":
            raise RuntimeError(f"a warm-up failed: {trace if isinstance(trace, list) else trace.error}")
