"""Lengths of time as Spark reads them (SEMANTICS 0.11, 3.2)."""

import pytest

from engine.model.intervals import Interval


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("10 minutes", 600_000),
        ("1 hour 30 minutes", 5_400_000),
        ("1 day", 86_400_000),
        ("interval 5 seconds", 5_000),
        ("1 month", 2_678_400_000),
        ("1 year", 32_140_800_000),
        ("2 weeks", 1_209_600_000),
        ("1.5 seconds", 1_500),
        ("-1 minute", -60_000),
        ("1500 microseconds", 1),
        ("  10 MINUTES ", 600_000),
    ],
)
def test_is_read_as_spark_reads_it(text, ms):
    assert Interval.parse(text).ms == ms


@pytest.mark.parametrize(
    "text", ["", "10", "minutes", "10 foo", "1.5 minutes", "ten minutes", "10 minutes and", "interval"]
)
def test_anything_else_says_what_to_write(text):
    with pytest.raises(ValueError, match="write a number and a unit"):
        Interval.parse(text)
