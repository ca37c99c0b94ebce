"""From JSON values to typed rows: types declared, types inferred, values that do not fit."""

import datetime
import decimal

import pytest

from engine.model.scenario import Watermark
from engine.replay.intake import Intake
from tests.helpers import problems_of, scenario, trace_of

NOTHING = "def updateState(key, values, state): pass"


def column(values, schema=None, **fields):
    made = scenario(NOTHING, (0, [{"v": value} for value in values]), input_schema=schema, **fields)
    return Intake(made).rows(0).columns[0]


@pytest.mark.parametrize(
    ("kind", "written", "typed"),
    [
        ("long", "12", 12),
        ("long", 3.0, 3),
        ("double", 1, 1.0),
        ("double", 0.1, 0.1),
        ("float", 0.1, 0.10000000149011612),
        ("float", 1e39, float("inf")),
        ("string", 5, "5"),
        ("string", True, "true"),
        ("boolean", "true", True),
        ("timestamp", 1500, datetime.datetime(1970, 1, 1, 0, 0, 1, 500_000)),
        ("timestamp", "2024-01-02T03:04:05.678901", datetime.datetime(2024, 1, 2, 3, 4, 5, 678901)),
        ("timestamp", "2024-01-02 03:04:05+02:00", datetime.datetime(2024, 1, 2, 1, 4, 5)),
        ("date", "2024-01-02", datetime.date(2024, 1, 2)),
        ("decimal(10,2)", "1.255", decimal.Decimal("1.26")),
        ("decimal(10,2)", "1.245", decimal.Decimal("1.25")),
        ("array<long>", [1, None], [1, None]),
        ("map<string,long>", {"a": 1}, {"a": 1}),
        ("long", None, None),
    ],
)
def test_a_declared_type_reads_the_value(kind, written, typed):
    assert column([written], f"v {kind}") == [typed]


@pytest.mark.parametrize(
    ("values", "typed"),
    [
        ([1, 2], [1, 2]),
        ([1, 2.5, None], [1.0, 2.5, None]),
        ([1, "a"], ["1", "a"]),
        ([True, False], [True, False]),
        ([None], [None]),
        ([[1], [2]], [[1], [2]]),
    ],
)
def test_without_a_schema_a_column_has_the_common_type_of_its_values(values, typed):
    assert column(values) == typed


def test_the_watermark_column_is_a_time_also_without_a_schema():
    assert column(["2024-01-02"], watermark=Watermark("v", "0 seconds")) == [datetime.datetime(2024, 1, 2)]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("long", "abc"),
        ("int", 2**31),
        ("long", 1.5),
        ("double", "x"),
        ("boolean", 1),
        ("timestamp", "soon"),
        ("long", True),
    ],
)
def test_a_value_that_does_not_fit_is_told_at_its_place(kind, value):
    (problem,) = problems_of(scenario(NOTHING, (0, []), (1, [{"v": value}]), input_schema=f"v {kind}"))
    assert problem.where == "batches[1].rows[0].v"
    assert repr(value) in problem.what


def test_before_the_first_event_the_columns_are_those_that_the_query_names():
    watermark = Watermark("at", "1 second")
    made = scenario(NOTHING, (0, []), key=["word", "Word"], watermark=watermark, timeout_conf="EventTimeTimeout")
    assert [(field.name, field.type.name) for field in Intake(made).schema] == [
        ("word", "string"),
        ("Word", "string"),
        ("at", "timestamp"),
    ]
    assert trace_of(made).ending == "completed"


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"key": "nope"}, "key"),
        ({"input_schema": "word strng"}, "input_schema"),
        ({"output_schema": "word"}, "output_schema"),
        ({"shuffle_partitions": 0}, "shuffle_partitions"),
        ({"timeout_conf": "Sometimes"}, "timeout_conf"),
        ({"restart_before": [7]}, "restart_before"),
    ],
)
def test_a_field_that_makes_no_scenario_is_named(fields, where):
    problems = problems_of(scenario(NOTHING, (0, "a"), **fields))
    assert where in [problem.where for problem in problems]


def test_a_clock_that_goes_back_is_named_at_its_batch():
    (problem,) = problems_of(scenario(NOTHING, (10, "a"), (5, "a")))
    assert problem.where == "batches[1].processing_time_ms"
