"""The memory that server and worker share: the scenario on its way in, frames and last words on their way out.

Frames are only copied here. Who reads them trusts nothing (engine.codec.frames).
"""

import mmap
import os
import struct
import sys
import tempfile
from typing import IO, Final

if sys.platform == "linux":
    import fcntl

from engine.sandbox.limits import Limits

#: At the head of the result: how many bytes of frames are complete, and how many batches ended.
_HEAD: Final = struct.Struct("<QQ")
_MAX_LAST_WORDS: Final = 64 * 1024
#: What systems count the memory of a file in, whatever its pages are.
_BLOCK_BYTES: Final = 512


def anonymous_file(name: str) -> IO[bytes]:
    """An empty file that is in no directory and goes with its last descriptor: in memory where the system can."""
    if sys.platform == "linux":
        return open(os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING), "w+b", buffering=0)
    return tempfile.TemporaryFile(buffering=0)


def request_file(request: bytes) -> IO[bytes]:
    """What a worker is to do; sealed, so that nobody changes it any more (Linux)."""
    file = anonymous_file("request")
    file.write(request)
    if sys.platform == "linux":
        _seal(file, fcntl.F_SEAL_WRITE)
    return file


def result_file(limits: Limits) -> IO[bytes]:
    """Room for all frames that a replay may record; what is not used costs no memory. Its size is sealed (Linux)."""
    file = anonymous_file("result")
    file.truncate(_HEAD.size + limits.output_bytes)
    if sys.platform == "linux":
        _seal(file, 0)
    return file


if sys.platform == "linux":

    def _seal(file: IO[bytes], more: int) -> None:
        fcntl.fcntl(file, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | more | fcntl.F_SEAL_SEAL)


class OutputFull(Exception):
    """The next frame does not fit into the result."""


class FrameSink:
    """The worker's side of the result. Whenever the worker dies, what was written before is complete and readable."""

    def __init__(self, result: int) -> None:
        self._memory = mmap.mmap(result, 0)
        self._head = memoryview(self._memory)[: _HEAD.size].cast("Q")
        self._head[0] = self._head[1] = 0  # a worker before this one may have begun, and died with its zygote
        self._end = _HEAD.size
        self._room_ends = len(self._memory)

    def write(self, frame: bytes) -> None:
        """Append a frame. Raises OutputFull when there is no room for it; then all the room is used, which can be seen."""
        start = self._end
        end = start + len(frame)
        if end > self._room_ends:
            self._memory[start : self._room_ends] = memoryview(frame)[: self._room_ends - start]
            raise OutputFull
        self._memory[start:end] = frame
        self._end = end
        self._head[0] = end - _HEAD.size  # only now: a frame that is cut off is never counted

    @property
    def written_bytes(self) -> int:
        return self._end

    def count_batch(self) -> None:
        self._head[1] += 1


def read_frames(result: int, limits: Limits) -> bytes:
    """The complete frames. Only when the worker is dead: before, it could change what has been read."""
    complete, _ = _read_head(result)
    return os.pread(result, min(complete, limits.output_bytes), _HEAD.size)


def read_complete_bytes(result: int) -> int:
    """How much has been recorded by now: when it grows, the replay goes on."""
    return _read_head(result)[0]


def read_batches_ended(result: int) -> int:
    """How many batches have ended by now; the worker's own word."""
    return _read_head(result)[1]


def is_full(result: int) -> bool:
    """Whether all the room for frames has been written to. That is the system's word: it counts the memory in use."""
    status = os.fstat(result)
    return status.st_blocks * _BLOCK_BYTES >= status.st_size


def read_last_words(pipe: int) -> bytes:
    """What a dead worker has left in its pipe."""
    os.set_blocking(pipe, False)
    try:
        return os.read(pipe, _MAX_LAST_WORDS)
    except BlockingIOError:  # it said nothing, and a process that it started still holds the other end
        return b""


def _read_head(result: int) -> tuple[int, int]:
    head = os.pread(result, _HEAD.size, 0)
    # Where it is not sealed, the worker may have shortened it.
    complete, batches_ended = _HEAD.unpack(head.ljust(_HEAD.size, b"\0"))
    return complete, batches_ended
