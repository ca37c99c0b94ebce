"""The life of the process that all workers are forked from: it imports everything, tests what it makes, and serves."""

import gc
import importlib
import os
import socket
import sys
from typing import Final, NoReturn

import msgspec

from engine.apis.catalog import APIS
from engine.codec.scenario_json import scenario_from_wire, scenario_to_wire
from engine.model.rows import Rows
from engine.model.scenario import Batch, Scenario
from engine.run_here import run_here
from engine.sandbox import kernel, preload, rlimits
from engine.sandbox.layers import hardening_from_text
from engine.sandbox.selftest import self_test
from engine.sandbox.zygote import Zygote

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


def main() -> NoReturn:
    """`zygote_main CONTROL REPORT MAX_WORKERS LAYERS`, the first two as descriptors, from engine.sandbox.zygote_process."""
    control, report = socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2])
    rlimits.allow_many_descriptors(kernel.ABOVE_ALL_DESCRIPTORS)
    preload.import_everything()
    for api in APIS.values():
        importlib.import_module(api.module)
    _warm_up()
    kernel.adopt_orphans()
    kernel.require_one_thread()
    gc.collect()
    gc.freeze()
    zygote = Zygote(int(sys.argv[3]), hardening_from_text(sys.argv[4]))
    found, hardening = self_test(zygote, os.getppid())
    with open(report, "wb") as server:
        server.write(msgspec.json.encode(found))
    zygote.serve(control, found.level, hardening)
    os._exit(0)


def _warm_up() -> None:
    """Workers find all that a replay touches in memory, made and looked up. Raises RuntimeError when one fails."""
    for scenario in _WARM_UPS:
        trace = run_here(scenario_from_wire(scenario_to_wire(scenario)))
        if isinstance(trace, list) or trace.ending != "completed":
            raise RuntimeError(f"a warm-up failed: {trace if isinstance(trace, list) else trace.error}")
