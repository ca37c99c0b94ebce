"""The comparison itself is tested: an answer that was changed must fail, and name the place."""

import copy

import pytest

from engine.run_here import run_here
from tests.golden import cases
from tests.golden.compare import differences


def put(answer, path, value):
    *way, last = path
    for step in way:
        answer = answer[step]
    answer[last] = value


BATCH = ("triggers", 1, "batches", 0)
CALL = ("triggers", 0, "calls", 0)
CHANGES = [
    ((*BATCH, "output", 0, "info"), "another", "trigger 1, output"),
    ((*BATCH, "state"), [], "trigger 1, state"),
    ((*BATCH, "progress", "eventTime", "watermark"), "1970-01-01T00:00:11.000Z", "trigger 1, watermark_ms"),
    ((*BATCH, "progress", "eventTime", "avg"), "1970-01-01T00:00:11.000Z", "trigger 1, event_times"),
    ((*BATCH, "progress", "stateOperators", 0, "numRowsUpdated"), 7, "trigger 1, numRowsUpdated"),
    ((*BATCH, "progress", "numInputRows"), 7, "trigger 1, input_rows"),
    (("triggers", 1, "batches"), [], "trigger 1, batches"),
    ((*CALL, "key"), ["z"], "trigger 0, call 0, key"),
    ((*CALL, "partition"), 1, "trigger 0, call 0, partition"),
    ((*CALL, "timed_out"), True, "trigger 0, call 0, reason"),
    ((*CALL, "chunks", 0, "rows", 0, 1), "1970-01-01T00:00:10.001000", "trigger 0, call 0, rows"),
    ((*CALL, "ops", 0, 1), [9], "trigger 0, call 0, operations"),
    ((*CALL, "before", "exists"), True, "trigger 0, call 0, before"),
    ((*CALL, "after", "exists"), False, "trigger 0, call 0, after, exists"),
    ((*CALL, "timeout_timestamp_after"), 7, "trigger 0, call 0, after, timeout_ms"),
    ((*CALL, "outputs"), [], "trigger 0, call 0, output rows"),
    ((*CALL, "raised"), {"class": "builtins.KeyError", "message": "k"}, "trigger 0, call 0, error"),
    (("plan_error",), {"class": "x.AnalysisException", "message": "no"}, "ending"),
    (("triggers", 0, "calls"), [{}, {}], "trigger 0, calls"),
]
NAME = "event_timeout_fires_when_strictly_less"


@pytest.mark.parametrize(("path", "value", "place"), CHANGES, ids=[place for *_, place in CHANGES])
def test_a_changed_answer_fails_and_names_the_place(path, value, place):
    changed = copy.deepcopy(cases.answer(NAME))
    put(changed, path, value)
    if value == [{}, {}]:
        changed["triggers"][0]["calls"] = [cases.answer(NAME)["triggers"][0]["calls"][0]] * 2
    found = differences(NAME, changed, run_here(cases.scenario_of(cases.case(NAME))))
    assert any(line.startswith(f"{place}:") for line in found), found


def test_an_error_with_another_text_fails():
    name = "error_get_without_state"
    changed = cases.answer(name)
    changed["query_error"]["python"]["message"] += "!"
    found = differences(name, changed, run_here(cases.scenario_of(cases.case(name))))
    assert [line.partition(":")[0] for line in found] == ["error"]


def test_a_batch_that_spark_did_not_run_fails():
    changed = cases.answer(NAME)
    del changed["triggers"][4]
    found = differences(NAME, changed, run_here(cases.scenario_of(cases.case(NAME))))
    assert [line.partition(":")[0] for line in found] == ["trigger 4"]


def test_a_refused_case_fails():
    problems = run_here(cases.scenario_of({**cases.case(NAME), "restart_before": [99]}))
    assert differences(NAME, cases.answer(NAME), problems)[0].startswith("refused: restart_before")
