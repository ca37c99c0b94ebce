"""A StatefulProcessor as its author meets it: how it is found, what lives how long, what its state and timers do."""

import msgspec
import pytest

from engine.codec.trace_json import trace_to_data
from engine.model.scenario import InitialState
from engine.model.trace import DRIVER
from tests.helpers import infos, pandas_scenario, problems_of, replayed, replayed_processor

COUNTER = """\
class Counter(StatefulProcessor):
    def __init__(self, step=1):
        self.step = step
    def init(self, handle):
        self.count = handle.getValueState("count", "n long")
    def handleInputRows(self, key, rows, timerValues):
        count = (self.count.get() or (0,))[0] + self.step * len(list(rows))
        self.count.update((count,))
        yield Row(info=f"{key[0]}{count}")
"""
TIMERS = """\
class Alarm(StatefulProcessor):
    def init(self, handle):
        self.handle = handle
    def handleInputRows(self, key, rows, timerValues):
        self.handle.registerTimer(timerValues.getCurrentProcessingTimeInMs() + 1000)
        return []
    def handleExpiredTimer(self, key, timerValues, expiredTimerInfo):
        yield Row(info=f"{key.k} at {expiredTimerInfo.getExpiryTimeInMs()}")
"""


# Which processor is meant


@pytest.mark.parametrize(
    ("end", "entry"),
    [
        ("", None),
        ("", "Counter"),
        ("def make():\n    return Counter(1)", "make"),
        ("from functools import partial\nmake = partial(Counter, step=1)", "make"),
        (
            "df = spark.readStream.load()\ndf.groupBy('k').transformWithState(Counter(), 'info string', 'Update', 'None')",
            None,
        ),
        (
            "def main():\n    p = Counter()\n    df.groupBy('k').transformWithState(statefulProcessor=p, timeMode='None')",
            None,
        ),
    ],
    ids=["the only class", "a class by name", "a factory", "a partial", "handed to Spark", "handed to Spark in main()"],
)
def test_a_processor_is_found(end, entry):
    session = "from pyspark.sql import SparkSession\nspark = SparkSession.builder.getOrCreate()\ndf = spark.read\n"
    trace = replayed_processor(f"{session}{COUNTER}{end}\n", (0, "aab"), (1, "a"), entry=entry)
    assert infos(trace) == ["a2", "b1", "a3"]
    assert trace.function_name in ("Counter", "make")


def test_an_object_is_meant_where_its_class_takes_arguments():
    trace = replayed_processor(f"{COUNTER}\nprocessor = Counter(step=10)\n", (0, "aa"))
    assert infos(trace) == ["a20"]


def test_a_class_that_needs_arguments_is_told_how_to_give_them():
    code = COUNTER.replace("step=1", "step")
    trace = replayed_processor(code, (0, "a"))
    assert trace.error.message == "Counter cannot be made without arguments: it takes step"
    assert "processor = Counter(…)" in trace.error.advice
    assert trace.error.line == 2


def test_two_processors_ask_which_is_meant():
    trace = replayed_processor(COUNTER + TIMERS, (0, "a"))
    assert trace.error.message == "several StatefulProcessors could be meant: Counter, Alarm"
    assert "Processor" in trace.error.advice


def test_a_base_class_of_the_users_own_is_not_meant():
    trace = replayed_processor(
        f"{COUNTER}\nclass Tens(Counter):\n    def __init__(self):\n        self.step = 10\n", (0, "a")
    )
    assert infos(trace) == ["a10"]


def test_without_a_processor_the_page_says_what_to_define():
    trace = replayed_processor("def fn(key, rows, state): return []", (0, "a"))
    assert trace.error.message == "there is no StatefulProcessor to run"
    assert "class Processor(StatefulProcessor)" in trace.error.advice


# What lives how long


def test_what_is_not_state_begins_anew_in_every_batch():
    code = """\
SEEN = []
TOTAL = 0
class Processor(StatefulProcessor):
    shared = []
    def __init__(self):
        self.mine = []
    def init(self, handle):
        pass
    def handleInputRows(self, key, rows, timerValues):
        global TOTAL
        TOTAL += 1
        for things in (SEEN, self.shared, self.mine):
            things.append(key)
        yield Row(info=f"{TOTAL} {len(SEEN)} {len(self.shared)} {len(self.mine)}")
"""
    assert infos(replayed_processor(code, (0, "ab"), (1, "a"))) == ["1 1 1 1", "2 2 2 2", "1 1 1 1"]


def test_init_and_close_are_calls_of_every_partition_and_once_of_the_driver():
    trace = replayed_processor(COUNTER, (0, "a"), (1, ""), shuffle_partitions=2)
    lifecycle = [(call.partition, call.reason) for call in trace.calls if call.key is None]
    assert lifecycle[:2] == [(DRIVER, "init"), (DRIVER, "close")]
    assert lifecycle[2:] == [(0, "init"), (0, "close"), (1, "init"), (1, "close")] * 2


def test_a_restarted_query_asks_the_driver_again():
    trace = replayed_processor(COUNTER, (0, "a"), (1, "a"), restart_before=[1])
    assert [call.batch_index for call in trace.calls if call.partition == DRIVER] == [0, 0, 1, 1]
    assert infos(trace) == ["a1", "a2"]


def test_a_processor_that_cannot_be_sent_is_refused_in_sparks_words():
    code = COUNTER.replace("self.step = step", "import threading; self.lock = threading.Lock()")
    trace = replayed_processor(code, (0, "a"))
    assert trace.error.error_class == "PicklingError"
    assert trace.error.message == "Could not serialize object: TypeError: cannot pickle '_thread.lock' object"


# State and timers


def test_an_operation_has_its_variable_its_arguments_and_its_line():
    call = replayed_processor(COUNTER, (0, "a")).calls[3]
    assert (call.operations, call.operation_lines) == ([["count.update", [[1]]]], [8])


def test_a_list_that_is_changed_in_place_is_not_stored():
    code = """\
class Processor(StatefulProcessor):
    def init(self, handle):
        self.state = handle.getValueState("state", "names array<string>")
    def handleInputRows(self, key, rows, timerValues):
        if not self.state.exists():
            self.state.update((["first"],))
        names = self.state.get()[0]
        names.append("lost")
        yield Row(info=str(self.state.get()[0]))
"""
    assert infos(replayed_processor(code, (0, "a"), (1, "a"))) == ["['first']"] * 2


def test_a_timer_is_there_before_its_call_and_gone_after_it():
    trace = replayed_processor(TIMERS, (0, "a"), (1000, ""))
    [fired] = [call for call in trace.calls if call.reason == "timer"]
    assert (fired.timer_ms, fired.before.timers_ms, fired.after.timers_ms) == (1000, (1000,), ())
    assert fired.rule == "timer-fires-at-its-time"
    assert infos(trace) == ["a at 1000"]


def test_what_expired_leaves_the_file_when_its_batch_ends():
    code = COUNTER.replace('"n long")', '"n long", 500)')
    trace = replayed_processor(code, (0, "a"), (400, ""), (500, ""))
    batches = trace_to_data(trace)["batches"]
    assert [len(batch["state"]) for batch in batches] == [1, 1, 0]
    assert batches[2]["removed"] == [
        {
            "key": ["a"],
            "variable": "count",
            "kind": "value",
            "value": [1],
            "expires_ms": 500,
            "rule": "ttl-removes-when-the-batch-ends",
        }
    ]


def test_an_error_of_the_state_that_is_swallowed_kills_the_query_at_the_next_word():
    code = COUNTER.replace(
        "self.count.update((count,))", "\n        try: self.count.update((1, 2))\n        except Exception: pass"
    )
    trace = replayed_processor(code, (0, "ab"))
    assert trace.error.error_class == "EOFError"
    assert "do not catch it" in trace.error.advice


def test_a_handler_with_other_names_is_called_and_told_of():
    trace = replayed_processor(TIMERS.replace("expiredTimerInfo", "info"), (0, "a"), (1000, ""))
    assert [call.rule for call in trace.calls if call.reason == "timer"] == ["handler-is-called-by-name"]


# Initial state


INITIAL = {"schema": "k string, n long", "key": "k", "rows": [{"k": "a", "n": 5}, {"k": "z", "n": 7}]}


def test_initial_state_is_there_before_the_first_call_of_update_state():
    code = "def updateState(key, values, state):\n    return [(key, len(values), state.get() if state.exists else 0)]\n"
    initial = {**INITIAL, "schema": "word string, n long", "key": "word"}
    initial["rows"] = [{"word": row["k"], "n": row["n"]} for row in INITIAL["rows"]]
    trace = replayed(code, (0, "a b"), initial_state=convert(initial))
    assert [call.output[0] for call in trace.calls] == [["a", 1, 5], ["b", 1, 0], ["z", 0, 7]]


def test_initial_state_is_told_where_spark_has_none():
    made = pandas_scenario(COUNTER, (0, "a"), initial_state=convert(INITIAL))
    [problem] = problems_of(made)
    assert problem.where == "initial_state"


def convert(initial):
    return msgspec.convert(initial, InitialState)
