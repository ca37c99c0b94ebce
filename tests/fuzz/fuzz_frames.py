"""A fuzzer for the reader of traces, guided by the coverage of the engine. Not collected by pytest; README.md says how to run it.

Bytes are read as a trace; when there is one, every view of it is drawn. Whatever raises is a finding.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["engine"]):
    from engine.codec.frames import read_trace
    from engine.codec.lines import read_answer
    from engine.codec.scenario_json import scenario_from_json
    from engine.model.lines import LinesOfCall, WatchedCalls
    from engine.model.trace import ErrorRecord, Trace
    from engine.share import share_decode
    from tests.codec.test_hostile_frames import STREAMS, written
    from tests.everything_shown import everything_shown

_BROKE_OFF = ErrorRecord("ChildProcessError", "the process ended")


def read_all(data: bytes) -> None:
    """Everything that a stranger's bytes can come to."""
    for stream in STREAMS:
        trace = read_trace(data, stream, _BROKE_OFF)
        if isinstance(trace, Trace) and len(trace.calls):
            everything_shown(trace)
    for question in (LinesOfCall(0), WatchedCalls()):
        read_answer(data, question, _BROKE_OFF, "worker_died")
    scenario_from_json(data)
    share_decode(data.decode("latin-1"))


def sow(folder: Path) -> None:
    """Begin with real traces: nearly all noise ends at the first header."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, stream in enumerate(STREAMS):
        (folder / f"real-{number}").write_bytes(written(stream))


if __name__ == "__main__":
    sow(Path(sys.argv[1]))
    atheris.Setup(sys.argv, read_all)
    atheris.Fuzz()
