"""How many rows of output a call keeps in a trace: whoever writes more, honest or not."""

import msgspec

from engine.codec import caps
from engine.codec.frames import FrameWriter, read_trace
from engine.model.trace import ErrorRecord
from engine.run_here import write_trace
from tests.helpers import TUTORIAL, replayed, scenario
from tests.hostile_traces import frames_in, frames_of

BROKE_OFF = ErrorRecord("ChildProcessError", "the process ended")


def test_a_call_of_more_rows_than_are_kept_ends_the_trace():
    """A million of them kept the page for minutes."""
    stream, data = scenario(TUTORIAL, (0, "hello")), bytearray()
    write_trace(stream, FrameWriter(data.extend))
    frames = frames_in(bytes(data))
    call = next(record for tag, record in frames if tag == b"C")
    call[10] = [[]] * (caps.MAX_OUTPUT_ROWS + 1)
    read = read_trace(frames_of(frames), stream, BROKE_OFF)
    assert "more rows of output than are kept of a call" in read.error.message


def test_of_a_call_with_too_many_rows_the_first_are_written_and_how_many_more_there_are():
    frames = bytearray()
    (call, *_) = replayed(TUTORIAL, (0, "hello")).calls
    FrameWriter(frames.extend).called(msgspec.structs.replace(call, output=[[]] * (caps.MAX_OUTPUT_ROWS + 5)))
    ((_, written_call),) = frames_in(bytes(frames))
    assert (len(written_call[10]), written_call[10][-1]) == (caps.MAX_OUTPUT_ROWS, ["… 6 more rows"])
