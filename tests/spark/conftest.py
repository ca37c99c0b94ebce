"""One Spark session for all tests of this folder; where Spark is missing they say what to install."""

import pytest

from engine.run_here import run_here
from engine.spark import what_is_missing
from tests.spark.differences import differences


@pytest.fixture(scope="session")
def spark():
    """The runner on real Spark."""
    missing = what_is_missing()
    if missing:
        pytest.skip(missing)
    from engine.spark.runner import SparkRunner  # noqa: PLC0415 - it needs pyspark

    with SparkRunner() as runner:
        yield runner


@pytest.fixture(scope="session")
def judge(spark):
    """Runs a scenario here and on real Spark, and fails with every place where the two traces differ."""

    def judged(scenario):
        sparks = spark(scenario)
        found = differences(run_here(scenario), sparks)
        assert not found, "\n".join(found)
        return sparks

    return judged
