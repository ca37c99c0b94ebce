"""Lengths of time as Spark reads them (SEMANTICS 0.11, 3.2)."""

import pytest

from engine.model.intervals import Interval, NotAnInterval


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
        ("- 1 minute", -60_000),
        (".5 seconds", 500),
        ("5. seconds", 5_000),
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


@pytest.mark.parametrize(
    ("text", "condition", "sentence"),
    [
        ("  ", "INPUT_IS_EMPTY", "Interval string cannot be empty."),
        ("interval", "INPUT_IS_EMPTY", "Interval string cannot be empty."),
        ("intervals 1 day", "INVALID_PREFIX", "Invalid interval prefix intervals."),
        ("soon", "UNRECOGNIZED_NUMBER", "Unrecognized number soon."),
        ("1 day and", "UNRECOGNIZED_NUMBER", "Unrecognized number and."),
        ("10", "MISSING_UNIT", "Expect a unit name after 10 but hit EOL."),
        ("1 day -", "MISSING_NUMBER", "Expect a number after - but hit EOL."),
        ("10minutes", "INVALID_VALUE", "Invalid value 10minutes."),
        ("10 foo", "INVALID_UNIT", "Invalid unit foo."),
        ("10 secs", "INVALID_UNIT", "Invalid unit secs."),
        ("1.5 minutes", "INVALID_FRACTION", "minutes cannot have fractional part."),
        ("1.1234567891 s", "INVALID_PRECISION", "Interval can only support nanosecond precision, 1.1234567891 is out of range."),
        ("2147483648 days", "ARITHMETIC_EXCEPTION", "Uncaught arithmetic exception while parsing '2147483648 days'."),
        ("178956971 years", "ARITHMETIC_EXCEPTION", "Uncaught arithmetic exception while parsing '178956971 years'."),
        ("9223372036855 second", "ARITHMETIC_EXCEPTION", "Uncaught arithmetic exception while parsing '9223372036855 second'."),
        ("9223372036854775808 s", "ARITHMETIC_EXCEPTION", "Uncaught arithmetic exception while parsing '9223372036854775808 s'."),
    ],
)  # fmt: skip
def test_spark_says_what_is_wrong_in_its_own_words(text, condition, sentence):
    with pytest.raises(NotAnInterval) as raised:
        Interval.parse(text)
    assert raised.value.spark_message == (
        f"[INVALID_INTERVAL_FORMAT.{condition}] Error parsing '{text}' to interval. Please ensure that the value "
        "provided is in a valid format for defining an interval. You can reference the documentation for the correct "
        f"format. {sentence} SQLSTATE: 22006"
    )


def test_a_number_of_more_digits_than_python_turns_into_one_is_told():
    with pytest.raises(NotAnInterval):
        Interval.parse("9" * 5_000 + " days")
    assert Interval.parse("0" * 5_000 + "1 day").ms == 86_400_000
