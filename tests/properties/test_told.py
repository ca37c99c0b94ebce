"""Whatever a replay holds, it can be told: every step, every finding, both logs."""

from hypothesis import given, settings

from engine.debugger.steps import Steps
from engine.diagnostics import findings
from engine.views import all_calls, call_page, inspect, output_count, output_csv, output_page
from tests.helpers import trace_of
from tests.properties.test_replay import scenarios


@settings(max_examples=60)
@given(scenarios())
def test_every_step_has_its_reason_and_two_to_five_sentences(made):
    trace = trace_of(made)
    steps = Steps(trace)
    for index in range(len(steps)):
        told = inspect(trace, steps.at(index))
        assert 2 <= len((told.why, *told.story)) <= 5
        assert all(sentence.endswith(".") for sentence in (told.why, *told.story))
        assert bool(told.call) == (steps.at(index).kind == "call")


@settings(max_examples=60)
@given(scenarios())
def test_every_finding_is_told_once_and_points_into_the_trace(made):
    trace = trace_of(made)
    found = findings(trace)
    assert len({finding.id for finding in found}) == len(found)
    assert all(finding.call_index is None or finding.call_index < len(trace.calls) for finding in found)
    assert all(finding.title and finding.why and finding.fix and finding.count > 0 for finding in found)


@settings(max_examples=30)
@given(scenarios())
def test_the_logs_have_every_call_and_every_row_that_was_written(made):
    trace = trace_of(made)
    written = [
        row for batch in trace.batches if batch.committed for call in trace.calls_of(batch) for row in call.output
    ]
    assert output_count(trace) == len(written)
    assert output_csv(trace).count("\r\n") == len(written) + 1
    assert call_page(trace, all_calls(trace), 1).row_count == len(trace.calls)
    assert len(output_page(trace, 1).frame) == min(len(written), 15)
