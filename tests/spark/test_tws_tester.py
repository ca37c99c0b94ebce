"""The third judge: what TwsTester can run it says as well; where it differs from Spark is a table, and each row a test."""

from pathlib import Path

import pytest

from tests.helpers import trace_of
from tests.spark.tester_differences import AGREED, DIFFERENCES

ROOT = Path(__file__).resolve().parents[2]


def row_ids(difference):
    return difference.spark


@pytest.fixture(scope="module", autouse=True)
def _pyspark():
    pytest.importorskip("pyspark.sql.streaming.tws_tester")


def said_by_tester(trace, directory):
    """The texts of its rows, and the class of the error that ends it."""
    from tests.spark.tws_tester import each_row_of_tester  # noqa: PLC0415 - it needs pyspark

    said = []
    try:
        for row in each_row_of_tester(trace, directory):
            said.append(row[0])
    except Exception as error:
        said.append(type(error).__name__)
    return said


def said_in(trace):
    """The same of a trace."""
    rows = [row[0] for call in trace.calls for row in call.output]
    return rows if trace.error is None else [*rows, trace.error.error_class]


@pytest.mark.parametrize("difference", DIFFERENCES, ids=row_ids)
def test_the_replay_is_what_spark_does_where_the_tester_is_not(difference, tmp_path):
    trace = trace_of(difference.scenario)
    assert said_in(trace) == difference.sparks
    assert said_by_tester(trace, tmp_path) == difference.testers


@pytest.mark.parametrize("difference", DIFFERENCES, ids=row_ids)
def test_real_spark_says_so(judge, difference):
    assert said_in(judge(difference.scenario)) == difference.sparks


@pytest.mark.parametrize("name", AGREED)
def test_what_the_tester_can_run_it_says_too(judge, name, tmp_path):
    trace = judge(AGREED[name])
    assert said_by_tester(trace, tmp_path) == said_in(trace)


def test_the_document_has_the_table():
    table = (ROOT / "docs" / "tws-tester.md").read_text(encoding="utf-8")
    assert [f"| {row.spark} | {row.tester} |" for row in DIFFERENCES] == [
        line for line in table.splitlines() if line.startswith("| ") and not line.startswith(("| Spark", "| ---"))
    ]
