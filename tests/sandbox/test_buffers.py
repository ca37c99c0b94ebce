"""The memory between worker and server: whatever happens to the worker, the server reads whole frames or none."""

import os
import sys

import pytest

from engine.sandbox import Limits
from engine.sandbox.buffers import (
    FrameSink,
    OutputFull,
    anonymous_file,
    is_full,
    read_batches_ended,
    read_frames,
    read_last_words,
    request_file,
    result_file,
)

LIMITS = Limits(output_bytes=100)


def test_what_was_written_is_what_is_read():
    with result_file(LIMITS) as result:
        sink = FrameSink(result.fileno())
        for frame in (b"first", b"second"):
            sink.write(frame)
        sink.count_batch()
        assert read_frames(result.fileno(), LIMITS) == b"firstsecond"
        assert read_batches_ended(result.fileno()) == 1


def test_a_frame_that_does_not_fit_leaves_those_before_it():
    with result_file(LIMITS) as result:
        sink = FrameSink(result.fileno())
        sink.write(b"x" * 60)
        with pytest.raises(OutputFull):
            sink.write(b"y" * 41)
        sink.write(b"z" * 40)
        assert read_frames(result.fileno(), LIMITS) == b"x" * 60 + b"z" * 40


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere memory that is mapped is not counted at once")
def test_that_the_room_is_used_up_is_the_systems_word_and_not_the_workers():
    limits = Limits(output_bytes=100_000)
    with result_file(limits) as result:
        sink = FrameSink(result.fileno())
        sink.write(b"x" * 60_000)
        os.pwrite(result.fileno(), (100_000).to_bytes(8, "little"), 0)
        assert not is_full(result.fileno())
        with pytest.raises(OutputFull):
            sink.write(b"y" * 50_000)
        assert is_full(result.fileno())


@pytest.mark.parametrize("claimed", [101, 2**40, 2**64 - 1])
def test_a_worker_that_claims_more_than_there_is_room_for_is_not_believed(claimed):
    with result_file(LIMITS) as result:
        os.pwrite(result.fileno(), claimed.to_bytes(8, "little"), 0)
        assert read_frames(result.fileno(), LIMITS) == bytes(100)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux seals files in memory")
@pytest.mark.parametrize("size", [3, 10_000])
def test_nobody_changes_the_size_of_the_result(size):
    with result_file(LIMITS) as result, pytest.raises(PermissionError):
        os.ftruncate(result.fileno(), size)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux seals files in memory")
def test_nobody_changes_what_was_ordered():
    with request_file(b"a scenario") as request:
        with pytest.raises(PermissionError):
            os.pwrite(request.fileno(), b"another", 0)
        assert os.pread(request.fileno(), 100, 0) == b"a scenario"


def test_a_file_without_a_name_is_empty_and_can_be_written():
    with anonymous_file("test") as file:
        file.write(b"rows")
        assert os.pread(file.fileno(), 100, 0) == b"rows"


def test_last_words_are_read_without_waiting_for_more():
    heard, said = os.pipe()
    try:
        assert read_last_words(heard) == b""
        os.write(said, b"line 3")
        assert read_last_words(heard) == b"line 3"
    finally:
        os.close(heard)
        os.close(said)
