"""Whatever a function does to its process, the answer is a trace: what happened before, the call, and a sentence."""

import pytest

from engine.sandbox import Limits
from tests.helpers import TUTORIAL, scenario
from tests.sandbox.test_limits import assert_ends_in_the_call_for_b, failing_at_b, replay_of


@pytest.mark.parametrize(
    ("does", "sentence", "line"),
    [
        ("import os\nos._exit(3)", "the function ended the process of the replay with exit status 3", None),
        ("import os\nos._exit(0)", "the function ended the process of the replay with exit status 0", None),
        ("import ctypes\nctypes.string_at(0)", "the process of the replay crashed with SIGSEGV", 5),
        ("import os\nos.abort()", "the process of the replay crashed with SIGABRT", 5),
        ("import signal\nsignal.raise_signal(9)", "the process of the replay was killed", None),
    ],
    ids=["os._exit(3)", "os._exit(0)", "a segmentation fault", "abort", "killed as if out of memory"],
)
def test_a_process_that_dies_is_told_with_the_call_that_was_running(runner, does, sentence, line):
    trace = replay_of(runner, failing_at_b(does), Limits())
    assert_ends_in_the_call_for_b(trace, "worker_died", line)
    assert trace.error.message.startswith(sentence)
    assert trace.error.advice


@pytest.mark.parametrize(
    ("does", "error_class"),
    [
        ("exit()", "SystemExit"),
        ("sys.exit(3)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("def again(): return again()\nagain()", "RecursionError"),
        ("input()", "EOFError"),
        ("__builtins__['print'] = None\nprint(1)", "TypeError"),
        ("del sys.stdout\nprint(1)", "RuntimeError"),
    ],
)
def test_what_would_end_a_program_ends_the_replay_with_its_line(runner, does, error_class):
    trace = replay_of(runner, failing_at_b(does), Limits())
    assert_ends_in_the_call_for_b(trace, "user_error", 3 + len(does.splitlines()) if "again" not in does else 4)
    assert trace.error.error_class == error_class


@pytest.mark.parametrize(
    "does",
    [
        "sys.stdout.close()",
        "sys.stdout = None",
        "sys.modules['msgspec'] = sys.modules['struct'] = None",
        "__import__('os').closerange(0, 100)",
        "__import__('gc').disable()",
        "print('\\ud800')",
    ],
)
def test_a_function_that_disturbs_its_process_does_not_disturb_the_replay(runner, does):
    trace = replay_of(runner, failing_at_b(does), Limits())
    assert trace.ending == "completed", trace.error
    assert [call.key for call in trace.calls] == [("a",), ("a",), ("b",), ("c",)]


def test_a_function_that_breaks_the_replay_itself_gets_a_trace_and_the_log_the_reason(runner, caplog):
    does = "import engine.codec.frames\nengine.codec.frames.FrameWriter.called = None"
    trace = replay_of(runner, failing_at_b(does), Limits())
    assert trace.ending == "worker_died"
    assert trace.error.message == "the replay itself failed: TypeError: 'NoneType' object is not callable"
    assert "a replay broke:\nTraceback" in caplog.text
    assert [call.error for call in trace.calls] == [None, None, trace.error]


def test_after_each_of_them_the_next_replay_is_as_good_as_ever(runner):
    for does in ("import os\nos._exit(3)", "import ctypes\nctypes.string_at(0)", "kept = bytearray(10 * 2**30)"):
        replay_of(runner, failing_at_b(does), Limits())
        assert runner.run(scenario(TUTORIAL, (0, "hello"))).ending == "completed"
