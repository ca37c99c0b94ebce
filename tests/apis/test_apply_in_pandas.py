"""applyInPandasWithState as an operator: what its errors say beside Spark's own words, and what is refused before it runs.

Its rules are tested as streams (tests/semantics), against Spark's answers (tests/golden) and as idioms (test_idioms.py).
"""

import pytest

from engine.model.scenario import Watermark
from tests.helpers import pandas_scenario, problems_of, replayed_in_pandas


def error_of(does: str, **fields):
    """The error of a function whose body is this."""
    code = f"import numpy as np\ndef fn(key, pdfs, state):\n    {does}\n    return []\n"
    return replayed_in_pandas(code, (0, "a"), **fields).error


CLOCK = {"timeout_conf": "ProcessingTimeTimeout"}
EVENT = {
    "timeout_conf": "EventTimeTimeout",
    "watermark": Watermark("ts", "0 seconds"),
    "input_schema": "k string, ts timestamp",
}


@pytest.mark.parametrize(
    ("does", "fields", "message", "advice"),
    [
        ("state.get", {}, "[STATE_NOT_EXISTS]", "state.get if state.exists"),
        ("state.update((1,)); state.get()", {}, "'tuple' object is not callable", "a property in PySpark"),
        ("state.exists()", {}, "'bool' object is not callable", "a property in PySpark"),
        ("state.hasTimedOut()", {}, "'bool' object is not callable", "a property in PySpark"),
        ("state.getOption()", {}, "'NoneType' object is not callable", "a property in PySpark"),
        ("state.update(5)", {}, "'int' object is not iterable", "state.update((5,))"),
        ("state.update(None)", {}, "[CANNOT_BE_NONE]", "state.remove()"),
        ("state.setTimeoutDuration('10 minutes')", CLOCK, "[NOT_EXPECTED_TYPE]", "10 * 60 * 1000"),
        (
            "state.setTimeoutDuration(1000)",
            {},
            "[CANNOT_WITHOUT] Cannot set timeout duration",
            "choose ProcessingTimeTimeout",
        ),
        (
            "state.setTimeoutTimestamp(1000)",
            CLOCK,
            "[CANNOT_WITHOUT] Cannot set timeout duration without enabling processing time timeout",
            "setTimeoutTimestamp needs EventTimeTimeout, but the timeout conf is ProcessingTimeTimeout",
        ),
        ("state.setTimeoutDuration(0)", CLOCK, "must be positive, got 'int'", "durationMs was 0"),
        ("state.setTimeoutDuration(None)", CLOCK, "'<=' not supported", "a number of milliseconds, not None"),
        ("state.setTimeoutDuration(np.int64(5))", CLOCK, "Object of type int64 is not JSON serializable", "int(…)"),
        (
            "state.getCurrentWatermarkMs()",
            {},
            "[CANNOT_WITHOUT] Cannot get event time watermark",
            "Choose the event-time column",
        ),
        (
            "return pd.DataFrame({'info': ['x']})",
            {},
            "iterable of pandas.DataFrame, but is DataFrame",
            "return [frame]",
        ),
        ("return None", {}, "should be iterable, but is NoneType", "return []"),
        ("return [{'info': 'x'}]", {}, "iterator of dict", "not a dict"),
        ("return [pd.DataFrame({'a': [1], 'b': [2]})]", {}, "Expected: 1 Actual: 2", "The frame has a, b"),
        ("return [pd.DataFrame({'info': [5]})]", {}, "Cannot convert the output value", "the call for a gave 5 (int)"),
        (
            "state.update((1, 2))",
            {},
            "1 fields are required while 2 values are provided",
            "The error is in the call for a",
        ),
        ("state.update((np.array([1]),))", {}, "ClassDict (for numpy.dtype)", "The error is in the call for a"),
        ("state.setTimeoutTimestamp(pd.NaT)", EVENT, "NaTType does not support timetuple", "event times can be NULL"),
        ("state.setTimeoutDuration(np.array([1, 2]))", CLOCK, "truth value of an array", "a number of milliseconds"),
    ],
)
def test_an_error_has_sparks_words_and_our_advice_beside_them(does, fields, message, advice):
    error = error_of(does, **fields)
    assert message in error.message
    assert advice in error.advice


@pytest.mark.parametrize("state_type", ["class", "function", "enum"])
def test_an_object_of_the_jobs_own_cannot_be_pickled_into_the_state_as_no_worker_can_import_the_job(state_type):
    made = {
        "class": "class Window:\n    pass\nkept = Window()\n",
        "function": "def kept():\n    pass\n",
        "enum": "import enum\nclass Color(enum.Enum):\n    RED = 1\nkept = Color.RED\n",
    }
    code = f"import pickle\n{made[state_type]}def fn(key, pdfs, state):\n    state.update((pickle.dumps(kept),))\n    return []\n"
    error = replayed_in_pandas(code, (0, "a"), state_schema="blob binary").error
    assert error.error_class == "PicklingError"
    assert error.message.endswith("on your_function failed")
    assert "dicts or JSON text" in error.advice


def test_what_python_brings_and_pandas_can_be_pickled_into_the_state():
    code = "import pickle\ndef fn(key, pdfs, state):\n    state.update((pickle.dumps({'frames': list(pdfs)}),))\n"
    code += "    yield pd.DataFrame({'info': [str(len(pickle.loads(state.get[0])['frames']))]})\n"
    trace = replayed_in_pandas(code, (0, "a"), state_schema="blob binary")
    assert [list(call.output) for call in trace.calls_of(trace.batches[0])] == [[["1"]]]


def test_the_state_tells_itself_as_pysparks_json():
    code = "def fn(key, pdfs, state):\n    state.remove()\n    yield pd.DataFrame({'info': [state.json()]})\n"
    trace = replayed_in_pandas(code, (5, "a"), **CLOCK)
    assert trace.calls_of(trace.batches[0])[0].output[0][0] == (
        '{"optionalValue": null, "batchProcessingTimeMs": 5, "eventTimeWatermarkMs": 0, "timeoutConf": '
        '"ProcessingTimeTimeout", "hasTimedOut": false, "watermarkPresent": false, "defined": false, "updated": false, '
        '"removed": true, "timeoutTimestamp": -1}'
    )


def test_frames_that_fill_an_arrow_batch_are_converted_in_the_midst_of_the_call():
    """What went out before need not fit together with what comes after, and what is wrong stops the function there."""
    limit = {"conf": {"spark.sql.execution.arrow.maxRecordsPerBatch": 1}, "output_schema": "n long"}
    code = "def fn(key, pdfs, state):\n    for n in (['1', '2'], [3, 4], ['x', '5'], [6]):\n        print(n)\n"
    code += "        yield pd.DataFrame({'n': n})\n"
    trace = replayed_in_pandas(code, (0, "a"), **limit)
    assert trace.calls_of(trace.batches[0])[0].printed == "['1', '2']\n[3, 4]\n['x', '5']\n"
    assert trace.error.error_class == "PySparkValueError"
    assert replayed_in_pandas(code.replace("x", "7"), (0, "a"), **limit).ending == "completed"


def test_a_second_argument_of_the_jvms_api_is_told():
    error = error_of("state.setTimeoutTimestamp(99000, '1 hour')", **EVENT)
    assert error.message == "GroupState.setTimeoutTimestamp() takes 2 positional arguments but 3 were given"
    assert "add its milliseconds" in error.advice


def test_the_clamp_is_advised_when_a_timeout_lies_behind_the_watermark():
    code = "def fn(key, pdfs, state):\n    wm = state.getCurrentWatermarkMs()\n"
    code += "    state.setTimeoutTimestamp(wm - 1 if wm else 60000)\n    return []\n"
    rows = [(0, [{"k": "a", "ts": 50_000}]), (1, [{"k": "a", "ts": 60_000}])]
    error = replayed_in_pandas(code, *rows, **EVENT).error
    assert error.message.endswith("Timeout timestamp (49999) cannot be earlier than the current watermark (50000).")
    assert "max(timestamp, state.getCurrentWatermarkMs() + 1)" in error.advice


def test_next_of_the_frames_fails_in_a_timed_out_call_and_we_say_why():
    code = "def fn(key, pdfs, state):\n    first = next(pdfs)\n    state.setTimeoutDuration(10)\n    return []\n"
    error = replayed_in_pandas(code, (0, "a"), (100, ""), **CLOCK).error
    assert (error.message, error.line) == ("'list' object is not an iterator", 2)
    assert "ask state.hasTimedOut first" in error.advice


def test_an_operation_that_failed_and_was_caught_stays_in_the_trace():
    code = "def fn(key, pdfs, state):\n    try:\n        state.update(5)\n"
    code += "    except TypeError:\n        state.update((5,))\n    return []\n"
    call = replayed_in_pandas(code, (0, "a")).calls[0]
    assert call.operations == [
        ["update", [5], {"raises": {"class": "TypeError", "message": "'int' object is not iterable"}}],
        ["update", [[5]]],
    ]
    assert call.operation_lines == [3, 5]


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"output_schema": None}, "output_schema"),
        ({"state_schema": None}, "state_schema"),
        ({"state_schema": "n lonk"}, "state_schema"),
        ({"output_schema": ""}, "output_schema"),
        ({"input_schema": "k array<void>, v long"}, "key"),
        ({"input_schema": "k string, v timestamp"}, "batches[0].rows[0].v"),
        (
            {"conf": {"spark.sql.execution.arrow.maxRecordsPerBatch": "many"}},
            "conf.spark.sql.execution.arrow.maxRecordsPerBatch",
        ),
        ({"conf": {"spark.sql.shuffle.partitions": 4}}, "conf.spark.sql.shuffle.partitions"),
        ({"conf": {"spark.sql.session.timeZone": "Asia/Tokyo"}}, "conf.spark.sql.session.timeZone"),
        ({"post": "df.select('info')"}, "post"),
    ],
)
def test_a_field_that_makes_no_query_is_told_before_anything_runs(fields, where):
    rows = [{"k": "a", "v": "not a time"}] if "timestamp" in str(fields) else "a"
    problems = problems_of(pandas_scenario("def fn(key, pdfs, state): 1 / 0\n", (0, rows), **fields))
    assert where in [problem.where for problem in problems]
    assert all(problem.what and problem.mend for problem in problems)


def test_a_limit_of_records_of_zero_is_no_limit():
    code = "def fn(key, pdfs, state):\n    yield pd.DataFrame({'info': [str(len(list(pdfs)))]})\n"
    conf = {"spark.sql.execution.arrow.maxRecordsPerBatch": 0}
    assert replayed_in_pandas(code, (0, "aaa"), conf=conf).calls[0].chunks == [3]


def test_a_frame_with_rows_and_no_columns_gives_rows_of_nulls():
    code = "def fn(key, pdfs, state):\n    yield pd.DataFrame(index=[0, 1])\n"
    assert replayed_in_pandas(code, (0, "a")).calls[0].output == [[None], [None]]


EXITING = """\
class Exiting:
    def __str__(self):
        raise SystemExit(3)
    __repr__ = __str__
    __deepcopy__ = lambda self, _: exit(4)
"""


def test_a_cell_that_exits_when_it_is_converted_fails_the_batch_not_the_replay():
    code = EXITING + "def fn(key, pdfs, state):\n    yield pd.DataFrame({'info': [Exiting()]})\n"
    trace = replayed_in_pandas("import pandas as pd\n" + code, (0, "a"))
    assert (trace.ending, trace.error.error_class) == ("user_error", "SystemExit")


def test_a_default_that_exits_when_it_is_copied_cannot_be_sent():
    code = EXITING + "def fn(key, pdfs, state, other=Exiting()):\n    return []\n"
    trace = replayed_in_pandas(code, (0, "a"), entry="fn")
    assert (trace.ending, trace.error.message) == ("plan_error", "Could not serialize object: SystemExit: 4")
