"""The comparison itself: what differs is found and named, what is accepted is not; no Spark is needed here."""

import msgspec
import pytest

from engine.codec.frames import FrameWriter, read_trace
from engine.model.trace import ErrorRecord
from engine.run_here import run_here
from tests.helpers import TUTORIAL, scenario
from tests.spark.differences import differences

SCENARIO = scenario(TUTORIAL, (0, "a b"), (700_000, ""), (800_000, "a"))
TRACE = run_here(SCENARIO)


def changed(batch=None, call=None, **ending):
    """The trace with some fields of its second batch, of its third call, or of its ending changed."""
    frames = bytearray()
    writer = FrameWriter(frames.extend)
    writer.loaded("", TRACE.expires_by)
    for ran in TRACE.batches:
        fields = {**msgspec.structs.asdict(ran), **(batch or {} if ran.batch_id == 1 else {})}
        metrics, committed, removed = (fields.pop(name) for name in ("metrics", "committed", "removed"))
        del fields["first_call"], fields["call_count"]
        writer.batch_began(**fields)
        for index, made in enumerate(TRACE.calls_of(ran), start=ran.first_call):
            writer.called(msgspec.structs.replace(made, **(call or {})) if index == 2 else made)
        if removed:
            writer.entries_removed(removed)
        writer.batch_ended(metrics, committed)
    writer.ended("completed", None, TRACE.output_names)
    read = read_trace(bytes(frames), SCENARIO, ErrorRecord("RuntimeError", "no ending"))
    return msgspec.structs.replace(read, **ending)


def test_equal_traces_do_not_differ():
    assert differences(changed(), TRACE) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"batch": {"watermark_ms": 7}}, "batch 1, watermark_ms"),
        ({"batch": {"processing_time_ms": 7}}, "batch 1, processing_time_ms"),
        ({"call": {"key": ("z",)}}, "batch 1, call 0 ('b',), key"),
        ({"call": {"reason": "data"}}, "batch 1, call 0 ('b',), reason"),
        ({"call": {"partition": 1}}, "batch 1, call 0 ('b',), partition"),
        ({"call": {"output": [["a", 9]]}}, "batch 1, call 0 ('b',), output"),
        ({"call": {"printed": "x"}}, "batch 1, call 0 ('b',), printed"),
        ({"ending": "user_error"}, "ending"),
        ({"error": ErrorRecord("E", "m")}, "error"),
    ],
)
def test_a_change_is_found_and_its_place_is_named(change, place):
    assert [line.partition(": ours")[0] for line in differences(changed(**change), TRACE)] == [place]


def test_an_operation_more_is_found_with_its_line():
    found = differences(changed(call={"operations": [["remove", []]], "operation_lines": [3]}), TRACE)
    assert [line.partition(": ours")[0].rpartition(", ")[2] for line in found] == ["operations", "operation_lines"]


def test_a_missing_batch_is_named_by_its_trigger():
    shorter = run_here(msgspec.structs.replace(SCENARIO, batches=SCENARIO.batches[:2]))
    assert differences(shorter, TRACE)[0] == "triggers that ran a batch: ours [0, 1], Spark's [0, 1, 2]"


def test_a_duration_in_words_is_the_same_as_in_milliseconds():
    in_words = changed(call={"operations": [["setTimeoutDuration", ["10 minutes"]]]})
    in_ms = changed(call={"operations": [["setTimeoutDuration", [600_000]]]})
    assert differences(in_ms, in_words) == []
