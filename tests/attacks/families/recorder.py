"""Attacks on what records the replay, from inside the process in which it runs.

A trace is the visitor's own claim, so a false one is no escape; what must hold is that the server reads it unharmed.
"""

import ctypes
import os
import sys

from tests.attacks.catalog import attack
from tests.attacks.toolbox import callers, held, results


@attack("stopped")
def exit_at_once(t):
    os._exit(0)


@attack("blocked", "stopped")
def exit_politely(t):
    sys.exit(3)


@attack("blocked")
def keyboard_interrupt(t):
    raise KeyboardInterrupt


@attack("stopped")
def segmentation_fault(t):
    ctypes.string_at(0)


@attack("stopped")
def abort(t):
    os.abort()


@attack("harmless", "stopped")
def close_every_descriptor(t):
    for number in range(300):
        try:
            os.close(number)
        except OSError:
            continue
    return "closed"


@attack("harmless", "blocked")
def write_to_every_descriptor(t):
    """One of them is the pipe for last words: the server reads them as text, and only so many."""
    written = 0
    for number in range(300):
        try:
            written += os.write(number, b"\xff" * 100_000)
        except OSError:
            continue
    return written


@attack("stopped")
def last_words_that_lie(t):
    """A stack as faulthandler writes one, with a line far away, and text for the log."""
    lie = b'most recent call first):\n  File "<your function>", line 999999999 in it\n' * 900
    for number in range(3, 32):
        try:
            os.write(number, lie + b"\x1b[2J\r\n<img src=x onerror=alert(1)>")
        except OSError:
            continue
    os._exit(85)


@attack("harmless", "stopped")
def hook_at_exit(t):
    import atexit

    atexit.register(lambda: open(t.folder + "/at_exit", "w").write("x"))
    return "registered"


@attack("harmless", "stopped", "blocked")
def finalizer(t):
    """Runs when everything else is over."""

    class Last:
        def __del__(self):
            open(t.folder + "/finalizer", "w").write("x")

    t.last = Last()
    del t.last
    return "left behind"


@attack("harmless", "stopped", "blocked")
def break_the_builtins(t):
    import builtins

    builtins.len = builtins.type = builtins.isinstance = builtins.min = builtins.bytes = None
    return 1


@attack("harmless", "stopped", "blocked")
def poison_modules(t):
    for name in ("msgspec", "struct", "mmap", "engine.codec.frames", "engine.model.trace", "json"):
        sys.modules[name] = None
    import json

    return json


@attack("harmless", "stopped", "blocked")
def poison_the_writer(t):
    """Whatever the function is written as by now, its calls record somebody else's rows."""
    from engine.codec import frames

    def called(self, call):
        raise SystemError("not today")

    frames.FrameWriter.called = called
    return "patched"


@attack("harmless", "stopped", "blocked")
def sink_that_is_larger_than_it_is(t):
    for sink in held("FrameSink"):
        sink._room_ends = 1 << 60
        sink._end = len(sink._memory) - 8
    return "x" * 400


@attack("harmless", "stopped", "blocked")
def sink_that_begins_before_its_head(t):
    for sink in held("FrameSink"):
        sink._end = -4096
    return "x" * 400


@attack("harmless", "stopped", "blocked")
def limits_are_lifted(t):
    """The limits are kept outside too."""
    for watch in held("Watch"):
        watch._look = lambda *_: None
        object.__setattr__(watch, "_limits", None)
    kept = []
    while len(kept) < 3000:
        kept.append(bytearray(1 << 20))
    return t.won("three times what it may use")


@attack("harmless", "stopped", "blocked")
def shorten_the_result(t):
    """Memory that the server maps, and that is shorter than it was, kills who reads it."""
    for memory in results():
        memory.resize(1)
    return t.won("resized")


@attack("harmless", "stopped", "blocked")
def unmap_the_result(t):
    for memory in results():
        memory.close()
    return "closed"


@attack("stopped")
def unmap_everything(t):
    """The worker's own feet."""
    for memory in results():
        address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
        ctypes.CDLL(None).munmap(ctypes.c_void_p(address), ctypes.c_size_t(len(memory)))
    return "gone"


@attack("harmless", "stopped", "blocked")
def frames_of_the_callers(t):
    """Rewrites what the engine has in its hands."""
    for frame in callers():
        for name, value in frame.f_locals.items():
            if isinstance(value, list) and name not in ("t", "key", "values"):
                value.clear()
    return "cleared"


@attack("harmless", "stopped", "blocked")
def trace_function(t):
    """Runs in every frame from now on, the engine's too."""

    def step(frame, event, argument):
        frame.f_locals.clear()
        if frame.f_code.co_name == "called":
            raise RuntimeError("from the trace function")
        return step

    sys.settrace(step)
    return "traced"


@attack("harmless", "stopped", "blocked")
def profile_function(t):
    def step(frame, event, argument):
        if "write" in frame.f_code.co_name:
            raise RuntimeError("from the profile function")

    sys.setprofile(step)
    return "profiled"


@attack("harmless", "stopped", "blocked")
def audit_hook(t):
    def refuse(event, arguments):
        raise RuntimeError(f"no {event} today")

    sys.addaudithook(refuse)
    return "hooked"


@attack("harmless", "stopped", "blocked")
def excepthook_and_displayhook(t):
    sys.excepthook = sys.unraisablehook = sys.displayhook = lambda *_: os._exit(0)
    raise RuntimeError("goes the usual way")


@attack("harmless", "stopped", "blocked")
def collector_callbacks(t):
    import gc

    gc.callbacks.append(lambda *_: os._exit(0))
    gc.collect()
    return "collected"


@attack("harmless", "stopped", "blocked")
def everything_that_the_collector_knows(t):
    import gc

    for thing in gc.get_objects():
        if type(thing).__name__ in ("Scenario", "Rows", "GroupState", "FrameWriter", "Recorder", "Operator"):
            try:
                thing.__dict__.clear()
            except (AttributeError, TypeError):
                continue
    return "cleared"


@attack("harmless", "stopped", "blocked")
def state_object_is_gutted(t):
    for name in [*vars(type(t.state)), *getattr(t.state, "__slots__", ())]:
        if not name.startswith("__"):
            try:
                setattr(t.state, name, lambda *_: "no")
            except (AttributeError, TypeError):
                continue
    return "gutted"


@attack("harmless", "stopped", "blocked")
def state_becomes_another_class(t):
    t.state.__class__ = type("Other", (type(t.state),), {"exists": property(lambda self: 1 / 0)})
    return "another"


@attack("harmless", "stopped", "blocked")
def class_of_the_state_is_patched(t):
    kind = type(t.state)
    for name in ("update", "remove", "exists", "get", "after", "operations"):
        try:
            setattr(kind, name, property(lambda self: [self] * 10**6))
        except (AttributeError, TypeError):
            continue
    return "patched"


@attack("harmless", "stopped", "blocked")
def pyspark_names_are_replaced(t):
    """What `import pyspark` means inside is ours, and lies in the same process."""
    import pyspark
    from pyspark.sql.streaming import state

    state.GroupStateTimeout = state.GroupState = None
    sys.modules["pyspark.sql.types"] = sys.modules["pyspark"] = pyspark.sql = None
    from pyspark.sql.types import LongType

    return LongType


@attack("harmless", "stopped", "blocked")
def code_object_from_bytes(t):
    """Bytecode that no compiler wrote."""
    code = (lambda: 0).__code__.replace(co_code=bytes([100, 255] * 40 + [83, 0]))
    return type(lambda: 0)(code, {})()


@attack("harmless", "stopped", "blocked")
def exception_with_a_chain_without_end(t):
    error = None
    for number in range(3000):
        try:
            raise ValueError(number) from error
        except ValueError as raised:
            error = raised
    raise error


@attack("harmless", "stopped", "blocked")
def exception_that_is_its_own_cause(t):
    first, second = ValueError("first"), ValueError("second")
    first.__context__, second.__context__ = second, first
    raise first
