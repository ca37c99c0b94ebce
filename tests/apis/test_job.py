"""What a pasted job says of its query is read off what it gives to Spark, not guessed."""

import pytest

from engine.apis.job import read_job
from engine.model.job import Job
from engine.model.scenario import Watermark

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
        input_schema="user string NOT NULL, at timestamp",
        output_schema="user string, `total clicks` bigint",
        state_schema="n long, last timestamp",
        output_mode="append",
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
        ("def f(key, pdfs, state: GroupState):\n    yield pd.DataFrame()\n", "applyInPandasWithState"),
        ("def updateState(key, values, state):\n    return pd.DataFrame(values)\n", "updateState"),
        ("def f(key, values, state):\n    return []\n", None),
        ("def f(:", None),
    ],
)
def test_without_a_job_the_code_shows_what_it_is_written_for(code, api):
    job = read_job(code)
    assert (job.fields() if job else None) == ({"api": api} if api else None)


def test_two_jobs_in_one_paste_say_nothing():
    assert read_job(PROCESSOR + CALL + CALL) is None
