"""DDL strings, as Spark reads them; what it would not read is told with its position."""

import re

import pytest

from engine.model.schema import DataType, Field, SchemaError, ddl_of, parse_ddl


def test_names_and_types_with_or_without_a_colon_and_in_any_case():
    assert parse_ddl("word STRING, n: long") == (Field("word", DataType("string")), Field("n", DataType("bigint")))


def test_a_struct_around_the_fields_is_the_same_schema():
    assert parse_ddl("struct<a:int,b:string>") == parse_ddl("a int, b string")


def test_nested_types_decimals_quoted_names_comments_and_not_null():
    parsed = parse_ddl("m map<string,array<struct<a:int>>>, d decimal(12, 2) NOT NULL, `odd ``name` date COMMENT 'x'")
    assert parsed[0].type.element == DataType(
        "array", element=DataType("struct", fields=(Field("a", DataType("int")),))
    )
    assert (parsed[1].type.precision, parsed[1].type.scale, parsed[1].nullable) == (12, 2, False)
    assert (parsed[2].name, parsed[2].type.name) == ("odd `name", "date")


@pytest.mark.parametrize(
    ("ddl", "told"),
    [
        ("word", "expected a type such as string, long, double, boolean, timestamp at position 5"),
        ("word strng", "found 'strng'"),
        ("word string count long", "expected a comma or the end"),
        ("a array<long", "expected '>'"),
        ("a string, a long", "appears twice"),
        ("a string, ; b", "';' at position 10"),
        ("a decimal(x)", "expected a number"),
        ("a " + "array<" * 60 + "int", "nested deeper"),
        ("a decimal(39)", "more digits than Spark's decimals, which have 38"),
        ("a array<decimal(2,3)>", "more digits after the point than digits"),
        ("a decimal(" + "9" * 10_000 + ")", "more digits than Spark's decimals"),
    ],
)
def test_what_is_no_ddl_is_told_with_what_was_expected_where(ddl, told):
    with pytest.raises(SchemaError, match=re.escape(told)):
        parse_ddl(ddl)


def test_columns_that_differ_in_capitals_are_two_columns_until_a_query_names_one():
    assert [field.name for field in parse_ddl("k string, K string")] == ["k", "K"]


@pytest.mark.parametrize(
    "ddl",
    [
        "word string, count long",
        "id short not null, flag boolean, price decimal(10,2), at timestamp",
        "`two words` string, `a``b` int, `1st` byte",
        "tags array<map<string, array<double>>>, place struct<`the city`: string, pin: int not null>",
    ],
)
def test_a_schema_is_written_as_the_ddl_that_says_it(ddl):
    assert ddl_of(parse_ddl(ddl)) == ddl
