"""Errors of Python's own come with a sentence that says what to do, where that is sure."""

import pytest

from engine.model.trace import ErrorRecord
from engine.views import failure_of
from engine.views.mending import advice_of
from tests.helpers import TUTORIAL, replayed

SCALA = """\
def updateState(key: String, values: Iterator[String], state: GroupState[Int]): Iterator[(String, Int)] = {
  val count = values.size + state.getOption.getOrElse(0)
  Iterator((key, count))
}
"""


def advice(code):
    failure = failure_of(replayed(code, (0, "a")))
    return failure.advice if failure else None


@pytest.mark.parametrize(
    ("was", "typed", "told"),
    [
        ("):", ")", "Put a colon at the end of the line"),
        ("    if state", "    x = 1\n    else if state", "Python writes it in one word: elif"),
        (
            "    state.update",
            "  state.update",
            "Begin the line below the beginning of another line of its block, with spaces only",
        ),
        ("state.get()", "state.get", "get is called here: write state.get()"),
        (
            "sum(1 for _ in values)",
            "len(iter(values))",
            "It is read one by one, and only once: count with sum(1 for _ in values)",
        ),
        ("state.update(", "state.upate(", "Write update"),
        ("state.update(count)", "state.update(null)", "Python writes None"),
        ("state.update(count)", "state.update(math.pi)", "Add `import math` at the top"),
        (
            "state.update(count)",
            "state.update(coutn)",
            "Nothing here is called coutn: is it misspelt, or is an import missing?",
        ),
        (
            "state.update(count)",
            "state.update(count)\n        .x",
            "A line that begins with a dot goes on with the line before inside brackets only: put ( before the first line "
            "and ) after the last",
        ),
        (
            "state.update(count)",
            'state.update(tuple([1])["n"])',
            "It is a tuple: take its fields by number, such as state.get[0]",
        ),
        (
            "state.update(count)",
            "state.update((x for x in values).size)",
            "Frames come one by one: write `for pdf in pdfs:`, or put them together with pd.concat(list(pdfs))",
        ),
        (
            "def updateState",
            'import os\nHOST = os.environ["KAFKA_HOST"]\ndef updateState',
            'There are no environment variables of yours here: write os.environ.get("…", "what it is")',
        ),
        ('"10 minutes"', '"10 minutes', "End the text with the quote that it begins with"),
    ],
)
def test_a_beginners_slip_is_told_with_its_cure(was, typed, told):
    code = TUTORIAL.replace(was, typed, 1).replace("state.get if state.exists else 0", "(state.get if 1 else 0)")
    assert advice(code) == told


def test_a_function_of_pyspark_is_not_told_to_call_get():
    code = "import pandas as pd\ndef updateState(key, pdfs, state):\n    return [(key, state.get[0])]\n"
    assert advice(code) == (
        "In PySpark state.get is no method, here it is one: choose applyInPandasWithState, for which this is written"
    )


def test_scala_is_told_as_scala():
    assert advice(SCALA) == "This looks like Scala: functions are written in Python here, as the samples show"


@pytest.mark.parametrize(
    "code",
    ["# word => count\ndef updateState(:\n", "def helper(x): y = 1\nupdateState(\n", "if x => 3:\n    pass\n"],
)
def test_python_with_a_slip_is_not_told_as_scala(code):
    assert "Scala" not in advice(code)


def test_a_line_of_a_million_spaces_is_looked_at_once():
    slip = ErrorRecord("SyntaxError", "invalid syntax", line=1)
    assert advice_of(slip, "x++" + " " * 1_000_000 + "y") == ""
    assert advice_of(slip, "def f(" + ":)" * 500_000) == ""


def test_what_brings_its_own_advice_keeps_it_and_what_is_not_sure_is_not_told():
    assert advice("def updateState(key, values, state):\n    return 1\n") == "Put the row into a list: return [1]"
    assert advice("def updateState(key, values, state):\n    raise KeyError(key)\n") == ""
