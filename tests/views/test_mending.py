"""Errors of Python's own come with a sentence that says what to do, where that is sure."""

import pytest

from engine.model.trace import ErrorRecord
from engine.views import failure_of
from engine.views.mending import advice_of
from tests.helpers import TUTORIAL, replayed, replayed_in_pandas

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


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("Scala", SCALA),
        (
            "Scala",
            "class Counts extends StatefulProcessor[String, Visit, Out] {\n  @transient var n: ValueState[Long] = _\n}",
        ),
        ("Java", "/* visits */\nimport org.apache.spark.sql.*;\n"),
        ("Java", "MapGroupsWithStateFunction<String, Visit, Long, Out> f = (user, visits, state) -> {\n};"),
        ("JavaScript", "function updateState(key, values, state) {\n  return [];\n}"),
        ("R", "count <- function(key, values) {\n  1\n}"),
    ],
)
def test_another_language_is_told_by_its_name(language, code):
    assert advice(code) == f"This looks like {language}: functions are written in Python here, as the samples show"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "-- visits\nselect user, count(*) from visits",
            "SQL: here stands the function that Spark calls for each key, in Python",
        ),
        ("$ spark-submit job.py\n", "a shell: paste the file with the function instead"),
        ("Traceback (most recent call last):\n  File", "an error message: paste the function that it is about"),
        ("--- a/job.py\n+++ b/job.py\n@@ -1 +1 @@\n-x\n+y\n", "a patch: paste the whole file instead"),
    ],
)
def test_what_is_no_function_at_all_is_told_with_what_belongs_here(text, told):
    assert advice(text) == f"This looks like {told}"


def test_sql_in_a_text_of_python_s_is_no_sign():
    assert advice('QUERY = """\nselect 1\n"""\ndef updateState(key, values, state)\n    return []\n') == (
        "Put a colon at the end of the line"
    )


@pytest.mark.parametrize(
    ("used", "line"),
    [
        ("Optional[int]", "from typing import Optional"),
        ("pd.DataFrame()", "import pandas as pd"),
        ("datetime.now()", "from datetime import datetime"),
        ("datetime.datetime(2024, 1, 1)", "import datetime"),
        ("StructType()", "from pyspark.sql.types import StructType"),
    ],
)
def test_a_forgotten_import_is_told_as_the_line_that_is_missing(used, line):
    assert advice(f"X = {used}\n{TUTORIAL}") == f"Add `{line}` at the top"
    job = "df.groupBy('k').applyInPandasWithState(f, 'n long', 'n long', 'append', 'NoTimeout')\n"
    code = f"def updateState(key, values, state):\n    return [{used}]\n{job}"
    assert advice(code.replace("(f,", "(updateState,")) == f"Add `{line}` at the top"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("open('conf.json')", "There are no files of yours here: write what is in it in its place"),
        ("import sys; sys.argv[9]", "Nobody gives arguments here: write what it is in its place"),
        (
            "import argparse; p = argparse.ArgumentParser(); p.add_argument('--gap', required=True); p.parse_args([])",
            "Nobody gives arguments here: give each a default, and write parse_args([])",
        ),
        ("raise ConnectionError('x')", "There is no network here: write what would be answered in its place"),
        ("type Key = str", "Only newer versions of Python read this line"),
        (
            "from pyspark.streaming import StreamingContext",
            "This is written for DStreams, the older streaming: here a function has a key, the values and a state",
        ),
        (
            "import zone\nZONE = zone.UTC\nimport datetime as d\nd.datetime(2024, 1, 1).astimezone(ZONE)",
            "Something that the text has from elsewhere is needed here: paste it too",
        ),
    ],
)
def test_what_is_not_here_is_told_with_what_to_write_instead(line, told):
    assert advice(f"{line}\n{TUTORIAL}") == told


@pytest.mark.parametrize("use", ["pd.Timedelta(minutes=GAP)", "pd.DataFrame({'info': [GAP]})"])
def test_what_only_stands_in_for_something_of_elsewhere_is_told_wherever_it_ends(use):
    code = f"import pandas as pd\nfrom shop import GAP\ndef fn(key, pdfs, state):\n    yield {use}\n"
    failure = failure_of(replayed_in_pandas(code, (0, "a")))
    assert failure.advice == "Something that the text has from elsewhere is needed here: paste it too"


def test_a_coroutine_is_no_function_of_spark_s():
    error = ErrorRecord("PySparkTypeError", "[UDF_RETURN_TYPE] … but is coroutine.", line=None, advice="Yield frames")
    assert advice_of(error, "async def fn(key, pdfs, state): …") == "Write def in place of async def: nobody awaits it"


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
