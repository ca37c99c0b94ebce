"""What a pasted job says of its query is read off what it gives to Spark, not guessed."""

import pytest

from engine.apis.job import read_jobs
from engine.model.job import Job
from engine.model.scenario import InitialState, Watermark


def read_job(code):
    """The only job that the code says; None when it says none."""
    jobs = read_jobs(code)
    assert len(jobs) < 2
    return jobs[0] if jobs else None


SESSIONS = """\
from pyspark.sql import SparkSession, functions as F
from pyspark.sql.streaming.state import GroupState, GroupStateTimeout
from pyspark.sql.types import *

clicks = StructType([StructField("user", StringType(), False), StructField("at", TimestampType())])
session = StructType().add("user", StringType()).add("total clicks", LongType())

def sessionize(key, pdfs, state: GroupState):
    yield pd.DataFrame()

spark = SparkSession.builder.getOrCreate()
raw = spark.readStream.format("kafka").option("subscribe", "clicks").load()
events = raw.select(F.from_json(F.col("value").cast("string"), clicks).alias("c")).select("c.*")
query = (events.withWatermark("at", "10 minutes").groupBy(F.col("user")).applyInPandasWithState(
    sessionize, session, "n long, last timestamp", outputMode="Append", timeoutConf=GroupStateTimeout.EventTimeTimeout)
    .writeStream.format("delta").start())
query.awaitTermination()
"""


def test_a_whole_job_says_everything():
    assert read_job(SESSIONS) == Job(
        api="applyInPandasWithState",
        function_name="sessionize",
        is_whole=True,
        key=("user",),
        input_schema="user string, at timestamp",
        output_schema="user string, `total clicks` bigint",
        state_schema="n long, last timestamp",
        output_mode="append",
        query_output_mode="append",
        timeout_conf="EventTimeTimeout",
        watermark=Watermark("at", "10 minutes"),
    )


PROCESSOR = """\
class Counts(StatefulProcessor):
    def init(self, handle): pass
    def handleInputRows(self, key, rows, timerValues): return iter(())
"""
CALL = (
    'df.groupBy("a", df.b, col("c")).transformWithState('
    'Counts(), "x long", "Update", "processingtime", eventTimeColumnName="x")\n'
)


def test_a_processor_s_job_says_its_time_mode_and_an_unknown_frame_its_key():
    job = read_job(PROCESSOR + CALL)
    assert job is not None
    assert (job.api, job.key, job.time_mode, job.event_time_column_name) == (
        "transformWithState",
        ("a", "b", "c"),
        "ProcessingTime",
        "x",
    )
    assert job.timeout_conf is None


@pytest.mark.parametrize(
    "code",
    [
        f"{PROCESSOR}def main():\n    {CALL}\nmain()\n",
        f"{PROCESSOR}def main():\n    {CALL}\n",
        f'{PROCESSOR}if __name__ == "__main__":\n    {CALL}\n',
        f'{PROCESSOR}def main():\n    {CALL}\nif __name__ == "__main__":\n    main()\n',
    ],
    ids=["called", "left to be called", "as a program", "by a program"],
)
def test_a_job_inside_a_function_or_a_program_is_read(code):
    job = read_job(code)
    assert job is not None
    assert (job.is_whole, job.function_name, job.output_schema) == (True, "Counts", "x long")


def test_what_cannot_be_read_is_not_said():
    job = read_job(
        f'{PROCESSOR}df.groupBy(F.window("ts", "1 hour")).transformWithState(Counts(), schema, mode, "None")\n'
    )
    assert job is not None
    assert job.fields() == {"api": "transformWithState", "time_mode": "None"}


@pytest.mark.parametrize(
    ("code", "api"),
    [
        (PROCESSOR, "transformWithState"),
        (PROCESSOR + "    # yields pd.DataFrame\n", "transformWithStateInPandas"),
        ("import pandas as pd\n" + PROCESSOR + "    # yield Row(n=1)\n", "transformWithState"),
        ("def f(key, pdfs, state: GroupState):\n    yield pd.DataFrame()\n", "applyInPandasWithState"),
        ("def updateState(key, values, state):\n    return pd.DataFrame(values)\n", "updateState"),
        ("def f(key, values, state):\n    return []\n", None),
        ("def f(:", None),
    ],
)
def test_without_a_job_the_code_shows_what_it_is_written_for(code, api):
    job = read_job(code)
    assert (job.fields() if job else None) == ({"api": api} if api else None)


PANDAS = """\
import pandas as pd
def count(key, pdfs, state):
    n = sum(len(pdf) for pdf in pdfs)
    state.update((n,))
    yield pd.DataFrame({"k": [key[0]], "n": [n]})
"""
HANDS_OVER = '.applyInPandasWithState(count, "k string, n long", "n long", "update", "NoTimeout")'


def test_two_functions_in_one_job_are_two_jobs_each_with_its_name():
    other = PANDAS.replace("def count", "def total").replace("import pandas as pd\n", "")
    jobs = read_jobs(
        f'{PANDAS}{other}df.groupBy("a"){HANDS_OVER}\ndf.groupBy("b"){HANDS_OVER.replace("count", "total")}\n'
    )
    assert [(job.entry, job.key) for job in jobs] == [("count", ("a",)), ("total", ("b",))]


def test_one_function_over_two_frames_is_two_jobs_and_over_the_same_one_job():
    assert [job.key for job in read_jobs(PROCESSOR + CALL + CALL)] == [("a", "b", "c")]
    twice = read_jobs(f'{PANDAS}df.groupBy("a"){HANDS_OVER}\ndf.groupBy("b"){HANDS_OVER}\n')
    assert [(job.entry, job.key) for job in twice] == [(None, ("a",)), (None, ("b",))]


def test_several_functions_without_a_job_are_told_apart_and_a_base_class_is_none_of_them():
    derived = "class Sums(Counts):\n    pass\nclass Means(Counts):\n    pass\n"
    assert [job.entry for job in read_jobs(PROCESSOR + derived)] == ["Sums", "Means"]


@pytest.mark.parametrize(
    ("writer", "mode"),
    [
        ('.writeStream.outputMode("append").start()', "append"),
        (".writeStream.format('delta').outputMode(outputMode='Complete').start()", "complete"),
        (".writeStream.start(outputMode='update')", "update"),
        (".writeStream.foreachBatch(lambda rows, number: None).trigger(once=True).start()", "append"),
        (".select('k').writeStream.toTable('t')", "append"),
        (".filter('n > 1')", None),
    ],
)
def test_the_output_mode_of_the_query_is_read_and_append_where_it_names_none(writer, mode):
    job = read_job(f'{PANDAS}df.groupBy("k"){HANDS_OVER}{writer}\n')
    assert job is not None
    assert job.query_output_mode == mode


def test_queries_with_different_output_modes_are_told_and_none_is_taken():
    start = "out.writeStream.outputMode('{}').start()\n"
    job = read_job(f'{PANDAS}out = df.groupBy("k"){HANDS_OVER}\n{start.format("append")}{start.format("update")}')
    assert job is not None
    assert job.query_output_mode is None
    assert job.untold == ("Its queries have different output modes: append and update",)


@pytest.mark.parametrize(
    "sets",
    [
        'spark.conf.set("spark.sql.shuffle.partitions", "3")',
        'spark = SparkSession.builder.appName("x").config("spark.sql.shuffle.partitions", 3).getOrCreate()',
        'spark = SparkSession.builder.config(map={"spark.sql.shuffle.partitions": 3}).getOrCreate()',
        'conf = SparkConf()\nconf.set("spark.sql.shuffle.partitions", "3")\nspark = SparkSession.builder.config(conf=conf)',
        'spark.sql("SET spark.sql.shuffle.partitions = 3")',
        'SparkConf().setAll([("spark.sql.shuffle.partitions", "3")])',
    ],
)
def test_settings_are_read_in_every_spelling(sets):
    job = read_job(f'from pyspark import SparkConf\n{PANDAS}{sets}\ndf.groupBy("k"){HANDS_OVER}\n')
    assert job is not None
    assert (job.shuffle_partitions, job.untold) == (3, ())


def test_a_setting_without_a_field_is_followed_or_told():
    records, zone = "spark.sql.execution.arrow.maxRecordsPerBatch", "spark.sql.session.timeZone"
    sets = f'spark.conf.set("{records}", 500)\nspark.conf.set("{zone}", "Asia/Tokyo")\n'
    job = read_job(f'{PANDAS}{sets}df.groupBy("k"){HANDS_OVER}\n')
    assert job is not None
    assert job.conf == {records: "500"}
    assert job.untold == (f"{zone} has no effect here (the job sets it to Asia/Tokyo)",)


@pytest.mark.parametrize(
    "call",
    [
        '.withWatermark("at", "1 minute")',
        '.withWatermark(eventTime="at", delayThreshold="1 minute")',
        '.withWatermark(delayThreshold=f"{1} minute", eventTime="at").dropDuplicates(["id"])',
    ],
)
def test_a_watermark_is_read_in_every_spelling(call):
    job = read_job(f'{PANDAS}df{call}.groupBy("k"){HANDS_OVER}\n')
    assert job is not None
    assert job.watermark == Watermark("at", "1 minute")


INITIAL = (
    "before = spark.createDataFrame({}).groupBy('a')\ndf.groupBy('a').transformWithState("
    "Counts(), 'x long', 'Update', 'None', initialState=before)\n"
)


@pytest.mark.parametrize(
    ("rows", "schema"),
    [
        ("[('k', 7)], 'a string, n int'", "a string, n int"),
        ("[('k', 7)], ['a', 'n']", "a string, n bigint"),
        ("[Row(a='k', n=7)], StructType().add('a', 'string').add('n', 'int')", "a string, n int"),
        ("[{'a': 'k', 'n': 7}], schema='a string, n int'", "a string, n int"),
    ],
)
def test_state_that_stands_in_the_job_is_read_with_its_schema_and_its_key(rows, schema):
    job = read_job(PROCESSOR + INITIAL.format(rows))
    assert job is not None
    assert job.initial_state == InitialState(schema, ["a"], [{"a": "k", "n": 7}])


def test_state_that_stands_elsewhere_is_told():
    job = read_job(PROCESSOR + INITIAL.replace("createDataFrame({})", "table('counts')"))
    assert job is not None
    assert job.initial_state is None
    assert job.untold == (
        "The rows of its initialState are defined elsewhere: write them under More, as the state so far",
    )


def test_a_job_that_wants_arguments_is_given_some_and_that_is_told():
    usage = "import sys\nif __name__ == '__main__':\n    if len(sys.argv) != 3:\n        sys.exit(-1)\n"
    job = read_job(f'{PANDAS}{usage}    df.groupBy("k"){HANDS_OVER}\n')
    assert job is not None
    assert job.untold == ("It needs arguments: each of them is 1 here",)


def test_a_function_that_needs_what_nobody_gives_is_read_all_the_same():
    job = read_job(f'{PANDAS}def build(df, *, gap, mode="x"):\n    return df.groupBy("k"){HANDS_OVER}\n')
    assert job is not None
    assert (job.is_whole, job.key) == (True, ("k",))


def test_a_pipeline_s_decorated_function_is_the_job():
    stream = f'("in").groupBy("k"){HANDS_OVER}\n'
    flow = (
        f'import dlt\n@dlt.table(name="out")\n@dlt.expect("e", "n > 0")\ndef out():\n    return dlt.read_stream{stream}'
    )
    bare = f"from pyspark import pipelines as dp\n@dp.table\ndef out():\n    return spark.readStream.table{stream}"
    for code in (flow, bare):
        job = read_job(PANDAS + code)
        assert job is not None
        assert (job.is_whole, job.function_name, job.key) == (True, "count", ("k",))


def test_the_jvm_s_operator_written_in_python_is_the_tutorial_s_api_by_spark_s_rules():
    job = read_job(
        "def f(key, rows, state):\n    return []\n"
        "df.groupByKey(lambda row: row.user).flatMapGroupsWithState(f, outputMode='append', timeoutConf='NoTimeout')\n"
    )
    assert job is not None
    assert job.fields() == {
        "api": "updateState",
        "semantics": "spark",
        "key": "user",
        "output_mode": "append",
        "timeout_conf": "NoTimeout",
    }
    assert job.untold == ("PySpark has no [map|flatMap]GroupsWithState: it is replayed by the JVM's rules",)


STREAM = 'raw = spark.readStream.format("kafka").load()\ns = "a string, at string, n int, inner struct<x: double>"\n'
PARSED = 'df = raw.select(F.from_json(F.col("value").cast("string"), s).alias("d"), "timestamp").select("d.*", "timestamp")\n'


@pytest.mark.parametrize(
    ("steps", "schema"),
    [
        ("", "a string, at string, n int, inner struct<x:double>, timestamp timestamp"),
        ('.withColumn("at", F.to_timestamp("at")).drop("n", "inner")', "a string, at timestamp, timestamp timestamp"),
        ('.select("a", F.col("inner.x"), F.col("n").cast("long").alias("m"))', "a string, x double, m bigint"),
        ('.selectExpr("a", "CAST(n AS DOUBLE) AS m", "inner.x as y")', "a string, m double, y double"),
        ('.withColumnRenamed("n", "m").select("a", df.at, df["m"])', "a string, at string, m int"),
        (
            '.drop("inner").select("*", F.lit(True).alias("new"))',
            "a string, at string, n int, timestamp timestamp, new boolean",
        ),
        ('.drop("N", "INNER", "timestamp").withColumn("AT", F.to_date("At"))', "a string, AT date"),
        ('.select("a", "n").withColumnRenamed("N", "m")', "a string, m int"),
        ('.select("n").withColumnRenamed("N", "A")', "A int"),
        ('.select("a", F.expr("n * 2").alias("m"))', None),
        ('.join(other, "a")', None),
        ('.select("a", F.when(df.n > 1, F.lit("x")).otherwise("y").alias("size"))', "a string, size string"),
        ('.select("a", F.explode(F.split("at", " ")).alias("word"))', "a string, word string"),
    ],
)
def test_the_input_schema_is_that_of_the_frame_that_is_grouped(steps, schema):
    job = read_job(f'{STREAM}{PARSED}{PANDAS}df = df{steps}\ndf.groupBy("a"){HANDS_OVER}\n')
    assert job is not None
    assert job.input_schema == schema


def test_a_field_of_a_struct_as_the_key_needs_the_struct_alone():
    job = read_job(f'{STREAM}{PARSED}{PANDAS}df.select("inner", "n").groupBy("Inner.x"){HANDS_OVER}\n')
    assert job is not None
    assert (job.key, job.input_schema) == (("Inner.x",), "inner struct<x:double>, n int")


@pytest.mark.parametrize(
    ("variables", "schemas"),
    [
        (
            'output_schema = "k string, n long"\nstate_schema = StructType().add("n", "long")\n',
            ("k string, n long", "n bigint"),
        ),
        ('OUT_SCHEMA = "k string, n long"\nSESSION_STATE_SCHEMA = "n long"\n', ("k string, n long", "n long")),
        ('schema = "k string"\nstate = "n long"\n', (None, None)),
        ('output_schema = "k string"\noutput_schema_old = "n long"\n', (None, None)),
    ],
)
def test_schemas_beside_a_function_without_a_job_are_found_by_their_names(variables, schemas):
    job = read_job(f"from pyspark.sql.types import *\n{variables}{PANDAS}")
    assert job is not None
    assert (job.output_schema, job.state_schema) == schemas
    assert len(job.untold) == sum(schema is not None for schema in schemas)


def test_a_schema_that_stands_elsewhere_is_told():
    call = "applyInPandasWithState(count, schemas.OUT, 'n long', 'append', 'NoTimeout')"
    job = read_job(f"{PANDAS}from shop import schemas\ndf.groupBy('k').{call}\n")
    assert job is not None
    assert job.untold == ("Its output schema is defined elsewhere: choose it below",)


def test_what_a_job_reads_from_its_own_modules_is_not_made_up_but_told():
    own = "from shop import conf\ngap_ms = int(conf.minutes) * 60_000\n"
    call = "applyInPandasWithState(count, 'k string, n long', 'n long', conf.mode, 'NoTimeout')"
    job = read_job(f"{PANDAS}{own}df.groupBy(conf.key, df.day).{call}\n")
    assert job is not None
    assert (job.key, job.output_mode) == (None, None)
    assert job.untold == (
        "The code does not contain the number minutes: 0 is used in its place",
        "Its key is more than plain column names: choose it below",
        "Its output mode is defined elsewhere: choose it below",
    )


def test_an_object_that_is_called_is_named_by_its_class():
    tracker = PANDAS.replace("def count(key", "class Tracker:\n  def __call__(self, key")
    job = read_job(f'{tracker}df.groupBy("k"){HANDS_OVER.replace("count", "Tracker().__call__")}\n')
    assert job is not None
    assert job.function_name == "Tracker"


def test_of_more_than_anybody_reads_the_beginning_is_told():
    many = "for i in range(1_000):\n    spark.conf.set(f'spark.x{i}', 'y' * 1_000)\n"
    job = read_job(f'{PANDAS}{many}df.groupBy("k"){HANDS_OVER}\n')
    assert job is not None
    assert [len(sentence) for sentence in job.untold] == [500] * 20
    over = f"for i in range(1_000):\n    df.groupBy(str(i)){HANDS_OVER}\n"
    assert len(read_jobs(PANDAS + over)) == 20


@pytest.mark.parametrize("key", ['window("at", "1 hour"), "user"', 'F.upper("user")', "*columns"])
def test_a_key_that_is_more_than_columns_is_told(key):
    job = read_job(f"{PANDAS}df.groupBy({key}){HANDS_OVER}\n")
    assert job is not None
    assert job.untold == ("Its key is more than plain column names: choose it below",)


def test_a_function_under_a_decorator_of_elsewhere_is_called_by_its_own_name():
    decorated = PANDAS.replace("def count", "@retry(times=3)\ndef count")
    job = read_job(f'from shop import retry\n{decorated}df.groupBy("k"){HANDS_OVER}\n')
    assert job is not None
    assert job.function_name == "count"
