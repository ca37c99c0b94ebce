"""Keys with structs and arrays on their way out of the replay and in: what is too large is cut and stays a key."""

import msgspec
import pytest

from engine.codec.frames import read_trace
from engine.model.key_cells import ArrayCell, StructCell
from engine.model.trace import ErrorRecord, Trace
from engine.run_here import run_here
from tests.everything_shown import everything_shown
from tests.helpers import scenario

COUNT = "def updateState(key, values, state):\n    state.update(len(values))\n    return [(len(str(key)),)]\n"
BROKE_OFF = ErrorRecord("ProcessDied", "it broke off")


def keyed_by(*values, **fields):
    events = [{"s": value, "v": 1} for value in values]
    return scenario(COUNT, (0, events), (1, events), key="s", **fields)


def in_objects(value, depth):
    for _ in range(depth):
        value = {"a": value, "b": [1, 2]}
    return value


@pytest.mark.parametrize(
    "value",
    [
        {"a": "x" * 5_000_000, "b": [1]},
        [["x" * 5_000] * 40] * 40,
        in_objects("x" * 5_000_000, 18),
        in_objects(1, 60),
        {},
    ],
    ids=["long", "wide", "deep and long", "deep", "empty"],
)
def test_a_key_of_any_size_and_depth_is_a_key_in_the_trace(value):
    trace = run_here(keyed_by(value))
    assert isinstance(trace, Trace)
    assert (trace.ending, len(trace.calls)) == ("completed", 2)
    assert trace.calls[0].key == trace.calls[1].key
    assert all(isinstance(call.key[0], (StructCell, ArrayCell)) for call in trace.calls)
    everything_shown(trace)


def test_a_long_value_is_cut_and_says_so_and_the_function_has_it_whole():
    trace = run_here(keyed_by({"a": "x" * 5_000_000}))
    assert trace.calls[0].key[0].cells[0].endswith("(5,000,000 characters in all)")
    assert trace.calls[0].output == [[5_000_009]]


def read_with_key(key):
    """What is read of a batch with one call under this key, as a worker may have written it."""
    numbers = dict.fromkeys(
        ("batch_id", "trigger", "processing_time_ms", "watermark_ms", "late_watermark_ms", "input_rows"), 0
    )
    began = msgspec.msgpack.encode({**numbers, "dropped": []})
    call = msgspec.msgpack.encode([0, key, 0, "data", [], [], [], [], [], [], []])
    frames = b"".join(tag + len(body).to_bytes(4, "little") + body for tag, body in ((b"B", began), (b"C", call)))
    return read_trace(frames, keyed_by({"a": 1}), BROKE_OFF)


@pytest.mark.parametrize("key", [[["a"]], [{"a": 1}], [{"type": "struct", "names": [], "cells": [["a"]]}]])
def test_a_call_whose_key_is_none_is_refused_at_the_door(key):
    """A worker's frames are a stranger's claim: a list where a cell should be ends the trace there."""
    read = read_with_key(key)
    assert (read.ending, len(read.calls)) == ("worker_died", 0)


def test_a_call_whose_key_is_one_is_let_in():
    read = read_with_key([{"type": "struct", "names": ["a"], "cells": ["x"]}])
    assert [call.key for call in read.calls] == [(StructCell(("a",), ("x",)),)]
