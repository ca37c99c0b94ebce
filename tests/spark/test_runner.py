"""The runner on real Spark: scenarios that anyone can read, their answer spelled out, and the replay's beside it."""

import msgspec
import pytest

from engine.model.scenario import Watermark
from tests.helpers import MINUTE_MS, TUTORIAL, scenario, transcript

STREAM = ((0, "hello hello spark"), (5 * MINUTE_MS, "spark"), (11 * MINUTE_MS, ""), (12 * MINUTE_MS, "hello"))

WORD_COUNT = """
def count(key, pdfs, state):
    if state.hasTimedOut:
        state.remove()
        yield pd.DataFrame({"word": [key[0]], "count": [-1]})
        return
    total = sum(len(pdf) for pdf in pdfs) + (state.get[0] if state.exists else 0)
    state.update((total,))
    state.setTimeoutDuration(600_000)
    yield pd.DataFrame({"word": [key[0]], "count": [total]})
"""


def tutorial(*batches, code=TUTORIAL, **fields):
    """A scenario of updateState under the JVM's rules."""
    schemas = {"input_schema": "word string", "output_schema": "word string, count long"}
    return scenario(code, *batches, **{"semantics": "spark", **schemas, **fields})


def word_count(*batches, code=WORD_COUNT, entry="count", **fields):
    """A scenario of applyInPandasWithState."""
    made = tutorial(*batches, code=code, entry=entry, timeout_conf="ProcessingTimeTimeout", **fields)
    return msgspec.structs.replace(made, api="applyInPandasWithState", state_schema="count long")


def test_the_tutorials_word_count_on_the_jvm_keeps_what_timed_out(judge):
    trace = judge(tutorial(*STREAM))
    assert transcript(trace) == [
        "batch 0: hello data(2) none -> 2 due 600000, out [('hello', 2)]",
        "batch 0: spark data(1) none -> 1 due 600000, out [('spark', 1)]",
        "batch 1: spark data(1) 1 due 600000 -> 2 due 900000, out [('spark', 2)]",
        "batch 2: hello timeout 2 due 600000 -> 2",
        "batch 3: hello data(1) 2 -> 3 due 1320000, out [('hello', 3)]",
    ]


def test_the_word_count_in_pandas_forgets_what_timed_out(judge):
    trace = judge(word_count(*STREAM))
    assert transcript(trace) == [
        "batch 0: hello data(2) none -> [2] due 600000, out [('hello', 2)]",
        "batch 0: spark data(1) none -> [1] due 600000, out [('spark', 1)]",
        "batch 1: spark data(1) [1] due 600000 -> [2] due 900000, out [('spark', 2)]",
        "batch 2: hello timeout [2] due 600000 -> none, out [('hello', -1)]",
        "batch 3: hello data(1) none -> [1] due 1320000, out [('hello', 1)]",
    ]


def test_a_late_row_is_dropped_by_the_watermark_of_the_batch_before(judge):
    events = [(0, ["00:10"]), (1, []), (2, ["00:09", "00:10", "00:11"])]
    trace = judge(
        tutorial(
            *[(time_ms, [{"word": "a", "at": f"1970-01-01T00:{at}Z"} for at in times]) for time_ms, times in events],
            code="def updateState(key, values, state): state.update(len(list(values)))",
            input_schema="word string, at timestamp",
            key="word",
            timeout_conf="EventTimeTimeout",
            watermark=Watermark("at", "0 seconds"),
        )
    )
    assert [row.row_index for row in trace.batches[-1].dropped] == [0, 1]
    assert trace.batches[-1].late_watermark_ms == 10_000


@pytest.mark.parametrize(
    ("input_schema", "key", "conf"),
    [
        ("a string, v long, ts timestamp", ["V", "A"], {}),
        ("a string, v long, ts timestamp", ["a", "A"], {}),
        ("v string, V string, a string", "A", {}),
        ("a string, A string, v long", "A", {}),
        ("a string, A string, v long", "A", {"spark.sql.caseSensitive": "true"}),
    ],
)
def test_the_jvm_finds_key_columns_whatever_their_capitals(judge, input_schema, key, conf):
    code = "def updateState(key, values, state): return [(repr(key), repr(list(values)))]"
    rows = [{"a": "x", "A": "y", "v": 1}, {"a": "x", "A": "z", "v": 1}]
    fields = {"input_schema": input_schema, "output_schema": "k string, info string", "key": key, "conf": conf}
    judge(tutorial((0, rows), code=code, **fields))


def test_the_jvm_finds_the_watermarks_column_whatever_its_capitals(judge):
    code = "def updateState(key, values, state): state.setTimeoutTimestamp(state.getCurrentWatermarkMs() + 5000)"
    fields = {"input_schema": "word string, at timestamp", "key": "word", "timeout_conf": "EventTimeTimeout"}
    batches = [
        (0, [{"word": "a", "at": 10_000}]),
        (1, [{"word": "b", "at": 30_000}]),
        (2, []),
        (3, [{"word": "c", "at": 1}]),
    ]
    trace = judge(tutorial(*batches, code=code, watermark=Watermark("AT", "0 seconds"), **fields))
    assert [len(batch.dropped) for batch in trace.batches] == [0, 0, 0, 1]


def test_the_jvm_keeps_the_states_of_both_zeros_apart(judge):
    code = """
def updateState(key, values, state):
    count = len(list(values)) + (state.get() if state.exists else 0)
    state.update(count) if not state.hasTimedOut else state.remove()
    if not state.hasTimedOut:
        state.setTimeoutDuration(3000)
    return [(repr(key), count)]
"""
    numbers = [[0.0], [-0.0], [-0.0, 0.0], [0.0, -0.0, "NaN", "NaN"], []]
    batches = [(1000 * time, [{"word": number} for number in row]) for time, row in enumerate(numbers)]
    fields = {"input_schema": "word double", "timeout_conf": "ProcessingTimeTimeout"}
    trace = judge(tutorial(*batches, (7000, ""), code=code, **fields))
    assert sorted(repr(call.key) for call in trace.calls_of(trace.batches[-1])) == ["(-0.0,)", "(0.0,)", "(nan,)"]


@pytest.mark.parametrize(
    ("ddl", "key", "values"),
    [
        ("struct<a: long, b: string>", "s", [{"a": 2, "b": "b"}, {"a": 1}, {"a": 2, "b": "b"}, None, {"b": "q"}]),
        ("struct<a: long, b: string>", "s.b", [{"a": 2, "b": "b"}, {"a": 1}, {"a": 2, "b": "b"}, None, {"b": "q"}]),
        ("array<struct<a: long>>", "s", [[{"a": 2}, None], [{"a": 1}], [], None, [{"a": 2}, None]]),
        ("binary", "s", ["YWI=", "YQ==", None, "YWI="]),
    ],
    ids=["struct", "field", "array", "binary"],
)
def test_nested_keys_are_sorted_shuffled_and_timed_out_as_on_the_jvm(judge, ddl, key, values):
    code = """
def updateState(key, values, state):
    count = len(list(values)) + (state.get() if state.exists else 0)
    state.remove() if state.hasTimedOut else state.update(count)
    if not state.hasTimedOut:
        state.setTimeoutDuration(3000)
    return [(repr(key), count)]
"""
    rows = [{"s": value, "v": 1} for value in values]
    fields = {"input_schema": f"s {ddl}, v long", "key": key, "timeout_conf": "ProcessingTimeTimeout"}
    trace = judge(tutorial((0, rows), (1000, rows[:1]), (9000, ""), code=code, shuffle_partitions=3, **fields))
    assert [call.reason for call in trace.calls_of(trace.batches[-1])] == ["timeout"] * len(
        {call.key for call in trace.calls}
    )


def test_after_a_restart_nothing_times_out_before_new_data(judge):
    trace = judge(tutorial((0, "a"), (11 * MINUTE_MS, ""), (12 * MINUTE_MS, "b"), restart_before=[1]))
    assert [batch.trigger for batch in trace.batches] == [0, 2]


@pytest.mark.parametrize("made", [tutorial, word_count])
def test_the_functions_own_error_kills_the_batch(judge, made):
    code = "def fn(key, values, state):\n    print('before')\n    return [1 / 0]\n"
    trace = judge(made((0, "a"), code=code, entry="fn"))
    assert (trace.ending, trace.error.error_class, trace.error.line) == ("user_error", "ZeroDivisionError", 3)
    assert trace.calls[0].printed == "before\n"


@pytest.mark.parametrize("made", [tutorial, word_count])
def test_what_spark_refuses_before_the_first_batch_is_refused_here(judge, made):
    trace = judge(made((0, "a"), output_mode="complete"))
    assert (trace.ending, trace.batches) == ("plan_error", ())


def test_the_tutorials_own_rules_are_not_for_spark_to_judge(spark):
    assert [problem.where for problem in spark.run(tutorial((0, "a"), semantics="tutorial"))] == ["semantics"]


def test_rows_without_a_schema_are_not_for_spark_to_judge(spark):
    assert [problem.where for problem in spark.run(tutorial((0, "a"), input_schema=None))] == ["input_schema"]
