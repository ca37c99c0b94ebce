"""Questions about lines are answered in a worker, as replays are: the same answers, the same limits."""

import pytest

from engine.lines.answer import answer_here
from engine.model.job import ReadJob
from engine.model.lines import Breakpoint, LinesOfCall, Watch, WatchedCalls
from engine.sandbox import Limits, SandboxRunner
from tests.helpers import TUTORIAL, scenario

STREAM = ((0, "hello hello spark"), (1000, "hello"))
WATCHED = WatchedCalls((Breakpoint(5, "count > 1"),), (Watch("state"),), counts_lines=True)


@pytest.mark.parametrize("question", [LinesOfCall(2), WATCHED], ids=["lines", "watches"])
def test_the_answer_is_the_one_of_the_replay_in_this_process(runner, question):
    made = scenario(TUTORIAL, *STREAM)
    assert runner.ask(made, question).result() == answer_here(made, question)


def test_a_job_is_read_in_a_worker(runner):
    job = "def fn(key, pdfs, state):\n    return []\ndf.groupBy('k').applyInPandasWithState(fn, 'a long', 'n long')\n"
    answer = runner.ask(scenario(job, (0, "a")), ReadJob()).result()
    assert answer == answer_here(scenario(job, (0, "a")), ReadJob())
    assert answer.jobs[0].fields()["state_schema"] == "n long"


def test_an_expression_that_never_ends_is_stopped_and_what_was_found_before_is_kept():
    made = scenario(TUTORIAL, *STREAM)
    forever = Watch("[n for n in iter(int, 1)] if key == 'spark' else count")
    with SandboxRunner(Limits(call_time_ms=300), max_workers=1) as strict:
        answer = strict.ask(made, WatchedCalls(watches=(forever,))).result()
    assert answer.ending == "time_limit"
    assert [found.value.text for found in answer.values if found.value] == ["2"]
    assert answer.values[-1].error.error_class == "LimitReached"  # at the watch: the function has no such loop


def test_a_line_that_never_ends_is_the_last_step():
    code = "def updateState(key, values, state):\n    n = 1\n    while True:\n        n = 2\n"
    with SandboxRunner(Limits(call_time_ms=300), max_workers=1) as strict:
        answer = strict.ask(scenario(code, (0, "a")), LinesOfCall(0)).result()
    assert answer.steps[1].changed["n"].text == "1"
    assert answer.cut or answer.steps[-1].line in (3, 4)


def test_an_expression_has_no_more_rights_than_the_function(runner):
    made = scenario(TUTORIAL, *STREAM)
    answer = runner.ask(made, WatchedCalls(watches=(Watch("open('/etc/passwd').read()"),))).result()
    assert [found.error.error_class for found in answer.values] == ["PermissionError"] * 3
