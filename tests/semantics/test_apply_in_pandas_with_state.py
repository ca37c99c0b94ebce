"""applyInPandasWithState as readable streams: timeouts, chunks, the end of a phase, what dies with a batch."""

from engine.model.scenario import Watermark
from tests.helpers import infos, replayed_in_pandas, transcript

COUNT = """
def fn(key, pdfs, state):
    if state.hasTimedOut:
        return []
    n = (state.getOption or (0,))[0] + sum(len(pdf) for pdf in pdfs)
    state.update((n,))
    state.setTimeoutDuration(10 * 60 * 1000)
    return [pd.DataFrame({"info": [f"{key[0]} {n}"]})]
"""


def test_the_tutorial_in_pyspark_keeps_the_state_and_times_out_in_every_batch():
    stream = [(1000, "hhs"), (2000, "h"), (700_000, ""), (701_000, ""), (702_000, "s"), (703_000, "")]
    trace = replayed_in_pandas(COUNT, *stream, timeout_conf="ProcessingTimeTimeout")
    assert transcript(trace) == [
        "batch 0: h data(2) none -> [2] due 601000, out [('h 2',)]",
        "batch 0: s data(1) none -> [1] due 601000, out [('s 1',)]",
        "batch 1: h data(1) [2] due 601000 -> [3] due 602000, out [('h 3',)]",
        "batch 2: h timeout [3] due 602000 -> [3] due 602000",
        "batch 2: s timeout [1] due 601000 -> [1] due 601000",
        "batch 3: h timeout [3] due 602000 -> [3] due 602000",
        "batch 3: s timeout [1] due 601000 -> [1] due 601000",
        "batch 4: s data(1) [1] due 601000 -> [2] due 1302000, out [('s 2',)]",
        "batch 4: h timeout [3] due 602000 -> [3] due 602000",
        "batch 5: h timeout [3] due 602000 -> [3] due 602000",
    ]


def test_a_timeout_fires_when_the_clock_is_strictly_later_and_names_its_rule():
    code = "def fn(key, pdfs, state):\n    if state.hasTimedOut: state.remove()\n"
    code += "    else: state.update((1,)); state.setTimeoutDuration(1000)\n    return []\n"
    trace = replayed_in_pandas(code, (0, "a"), (1000, ""), (1001, ""), timeout_conf="ProcessingTimeTimeout")
    assert [(call.batch_index, call.rule) for call in trace.calls] == [(0, ""), (2, "timeout-fires-strictly-later")]
    assert [batch.rule for batch in trace.batches] == ["", *["every-trigger-runs-a-batch"] * 2]


def test_a_data_call_that_touches_nothing_is_followed_by_a_timed_out_one_in_the_same_batch():
    code = "def fn(key, pdfs, state):\n    if not state.exists: state.update((1,)); state.setTimeoutDuration(100)\n"
    code += "    return []\n"
    trace = replayed_in_pandas(code, (0, "ab"), (500, "a"), timeout_conf="ProcessingTimeTimeout")
    assert transcript(trace)[2:] == [
        "batch 1: a data(1) [1] due 100 -> [1] due 100",
        "batch 1: b timeout [1] due 100 -> [1] due 100",
        "batch 1: a timeout [1] due 100 -> [1] due 100",
    ]
    assert [call.rule for call in list(trace.calls)[3:]] == [
        "timeout-fires-strictly-later",
        "timeout-fires-although-data-came",
    ]


EVENT_TIME = {
    "timeout_conf": "EventTimeTimeout",
    "watermark": Watermark("ts", "0 seconds"),
    "input_schema": "k string, ts timestamp",
}


def test_the_watermark_moves_between_batches_and_late_rows_follow_one_batch_behind():
    code = "def fn(key, pdfs, state):\n    state.update((1,))\n"
    code += "    yield pd.DataFrame({'info': [f'{key[0]} wm={state.getCurrentWatermarkMs()}']})\n"
    rows = [[{"k": "a", "ts": 50_000}], [{"k": "b", "ts": 40_000}], [{"k": "c", "ts": 40_000}], []]
    trace = replayed_in_pandas(code, *[(i * 1000, batch) for i, batch in enumerate(rows)], **EVENT_TIME)
    assert infos(trace) == ["a wm=0", "b wm=50000"]
    assert [[(row.row_index, row.rule) for row in batch.dropped] for batch in trace.batches] == [
        [],
        [],
        [(0, "late-row-is-dropped")],
    ]


def test_one_batch_runs_without_data_when_the_watermark_has_moved():
    trace = replayed_in_pandas(
        "def fn(key, pdfs, state):\n    return []\n", (0, [{"k": "a", "ts": 9000}]), (1, []), (2, []), **EVENT_TIME
    )
    assert [(batch.trigger, batch.rule) for batch in trace.batches] == [(0, ""), (1, "moved-watermark-runs-a-batch")]
    assert trace.batches[0].event_times.max_ms == 9000
    assert trace.batches[1].event_times is None


def test_the_frames_of_a_key_fill_up_the_arrow_batch_that_the_key_before_began():
    code = "def fn(key, pdfs, state):\n    yield pd.DataFrame({'info': [repr([len(p) for p in pdfs])]})\n"
    conf = {"spark.sql.execution.arrow.maxRecordsPerBatch": "2"}
    trace = replayed_in_pandas(code, (0, "aaaaabcccdd"), conf=conf)
    assert infos(trace) == ["[2, 2, 1]", "[1]", "[2, 1]", "[1, 1]"]
    assert [call.chunks for call in trace.calls] == [[2, 2, 1], [1], [2, 1], [1, 1]]


def test_what_is_done_after_the_last_yield_still_counts():
    code = "def fn(key, pdfs, state):\n    yield pd.DataFrame({'info': ['x']})\n    state.update((7,))\n"
    assert transcript(replayed_in_pandas(code, (0, "a"))) == ["batch 0: a data(1) none -> [7], out [('x',)]"]


def test_a_failing_key_takes_the_whole_batch_with_it():
    code = (
        "def fn(key, pdfs, state):\n    state.update((1,))\n    if key[0] == 'b': raise KeyError('b')\n    return []\n"
    )
    trace = replayed_in_pandas(code, (0, "a"), (1, "ab"))
    assert (trace.ending, trace.error.error_class, trace.error.line, trace.error.key) == (
        "user_error",
        "KeyError",
        3,
        ("b",),
    )
    assert [batch.committed for batch in trace.batches] == [True, False]


def test_a_wrong_output_is_told_when_all_keys_have_been_called_and_we_say_whose_it_was():
    code = "def fn(key, pdfs, state):\n    yield pd.DataFrame({'info': [5 if key[0] == 'b' else 'x']})\n"
    trace = replayed_in_pandas(code, (0, "abc"))
    assert [call.key for call in trace.calls] == [("a",), ("b",), ("c",)]
    assert (trace.error.error_class, trace.error.key) == ("PySparkTypeError", None)
    assert "the call for b gave 5 (int)" in trace.error.advice


def test_a_state_that_only_the_jvm_refuses_is_told_when_all_keys_have_been_called():
    code = "def fn(key, pdfs, state):\n    state.update((1, 2) if key[0] == 'b' else (1,))\n    return []\n"
    trace = replayed_in_pandas(code, (0, "abc"))
    assert len(trace.calls) == 3
    assert trace.error.error_class == "org.apache.spark.SparkIllegalArgumentException"
    assert "1 fields are required while 2 values are provided" in trace.error.message
    assert (trace.error.key, trace.error.line) == (("b",), 2)


def test_a_mutable_state_is_written_back_with_a_timeout_but_not_without_one():
    """In-place changes are lost without update(); a timeout that is set writes the row, and the changed value with it."""
    code = (
        "def fn(key, pdfs, state):\n"
        "    if not state.exists: state.update(([1],)); return []\n"
        "    state.get[0].append(2)\n"
        "    if key[0] == 'b': state.setTimeoutDuration(50)\n"
        "    return []\n"
    )
    trace = replayed_in_pandas(
        code, (0, "ab"), (1, "ab"), state_schema="n array<long>", timeout_conf="ProcessingTimeTimeout"
    )
    assert [line.split(" -> ")[1] for line in transcript(trace)[2:]] == ["[[1]]", "[[1, 2]] due 51"]
    assert [call.unsaved for call in list(trace.calls)[2:]] == [[[1, 2]], None]
