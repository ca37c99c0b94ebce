"""What Spark refuses before the first batch: its class and message, and the field that our advice is about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.apis.column_names_plan import _distance
from engine.model.scenario import Watermark
from tests.helpers import pandas_scenario, replayed, replayed_in_pandas, trace_of

FN = "def fn(key, pdfs, state):\n    return []\n"


@pytest.mark.parametrize(
    ("fields", "error_class", "message", "field"),
    [
        (
            {"query_output_mode": "append"},
            "AnalysisException",
            "applyInPandasWithState in update mode is not supported with Append output mode on a streaming DataFrame/Dataset",
            "query_output_mode",
        ),
        (
            {"output_mode": "complete"},
            "IllegalArgumentException",
            "The output mode of function should be append or update",
            "output_mode",
        ),
        ({"timeout_conf": "Foo"}, "AssertionError", "", "timeout_conf"),
        (
            {"post": "df.groupBy('info').count()"},
            "AnalysisException",
            "applyInPandasWithState in update mode is not supported with aggregation on a streaming DataFrame/Dataset",
            "post",
        ),
        (
            {"post": "df.groupBy('info').agg(F.max('x'))", "output_mode": "append"},
            "AnalysisException",
            "[STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION] Invalid streaming output mode: append. This output mode is not "
            "supported for streaming aggregations without watermark on streaming DataFrames/DataSets. SQLSTATE: 42KDE",
            "watermark",
        ),
        (
            {"watermark": Watermark("v", "10 foo"), "input_schema": "k string, v timestamp"},
            "AnalysisException",
            "[CANNOT_PARSE_INTERVAL] Unable to parse '10 foo'. Please ensure that the value provided is in a valid format "
            "for defining an interval. You can reference the documentation for the correct format. If the issue persists, "
            "please double check that the input value is not null or empty and try again. SQLSTATE: 22006",
            "watermark.delay",
        ),
        (
            {"watermark": Watermark("v", ""), "input_schema": "k string, v timestamp"},
            "PySparkTypeError",
            "[NOT_EXPECTED_TYPE] Argument `delayThreshold` should be str, got str.",
            "watermark.delay",
        ),
        (
            {"watermark": Watermark("k.at", "1 second"), "input_schema": "k string, v timestamp"},
            "AnalysisException",
            "[EVENT_TIME_MUST_BE_TOP_LEVEL_COLUMN] The event time in withWatermark must be a top-level column, but 'k.at' is a "
            "nested field. To use it, alias it to a top-level column in a select before withWatermark. SQLSTATE: 42K09",
            "watermark.column",
        ),
        (
            {
                "key": "usr",
                "input_schema": "user string, item string, amount long, ts timestamp, country string, t long",
            },
            "AnalysisException",
            "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function parameter with name `usr` cannot be resolved. "
            "Did you mean one of the following? [`t`, `ts`, `user`, `item`, `amount`]. SQLSTATE: 42703",
            "key",
        ),
        (
            {"query_output_mode": "complete"},
            "AnalysisException",
            "[STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION] Invalid streaming output mode: complete. This output mode is not "
            "supported for no streaming aggregations on streaming DataFrames/DataSets. SQLSTATE: 42KDE",
            "query_output_mode",
        ),
    ],
)
def test_a_query_that_spark_refuses_ends_before_it_begins(fields, error_class, message, field):
    trace = trace_of(pandas_scenario(FN, **fields))
    assert (trace.ending, trace.batches) == ("plan_error", ())
    assert (trace.error.error_class, trace.error.message, trace.error.field) == (error_class, message, field)
    assert trace.error.advice


def test_the_same_mode_in_other_letters_and_append_are_fine():
    for fields in ({"output_mode": "Update"}, {"output_mode": "append", "query_output_mode": "append"}):
        assert replayed_in_pandas(FN, (0, "a"), **fields).ending == "completed"


def test_the_jvms_api_is_named_as_spark_names_it():
    code = "def updateState(key, values, state):\n    return []\n"
    mode = replayed(code, (0, "a"), output_mode="append", query_output_mode="update", semantics="spark").error
    clock = replayed(code, (0, "a"), timeout_conf="EventTimeTimeout", semantics="spark").error
    assert mode.message.startswith("flatMapGroupsWithState in append mode is not supported with Update output mode")
    assert "event-time timeout in a [map|flatMap]GroupsWithState." in clock.message


def by_the_table(one, other):
    """Levenshtein's distance as he defines it."""
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, row = row, [i]
        for j, wanted in enumerate(other):
            row.append(min(before[j + 1] + 1, row[j] + 1, before[j] + (letter != wanted)))
    return row[-1]


@given(st.text("abc", max_size=12), st.text("abc", max_size=12))
def test_how_far_apart_two_names_are_is_told_by_their_bits_as_by_the_table(one, other):
    assert _distance(one, other) == by_the_table(one, other)


def test_names_far_longer_than_a_word_are_compared_too():
    assert _distance("ab" * 100, "ba" * 100) == 2
