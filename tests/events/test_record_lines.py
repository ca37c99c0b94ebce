"""Records with a name and a value a line, as programs print them and YAML lists them, are events."""

import pytest

from engine.events.text import read_text

PRINTED = {
    "spark": "-RECORD 0----\n user   | ann \n amount | 5   \n-RECORD 1----\n user   | bob \n amount | null\n",
    "psql": "-[ RECORD 1 ]---\nuser   | ann\namount | 5\n-[ RECORD 2 ]---\nuser   | bob\namount | \n",
    "mysql": "*** 1. row ***\n  user: ann\namount: 5\n*** 2. row ***\n  user: bob\namount: NULL\n",
    "yaml": "- user: ann\n  amount: 5\n- user: bob\n  amount: ~\n",
}


@pytest.mark.parametrize("text", PRINTED.values(), ids=PRINTED)
def test_records_are_events(text):
    read = read_text(text)
    assert (read.notation, read.problems) == ("records", [])
    assert list(read.batches[0].rows) == [{"user": "ann", "amount": 5}, {"user": "bob", "amount": None}]


def test_marks_end_batches_and_a_quoted_value_is_text():
    read = read_text("- user: ann\n  code: '7'\n  at: 2024-01-01 10:12\n---\n- user: bob\n  code: 8\n")
    assert [list(batch.rows) for batch in read.batches] == [
        [{"user": "ann", "code": "7", "at": "2024-01-01 10:12"}],
        [{"user": "bob", "code": "8"}],
    ]
    assert read.row_lines == [[1], [5]]


def test_what_is_no_pair_is_told_at_its_place_and_all_else_is_read():
    read = read_text("- user: ann\n  items:\n    - pen\n  user: bob\n- user: cat\n")
    assert [(problem.line, problem.column, problem.what) for problem in read.problems] == [
        (3, 5, "'- pen' is not a name with a value"),
        (4, 3, "'user' appears twice in this record"),
    ]
    assert read.batches[0].rows.column("user") == ["ann", "cat"]


def test_a_line_of_a_million_blanks_is_looked_at_once():
    assert read_text("- user: ann\n" + "a " * 200_000 + "!").problems
