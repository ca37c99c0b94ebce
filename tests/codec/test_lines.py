"""Questions and answers about lines on the wire: whatever comes back, the reader never raises and keeps what came first."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.codec.caps import MAX_CALL_BYTES, MAX_PARTS
from engine.codec.frames import FrameWriter, frames_in
from engine.codec.lines import (
    AnswerWriter,
    CallEnded,
    ReplayEnded,
    WatchEnded,
    read_answer,
    request_from_wire,
    request_to_wire,
)
from engine.model.job import Job, JobRead, ReadJob
from engine.model.lines import (
    BadExpression,
    Breakpoint,
    Hit,
    LinesOfCall,
    LineStep,
    Raised,
    Shown,
    Watch,
    WatchedCalls,
    WatchValue,
)
from engine.model.trace import ErrorRecord
from tests.helpers import TUTORIAL, replayed, scenario

OTHERWISE = ErrorRecord("RuntimeError", "broke off")
WATCHED = WatchedCalls((Breakpoint(3, "key"),), (Watch("count"),), counts_lines=True)
STEP = LineStep("line", 4, "updateState", 0, 0, {"count": Shown("int", "2")})
ENDED = CallEnded(frozenset({0}), "")


def frames_of(*parts) -> bytes:
    data = bytearray()
    writer = AnswerWriter(FrameWriter(data.extend))
    for part in parts:
        writer.tell(part)
        writer.tick()
    return bytes(data)


def answer_to(question, data):
    return read_answer(data, question, OTHERWISE, "worker_died")


def test_a_request_with_or_without_a_question_comes_through():
    made = scenario(TUTORIAL, (0, "hello hello"))
    for question in (None, LinesOfCall(7), WATCHED, ReadJob()):
        assert request_from_wire(memoryview(request_to_wire(made, question))) == (made, question)


def test_the_parts_of_an_answer_come_through():
    hit, value = Hit(0, 3, 1), WatchValue(0, 3, error=Raised("NameError", "count"))
    data = frames_of(hit, value, WatchEnded({4: 2}, 5, ""), ReplayEnded("completed", None))
    answer = answer_to(WATCHED, data)
    assert (answer.hits, answer.values, answer.line_counts, answer.call_count) == ((hit,), (value,), {4: 2}, 5)
    assert (answer.ending, answer.error) == ("completed", None)


def test_what_a_job_says_comes_through_and_nothing_is_no_job():
    read = JobRead((Job("updateState", "fn", key=("a",)),))
    assert answer_to(ReadJob(), frames_of(read)) == read
    assert answer_to(ReadJob(), b"") == JobRead()


def test_an_answer_that_was_cut_off_keeps_what_came_and_says_how_it_ended():
    data = frames_of(STEP, STEP, ENDED)
    between_frames = [0, *(end for _, _, end in frames_in(data))]
    for end in range(len(data)):
        answer = answer_to(LinesOfCall(0), data[:end])
        assert all(step == STEP for step in answer.steps)
        assert (answer.error == OTHERWISE) is (end in between_frames)
        assert end in between_frames or answer.error.error_class == "UnreadableAnswer"


def test_the_call_is_kept_in_the_bytes_in_which_a_trace_has_it():
    trace = replayed(TUTORIAL, (0, "a"))
    data = bytearray()
    AnswerWriter(FrameWriter(data.extend)).called(trace.calls[0])
    answer = answer_to(LinesOfCall(0), bytes(data))
    assert answer.call == trace.calls.data[trace.calls.starts[0] : trace.calls.ends[0]]
    assert answer.error is None


def test_what_is_told_of_a_watch_that_nobody_asked_for_is_left_out():
    parts = (Hit(1, 0, 1), WatchValue(9, 0), BadExpression("watch", 1, Raised("SyntaxError", "")))
    answer = answer_to(WATCHED, frames_of(*parts))
    assert (answer.hits, answer.values, answer.bad) == ((), (), ())


@settings(max_examples=100)
@given(st.binary(max_size=200), st.sampled_from([LinesOfCall(0), WATCHED]))
def test_hostile_bytes_never_raise(data, question):
    answer_to(question, data)
    answer_to(question, frames_of(STEP) + data)
    answer_to(question, b"l" + len(data).to_bytes(4, "little") + data)


@pytest.mark.slow
def test_no_more_parts_are_read_than_anybody_looks_at():
    answer = answer_to(LinesOfCall(0), frames_of(STEP) * (MAX_PARTS + 10))
    assert len(answer.steps) == MAX_PARTS


def test_a_part_that_nobody_wrote_is_not_even_decoded():
    long = WatchEnded(dict.fromkeys(range(MAX_CALL_BYTES // 4), 0), 1, "")
    assert answer_to(WATCHED, frames_of(long)).line_counts is None


def test_a_frame_that_is_no_part_of_an_answer_ends_it():
    nonsense = msgspec.msgpack.encode({"hello": 1})
    data = b"L" + len(nonsense).to_bytes(4, "little") + nonsense + frames_of(STEP)
    assert answer_to(LinesOfCall(0), data).steps == ()


def test_jobs_beyond_what_is_shown_are_none():
    told = JobRead((Job("updateState", "fn", untold=("x",) * 21),))
    assert answer_to(ReadJob(), frames_of(told)) == JobRead()
