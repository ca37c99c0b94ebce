"""What every attack has at hand. This source goes before an attack into the function that the sandbox runs.

System calls are made by number, past everything that Python would check first.
"""

import collections
import ctypes
import os
import sqlite3
import sys

import msgspec

#: Numbers on x86-64 and on aarch64; None where there is no such call.
NUMBERS = {
    "open": (2, None),
    "mprotect": (10, 226),
    "shmget": (29, 194),
    "shmctl": (31, 195),
    "socket": (41, 198),
    "clone": (56, 220),
    "fcntl": (72, 25),
    "rt_sigqueueinfo": (129, 138),
    "personality": (135, 92),
    "modify_ldt": (154, None),
    "prctl": (157, 167),
    "tgkill": (234, 131),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mlockall": (151, 230),
    "timer_create": (222, 107),
    "tee": (276, 77),
    "vmsplice": (278, 75),
    "timerfd_create": (283, 85),
    "seccomp": (317, 277),
    "memfd_create": (319, 279),
    "statx": (332, 291),
    "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440),
    "memfd_secret": (447, 447),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    "keyctl": (250, 219),
    "unshare": (272, 97),
    "inotify_init1": (294, 26),
    "perf_event_open": (298, 241),
    "prlimit64": (302, 261),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "fsopen": (430, 430),
    "pidfd_open": (434, 434),
    "clone3": (435, 435),
    "openat2": (437, 437),
}


class Target:
    """What an attack aims at. `state` and `key` are those of the call; the rest is what the server has lying around."""

    def __init__(self, **given):
        self.__dict__.update(given)

    def won(self, prize=""):
        """What an attack returns that got what it wanted."""
        return f"{self.mark} {prize}"


class NotOnThisMachine(Exception):
    """There is no such system call here."""


def number_of(name):
    number = NUMBERS[name][os.uname().machine == "aarch64"]
    if number is None:
        raise NotOnThisMachine(name)
    return number


def syscall(name, *arguments):
    """What the system call answers; raises OSError when it is refused. `name` may also be a bare number."""
    number = number_of(name) if isinstance(name, str) else name
    call = ctypes.CDLL(None, use_errno=True).syscall
    call.restype = ctypes.c_long
    result = call(ctypes.c_long(number), *(ctypes.c_long(a) if isinstance(a, int) else a for a in arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), f"system call {number}")
    return result


def any_of(t, *ways):
    """What an attack returns that got somewhere by one of these ways; raises PermissionError when all are refused."""
    led = []
    for number, way in enumerate(ways):
        try:
            led.append((number, repr(way())[:80]))
        except (OSError, sqlite3.Error, ImportError):
            continue
        except Exception as error:  # it was read, and was no such file
            led.append((number, repr(error)[:80]))
    if not led:
        raise PermissionError("none of them leads anywhere")
    return t.won(led)


def path(text):
    return ctypes.c_char_p(os.fsencode(text))


def callers():
    """The frames of whoever called the attack: the replay, the worker, and the zygote that it was forked from."""
    frame = sys._getframe()
    while frame is not None:
        yield frame
        frame = frame.f_back


def held(kind):
    """All objects of a kind, by its name, that the callers hold, or that something which they hold does."""
    known, found = set(), []
    waiting = collections.deque(value for frame in callers() for value in list(frame.f_locals.values()))
    while waiting and len(known) < 20_000:
        thing = waiting.popleft()
        if id(thing) in known or isinstance(thing, (type, type(sys))):
            continue
        known.add(id(thing))
        if type(thing).__name__ == kind:
            found.append(thing)
        waiting += vars(thing).values() if hasattr(thing, "__dict__") else ()
        waiting += (getattr(thing, "__self__", None), getattr(thing, "__func__", None))
        waiting += thing.values() if isinstance(thing, dict) else thing if isinstance(thing, (list, tuple, set)) else ()
    return found


def results():
    """The memory that the trace is written to; the scenario's cannot be written to."""
    return [memory for memory in held("mmap") if _is_writable(memory)]


def _is_writable(memory):
    try:
        memory[:1] = memory[:1]
    except TypeError:
        return False
    return True


def overwrite(frames, complete_bytes=None, batches=0):
    """Put these bytes into the result instead of what was recorded, and end before anybody can write more."""
    for memory in results():
        if len(memory) < 16 + len(frames):
            continue
        memory[16 : 16 + len(frames)] = frames
        length = len(frames) if complete_bytes is None else complete_bytes
        memory[:16] = length.to_bytes(8, "little") + batches.to_bytes(8, "little")
    os._exit(0)


def frame(tag, body, length=None):
    """A frame as the recorder writes it: a tag, a length of four bytes, a body."""
    return tag + (len(body) if length is None else length).to_bytes(4, "little") + body


#: A call's columns, in their order, with what they have in a call that did nothing.
COLUMNS = {
    "batch_index": 0,
    "key": ["attack"],
    "partition": 0,
    "reason": "data",
    "row_indexes": [],
    "chunks": [],
    "before": [[], [], False],
    "operations": [],
    "operation_lines": [],
    "after": [[], [], False],
    "output": [],
    "printed": "",
    "error": None,
    "rule": "",
    "state_rule": "",
    "unsaved": None,
    "timer_ms": None,
    "state_key": None,
    "given_columns": [],
}


def called(**columns):
    """The frame of a call whose columns are these, the others as in a call that did nothing."""
    return frame(b"C", msgspec.msgpack.encode(list({**COLUMNS, **columns}.values())))


def batch(ends=False, metrics=(), **numbers):
    """The frame with which the first batch begins, or `ends`."""
    if ends:
        return frame(b"E", msgspec.msgpack.encode({"metrics": dict(metrics), "committed": True}))
    zeros = dict.fromkeys(("processing_time_ms", "watermark_ms", "late_watermark_ms", "input_rows"), 0)
    return frame(b"B", msgspec.msgpack.encode({"batch_id": 0, "trigger": 0, "dropped": [], **zeros, **numbers}))


def trace_of(*calls, loaded=None):
    """The frames of a trace of one batch with these calls, which says that it is complete."""
    begins = frame(b"L", msgspec.msgpack.encode(loaded or {"printed": "", "expires_by": None}))
    ended = msgspec.msgpack.encode({"ending": "completed", "error": None, "output_names": ["a"]})
    return begins + batch() + b"".join(calls) + batch(ends=True) + frame(b"X", ended)
