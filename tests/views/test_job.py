"""What a pasted job says and the page does not, in the words of the controls."""

import pytest

from engine.model.job import Job
from engine.model.rows import Rows
from engine.model.scenario import Batch, Scenario, Watermark
from engine.views.job import may_be_a_job, said_otherwise
from tests.helpers import TUTORIAL

JOB = Job(
    "applyInPandasWithState", "fn", True, ("user", "day"), output_schema="n  long", watermark=Watermark("at", "1 hour")
)


def test_only_what_is_otherwise_is_told():
    query = Scenario(api="updateState", code="", output_schema="n long", key=["user"], batches=[])
    assert said_otherwise(JOB, query, "NoTimeout") == {
        "API": "applyInPandasWithState",
        "Key": "user, day",
        "Event time": "at, 1 hour late at most",
    }


def test_a_query_that_is_as_the_job_says_has_nothing_to_be_told():
    said = {**JOB.fields(), "code": "", "batches": []}
    assert said_otherwise(JOB, Scenario(**said), "NoTimeout") == {}


@pytest.mark.parametrize("key", ["word", ["word"], None])
def test_a_key_of_one_column_is_the_same_however_it_is_written(key):
    query = Scenario(api="updateState", code="", key=key, batches=[Batch(0, Rows(["word"], [["a"]]))])
    assert said_otherwise(Job("updateState", "f", key=("word",)), query, "NoTimeout") == {}


def test_the_mode_that_an_api_has_by_itself_need_not_be_written():
    query = Scenario(api="transformWithState", code="", batches=[])
    job = Job("transformWithState", "f", time_mode="None")
    assert said_otherwise(job, query, "None") == {}
    assert said_otherwise(job, query, "EventTime") == {"Time mode": "None"}


def test_what_a_job_says_is_one_line_of_visible_text():
    hostile = Job("updateState", "f", state_schema="n long\u202e\n" + "x" * 10)
    (told,) = said_otherwise(hostile, Scenario(api="updateState", code="", batches=[]), "NoTimeout").values()
    assert "\u202e" not in told
    assert "\n" not in told


def test_the_tutorials_function_is_not_looked_at_twice():
    assert not may_be_a_job(TUTORIAL)
    assert may_be_a_job("df.groupBy('a').applyInPandasWithState(f)")
