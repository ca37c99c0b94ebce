"""Rows that SQL inserts are events; no SQL is run."""

import pytest

from engine.events.text import read_text


@pytest.mark.parametrize(
    "text",
    [
        "INSERT INTO t (user, `n`) VALUES\n('O''Hara', 5),\n('bob', NULL);\n",
        "insert into shop.t(user,n) values ('O''Hara',5);\ninsert into shop.t(user,n) values ('bob',null);",
    ],
)
def test_the_rows_of_all_statements_are_events(text):
    read = read_text(text)
    assert (read.notation, read.problems) == ("sql", [])
    assert list(read.batches[0].rows) == [{"user": "O'Hara", "n": 5}, {"user": "bob", "n": None}]


def test_columns_without_names_have_numbers_and_words_of_sql_are_values():
    read = read_text(
        "INSERT INTO t VALUES (TIMESTAMP '2024-01-01 10:12:00', TRUE, -1.5)\n---\nINSERT INTO t VALUES ('x', FALSE, 2)"
    )
    assert list(read.batches[0].rows) == [{"column_1": "2024-01-01 10:12:00", "column_2": True, "column_3": -1.5}]
    assert len(read.batches) == 2


def test_a_row_that_cannot_be_read_is_told_at_its_line_and_all_others_are_read():
    read = read_text("INSERT INTO t (a, b) VALUES (1, 2),\n(3),\n(4, now());\nINSERT INTO t (a, b) VALUES (5, 6);")
    assert [(problem.line, problem.what) for problem in read.problems] == [
        (2, "the number of values (1) is not the number of columns (2)"),
        (3, "this is not a row of values: expecting value"),
    ]
    assert read.batches[0].rows.column("a") == [1, 5]


def test_a_statement_without_rows_is_told():
    assert read_text("INSERT INTO t SELECT * FROM x").problems[0].what == "this inserts no rows"
