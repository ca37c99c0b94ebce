"""Output values as pyarrow takes them: held to the real pyarrow, through the two attempts that Spark makes."""

import datetime
import decimal
import itertools
import math
import warnings

import numpy as np
import pandas as pd
import pytest

from engine.apis.conversions.to_output import OutputRefused, OutputSchema
from engine.apis.spark_names.errors import PySparkTypeError, PySparkValueError
from engine.model.schema import parse_ddl

pa = pytest.importorskip("pyarrow", reason="pip install -r requirements-dev.txt brings it, with streamlit")

D = decimal.Decimal
EAST = datetime.timezone(datetime.timedelta(hours=2))
TYPES = {
    "string": pa.string(),
    "long": pa.int64(),
    "int": pa.int32(),
    "short": pa.int16(),
    "byte": pa.int8(),
    "double": pa.float64(),
    "float": pa.float32(),
    "boolean": pa.bool_(),
    "binary": pa.binary(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "timestamp_ntz": pa.timestamp("us"),
    "decimal(10,2)": pa.decimal128(10, 2),
    "array<long>": pa.list_(pa.field("element", pa.int64())),
    "array<string>": pa.list_(pa.field("element", pa.string())),
    "map<string,long>": pa.map_(pa.string(), pa.int64()),
}
VALUES = [
    *(0, 5, -1, 300, 40_000, 2**40, 2**60, 2**70, 1.0, 1.5, -1.7, 3e20, float("inf"), float("nan"), True, False),
    *("12", "-3", "+12", " 12", "1_0", "1.5", "1e3", "abc", "", "true", "FALSE", "0x1f", "2024-01-02", "é"),
    *(b"xy", b"\xff", None, pd.NaT, pd.NA, D("1.25"), D("1.255"), D(5), D("1234567890.12"), D("NaN"), D("-Infinity")),
    *(datetime.date(2024, 1, 2), datetime.datetime(2024, 1, 2, 3, 4, 5, 6), datetime.datetime(2024, 1, 2, tzinfo=EAST)),
    *(pd.Timestamp("2024-01-02 03:04:05.000001"), pd.Timestamp("2024-01-02 03:04:05.000000001"), pd.Timedelta("1s")),
    *(memoryview(b"xy"), bytearray(b"xy")),
    *(np.datetime64("2024-01-02T03:04:05"), np.datetime64("2024-01-02"), np.datetime64("2024-01", "M")),
    *(np.datetime64("2024-01-02T03:04:05.000006"), np.timedelta64(5, "ms")),
    *(datetime.datetime.min, datetime.datetime.max),
    *(np.int64(7), np.float64(7.5), np.float32(1.1), np.bool_(True), np.str_("s"), {"a": 1}, object()),
]


TIMES = ("date", "timestamp", "timestamp_ntz")


def is_beyond_python(value):
    """Pyarrow takes such a number of days or microseconds, but Python has no date for it to compare with."""
    return isinstance(value, int | float | D) and math.isfinite(value) and abs(value) >= 10**9


def by_pyarrow(values, arrow_type):
    """PandasToArrowConversion.convert of PySpark for one column of objects: the cells, or the class of the error."""
    series = pd.Series(values, dtype=object)
    mask = series.isnull()
    try:
        try:
            array = pa.Array.from_pandas(series, mask=mask, type=arrow_type, safe=True)
        except pa.lib.ArrowInvalid:
            array = pa.Array.from_pandas(series, mask=mask).cast(target_type=arrow_type, safe=True)
    except TypeError:
        return "PySparkTypeError"
    except ValueError:
        return "PySparkValueError"
    except Exception as error:
        return type(error).__name__
    return [dict(cell) if pa.types.is_map(arrow_type) and cell is not None else cell for cell in array.to_pylist()]


def by_us(values, ddl):
    schema = OutputSchema(parse_ddl(f"info {ddl}"))
    frame = pd.DataFrame({"info": pd.Series(values, dtype=object)})
    try:
        cells = [row[0] for row in schema.rows([frame], ("k",))]
        schema.finish()
    except OutputRefused as refused:
        return refused.error_class
    except (PySparkTypeError, PySparkValueError) as error:
        return type(error).__name__
    zone = datetime.UTC if ddl == "timestamp" else None
    return [cell.replace(tzinfo=zone) if isinstance(cell, datetime.datetime) else cell for cell in cells]


@pytest.mark.parametrize("ddl", TYPES)
def test_one_value_is_taken_as_pyarrow_takes_it(ddl):
    values = [value for value in VALUES if not (ddl in TIMES and is_beyond_python(value))]
    if ddl.startswith("timestamp"):
        values += [np.datetime64("2024-01-02T03:04:05", unit) for unit in ("D", "h", "s", "ms", "us", "ns")]
    if ddl.startswith("array"):
        values = [[1, 2], [], ["x"], [1.5], ["7"], (3,), np.array([4]), None]
    if ddl.startswith("map"):
        values = [{"a": 1}, {}, {"a": "7"}, {"a": "x"}, {1: 2}, {"a": 1.5}, None]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wrong = {
            repr(value): (ours, arrows)
            for value in values
            for ours, arrows in [(by_us([value], ddl), by_pyarrow([value], TYPES[ddl]))]
            if repr(ours) != repr(arrows) and ours != arrows
        }
    assert wrong == {}


# What users mix in one column, over the calls of several keys.
MIXED = [1, 1.5, "12", "x", True, None, D("1.5"), pd.Timestamp("2024-01-01"), datetime.date(2024, 1, 1)]


@pytest.mark.parametrize("ddl", ["string", "long", "double", "boolean", "timestamp", "date"])
def test_two_values_of_one_column_are_taken_together(ddl):
    exotic = {("long", "Timestamp", "date"), ("double", "Timestamp", "date"), ("boolean", "Timestamp", "date")}
    wrong = {
        (repr(one), repr(other)): (ours, arrows)
        for one, other in itertools.permutations(MIXED, 2)
        for ours, arrows in [(by_us([one, other], ddl), by_pyarrow([one, other], TYPES[ddl]))]
        if ours != arrows and (ddl, type(one).__name__, type(other).__name__) not in exotic
        if not (ddl == "boolean" and bool in (type(one), type(other)) and D not in (type(one), type(other)))
        if not (ddl == "boolean" and D in (type(one), type(other)))
        if not (ddl == "double" and D in (type(one), type(other)) and bool in (type(one), type(other)))
    }
    assert wrong == {}


@pytest.mark.parametrize("days", [2**40, np.int64(2**40), 1e12])
def test_a_number_of_too_many_days_is_cast_to_no_date(days):
    assert by_us([days], "date") == by_pyarrow([days], pa.date32()) == "ArrowNotImplementedError"


def test_timestamps_inside_a_value_go_through_pandas():
    """PySpark's converter for arrays, maps and structs (_create_converter_from_pandas): texts fit, numbers are nanoseconds."""
    east = datetime.datetime(2024, 1, 2, 2, tzinfo=EAST)
    given = ["2024-01-02", datetime.date(2024, 1, 2), east, 10**9, None]
    day, second = datetime.datetime(2024, 1, 2), datetime.datetime(1970, 1, 1, 0, 0, 1)
    times = [day, day, day, second, None]
    assert by_us([{"x": value} for value in given], "struct<x:timestamp>") == [{"x": time} for time in times]
    assert by_us([["2024-01-02T03:00:00+02:00"]], "array<timestamp>") == "TypeError"
    assert by_us([["no time"]], "array<timestamp>") == "DateParseError"
    assert by_us([[(1, 2)]], "array<timestamp>") == "TypeError"


@pytest.mark.parametrize(
    ("ddl", "unfit", "value", "message"),
    [
        ("array<long>", ["x"], float("nan"), "'float' object is not iterable"),
        ("array<long>", ["x"], pd.NA, "'NAType' object is not iterable"),
        ("struct<x:long>", {"x": "x"}, 1.5, "'float' object is not iterable"),
        ("map<string,long>", {"x": "x"}, float("nan"), "'float' object has no attribute 'items'"),
    ],
)
def test_a_nan_where_a_list_is_due_is_an_error_of_pysparks_walk_and_comes_first(ddl, unfit, value, message):
    schema = OutputSchema(parse_ddl(f"info {ddl}"))
    schema.rows([pd.DataFrame({"info": pd.Series([unfit, value, None], dtype=object)})], ("k",))
    with pytest.raises(OutputRefused, match=message):
        schema.finish()
