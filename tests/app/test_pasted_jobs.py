"""What was pasted is read: what a job says of its query is taken over with one click, and prompts are left out."""

import json

from engine import Watermark, share_encode
from tests.app.page import control, drawn, opened, sent_to, session_of, settled, texts
from tests.helpers import TUTORIAL, scenario

JOB = """\
def count(key, pdfs, state):
    n = sum(len(pdf) for pdf in pdfs)
    state.update((n,))
    yield pd.DataFrame({"word": [key[0]], "n": [n]})

if __name__ == "__main__":
    df.withWatermark("at", "1 minute").groupBy("word").applyInPandasWithState(
        count, "word string, n long", "n long", "append", GroupStateTimeout.EventTimeTimeout)
"""
ROWS = [{"word": "a", "at": "2024-01-01T10:00:00Z"}]


def test_a_job_is_taken_over_and_can_be_taken_back():
    page = opened(s=share_encode(scenario(JOB, (0, ROWS)), 0))
    assert "it passes count to applyInPandasWithState" in texts(page)
    assert "<td>word string, n long</td>" in drawn(page)
    page = settled(page.button(key="use_job").click().run())
    session = session_of(page)
    assert session.draft.scenario.watermark == Watermark("at", "1 minute")
    assert session.call.output == [["a", 1]]
    assert "whole job" not in texts(page)
    page = settled(page.button(key="undo").click().run())
    assert session_of(page).draft.scenario.api == "updateState"


def test_a_function_alone_is_called_as_it_is_written_for():
    page = opened(s=share_encode(scenario(JOB.partition("if __name__")[0], (0, ROWS)), 0))
    assert "count is written for applyInPandasWithState" in texts(page)
    page = settled(page.button(key="use_job").click().run())
    assert session_of(page).draft.scenario.api == "applyInPandasWithState"


def test_what_a_text_was_pasted_with_is_left_out_and_can_be_taken_back():
    pasted = "```python\n" + TUTORIAL + "```\n"
    page = opened(s=share_encode(scenario(pasted, (0, "a")), 0))
    assert "The text has the marks of a code block in it." in texts(page)
    page = settled(page.button(key="clean").click().run())
    assert session_of(page).draft.scenario.code == TUTORIAL
    assert sent_to(page, "code")["value"] == TUTORIAL
    assert len(session_of(page).trace.calls) == 1
    page = settled(page.button(key="undo").click().run())
    assert session_of(page).draft.scenario.code == pasted


def test_of_a_notebook_s_file_the_cells_are_left_though_python_can_read_it():
    cell = {"cell_type": "code", "execution_count": None, "source": TUTORIAL}
    page = opened(s=share_encode(scenario(json.dumps({"cells": [cell]}), (0, "a")), 0))
    assert "The text has the marks of a notebook's file in it." in texts(page)
    page = settled(page.button(key="clean").click().run())
    assert session_of(page).draft.scenario.code == TUTORIAL


def test_events_of_another_query_are_told_as_such():
    foreign = scenario(TUTORIAL, (0, "hello"), input_schema="user string, at timestamp", key="user")
    page = opened(s=share_encode(foreign, 0))
    assert "Write events such as user=… at=…, or clear the input schema" in texts(page)


TWO = (
    JOB.partition("if __name__")[0]
    + """\
def longest(key, pdfs, state):
    yield pd.DataFrame({"word": [key[0]], "n": [max(len(pdf) for pdf in pdfs)]})

words = df.groupBy("word")
words.applyInPandasWithState(count, "word string, n long", "n long", "update", "NoTimeout")
words.applyInPandasWithState(longest, "word string, n long", "n long", "update", "NoTimeout")
"""
)


def test_of_two_functions_one_is_chosen_and_the_other_one_stays_on_offer():
    page = opened(s=share_encode(scenario(TWO, (0, ROWS)), 0))
    assert "The code has 2 functions for Spark." in texts(page)
    page = settled(control(page, "job_choice").select_index(1).run())
    draft = session_of(page).draft.scenario
    assert (draft.entry, draft.title) == ("longest", "longest")
    assert session_of(page).trace.function_name == "longest"
    assert control(page, "job_choice").value == 1
    page = settled(control(page, "job_choice").select_index(0).run())
    assert session_of(page).trace.function_name == "count"
    page = settled(page.button(key="undo").click().run())
    assert session_of(page).draft.scenario.entry == "longest"


def test_schemas_that_a_function_needs_stand_in_sight_until_they_are_there():
    page = opened(s=share_encode(scenario(JOB.partition("if __name__")[0], (0, ROWS)), 0))
    page = settled(page.button(key="use_job").click().run())
    assert "output_schema: applyInPandasWithState needs it" in texts(page)
    page = settled(control(page, "output_schema").set_value("word string, n long").run())
    assert "output_schema" not in texts(page)
    page = settled(control(page, "state_schema").set_value("n long").run())
    assert session_of(page).call.output == [["a", 1]]


def test_what_a_job_says_and_nobody_can_follow_is_told_after_it_was_taken_over():
    elsewhere = JOB.replace('"1 minute"', "delays.clicks")
    page = opened(s=share_encode(scenario("from shop import delays\n" + elsewhere, (0, ROWS)), 0))
    page = settled(page.button(key="use_job").click().run())
    assert "The watermark that it passes to withWatermark is defined elsewhere: choose it below." in texts(page)
