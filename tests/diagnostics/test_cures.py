"""The lines to add are written for the function that is there: its names, its API's types."""

import pytest

from engine.diagnostics import cures
from engine.diagnostics.finding import Case
from engine.diagnostics.source import Source
from engine.model.rows import Rows
from engine.model.scenario import Batch, Scenario, Watermark
from tests.helpers import TUTORIAL, replayed, trace_of

IN_PANDAS = """\
import pandas as pd

def fn(key, pdfs, memory):
    memory.update((1,))
    yield pd.DataFrame({"k": [key[0]]})
"""


def case_of(trace):
    return Case(trace, Source(trace.scenario.code, trace.function_name))


@pytest.fixture(scope="module")
def plain():
    return case_of(replayed(TUTORIAL, (0, "a")))


@pytest.fixture(scope="module")
def in_pandas():
    made = Scenario(
        api="applyInPandasWithState",
        code=IN_PANDAS,
        input_schema="k string",
        output_schema="k string",
        state_schema="n long",
        batches=[Batch(0, Rows.from_dicts([{"k": "a"}]))],
    )
    return case_of(trace_of(made))


def test_state_is_removed_below_the_question_or_together_with_it(plain, in_pandas):
    assert cures.remove_when_timed_out(plain) == "state.remove()"
    assert cures.remove_when_timed_out(in_pandas).splitlines()[:2] == ["if memory.hasTimedOut:", "    memory.remove()"]


def test_pyspark_takes_a_tuple_for_a_value_and_milliseconds_for_a_duration(plain, in_pandas):
    assert (cures.update(plain), cures.update(in_pandas)) == ("state.update(value)", "memory.update((value,))")
    assert cures.set_duration(plain, 90_000) == 'state.setTimeoutDuration("1 minute 30 seconds")'
    assert cures.set_duration(in_pandas, 90_000) == "memory.setTimeoutDuration(90_000)"


def test_a_timeout_follows_the_clock_of_the_query(plain):
    event_time = replayed(
        TUTORIAL, (0, [{"k": "a", "ts": 1}]), timeout_conf="EventTimeTimeout", watermark=Watermark("ts", "1 minute")
    )
    assert "setTimeoutDuration" in cures.set_timeout(plain)
    assert "setTimeoutTimestamp" in cures.set_timeout(case_of(event_time))


def test_rows_are_returned_as_the_api_wants_them(plain, in_pandas):
    assert cures.return_rows(plain) == "return [(key, value)]"
    assert cures.return_rows(in_pandas).startswith("yield pd.DataFrame(")
