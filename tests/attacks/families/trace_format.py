"""Attacks on who reads the trace: frames that no recorder wrote, written straight into the memory that the server reads."""

import os

from tests.attacks.catalog import attack
from tests.attacks.toolbox import frame, overwrite, results


@attack("stopped")
def counts_that_lie(t):
    overwrite(b"", complete_bytes=2**63, batches=2**63)


@attack("stopped")
def counts_just_beyond_the_end(t):
    for memory in results():
        overwrite(b"\xff" * 100, complete_bytes=len(memory) + 1)


@attack("stopped")
def length_that_lies(t):
    overwrite(frame(b"L", b"", length=0xFFFFFFF0), complete_bytes=200)


@attack("stopped")
def length_of_nothing(t):
    overwrite(frame(b"C", b"") * 10_000)


@attack("stopped")
def unknown_tags(t):
    overwrite(b"".join(frame(bytes([tag]), b"\xc0") for tag in range(256)))


@attack("stopped")
def nested_arrays(t):
    overwrite(frame(b"B", b"\x91" * 60_000))


@attack("stopped")
def nested_maps(t):
    overwrite(frame(b"L", b"\x81\xa1a" * 60_000))


@attack("stopped")
def array_of_four_thousand_million(t):
    overwrite(frame(b"P", b"\x81\xa8problems\xdd\xff\xff\xff\xff"))


@attack("stopped")
def text_of_four_gigabytes(t):
    overwrite(frame(b"L", b"\x81\xa7printed\xdb\xff\xff\xff\xff"))


@attack("stopped")
def integers_without_bounds(t):
    """In every number that a batch has, the largest there is."""
    import msgspec

    largest = 2**63 - 1
    began = dict.fromkeys(("processing_time_ms", "watermark_ms", "late_watermark_ms", "input_rows"), largest)
    body = msgspec.msgpack.encode({"batch_id": 0, "trigger": 0, "dropped": [], "rule": "", **began})
    overwrite(frame(b"B", body) + frame(b"E", msgspec.msgpack.encode({"metrics": {"x": -(2**63)}, "committed": True})))


@attack("stopped", "harmless")
def ending_in_the_middle(t):
    """Closes the trace, then goes on writing."""
    import msgspec

    ended = msgspec.msgpack.encode({"ending": "completed", "error": None, "output_names": ["a"] * 5000})
    overwrite(frame(b"X", ended) + b"\xff" * 5000)


@attack("stopped", "harmless", "blocked")
def endings_that_contradict(t):
    import msgspec

    ended = msgspec.msgpack.encode({"ending": "user_error", "error": None, "output_names": []})
    overwrite(frame(b"X", ended) * 2)


@attack("stopped")
def pickle_in_a_frame(t):
    """A decoder that unpickled would run this in the server."""
    import pickle

    class Run:
        def __reduce__(self):
            return os.system, (f"echo x > {t.folder}/pickled",)

    overwrite(frame(b"L", pickle.dumps(Run())) + pickle.dumps(Run()))


@attack("stopped")
def extension_types(t):
    """Msgpack's own door to other types: a time far away, and types that nobody knows."""
    far = b"\xc7\x0c\xff" + b"\xff" * 12
    overwrite(frame(b"L", b"\x81\xa7printed" + far) + frame(b"L", b"\xc9\xff\xff\xff\xff\x07"))


@attack("stopped", "harmless")
def trace_of_somebody_else(t):
    """The scenario is the server's own; what the trace says of it is not believed."""
    import msgspec

    problems = [{"where": "<b>", "what": "\u202e" * 500, "mend": "[x](javascript:alert(1))"}] * 10_000
    overwrite(frame(b"P", msgspec.msgpack.encode({"problems": problems})))


@attack("stopped", "harmless")
def batches_without_end(t):
    import msgspec

    numbers = dict.fromkeys(("processing_time_ms", "watermark_ms", "late_watermark_ms", "input_rows"), 0)
    ended = frame(b"E", msgspec.msgpack.encode({"metrics": {}, "committed": True}))
    overwrite(
        b"".join(
            frame(b"B", msgspec.msgpack.encode({"batch_id": number, "trigger": 0, "dropped": [], **numbers})) + ended
            for number in range(20_000)
        )
    )


@attack("stopped", "harmless")
def calls_of_deep_values(t):
    """Values as deep as the decoder lets through: what reads them must not recurse for ever."""
    import msgspec

    began = {"batch_id": 0, "trigger": 0, "dropped": []}
    began |= dict.fromkeys(("processing_time_ms", "watermark_ms", "late_watermark_ms", "input_rows"), 0)
    state = b"\x93\x91\x91" + b"\x91" * 900 + b"\xc0" + b"\x90\xc3"
    head = b"\x9a\x00\x91\xa1a\x00\xa4data\x90\x90"
    call = head + state + b"\x90\x90" + state + b"\x91\x91" + b"\x91" * 900 + b"\xc0"
    overwrite(frame(b"B", msgspec.msgpack.encode(began)) + frame(b"C", call) * 3)


@attack("stopped", "harmless")
def calls_with_odd_keys(t):
    """Keys that cannot be hashed, numbers that are none, moments beyond the calendar, lists of other lengths."""
    import msgspec

    began = {"batch_id": 0, "trigger": 0, "dropped": []}
    began |= dict.fromkeys(("processing_time_ms", "watermark_ms", "late_watermark_ms", "input_rows"), 0)
    frames = [frame(b"B", msgspec.msgpack.encode(began))]
    far = 2**63 - 1
    for key in ([["list"]], [{"a": 1}], [float("nan")], [None], [], [2**64 - 1], [b"\xff"]):
        state = [[[{"a": [far]}, "", None, far]], [far, -far], True]
        call = [0, key, -far, "timer", [], [far], state, [["x"], []], [far], state, [[]], "printed", None, "r", "s"]
        frames.append(frame(b"C", msgspec.msgpack.encode(call)))
    overwrite(b"".join(frames))


@attack("stopped")
def flood_of_small_frames(t):
    """Each costs the server a hundred times what it costs to write: a thousand times the end of a batch, and plans."""
    import msgspec

    ended = frame(b"E", msgspec.msgpack.encode({"metrics": {}, "committed": True}))
    removed = frame(b"R", msgspec.msgpack.encode({"entries": []}))
    overwrite((ended + removed) * 200_000)


@attack("stopped")
def all_went_well_but_for_an_error(t):
    import msgspec

    error = {"error_class": "", "message": "", "line": -5, "batch_id": -1, "key": [[1]]}
    overwrite(frame(b"X", msgspec.msgpack.encode({"ending": "completed", "error": error, "output_names": ["", ""]})))


@attack("stopped", "blocked")
def places_that_are_nowhere(t):
    import msgspec

    far = 2**63 - 1
    error = {
        "error_class": "E",
        "message": "m",
        "line": far,
        "batch_id": far,
        "key": [1],
        "advice": "a",
        "traceback": "t",
    }
    overwrite(frame(b"X", msgspec.msgpack.encode({"ending": "user_error", "error": error, "output_names": ["a", "a"]})))


@attack("stopped", takes_its_time=True)
def always_a_little_further(t):
    """Nobody may believe that a call which never ends goes on: its count of bytes changes all the time."""
    import signal

    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    while True:
        for memory in results():
            memory[:8] = os.urandom(1) + bytes(7)
