"""One Spark session for all tests of this folder; where Spark is missing they say what to install."""

from pathlib import Path

import pytest

from engine.run_here import run_here
from engine.spark import what_is_missing
from tests.spark.differences import differences


def pytest_collection_modifyitems(items):
    """Tests that need Spark are skipped where it is missing, a file in one line."""
    missing = what_is_missing()
    for item in items:
        if missing and item.path.parent == Path(__file__).parent and "spark" in item.fixturenames:
            item.add_marker(pytest.mark.skip(missing))


@pytest.fixture(scope="session")
def spark():
    """The runner on real Spark."""
    from engine.spark.runner import SparkRunner  # noqa: PLC0415 - it needs pyspark

    with SparkRunner() as runner:
        yield runner


@pytest.fixture(scope="session")
def judge(spark):
    """Runs a scenario here and on real Spark, and fails with every place where the two traces differ."""

    def judged(scenario):
        sparks = spark.run(scenario)
        found = differences(run_here(scenario), sparks)
        assert not found, "\n".join(found)
        return sparks

    return judged
