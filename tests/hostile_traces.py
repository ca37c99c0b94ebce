"""Traces that no recorder wrote: real ones taken apart, changed, and put together again. Lives here: the changing."""

import struct
from typing import Any

import msgspec
from hypothesis import strategies as st

HEADER = struct.Struct("<cI")
FAR = 2**63 - 1

#: What an honest recorder never writes at some place or other.
ODD = st.sampled_from(
    [
        None,
        True,
        0,
        -1,
        2**31,
        FAR,
        -FAR - 1,
        2**64 - 1,
        float("nan"),
        float("inf"),
        1e308,
        "",
        "x" * 5_000,
        "\u202e\x1b[2J<img src=x>=1+1",
        b"\xff\x00",
        [],
        [[]],
        [None] * 300,
        {},
        {"a": {"a": {"a": 1}}},
        {1: 2, None: 3},
        "data",
        "timeout",
        "timer",
        ["update", []],
        ["setTimeoutDuration", [FAR]],
        ["setTimeoutTimestamp", [-FAR]],
        ["update", [1], {"raises": 1}],
    ]
)


def frames_in(data: bytes) -> list[tuple[bytes, Any]]:
    """The frames of a trace: tags, and what they hold."""
    found, position = [], 0
    while position < len(data):
        tag, length = HEADER.unpack_from(data, position)
        position += HEADER.size + length
        found.append((tag, msgspec.msgpack.decode(data[position - length : position], strict=False)))
    return found


def frames_of(frames: list[tuple[bytes, Any]]) -> bytes:
    """The bytes of frames."""
    return b"".join(framed(tag, msgspec.msgpack.encode(record)) for tag, record in frames)


def framed(tag: bytes, body: bytes) -> bytes:
    return HEADER.pack(tag, len(body)) + body


def changed(record: Any, draw: Any) -> Any:
    """The record with something odd in one place of it, or a part of it twice or not at all."""
    if not isinstance(record, (list, dict)) or not record or draw(st.integers(0, 5)) == 0:
        return draw(ODD)
    keys = list(record) if isinstance(record, dict) else list(range(len(record)))
    key = draw(st.sampled_from(keys))
    copy = record.copy()
    if isinstance(copy, list) and draw(st.integers(0, 9)) == 0:
        copy.insert(key, copy[key])
    elif isinstance(copy, list) and draw(st.integers(0, 9)) == 0:
        del copy[key]
    else:
        copy[key] = changed(copy[key], draw)
    return copy
