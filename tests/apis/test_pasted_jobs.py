"""A whole job is pasted, or an excerpt of one: what is missing around the function stands in, what the function lacks fails."""

import pytest

from tests.helpers import infos, replayed_in_pandas

FUNCTION = """\
def count(key, pdfs, state):
    n = sum(len(pdf) for pdf in pdfs)
    state.update((n,))
    yield pd.DataFrame({"info": [str(n)]})

"""
TWO = [{"k": "a", "v": 1}, {"k": "a", "v": 2}]


def error_of(code, **fields):
    error = replayed_in_pandas(code, (0, TWO), **fields).error
    return (error.error_class, error.line, error.advice) if error else None


@pytest.mark.parametrize(
    "job",
    [
        'q = df.groupBy("k").applyInPandasWithState(count, output_schema, "n long", "update", "NoTimeout")',
        'q = payments.withWatermark("ts", "1 minute").groupBy(payments.k).applyInPandasWithState(\n'
        '    count, "info string", "n long", "update", GroupStateTimeout.NoTimeout).writeStream.start()',
        "def main():\n    spark = SparkSession.builder.getOrCreate()\n"
        '    F.col("a").cast(LongType())\n'
        '    spark.table("t").groupBy("k").applyInPandasWithState(count, "i string", "n long", "update", "NoTimeout")\n'
        "main()",
        'df = spark.readStream.load()\ndisplay(df)\ndbutils.widgets.text("a", "b")',
        'static = spark.read.json("sample")\nnames = [f.name for f in static.schema.fields]\n'
        "stream = spark.readStream.schema(static.schema).json('in')",
        f"display(spark)\nLIMITS = {' + '.join(['pd.Timestamp.max.year'] * 1500)}\n",
    ],
    ids=["an unknown frame", "a chain", "a main without imports", "a notebook", "a sample's schema", "a long sum"],
)
def test_names_that_an_excerpt_of_a_job_lacks_stand_in(job):
    assert infos(replayed_in_pandas(FUNCTION + job, (0, TWO))) == ["2"]


def test_a_name_that_the_function_lacks_is_its_own_error():
    job = 'df.groupBy("k").applyInPandasWithState(fn, "info string", "n long", "update", "NoTimeout")\n'
    code = "def fn(key, pdfs, state):\n    state.update((time.time(),))\n    return []\n"
    assert error_of(code + job) == ("NameError", 2, "")


def test_a_name_that_a_module_without_a_job_lacks_is_an_error():
    assert error_of(FUNCTION + "LIMIT = unknown + 1\n") == ("NameError", 6, "")


STAR = "from pyspark.sql.functions import *\n"


def test_every_function_of_spark_comes_with_the_star():
    job = 'c = from_json(col("value").cast("string"), "a int").alias("e"), window("ts", "1 hour"), greatest("a", "b")\n'
    own = "import builtins\n" + FUNCTION.replace("sum(", "builtins.sum(")
    assert infos(replayed_in_pandas(STAR + job + own, (0, TWO))) == ["2"]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("min(1, 2)", "TypeError"),
        ("sum([1, 2])", "PySparkTypeError"),
        ("max('a')", "PySparkRuntimeError"),
    ],
)
def test_the_star_takes_the_place_of_pythons_own_functions_as_in_spark(line, error):
    """PySpark 4.3 raises the same in the worker."""
    found = error_of(f"{STAR}def fn(key, pdfs, state):\n    x = {line}\n    return []\n")
    assert found is not None
    assert found[:2] == (error, 3)
    assert "from pyspark.sql import functions as F" in found[2]
