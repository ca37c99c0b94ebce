"""A whole job is pasted, or an excerpt of one: what is missing around the function stands in, what the function lacks fails."""

import pytest

from tests.helpers import infos, replayed_in_pandas, replayed_processor

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


HAND_OVER = 'df.groupBy("k").applyInPandasWithState({}, "info string", "n long", "update", "NoTimeout")\n'


@pytest.mark.parametrize(
    "job",
    [
        "import redis, delta.tables\nfrom config.prod import settings\nclient = redis.Redis(settings.host)\n",
        "from pyspark.ml import PipelineModel\nmodel = PipelineModel.load('m')\n",
        "from config import settings\nassert settings.host, 'no host'\nif not settings.topic:\n    raise SystemExit(2)\n",
        "import shop\nclass Case(shop.tests.Base):\n    def setUp(self):\n        pass\n",
        f"df = df.withColumn('v', lit(1))\n{FUNCTION}{HAND_OVER.format('count')}",
    ],
    ids=[
        "packages that are not here",
        "a part of pyspark",
        "settings that are asked for",
        "a class of elsewhere",
        "a frame that is itself made anew",
    ],
)
def test_what_only_the_job_needs_may_be_absent(job):
    assert infos(replayed_in_pandas(job + FUNCTION, (0, TWO))) == ["2"]


def test_what_the_function_uses_and_the_file_imports_from_elsewhere_is_an_error_where_it_is_used():
    code = "from shop.rules import limit\ndef fn(key, pdfs, state):\n    return [limit(key)]\n"
    advice = "limit comes from there: put it, or a replacement for it, in place of the import"
    assert error_of(code) == ("ModuleNotFoundError", 3, advice)


def test_a_name_that_job_and_function_both_lack_is_the_function_s_error():
    code = "def fn(key, pdfs, state):\n    state.update((gap + 1,))\n    return []\n"
    assert error_of(f"{code}print(gap)\n{HAND_OVER.format('fn')}") == (
        "NameError",
        2,
        "The job gets it from somewhere else: write gap = … at the top",
    )


def test_what_nobody_gave_the_function_around_it_is_told_where_it_is_used():
    nested = "def build(df, limit):\n    def fn(key, pdfs, state):\n        return [] if limit > 2 else []\n    return "
    assert error_of(nested + HAND_OVER.format("fn")) == (
        "NameError",
        3,
        "Call build(…) at the end of the code, with the arguments it needs",
    )


def test_an_import_that_may_fail_does():
    tried = "try:\n    import orjson\nexcept ImportError:\n    import json as orjson\nprint(orjson.dumps(1))\n"
    trace = replayed_in_pandas(tried + FUNCTION, (0, TWO))
    assert trace.printed_at_load == "1\n"


def test_a_library_s_own_imports_are_not_made_up():
    code = "import json.tool, pandas.io\nfrom pandas.compat._optional import import_optional_dependency as need\n"
    asks = "print(need('xlsxwriter', errors='ignore'))\n"
    assert replayed_in_pandas(code + asks + FUNCTION, (0, TWO)).printed_at_load == "None\n"


def test_a_widget_has_its_first_value_and_a_setting_what_was_set():
    job = (
        'dbutils.widgets.text("gap", "60", "label")\nspark.conf.set("spark.x", "7")\n'
        'print(int(dbutils.widgets.get("gap")) * 2, spark.conf.get("spark.x"), spark.conf.get("spark.y", "no"))\n'
    )
    assert replayed_in_pandas(job + FUNCTION, (0, TWO)).printed_at_load == "120 7 no\n"


def test_a_function_that_is_there_in_a_program_only_is_found():
    inside = FUNCTION.replace("\n", "\n    ")
    job = f'if __name__ == "__main__":\n    {inside}\n    {HAND_OVER.format("count")}'
    assert infos(replayed_in_pandas(job, (0, TWO))) == ["2"]
    assert infos(replayed_in_pandas(job, (0, TWO), entry="count")) == ["2"]


def test_one_of_several_functions_of_a_job_is_called_by_its_name():
    other = FUNCTION.replace("count", "other").replace("str(n)", "'other'")
    job = f"def main():\n    {HAND_OVER.format('count')}    {HAND_OVER.format('other')}main()\n"
    assert infos(replayed_in_pandas(FUNCTION + other + job, (0, TWO), entry="other")) == ["other"]


def test_a_processor_that_the_file_imports_is_told_with_where_it_is():
    job = "from visits import Durations\ndf.groupBy('k').transformWithState(Durations(), 'n long', 'update', 'None')\n"
    error = replayed_processor(job, (0, "a")).error
    assert (error.error_class, error.message, error.line) == ("ModuleNotFoundError", "No module named 'visits'", 1)
    assert error.advice == "Durations comes from there: put it, or a replacement for it, in place of the import"


def test_a_schema_of_a_state_variable_that_stands_in_another_file_is_told():
    code = """\
from shop.schemas import totals
class Processor(StatefulProcessor):
    def init(self, handle):
        self.total = handle.getValueState("total", totals)
    def handleInputRows(self, key, rows, timerValues):
        return []
"""
    error = replayed_processor(code, (0, "a")).error
    assert (error.error_class, error.message, error.line) == (
        "ModuleNotFoundError",
        "No module named 'shop.schemas'",
        4,
    )


def test_what_a_library_is_given_of_an_absent_module_is_told_where_the_function_asks_for_it():
    code = "import pytz, datetime\ndef fn(key, pdfs, state):\n    datetime.datetime(2024, 1, 1, tzinfo=pytz.UTC)\n    return []\n"
    advice = "UTC comes from there: put it, or a replacement for it, in place of the import"
    assert error_of(code) == ("ModuleNotFoundError", 3, advice)
