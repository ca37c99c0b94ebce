"""Tables as they are pasted from a terminal, a notebook or a README."""

import pytest

from engine.events.text import read_text

SHOWN = """\
+-----+------+-------------------+
| user|amount|                 at|
+-----+------+-------------------+
|  ann|     5|2024-01-01 10:00:05|
|b ob |  null|2024-01-01 10:00:09|
+-----+------+-------------------+
only showing top 2 rows
"""
MARKDOWN = """\
| user | amount | at                  |
|------|-------:|:--------------------|
| ann  | 5      | 2024-01-01 10:00:05 |
| b ob | NULL   | 2024-01-01 10:00:09 |
"""
MARKDOWN_WITHOUT_ENDS = """\
user | amount | at
--- | --- | ---
ann | 5 | 2024-01-01 10:00:05
b ob |  | 2024-01-01 10:00:09
"""
PSQL = """\
 user | amount |         at
------+--------+---------------------
 ann  |      5 | 2024-01-01 10:00:05
 b ob |        | 2024-01-01 10:00:09
(2 rows)
"""
BOX = """\
┌──────┬────────┬─────────────────────┐
│ user │ amount │ at                  │
├──────┼────────┼─────────────────────┤
│ ann  │      5 │ 2024-01-01 10:00:05 │
│ b ob │   NULL │ 2024-01-01 10:00:09 │
└──────┴────────┴─────────────────────┘
"""
PANDAS = """\
   user  amount                  at
0   ann     5.0 2024-01-01 10:00:05
1  b ob     NaN 2024-01-01 10:00:09
"""


@pytest.mark.parametrize("text", [SHOWN, MARKDOWN, MARKDOWN_WITHOUT_ENDS, PSQL, BOX, PANDAS, f"```\n{SHOWN}```"])
def test_a_table_is_read_however_it_was_drawn(text):
    read = read_text(text)

    assert (read.notation, read.problems) == ("table", [])
    assert [list(batch.rows) for batch in read.batches] == [
        [
            {"user": "ann", "amount": 5, "at": "2024-01-01 10:00:05"},
            {"user": "b ob", "amount": None, "at": "2024-01-01 10:00:09"},
        ]
    ]


def test_a_table_of_one_column_and_marks_between_tables_are_read():
    table = "+-----+\n| word|\n+-----+\n|hello|\n+-----+\n"
    read = read_text(f"{table}--- +1 hour\n{table}")

    assert read.problems == []
    assert [(batch.processing_time_ms, list(batch.rows)) for batch in read.batches] == [
        (0, [{"word": "hello"}]),
        (3_600_000, [{"word": "hello"}]),
    ]


def test_what_the_console_sink_printed_is_a_batch_each():
    line = "-" * 43
    batches = "\n".join(f"{line}\nBatch: {n}\n{line}\n+----+\n|word|\n+----+\n|   a|\n+----+\n" for n in (0, 1))
    read = read_text(batches)

    assert read.problems == []
    assert [list(batch.rows) for batch in read.batches] == [[{"word": "a"}], [{"word": "a"}]]
    assert read.row_lines == [[7], [16]]


@pytest.mark.parametrize(
    ("text", "line", "column", "part"),
    [
        ("|a|b|\n|-|-|\n|1|2|3|", 3, 6, "cell 3"),
        ("|a|b|\n|-|-|\n|1|", 3, 4, "1 of the 2 cells"),
        ("|a|b|\n|-|-|\ntwo words", 3, 1, "not a row of the table"),
        ("|a|a|\n|-|-|\n|1|2|", 1, 4, "names two columns"),
        ("   a\n0  1\n.. ..\n9  9", 3, 1, "left out rows"),
        ("   a   b\n0  1   2\n1 longer 2", 3, 5, "does not end below"),
    ],
)
def test_a_row_that_does_not_fit_is_told_by_line_and_column(text, line, column, part):
    (problem,) = read_text(text).problems

    assert (problem.line, problem.column) == (line, column)
    assert part in problem.what


def test_bars_between_words_and_a_csv_with_bars_are_no_drawn_table():
    assert read_text("a|b\n1|2").notation == "csv"
    assert read_text("hello | spark").notation == "words"


POLARS = """\
shape: (2, 2)
┌──────┬─────┐
│ user ┆ n   │
│ ---  ┆ --- │
│ str  ┆ i64 │
╞══════╪═════╡
│ ann  ┆ 1   │
│ bob  ┆ 2   │
└──────┴─────┘
"""
DUCKDB = """\
┌─────────┬───────┐
│  user   │   n   │
│ varchar │ int32 │
├─────────┼───────┤
│ ann     │     1 │
│ bob     │     2 │
└─────────┴───────┘
"""


@pytest.mark.parametrize("text", [POLARS, DUCKDB], ids=["Polars", "DuckDB"])
def test_the_types_below_the_names_are_no_row(text):
    read = read_text(text)
    assert (read.notation, read.problems) == ("table", [])
    assert list(read.batches[0].rows) == [{"user": "ann", "n": 1}, {"user": "bob", "n": 2}]


def test_a_row_with_the_name_of_a_type_is_one():
    assert len(read_text("| user | n |\n|---|---|\n| ann | 1 |\n| date | int |\n").batches[0].rows) == 2
