"""Numbers and times as a country writes them: what is sure is read, what could be either is asked, nothing is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.events.csv_file import read_csv
from engine.events.local_forms import LocalForms, questions, read_local
from engine.events.table import Table
from engine.events.values import column_type
from engine.model.rows import Rows
from engine.model.schema import STRING, Field, ddl_of


def column_of(*cells: str | None) -> Table:
    return Table(Rows(["c"], [list(cells)]), (Field("c", STRING),))


def sure_of(table: Table) -> LocalForms:
    numbers, times = questions(table)
    return LocalForms(numbers and numbers.sure, times and times.sure)


def read(*cells: str | None) -> list[object]:
    """What the cells are without anybody's answer."""
    table = column_of(*cells)
    return read_local(table, sure_of(table)).rows.column("c")


def test_a_sheet_that_excel_saved_in_german_is_read():
    table = read_csv("Kunde;Betrag;Zeit;Tag\nann;12,50;01.02.2024 10:12;1.2.24\nbob;-1.234,00;;13.2.24\n")
    assert isinstance(table, Table)
    numbers, times = questions(table)

    assert (numbers.columns, numbers.sure, numbers.meanings) == (
        ("Betrag",),
        "decimal comma",
        {"decimal comma": "12.5"},
    )
    assert (times.columns, times.sure) == (("Zeit", "Tag"), "day first")
    whole = read_local(table, sure_of(table))
    assert ddl_of(whole.schema) == "Kunde string, Betrag double, Zeit timestamp, Tag date"
    assert list(whole.rows) == [
        {"Kunde": "ann", "Betrag": 12.5, "Zeit": "2024-02-01T10:12:00", "Tag": "2024-02-01"},
        {"Kunde": "bob", "Betrag": -1234.0, "Zeit": None, "Tag": "2024-02-13"},
    ]


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1,234.50", "7", "NA"], [1234.5, 7, None]),
        (["1'234.50", "0"], [1234.5, 0]),
        (["1\u202f234,5", "1.234.567,00"], [1234.5, 1234567.0]),
        (["1,234,567"], [1234567]),
        (["1/13/24 5:06 PM", "1/2/24 12:00 AM"], ["2024-01-13T17:06:00", "2024-01-02T00:00:00"]),
        (["13/1/1999", "1/2/2024 8:00:01.5"], ["1999-01-13T00:00:00", "2024-02-01T08:00:01.500000"]),
        (["2024/02/01 10:00"], ["2024-02-01T10:00:00"]),
        (["20240201T101500Z"], ["2024-02-01T10:15:00Z"]),
        (["2024-02-01 10:00:00 +0200", "2024-02-01 10:00 UTC"], ["2024-02-01T10:00:00+02:00", "2024-02-01T10:00:00Z"]),
        (["Feb 1, 2024", "3 March 2024"], ["2024-02-01", "2024-03-03"]),
        (["Thu, 01 Feb 2024 10:00:00 GMT"], ["2024-02-01T10:00:00Z"]),
        (["01/Feb/2024:13:55:36 -0700"], ["2024-02-01T13:55:36-07:00"]),
        (["[01/Feb/2024:13:55:36 +0000]"], ["2024-02-01T13:55:36+00:00"]),
        (["12,50 €", "-1.200,00 €"], [12.5, -1200.0]),
        (["$1,200.00", "-$3", "$0.5"], [1200.0, -3, 0.5]),
        (["CHF 1'200.00", "USD"[:0]], [1200.0, None]),
        (["12 %", "7,5%"], [12, 7.5]),
        (["1 234,50", "7,00"], [1234.5, 7.0]),
        (["2/2/2024", "3/3/2024"], ["2024-02-02", "2024-03-03"]),
    ],
)
def test_what_can_mean_one_thing_only_is_read(cells, values):
    assert read(*cells) == values


@pytest.mark.parametrize(
    "cells",
    [
        ["1/2/2024", "3/4/2024"],
        ["1,234", "5,678"],
        ["31/12/2024", "12/31/2024"],
        ["30.02.2024"],
        ["10.100.200.250", "1.234.567"],
        ["555 123 456"],
        ["007,5"],
        ["1,5", "one"],
        ["12,50 €", "12.50 $"],
        ["5 km", "7 km"],
        ["A$5", "5$B"],
        ["13:00 PM", "1/1/2024 13:00 PM"],
        ["9" * 400 + ",5"],
        ["1,2,3"],
        [None, ""],
    ],
)
def test_what_could_be_something_else_stays_as_it_is(cells):
    assert read(*cells) == cells


def test_a_day_that_could_be_a_month_is_asked_with_both_meanings():
    table = column_of("5/5/2024", "1/2/2024")
    _, times = questions(table)

    assert (times.example, times.sure) == ("1/2/2024", None)
    assert times.meanings == {"day first": "2024-02-01", "month first": "2024-01-02"}
    assert read_local(table, LocalForms(times="month first")).rows.column("c") == ["2024-05-05", "2024-01-02"]
    assert read_local(table, LocalForms(times="text")) is table


def test_another_column_of_the_file_can_say_which_comes_first():
    table = read_csv("born,seen\n1/2/1990,1/2/2024\n3/4/1990,1/31/2024\n")
    assert isinstance(table, Table)
    _, times = questions(table)

    assert times.sure == "month first"
    assert read_local(table, sure_of(table)).rows[0] == {"born": "1990-01-02", "seen": "2024-01-02"}


def test_two_columns_that_say_otherwise_leave_the_third_open():
    table = read_csv("a,b,c\n13/1/2024,1/13/2024,1/2/2024\n")
    assert isinstance(table, Table)

    assert questions(table)[1].sure is None
    assert list(read_local(table, sure_of(table)).rows) == [{"a": "2024-01-13", "b": "2024-01-13", "c": "1/2/2024"}]


def test_what_is_sure_can_still_be_kept_as_text():
    table = column_of("12,50")

    assert read_local(table, LocalForms(numbers="text")) is table


def test_a_table_without_local_forms_asks_nothing():
    table = read_csv("user,at,n\nann,2024-01-01 10:00,1.5\nbob,,2\n")
    assert isinstance(table, Table)

    assert questions(table) == (None, None)
    assert read_local(table, LocalForms()) is table


PARTS = st.sampled_from([*"0123456789", "12", "2024", ",", ".", "/", "-", " ", ":", "'", "Jan", "AM", "Z", "+01"])


@given(st.lists(st.lists(PARTS, max_size=8).map("".join), min_size=1, max_size=4))
def test_no_text_breaks_it_and_what_is_sure_is_among_the_meanings(cells):
    table = column_of(*cells)
    for question in questions(table):
        assert question is None or question.sure is None or question.sure in question.meanings
    assert len(read_local(table, sure_of(table)).rows) == len(cells)


@pytest.mark.parametrize(
    ("cells", "times"),
    [
        ([20240201, None, 20231231], ["2024-02-01", None, "2023-12-31"]),
        ([20240201101200], ["2024-02-01T10:12:00"]),
        (["20240201"], ["2024-02-01"]),
        (["1704103200000", "1704103200001"], ["2024-01-01T10:00:00", "2024-01-01T10:00:00.001000"]),
        (["1704103200"], ["2024-01-01T10:00:00"]),
        (["1704103200000000500"], ["2024-01-01T10:00:00"]),
    ],
)
def test_digits_are_times_under_a_name_that_says_so(cells, times):
    for name, values in (("event_date", times), ("user", cells)):
        table = Table(Rows([name], [cells]), (Field(name, column_type(cells)),))
        assert read_local(table, sure_of(table)).rows.column(name) == values


@pytest.mark.parametrize("cells", [[20241301], [1704103200000], ["12345"], ["1704103200", "x"]])
def test_digits_that_are_no_times_stay_as_they_are_under_any_name(cells):
    table = Table(Rows(["at"], [cells]), (Field("at", column_type(cells)),))
    assert read_local(table, sure_of(table)) is table
