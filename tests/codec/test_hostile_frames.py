"""A trace is a stranger's claim: whatever bytes come, the answer is a trace that every view can draw, at a bounded cost."""

import gc
import tracemalloc

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.codec import caps
from engine.codec.frames import FrameWriter, read_trace
from engine.codec.lines import read_answer
from engine.model.lines import LinesOfCall, Watch, WatchedCalls
from engine.model.rows import Rows
from engine.model.scenario import Batch, Scenario, Watermark
from engine.model.trace import ErrorRecord, Trace
from engine.run_here import write_trace
from tests.everything_shown import everything_shown
from tests.helpers import MINUTE_MS, TUTORIAL, replayed, scenario
from tests.hostile_traces import changed, framed, frames_in, frames_of

BROKE_OFF = ErrorRecord("ChildProcessError", "the process ended")
BY_EVENT_TIME = """\
def updateState(key, values, state):
    if state.hasTimedOut():
        print("gone", key)
        state.remove()
        return [(key, -1)]
    kept = state.get() if state.exists else {"n": 0, "rows": []}
    rows = list(values)
    state.update({"n": kept["n"] + len(rows), "rows": [*kept["rows"], {"at": rows[0].ts}]})
    state.setTimeoutTimestamp(max(rows[0].ts, state.getCurrentWatermarkMs()) + 60_000)
    if key == "z":
        state.update(None)
    return [(key, len(rows))]
"""


def rows(*keys_and_times: tuple[str, int]) -> list[dict[str, object]]:
    return [{"k": key, "ts": time_ms} for key, time_ms in keys_and_times]


STREAMS = (
    scenario(TUTORIAL, (0, "hello hello spark"), (MINUTE_MS, "hello"), (15 * MINUTE_MS, "")),
    scenario(
        BY_EVENT_TIME,
        (0, rows(("a", 0), ("b", 600_000))),
        (1_000, rows(("a", 1_200_000), ("c", 10))),
        (2_000, rows(("a", 10), ("d", 2_400_000))),
        (3_000, rows(("z", 9_600_000))),
        semantics="spark",
        timeout_conf="EventTimeTimeout",
        watermark=Watermark("ts", "10 seconds"),
    ),
)


def written(stream: Scenario) -> bytes:
    data = bytearray()
    write_trace(stream, FrameWriter(data.extend))
    return bytes(data)


COUNTER = """\
class Counter(StatefulProcessor):
    def init(self, handle):
        self.handle = handle
        self.total = handle.getValueState("total", "n long")
        self.seen = handle.getMapState("seen", "k string", "n long")
        self.items = handle.getListState("items", "n long", 60_000)

    def handleInputRows(self, key, rows, timerValues):
        self.total.update((1,))
        self.seen.updateValue(("a",), (1,))
        self.items.appendList([(1,), (2,)])
        self.handle.registerTimer(timerValues.getCurrentProcessingTimeInMs() + 10)
        yield pd.DataFrame({"info": [key[0]]})

    def handleExpiredTimer(self, key, timerValues, expiredTimerInfo):
        self.total.clear()
        yield pd.DataFrame({"info": ["gone"]})
"""
STREAMS = (
    *STREAMS,
    Scenario(
        api="transformWithStateInPandas",
        code=COUNTER,
        input_schema="k string",
        key="k",
        output_schema="info string",
        time_mode="ProcessingTime",
        batches=[Batch(time_ms, Rows.from_dicts([{"k": "a"}, {"k": "b"}])) for time_ms in (0, 1_000, 90_000)],
    ),
)
WRITTEN = [frames_in(written(stream)) for stream in STREAMS]


def shown(data: bytes, stream: Scenario = STREAMS[0]) -> Trace | None:
    """The trace, when it is one, after every view of it was drawn."""
    trace = read_trace(data, stream, BROKE_OFF)
    if isinstance(trace, Trace):
        everything_shown(trace)
        return trace
    return None


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_every_view_survives_a_trace_in_which_something_was_changed(data):
    which = data.draw(st.integers(0, len(STREAMS) - 1))
    frames = list(WRITTEN[which])
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(frames) - 1))
        tag, record = frames[place]
        frames[place] = (tag, changed(record, data.draw))
    shown(frames_of(frames), STREAMS[which])


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_every_view_survives_frames_that_are_missing_or_come_twice_or_in_another_order(data):
    which = data.draw(st.integers(0, len(STREAMS) - 1))
    places = st.integers(0, len(WRITTEN[which]) - 1)
    order = data.draw(st.lists(places, min_size=1, max_size=2 * len(WRITTEN[which])))
    shown(frames_of([WRITTEN[which][place] for place in order]), STREAMS[which])


FORGED = {
    "4 GiB of text": framed(b"L", b"\x81\xa7printed\xdb\xff\xff\xff\xff"),
    "4 Gi of lists": framed(b"P", b"\x81\xa8problems\xdd\xff\xff\xff\xff"),
    "a frame of 4 GiB": b"C\xff\xff\xff\xff\x90",
    "half a header": b"C\xff",
    "deep lists": framed(b"B", b"\x91" * 100_000),
    "deep maps": framed(b"L", b"\x81\xa1a" * 100_000),
    "deep maps as keys": framed(b"L", b"\x81" * 100_000),
    "a time beyond the calendar": framed(b"L", b"\x81\xa7printed\xc7\x0c\xff" + b"\xff" * 12),
    "text that is none": framed(b"L", b"\x81\xa7printed\xa2\xff\xff"),
    "an unknown tag": framed(b"\xff", b"\xc0"),
    "all went well, but for an error": frames_of(
        [(b"X", {"ending": "completed", "error": {"error_class": "E", "message": "m"}, "output_names": []})]
    ),
    "a failure without an error": frames_of([(b"X", {"ending": "user_error", "error": None, "output_names": []})]),
    "a pickle": framed(
        b"L", b"\x80\x04\x95\x1d\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94\x93\x94."
    ),
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
@pytest.mark.parametrize("after", [0, 3], ids=["at once", "after a part of a real one"])
def test_a_forged_frame_ends_the_trace_where_it_stands(forged, after):
    trace = shown(frames_of(WRITTEN[0][:after]) + forged)
    assert trace is not None
    assert trace.ending == "worker_died"
    start = len(frames_of(WRITTEN[0][:after]))
    assert trace.error.message.startswith(f"what the process of the replay left cannot be read from byte {start:,} on")
    assert trace.error.advice.startswith("The replay writes no such frame: the function has changed what records it")


@pytest.mark.parametrize(
    ("forged", "says"),
    [
        (framed(b"h", b"\xc1"), "(a breakpoint that was reached) makes no sense"),
        (framed(b"!", b"\xc0"), "(of no kind that there is) makes no sense: there is no frame b'!'"),
        (b"w\xff\xff\x00\x00\xc0", "(the end of watching) makes no sense: it is cut off"),
    ],
)
def test_an_answer_about_lines_that_makes_no_sense_is_told_too(forged, says):
    tick = framed(b"t", b"\xc0")
    answer = read_answer(tick + forged, WatchedCalls(), BROKE_OFF, "time_limit")
    assert answer.ending == "worker_died"
    assert f"from byte {len(tick)} on: the frame there {says}" in answer.error.message


OFTEN = {
    "a function that is loaded": (b"L", {"printed": "", "expires_by": None}),
    "the end of a batch": (b"E", {"metrics": {}, "committed": True}),
    "a plan of no call": (b"S", {"reason": "data", "partition": 0, "calls": []}),
    "nothing that is removed": (b"R", {"entries": []}),
}


@pytest.mark.parametrize("often", OFTEN.values(), ids=OFTEN)
def test_what_costs_little_to_write_is_not_read_a_million_times(often):
    real = frames_in(written(STREAMS[0]))
    planned = next(place for place, (tag, _) in enumerate(real) if tag == b"S")
    flooded = frames_of(real[:planned]) + 2 * framed(often[0], msgspec.msgpack.encode(often[1]))
    trace = shown(flooded + frames_of(real[planned:]))
    assert trace is not None
    assert (trace.ending, len(trace.calls)) == ("worker_died", 0)


def test_problems_are_the_last_that_is_read():
    problems = read_trace(2 * framed(b"P", b"\x81\xa8problems\x90") + b"\xff", STREAMS[0], BROKE_OFF)
    assert problems == []


@given(st.binary(max_size=300))
def test_bytes_that_are_no_answer_about_lines_never_raise(noise):
    for question in (LinesOfCall(0), WatchedCalls()):
        read_answer(noise, question, BROKE_OFF, "worker_died")


def most_memory(data: bytes) -> int:
    """The most that reading the bytes needs at once, beside the bytes themselves."""
    tracemalloc.start()
    try:
        read_trace(data, STREAMS[0], BROKE_OFF)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_frame_that_is_too_long_is_not_even_decoded():
    """An empty list is one byte in a frame and 64 in memory: without a bound, 256 MiB would become 16 GiB."""
    length = caps.MAX_CALL_BYTES + 1_000
    body = b"\x9b\x00\x91\xa1a\x00\xa4data\x90\x90\x93\x90\x90\xc2\x90\x90\x93\x90\x90\xc2\xdd" + length.to_bytes(
        4, "big"
    )
    began = frames_of(WRITTEN[0][:2])
    assert most_memory(began + framed(b"C", body + b"\x90" * length)) < 3 * length


def flood(tag: bytes, record: object, count: int) -> bytes:
    return count * framed(tag, msgspec.msgpack.encode(record))


TWO_MIB = "x" * 2 * 2**20


def test_the_collector_does_not_look_at_a_million_empty_lists_again_and_again():
    """Each of them costs a stranger one byte; reading them took forty times as long as an honest trace of that size."""
    call = msgspec.msgpack.decode(msgspec.msgpack.encode(WRITTEN[0][3][1]))
    call[10] = msgspec.Raw(b"\xdd" + (150_000).to_bytes(4, "big") + b"\x90" * 150_000)
    forged = frames_of(WRITTEN[0][:3]) + framed(b"C", msgspec.msgpack.encode(call))
    looks: list[str] = []

    def look(phase: str, _told: dict[str, int]) -> None:
        looks.append(phase)

    gc.collect()
    gc.callbacks.append(look)
    try:
        trace = read_trace(forged, STREAMS[0], BROKE_OFF)
    finally:
        gc.callbacks.remove(look)
    assert (len(trace.calls[0].output), looks, gc.isenabled()) == (150_000, [], True)


def test_what_is_kept_of_a_trace_as_objects_is_bounded_over_all_of_its_batches():
    """A byte becomes up to 70 in memory: four times two MiB are more than all that a real one has beside its calls."""
    stream = scenario(TUTORIAL, *((trigger, "a") for trigger in range(9)))
    began = dict(WRITTEN[0][1][1])
    ended = {"metrics": {TWO_MIB: 1}, "committed": True}
    frames = [[(b"B", {**began, "batch_id": n, "trigger": n, "dropped": []}), (b"E", ended)] for n in range(9)]
    trace = shown(frames_of([part for batch in frames for part in batch]), stream)
    assert trace is not None
    assert [batch.committed for batch in trace.batches] == [True, True, True, True, False]
    assert "more than anybody looks at" in trace.error.message


SHOWN = ["list", TWO_MIB]


@pytest.mark.parametrize(
    ("question", "flooded", "why"),
    [
        (WatchedCalls((), (Watch("x"),)), flood(b"v", [0, 0, SHOWN], 11), "more than anybody looks at"),
        (LinesOfCall(0), flood(b"C", b"\xc0" * 9 * 2**20, 1), "a part that nobody wrote"),
        (WatchedCalls((), (Watch("x"),)), flood(b"v", [0, 0, ["f", "f", [[], [[]] * 7, 0, 0]]], 1), "of length <= 6"),
        (WatchedCalls((), (Watch("x"),)), flood(b"v", [0, 0, ["f", "f", [[], [[""] * 9], 0, 0]]], 1), "of length <= 8"),
    ],
    ids=["parts", "a call", "rows of a table", "cells of a row"],
)
def test_what_is_kept_of_an_answer_is_no_more_than_anybody_honest_writes(question, flooded, why):
    answer = read_answer(flooded, question, BROKE_OFF, "worker_died")
    assert why in answer.error.message


def test_a_key_has_no_more_parts_than_a_scenario_has_columns():
    """Views keep the key of every call."""
    call = msgspec.msgpack.decode(msgspec.msgpack.encode(WRITTEN[0][3][1]))
    call[1] = [""] * (caps.MAX_COLUMNS + 1)
    trace = shown(frames_of(WRITTEN[0][:3]) + framed(b"C", msgspec.msgpack.encode(call)))
    assert trace is not None
    assert "a key of more parts than anybody looks at" in trace.error.message


def test_cells_within_the_cells_of_a_key_count_too():
    """A million of them in one key kept the page for a minute."""
    call = msgspec.msgpack.decode(msgspec.msgpack.encode(WRITTEN[0][3][1]))
    inner = {"type": "array", "cells": [None] * (caps.MAX_COLUMNS - 10)}
    for cells, is_let_in in (([inner], True), ([inner, inner], False)):
        call[1] = [{"type": "array", "cells": cells}]
        trace = read_trace(
            frames_of(WRITTEN[0][:3]) + framed(b"C", msgspec.msgpack.encode(call)), STREAMS[0], BROKE_OFF
        )
        assert ("a key of more parts than anybody looks at" not in trace.error.message) == is_let_in


def deep(depth: int) -> bytes:
    """A call whose state is a list of lists, so many deep, as the frames before and after it need it."""
    body = msgspec.msgpack.encode(msgspec.msgpack.decode(msgspec.msgpack.encode(WRITTEN[0][3][1])))
    marked = msgspec.msgpack.decode(body)
    marked[9] = [[["here"]], [], True]
    nested = b"\x91" * depth + b"\xc0"
    return msgspec.msgpack.encode(marked).replace(b"\xa4here", nested)


def from_deeper_down(levels: int, look) -> object:
    return look() if levels == 0 else from_deeper_down(levels - 1, look)


@pytest.mark.parametrize(("depth", "is_let_in"), [(20, True), (150, True), (400, False), (900, False)])
def test_a_value_that_is_let_in_can_be_looked_at_from_deep_down_in_the_server_too(depth, is_let_in):
    """Calls are decoded when a view asks for them: what passes at the door must not fail there."""
    trace = read_trace(frames_of(WRITTEN[0][:3]) + framed(b"C", deep(depth)), STREAMS[0], BROKE_OFF)
    assert isinstance(trace, Trace)
    assert [call.error for call in trace.calls][:1] == ([None] if is_let_in else [trace.error])
    from_deeper_down(200, lambda: everything_shown(trace))


def ends(*statements: str) -> Trace:
    """The trace of a function that does these things in its only call."""
    code = "def updateState(key, values, state):\n" + "".join(f"    {statement}\n" for statement in statements)
    return replayed(code, (0, "a"))


@pytest.mark.parametrize(
    "statements",
    [
        ("return [['x' * 1000, n] for n in range(20_000)]",),
        ("for n in range(10_000): state.update(n)",),
        ("x = []", "for _ in range(300): x = [x]", "return [(x,)]"),
        ("x = 0", "for _ in range(6): x = [x] * 10", "return [(x,)]"),
        ("return [(float, '\\ud800', {'\\ud800': 1}, {1: {2: {(3,): 4}}}, 2**200, b'x' * 10**6)]",),
        ("return [{f'c{n}': n for n in range(3_000)}]",),
        ("print('x' * 900_000)", "return [('y' * 10**6,)] * 8"),
    ],
    ids=["rows", "operations", "depth", "width", "kinds", "columns", "text"],
)
def test_what_an_honest_function_does_too_much_of_is_cut_before_the_door_refuses_it(statements):
    trace = ends(*statements)
    assert trace.ending == "completed", trace.error
    assert len(trace.calls) == 1
    assert (
        max(end - start for start, end in zip(trace.calls.starts, trace.calls.ends, strict=True)) < caps.MAX_CALL_BYTES
    )
    everything_shown(trace)


def test_what_was_left_out_is_told():
    trace = ends("for n in range(10_000): state.update(n)", "return [['x' * 1000, n] for n in range(20_000)]")
    (call,) = trace.calls
    assert (len(call.operations), call.operations[-1]) == (caps.MAX_OPERATIONS, ["… 8,001 more", []])
    assert call.output[-1] == [f"… {20_000 - len(call.output) + 1:,} more rows"]


NO_OPERATIONS = {
    "a name alone": ["update"],
    "a name that is none": [1, []],
    "arguments that are none": ["update", 1],
    "no refusal": ["update", [1], None],
    "a refusal of nothing": ["update", [1], {"raises": {}}],
    "a refusal in numbers": ["update", [1], {"raises": {"class": 1, "message": 2}}],
    "more than a refusal": ["update", [1], {"raises": {"class": "E", "message": "m"}}, 1],
}


@pytest.mark.parametrize("operation", NO_OPERATIONS.values(), ids=NO_OPERATIONS)
def test_an_operation_that_no_recorder_writes_ends_the_trace_before_its_call(operation):
    tag, call = WRITTEN[0][3]
    forged = [*call[:7], [operation, *call[7][1:]], *call[8:]]
    trace = shown(frames_of([*WRITTEN[0][:3], (tag, forged), *WRITTEN[0][4:]]))
    assert trace is not None
    assert [call.error for call in trace.calls] == [trace.error]


@pytest.mark.parametrize("nested", [b"\x91" * 3_000_000, b"\x81\x01" * 3_000_000], ids=["lists", "maps"])
def test_a_plan_that_is_too_deep_ends_the_trace_and_names_no_call(nested):
    body = b"\x83\xa6reason\xa4data\xa9partition\x00\xa5calls" + nested
    trace = shown(frames_of(WRITTEN[0][:2]) + framed(b"S", body))
    assert trace is not None
    assert (len(trace.calls), trace.ending) == (0, "worker_died")
