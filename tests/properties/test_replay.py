"""What holds for every stream and every function made of these parts, whatever they do."""

from itertools import pairwise

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.scenario import Batch, Scenario, Watermark
from engine.model.trace import Trace
from tests.helpers import scenario, trace_of

#: Programs of a few operations, interpreted by one function: the first for data, the second for timed-out calls.
PROGRAM = """
def updateState(key, values, state):
    for operation in (TIMED_OUT if state.hasTimedOut else DATA):
        if operation == "update": state.update((state.getOption() or 0) + 1)
        if operation == "remove": state.remove()
        if operation == "timeout": SET
        if operation == "emit": yield (key, state.getOption(), bool(state.hasTimedOut))
"""
SETTERS = {
    "ProcessingTimeTimeout": "state.setTimeoutDuration(1500)",
    "EventTimeTimeout": "state.setTimeoutTimestamp(state.getCurrentWatermarkMs() + 1500)",
    "NoTimeout": "pass",
}
OPERATIONS = st.lists(st.sampled_from(["update", "remove", "timeout", "emit"]), max_size=4)
ROW = st.fixed_dictionaries({"k": st.sampled_from(["a", "b", "c", None]), "ts": st.none() | st.integers(0, 9000)})


@st.composite
def scenarios(draw, confs: tuple[str, ...] = tuple(SETTERS)) -> Scenario:
    conf = draw(st.sampled_from(confs))
    code = PROGRAM.replace("SET", SETTERS[conf]).replace("TIMED_OUT", repr(draw(OPERATIONS)))
    gaps = draw(st.lists(st.integers(0, 3000), min_size=1, max_size=6))
    batches = [(sum(gaps[: i + 1]), draw(st.lists(ROW, max_size=4))) for i in range(len(gaps))]
    return scenario(
        code.replace("DATA", repr(draw(OPERATIONS))),
        *batches,
        key="k",
        input_schema="k string, ts timestamp",
        semantics=draw(st.sampled_from(["tutorial", "spark"])),
        timeout_conf=conf,
        watermark=Watermark("ts", "1 second"),
        shuffle_partitions=draw(st.integers(1, 3)),
        restart_before=draw(st.lists(st.integers(0, len(gaps) - 1), max_size=1)),
    )


def batch_facts(trace: Trace) -> list[object]:
    return [(batch, trace.calls_of(batch)) for batch in trace.batches]


@settings(max_examples=60)
@given(scenarios())
def test_equal_scenarios_give_equal_traces(made):
    assert trace_of(made) == trace_of(made)


@settings(max_examples=60)
@given(scenarios(), st.data())
def test_the_trace_of_the_first_triggers_is_a_prefix_of_the_trace_of_all(made, data):
    count = data.draw(st.integers(0, len(made.batches)))
    restarts = [index for index in made.restart_before if index < count]
    shorter = msgspec.structs.replace(made, batches=made.batches[:count], restart_before=restarts)
    part = batch_facts(trace_of(shorter))
    assert part == batch_facts(trace_of(made))[: len(part)]


@settings(max_examples=60)
@given(scenarios())
def test_every_row_is_given_to_one_call_or_dropped_once(made):
    trace = trace_of(made)
    for batch in trace.batches:
        given_rows = [index for call in trace.calls_of(batch) for index in call.row_indexes]
        dropped = [row.row_index for row in batch.dropped]
        assert sorted(given_rows + dropped) == list(range(batch.input_rows))


@settings(max_examples=60)
@given(scenarios())
def test_state_before_a_call_is_the_state_after_the_last_call_of_the_key(made):
    known = {}
    for call in trace_of(made).calls:
        if call.key in known:
            assert call.before == known[call.key]
        else:
            assert not call.before.stored
        known[call.key] = call.after


@settings(max_examples=60)
@given(scenarios())
def test_the_watermark_never_falls_and_late_rows_are_compared_with_the_one_before(made):
    batches = trace_of(made).batches
    for before, after in pairwise(batches):
        assert after.watermark_ms >= before.watermark_ms
        assert after.late_watermark_ms == before.watermark_ms


@settings(max_examples=60)
@given(scenarios())
def test_a_timed_out_call_had_a_timeout_that_was_due(made):
    trace = trace_of(made)
    for call in trace.calls:
        if call.reason == "timeout":
            batch = trace.batches[call.batch_index]
            now_ms = batch.processing_time_ms if trace.expires_by == "processing_time" else batch.watermark_ms
            assert call.before.timeout_ms < now_ms


@settings(max_examples=60)
@given(scenarios(confs=("NoTimeout", "ProcessingTimeTimeout")))
def test_without_event_time_the_data_calls_of_a_key_do_not_depend_on_the_other_keys(made):
    made = msgspec.structs.replace(made, restart_before=[])  # after one, another key's data lets timeouts fire again
    alone = msgspec.structs.replace(made, batches=[_only_a(batch) for batch in made.batches])
    assert _data_calls_of_a(trace_of(alone)) == _data_calls_of_a(trace_of(made))


def _only_a(batch: Batch) -> Batch:
    keys = batch.rows.column("k")
    return msgspec.structs.replace(batch, rows=batch.rows.take(i for i, key in enumerate(keys) if key == "a"))


def _data_calls_of_a(trace: Trace) -> list[object]:
    return [call.output for call in trace.calls if call.key == ("a",) and call.reason == "data"]
