"""The sandbox is a runner like the others: the same trace, the same problems, in another process."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.model.problems import Problem
from engine.model.trace import Trace
from engine.run_here import run_here
from engine.sandbox import SandboxRunner
from tests.helpers import MINUTE_MS, TUTORIAL, scenario, transcript

STREAM = ((0, "hello hello spark"), (1000, "hello"), (12 * MINUTE_MS, ""))


def printed(runner: SandboxRunner, expression: str) -> str:
    """What an expression is worth inside a worker."""
    trace = runner.run(scenario(f"def updateState(key, values, state):\n    print({expression})\n", (0, "a")))
    assert trace.ending == "completed", trace.error
    return trace.calls[0].printed.removesuffix("\n")


def test_the_tutorial_is_replayed(runner):
    trace = runner.run(scenario(TUTORIAL, *STREAM))
    assert transcript(trace) == [
        "batch 0: hello data(2) none -> 2 due 600000, out [('hello', 2)]",
        "batch 0: spark data(1) none -> 1 due 600000, out [('spark', 1)]",
        "batch 1: hello data(1) 2 due 600000 -> 3 due 601000, out [('hello', 3)]",
        "batch 2: spark timeout 1 due 600000 -> none",
        "batch 2: hello timeout 3 due 601000 -> none",
    ]


@pytest.mark.parametrize("semantics", ["tutorial", "spark"])
def test_the_trace_is_the_one_of_the_replay_in_this_process(runner, semantics):
    made = scenario(TUTORIAL, *STREAM, semantics=semantics)
    assert runner.run(made) == run_here(made)


def test_a_failing_function_is_the_same_data_here_and_there(runner):
    made = scenario("def updateState(key, values, state):\n    return 1 / (len(values) - 1)\n", (0, "a a b"))
    assert runner.run(made) == run_here(made)


def test_what_keeps_a_scenario_from_being_replayed_is_told(runner):
    made = scenario(TUTORIAL, *STREAM, key="nowhere")
    found = runner.run(made)
    assert found == run_here(made)
    assert isinstance(found[0], Problem)


def test_equal_scenarios_give_equal_traces_in_another_server_too(runner):
    """Nothing is left to chance: not the order of a set, not the seed of either random module."""
    code = (
        "import random\nimport numpy as np\n"
        "def updateState(key, values, state):\n"
        "    return [(word, random.random(), np.random.rand()) for word in {key + str(n) for n in range(20)}]\n"
    )
    made = scenario(code, (0, "a b"))
    first = runner.run(made)
    with SandboxRunner(max_workers=1) as another:
        assert another.run(made) == first
    assert isinstance(first, Trace)


def test_one_replay_leaves_nothing_behind_for_the_next(runner):
    code = (
        "import math\n"
        "def updateState(key, values, state):\n"
        "    math.kept = getattr(math, 'kept', 0) + 1\n"
        "    print(math.kept)\n"
    )
    traces = [runner.run(scenario(code, (0, "a"))) for _ in range(3)]
    assert [trace.calls[0].printed for trace in traces] == ["1\n"] * 3


def test_many_threads_may_replay_at_once(runner):
    scenarios = [scenario(TUTORIAL, (0, f"word{n}")) for n in range(12)]
    with ThreadPoolExecutor(max_workers=6) as threads:
        traces = list(threads.map(runner.run, scenarios))
    assert [trace.calls[0].key for trace in traces] == [(f"word{n}",) for n in range(12)]


def test_the_function_knows_nothing_of_the_servers_environment(runner, monkeypatch):
    monkeypatch.setenv("SECRET_OF_THE_SERVER", "token")
    with SandboxRunner(max_workers=1) as started_now:
        assert printed(started_now, "'SECRET_OF_THE_SERVER' in __import__('os').environ") == "False"


@pytest.mark.parametrize(
    ("expression", "is_worth"),
    [
        ("__import__('time').localtime(0).tm_hour", "0"),
        ("__import__('os').read(0, 1)", "b''"),
        ("__import__('os').getuid() > 0", "True"),
    ],
    ids=["time zone", "standard input", "not root"],
)
def test_a_worker_stands_alone(runner, expression, is_worth):
    assert printed(runner, expression) == is_worth


def test_what_functions_commonly_import_has_been_imported(runner):
    wanted = (
        "pandas numpy datetime json math re itertools functools collections typing dataclasses logging decimal zoneinfo"
    )
    assert printed(runner, f"set('{wanted}'.split()) - set(__import__('sys').modules)") == "set()"


def test_a_pandas_function_works_without_pyarrow(runner):
    code = (
        "import pandas as pd\n"
        "def updateState(key, values, state):\n"
        "    frame = pd.DataFrame({'word': values, 'n': range(len(values))})\n"
        "    return [(key, int(frame.groupby('word')['n'].sum().iloc[0]))]\n"
    )
    trace = runner.run(scenario(code, (0, "a a a")))
    assert trace.calls[0].output == [["a", 3]]


def test_a_log_record_of_the_function_is_printed_where_it_was_made(runner):
    code = "import logging\ndef updateState(key, values, state):\n    logging.warning('late %s', key)\n"
    trace = runner.run(scenario(code, (0, "a b")))
    assert [call.printed for call in trace.calls] == ["WARNING:root:late a\n", "WARNING:root:late b\n"]


def test_the_runner_is_ready_before_it_is_asked():
    with SandboxRunner(max_workers=1) as own:
        own.warm()
        own.warm()
        assert own.run(scenario(TUTORIAL, *STREAM)).ending == "completed"
