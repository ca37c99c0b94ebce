"""Which calls are of which key, and what became of a key."""

from array import array

import msgspec
import pytest

from engine.model.trace import CallLog, Trace
from engine.views.call_table import call_table
from engine.views.lane_story import LaneStory, lane_story
from tests.helpers import MINUTE_MS, TUTORIAL, replayed, replayed_processor

COUNT = "def updateState(key, values, state):\n    state.update(len(values))\n    return []\n"
#: Remembers each row for a minute, and nothing of those that bring 0.
FOR_A_MINUTE = """\
class P(StatefulProcessor):
    def init(self, handle):
        self.seen = handle.getValueState("seen", "n long", 60000)

    def handleInputRows(self, key, rows, timerValues):
        for row in rows:
            if row.v:
                self.seen.update((row.v,))
        return iter([])

    def close(self):
        pass
"""


def story(trace: Trace, name: str) -> LaneStory:
    places = {lane.key: place for place, lane in enumerate(call_table(trace).lanes)}
    return lane_story(trace, places[name,])


def test_each_key_has_its_calls_in_the_order_of_first_calls():
    trace = replayed(COUNT, (0, "b a"), (1, "a c b"))
    table = call_table(trace)
    of_key = [(lane.key, [trace.calls[index].key for index in lane.calls]) for lane in table.lanes]
    assert sorted(of_key) == [(("a",), [("a",)] * 2), (("b",), [("b",)] * 2), (("c",), [("c",)])]
    firsts = [lane.calls[0] for lane in table.lanes]
    assert firsts == sorted(firsts)
    assert all(index in table.lanes[place].calls for index, place in enumerate(table.lane_of_call))


def test_both_zeros_of_a_double_have_a_lane_and_every_nan_the_same():
    numbers = [0.0, -0.0, "NaN", 0.0, -0.0, "NaN"]
    batches = [(time_ms, [{"k": number}]) for time_ms, number in enumerate(numbers)]
    lanes = call_table(replayed(COUNT, *batches, input_schema="k double", key="k")).lanes
    assert [(repr(lane.key), list(lane.calls)) for lane in lanes] == [
        ("(0.0,)", [0, 3]),
        ("(-0.0,)", [1, 4]),
        ("(nan,)", [2, 5]),
    ]


def test_calls_without_a_key_are_of_none():
    trace = replayed_processor(FOR_A_MINUTE, (0, [{"k": "a", "v": 1}]))
    table = call_table(trace)
    without = [place for place, call in zip(table.lane_of_call, trace.calls, strict=True) if call.key is None]
    assert without
    assert set(without) == {-1}
    assert [list(lane.calls) for lane in table.lanes] == [[table.lane_of_call.index(0)]]


def test_the_range_is_that_of_all_numbers_that_were_remembered():
    table = call_table(replayed(COUNT, (0, "a a a b"), (1, "b b")))
    assert (table.least, table.most) == (1.0, 3.0)
    nothing = call_table(replayed("def updateState(key, values, state):\n    return []\n", (0, "a")))
    assert (nothing.least, nothing.most) == (None, None)


def test_a_batch_that_died_has_lanes_but_remembers_nothing():
    trace = replayed(COUNT.replace("state.update", "assert key != 'b'; state.update"), (0, "a b"))
    failed = [lane.key for lane in call_table(trace).lanes if lane.failed]
    assert failed == [("b",)]
    assert (story(trace, "a").changes, story(trace, "a").remembered) == ([], False)
    assert (call_table(trace).least, call_table(trace).most) == (None, None)


def test_a_change_is_a_call_after_which_something_else_is_remembered():
    trace = replayed(COUNT, (0, "a"), (1, "a"), (2, "a a"))
    assert story(trace, "a").changes == [0, 2]


def test_a_key_that_timed_out_is_forgotten_at_the_end():
    trace = replayed(TUTORIAL, (0, "a b"), (MINUTE_MS, "b"), (10 * MINUTE_MS + 1, ""))
    assert (story(trace, "a").remembered, story(trace, "b").remembered) == (False, True)
    assert (story(trace, "a").timed_out, story(trace, "b").timed_out) == (1, 0)


@pytest.mark.parametrize(("later_ms", "remembered"), [(1, True), (2 * MINUTE_MS, False)])
def test_what_the_end_of_a_batch_took_out_is_remembered_no_more(later_ms, remembered):
    stream = [(0, [{"k": "a", "v": 1}]), (later_ms, [{"k": "b", "v": 0}])]
    trace = replayed_processor(FOR_A_MINUTE, *stream)
    assert story(trace, "a").remembered is remembered
    assert len(story(trace, "a").removed) == (0 if remembered else 1)


def test_a_call_that_leaves_out_what_has_a_default_is_read_all_the_same():
    trace = replayed(COUNT, (0, "a a b"))
    short = [msgspec.msgpack.encode(msgspec.to_builtins(call)[:11]) for call in trace.calls]
    ends = array("Q", [len(b"".join(short[: place + 1])) for place in range(len(short))])
    calls = CallLog(b"".join(short), array("Q", [0, *ends[:-1]]), ends)
    assert call_table(msgspec.structs.replace(trace, calls=calls)) == call_table(trace)
