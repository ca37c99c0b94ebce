"""State through its schema: what silently becomes NULL, what Python refuses at once, what only the JVM refuses.

The table of every value in every type of field, as real Spark answered, is the golden state_silent_conversions.
"""

import datetime
import decimal
import uuid
import zoneinfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.apis.conversions.java_text import java_text
from engine.apis.conversions.jvm_side import JvmRefused
from engine.apis.conversions.to_state import StateSchema
from engine.apis.row import Row
from engine.apis.spark_names.errors import PySparkValueError
from engine.model.schema import parse_ddl


def stored(ddl, *values):
    schema = StateSchema(parse_ddl(ddl))
    return schema.stored(schema.internal(values))


@pytest.mark.parametrize(
    ("type_", "given_value", "kept"),
    [
        ("long", 1.7, None),  # not cut: NULL
        ("long", "abc", None),
        ("long", True, None),
        ("double", 0, None),  # a whole number in a double is NULL too
        ("int", 2**40, 0),  # cut to 32 bits
        ("byte", 200, -56),
        ("string", 5, "5"),
        ("string", True, "true"),
        ("string", [1, "a", None], "[1, a, null]"),
        ("string", {"a": 1.0}, "{a=1.0}"),
        ("decimal(10,2)", decimal.Decimal("1.245"), decimal.Decimal("1.25")),
        ("decimal(10,2)", 1, None),
        ("timestamp", datetime.datetime(2024, 1, 2, 3), datetime.datetime(2024, 1, 2, 3)),
        ("date", datetime.datetime(2024, 1, 2, 23), datetime.date(2024, 1, 2)),
        ("array<long>", (1, 2.5), [1, None]),
        ("array<long>", "ab", None),
        ("map<string,long>", {"a": 1, "b": "x"}, {"a": 1, "b": None}),
        ("binary", "é", b"\xc3\xa9"),
    ],
)
def test_a_value_comes_back_as(type_, given_value, kept):
    assert stored(f"n {type_}", given_value) == (kept,)


@pytest.mark.parametrize("given_value", [{"b": "q", "a": 1}, (1, "q"), [1, "q"], Row(a=1, b="q")])
def test_a_struct_comes_back_as_a_row_with_the_names_of_the_schema(given_value):
    (kept,) = stored("s struct<a:long,b:string>", given_value)
    assert (kept, kept.a, kept["b"]) == ((1, "q"), 1, "q")


def test_a_list_of_dicts_comes_back_as_rows():
    (kept,) = stored("items array<struct<a:long>>", [{"a": 1}, {}])
    assert kept == [Row(a=1), Row(a=None)]
    assert [item.asDict() for item in kept] == [{"a": 1}, {"a": None}]


def test_too_many_and_too_few_values_are_refused_by_the_jvm():
    for values in ((), (1, 2)):
        with pytest.raises(JvmRefused, match=f"1 fields are required while {len(values)} values are provided"):
            stored("n long", *values)


def test_surplus_values_are_dropped_silently_when_python_converts_a_field():
    assert stored("t timestamp, n long", datetime.datetime(2024, 1, 1), 1, 2) == (datetime.datetime(2024, 1, 1), 1)


@pytest.mark.parametrize(
    ("value", "class_name"),
    [
        (np.array([1]), "numpy.dtype"),
        ([np.int64(1)], "numpy.dtype"),
        (pd.NaT, "pandas._libs.tslibs.nattype._nat_unpickle"),
        (datetime.datetime(2024, 1, 1, tzinfo=zoneinfo.ZoneInfo("UTC")), "builtins.getattr"),
        (Row(1, 2), "copyreg._reconstructor"),
        ({"a": [Row(1)]}, "copyreg._reconstructor"),
    ],
)
def test_a_value_whose_pickle_the_jvm_cannot_read_kills_the_query(value, class_name):
    with pytest.raises(JvmRefused, match=class_name) as refused:
        stored("n string", value)
    assert refused.value.error_class == "net.razorvine.pickle.PickleException"


def test_an_infinite_decimal_cannot_be_unpickled_and_one_that_is_no_number_is_a_double():
    with pytest.raises(JvmRefused, match="problem construction object"):
        stored("n long", decimal.Decimal("-Infinity"))
    assert repr(stored("d double, n long", decimal.Decimal("NaN"), decimal.Decimal("NaN"))) == "(nan, None)"


def test_an_object_that_is_made_without_arguments_is_a_dict_to_the_jvm():
    kept = stored("n long, s string", uuid.UUID(int=1), uuid.UUID(int=1))
    assert kept == (None, "{__class__=uuid.UUID, int=1}")


def test_bytes_are_an_array_of_numbers_that_have_a_sign():
    assert stored("a array<int>, s array<string>", b"a\xff", b"a") == ([97, -1], ["97"])


def test_python_itself_refuses_what_is_no_time_and_no_struct():
    with pytest.raises(AttributeError, match="'str' object has no attribute 'toordinal'"):
        stored("d date", "2024-01-02")
    with pytest.raises(PySparkValueError, match="Unexpected tuple 5 with StructType"):
        stored("s struct<a:long>", 5)


@pytest.mark.parametrize(
    ("number", "text"), [(1e20, "1.0E20"), (1e-5, "1.0E-5"), (100.0, "100.0"), (1.5e7, "1.5E7"), (-0.0, "-0.0")]
)
def test_a_double_reads_as_java_writes_it(number, text):
    assert java_text(number) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_text_of_a_double_is_that_double(number):
    assert float(java_text(number)) == number
