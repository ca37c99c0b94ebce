"""What a cell means, column by column, and the type of a column of values."""

import pytest

from engine.events.values import FILE_NULLS, column_type, plain_value, read_cells
from engine.model.schema import parse_ddl


def test_a_column_of_numbers_is_numbers_and_an_empty_cell_is_null() -> None:
    assert read_cells(["5", "-2", "", "0"]) == [5, -2, None, 0]
    assert read_cells(["1.50", ".5", "1e-05", "2"]) == [1.5, 0.5, 1e-05, 2]


@pytest.mark.parametrize("name", ["007", "+5", "12e5", "9223372036854775808", "1e+999", "1,5", "0x10", "١٢", "1_000"])
def test_one_cell_that_would_lose_something_as_a_number_keeps_the_column_text(name: str) -> None:
    assert read_cells(["12", name]) == ["12", name]


def test_true_and_false_are_truth_values_only_among_themselves() -> None:
    assert read_cells(["true", "False", "null"]) == [True, False, None]
    assert read_cells(["true", "hello", "null"]) == ["true", "hello", None]


def test_na_is_null_beside_numbers_and_a_word_in_text() -> None:
    assert read_cells(["1", "NA", "3"], FILE_NULLS) == [1, None, 3]
    assert read_cells(["DE", "NA", "NaN"], FILE_NULLS) == ["DE", "NA", None]


def test_equal_cells_become_one_object() -> None:
    values = read_cells(["".join(["a", "b"]), "".join(["a", "b"])])

    assert values[0] is values[1]


def test_what_json_numbers_cannot_say_becomes_text_and_nan_is_null() -> None:
    odd = {"big": 2**63, "small": -(2**63), "nan": float("nan"), "inf": [float("-inf")], "half": "\ud800"}

    assert plain_value(odd) == {
        "big": str(2**63),
        "small": -(2**63),
        "nan": None,
        "inf": ["-Infinity"],
        "half": "\ufffd",
    }


@pytest.mark.parametrize(
    ("values", "ddl"),
    [
        ([True, None], "boolean"),
        ([1, None, 2], "bigint"),
        ([1, 2.5], "double"),
        ([1, "x"], "string"),
        ([], "string"),
        (["2013-01-01", "2013-12-31"], "date"),
        (["2013-01-01", "2013-01-01T05:17:00.123Z", "2013-01-01 05:17"], "timestamp"),
        (["2013-01-01T05:17", "yesterday"], "string"),
        (["2013-02-30"], "string"),
        ([[1, None], []], "array<bigint>"),
        ([{"a": 1}, {"a": 2, "b": ["x"]}], "struct<a: bigint, b: array<string>>"),
    ],
)
def test_the_type_of_a_column_is_the_common_one_of_its_values(values: list[object], ddl: str) -> None:
    (field,) = parse_ddl(f"column {ddl}")

    assert column_type(values) == field.type
