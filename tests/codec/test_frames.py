"""Frames: values are copied as they come, a stream that breaks off gives all before it, nonsense never raises."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from engine.codec.frames import FrameWriter, read_trace
from engine.model.trace import ErrorRecord, Trace
from engine.run_here import write_trace
from tests.helpers import MINUTE_MS, TUTORIAL, replayed, scenario

STREAM = scenario(TUTORIAL, (0, "hello hello spark"), (MINUTE_MS, "hello"), (15 * MINUTE_MS, ""))
BROKE_OFF = ErrorRecord("WorkerDied", "the process ended")


def frames() -> bytes:
    written = bytearray()
    write_trace(STREAM, FrameWriter(written.extend))
    return bytes(written)


def read(data: bytes) -> Trace:
    trace = read_trace(data, STREAM, BROKE_OFF)
    assert isinstance(trace, Trace)
    return trace


def test_a_stream_that_broke_off_anywhere_gives_a_prefix_of_the_calls_and_says_so():
    data = frames()
    whole = read(data)
    for length in range(len(data)):
        trace = read(data[:length])
        assert trace.ending == "worker_died"
        over = [call for call in trace.calls if call.error is None]
        assert over == list(whole.calls)[: len(over)]
        assert [call.error for call in list(trace.calls)[len(over) :]] in ([], [trace.error])


def test_a_replay_that_broke_off_in_a_call_names_its_key_and_batch():
    data = frames()
    second_call_ends = read(data).calls.ends[1]
    trace = read(data[: data.index(b"C", data.index(b"S", second_call_ends))])
    assert (trace.error.message, trace.error.batch_id, trace.error.key) == ("the process ended", 1, ("hello",))
    assert [batch.committed for batch in trace.batches] == [True, False]


def test_the_call_that_was_running_joins_the_others_with_its_rows_its_state_and_the_error():
    data = frames()
    whole = read(data)
    trace = read(data[: whole.calls.starts[2] + 3])
    (running,) = trace.calls_of(trace.batches[-1])
    assert (running.key, running.reason, running.row_indexes) == (("hello",), "data", [0])
    assert running.before == running.after == whole.calls[0].after
    assert running.error == trace.error


@given(st.one_of(st.just(b"\x91" * 5_000), st.just(b"\x91\xa1\xff"), st.binary(max_size=20)))
def test_a_plan_of_calls_that_makes_no_sense_names_no_call(plan):
    data = frames()
    before_the_plan = data[: data.index(b"S", data.index(b"B", 5))]
    body = msgspec.msgpack.encode({"reason": "data", "partition": 0, "calls": msgspec.Raw(plan)})
    trace = read(before_the_plan + b"S" + len(body).to_bytes(4, "little") + body)
    assert (len(trace.calls), trace.error.batch_id, trace.error.key) == (0, 0, None)


@given(st.binary(max_size=400))
def test_bytes_that_are_no_trace_never_raise(noise):
    assert read(noise).ending == "worker_died"


@given(st.data())
def test_a_trace_with_any_byte_changed_never_raises_and_can_still_be_read_to_its_end(data):
    damaged = bytearray(frames())
    damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    trace = read_trace(bytes(damaged), STREAM, BROKE_OFF)
    if isinstance(trace, Trace):
        assert all(trace.rows_of(call) is not None for call in trace.calls)


def test_values_that_msgpack_has_no_word_for_are_shown_as_plain_data():
    code = (
        "import collections, datetime, decimal\n"
        "class Odd:\n    def __repr__(self): return 'an odd thing'\n"
        "def updateState(key, values, state):\n"
        "    return [(2**70, float('inf'), '\\ud800', collections.deque([1]), decimal.Decimal('1.5'),\n"
        "             datetime.date(2024, 1, 2), {1, }, {(1, 2): 3}, Odd(), b'x', state.exists)]\n"
    )
    (row,) = replayed(code, (0, "a")).calls[0].output
    assert row[0] == str(2**70)
    assert row[2] == "\\ud800"
    assert row[3:7] == [[1], "1.5", "2024-01-02", [1]]
    assert row[8:] == ["an odd thing", b"x", False]


def test_a_huge_state_is_cut_in_the_trace_but_whole_for_the_function():
    code = (
        "def updateState(key, values, state):\n"
        "    if state.exists: return [(len(state.get()),)]\n"
        "    state.update(list(range(300_000)))\n"
    )
    trace = replayed(code, (0, "a"), (1, "a"))
    assert trace.calls[0].after.value[-1] == "… 299,800 more"
    assert trace.calls[1].output == [[300_000]]


def test_a_failure_in_a_line_that_is_longer_than_a_frame_is_still_that_failure():
    failing = "1 / 0; " + "x" * 5_000_000
    trace = replayed(f"def updateState(key, values, state):\n    {failing}\n", (0, "a"))
    assert (trace.ending, trace.error.error_class, trace.error.line) == ("user_error", "ZeroDivisionError", 2)
    assert replayed(f"def {'f' * 5_000_000}(key, values, state): return []", (0, "a")).ending == "completed"


def test_calls_are_decoded_by_type_and_not_by_trust():
    call = msgspec.to_builtins(replayed(TUTORIAL, (0, "a")).calls[0])
    assert isinstance(call, list)
    call[3] = "because"
    body = msgspec.msgpack.encode(call)
    data = frames()
    start = read(data).calls.starts[0]
    forged = data[: start - 5] + b"C" + len(body).to_bytes(4, "little") + body
    (call_that_never_came_back,) = read(forged).calls
    assert "(a call) makes no sense: Invalid enum value 'because'" in call_that_never_came_back.error.message
