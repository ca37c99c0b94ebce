"""Reading a source without parsing it: strings and comments are blanks, and nothing makes it fail or hang."""

from hypothesis import given
from hypothesis import strategies as st

from engine.diagnostics.source import Source

CODE = '''\
import numpy as np, time
from datetime import (datetime as dt, date)
def helper(x):
    return x  # helper
async def work(
    key, values: list = [1],
    memory=None,
):
    """A docstring with code:
    memory.remove()
    """
    text = 'it\\'s # no comment'
    return text
AFTER = 1
'''


def test_strings_and_comments_are_blanks_and_lines_keep_their_numbers():
    lines = {line.number: line.text for line in Source(CODE).lines}
    assert 10 not in lines
    assert lines[4] == "    return x"
    assert lines[12].rstrip() == "    text ="
    assert lines[14] == "AFTER = 1"


def test_the_function_is_found_with_its_parameters_and_its_body():
    function = Source("def other(a): pass\ndef f(k, v, s):\n    x = 1\n\n    y = 2\nz = 3\n", "f").function
    assert function.parameters == ("k", "v", "s")
    assert [line.number for line in function.body] == [3, 5]


def test_a_function_that_is_not_in_the_text_is_none():
    assert Source("f = print\n", "f").function is None
    assert Source("def f(): pass\n").function is None


def test_imports_are_known_by_the_name_that_the_source_uses():
    assert Source(CODE).imports == {
        "np": "numpy",
        "time": "time",
        "dt": "datetime.datetime",
        "date": "datetime.date",
    }


def test_a_statement_is_as_written_without_its_comment():
    source = Source('def f(k, v, s):\n\ts.wait("10 # minutes")  # start\n')
    assert source.statement(r"s\.wait\(") == 's.wait("10 # minutes")'
    assert source.statement("nothing") == ""


def test_an_unclosed_text_ends_with_the_source():
    assert [line.number for line in Source('x = 1\ny = """\nremove()\n').lines] == [1, 2]


@given(st.text(alphabet="\"'#\\\n ad(:=", max_size=200))
def test_any_text_can_be_read(text):
    source = Source(text, "a")
    assert [line.number for line in source.lines] == sorted({line.number for line in source.lines})
    assert source.function is None or source.imports is not None


def test_a_hostile_text_is_read_in_time():
    for part in ("'", '"', '"""', "\\", "'\"", "(" * 10, "def f(" * 3, "from a import b,", "x=[[", '\\"'):
        source = Source(part * 50_000, "f")
        assert source.lines is not None
        assert source.imports is not None
        assert source.function is None or source.function.body == ()
    assert Source("from a import" + " " * 100_000 + "(", "f").imports == {}
