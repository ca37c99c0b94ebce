"""Lines are those that Python counts: what it says of line n is said of the right text."""

import ast

import pytest

from engine.model.source_lines import line_count, line_text, source_lines


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("inside", ["", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_the_lines_are_those_that_python_counts(inside, end):
    code = end.join(["first = 1", f"text = 'a{inside}b'", "", "last = 2", ""])
    for statement in ast.parse(code).body:
        assert line_text(code, statement.lineno).startswith(ast.unparse(statement)[:5])
    assert len(source_lines(code)) == 5


@pytest.mark.parametrize("line", [None, 0, -1, 3])
def test_a_line_that_is_not_there_is_empty(line):
    assert line_text("a = 1\nb = 2", line) == ""


@pytest.mark.parametrize(
    ("code", "count"), [("", 1), ("a = 1", 1), ("a = 1\n", 1), ("a = '\x0c'\r\nb = 2\n", 2), ("a\n\n", 2)]
)
def test_the_end_of_the_last_line_begins_no_other(code, count):
    assert line_count(code) == count
