"""Every recorded scenario, replayed here and held against what real Spark 4.3 did."""

import pytest

from engine.model.problems import Problem
from engine.model.trace import Trace
from engine.run_here import run_here
from tests.golden import accepted, cases
from tests.golden.compare import differences


@pytest.mark.filterwarnings("ignore:The inplace keyword in DataFrame.drop")  # a recorded function's own
@pytest.mark.filterwarnings("ignore:coroutine 'Processor.later' was never awaited")  # as in Spark's worker
@pytest.mark.parametrize("name", cases.names())
def test_the_replay_does_what_spark_did(name):
    scenario = cases.scenario_of(cases.case(name))
    replayed = scenario if isinstance(scenario, list) else run_here(scenario)
    assert differences(name, cases.answer(name), replayed) == []


@pytest.mark.parametrize("name", cases.names_without_answer())
def test_a_case_with_an_operator_after_ours_is_refused_kindly(name):
    scenario = cases.scenario_of(cases.case(name))
    problems = scenario if isinstance(scenario, list) else run_here(scenario)
    assert problems
    assert all(isinstance(problem, Problem) for problem in problems)
    assert any(problem.where == "post" for problem in problems)


def test_every_accepted_difference_is_still_one():
    """A row of the table that accepts nothing any more must go."""
    idle = [
        row.case
        for row in accepted.ACCEPTED
        if not any(_differs(name, row) for name in cases.names() if accepted.fnmatchcase(name, row.case))
    ]
    assert idle == []


def _differs(name: str, row: accepted.Accepted) -> bool:
    trace = run_here(cases.scenario_of(cases.case(name)))
    assert isinstance(trace, Trace)
    return bool(differences("a name that nothing is accepted for", cases.answer(name), trace))
