"""Time, memory and output: reaching a limit is a result, with the line, the call, and everything before it."""

import pytest

from engine.model.trace import Trace
from engine.sandbox import Limits
from tests.helpers import scenario

MIB = 1024 * 1024
#: Long enough for a slow machine to come to the call that hangs, short enough to wait for.
SHORT = Limits(call_time_ms=500)
SMALL = Limits(memory_bytes=192 * MIB)
#: Memory that the system refuses is seen by nobody else; what was used is.
REFUSED = "the replay was refused memory beyond the 192 MiB that it may use"
USED = "the replay needed more than the 192 MiB of memory it may use"


def failing_at_b(does: str, before: str = "") -> str:
    """A function that answers for every key but "b": there it does this, from its line 4 on."""
    body = "".join(f"        {line}\n" for line in does.splitlines())
    return f"{before or 'import sys'}\ndef updateState(key, values, state):\n    if key == 'b':\n{body}    return [(key, 1)]\n"


def replay_of(runner, code: str, limits: Limits) -> Trace:
    """Batch 0 brings a; batch 1 brings a, b and c, and the call for b is the one that goes wrong."""
    trace = runner.run(scenario(code, (0, "a"), (1000, "a b c")), limits)
    assert isinstance(trace, Trace)
    return trace


def assert_ends_in_the_call_for_b(trace: Trace, ending: str, line: int | None) -> None:
    assert (trace.ending, trace.error.line, trace.error.batch_id, trace.error.key) == (ending, line, 1, ("b",))
    assert [call.output for call in list(trace.calls)[:2]] == [[["a", 1]], [["a", 1]]]
    assert [batch.committed for batch in trace.batches] == [True, False]


@pytest.mark.parametrize(
    ("does", "line"),
    [
        ("while True: pass", 4),
        ("import time\ntime.sleep(1000)", 5),
        ("while True:\n    try:\n        while True: pass\n    except Exception: pass", 6),
    ],
    ids=["a loop", "sleep", "a loop that catches every Exception"],
)
def test_a_call_that_never_ends_is_stopped_at_its_line(runner, does, line):
    trace = replay_of(runner, failing_at_b(does), SHORT)
    assert_ends_in_the_call_for_b(trace, "time_limit", line)
    assert trace.error.message == "the call took longer than the 0.5 s it may take"
    assert trace.calls[-1].error.line == line


@pytest.mark.parametrize(
    "does",
    [
        "class E(Exception):\n    def __str__(self):\n        while True: pass\nraise E",
        "class V:\n    def __repr__(self):\n        while True: pass\nreturn [(key, V())]",
    ],
    ids=["the message of an exception", "a value that is shown"],
)
def test_a_loop_in_what_is_called_after_the_function_is_told_by_its_line_too(runner, does):
    trace = replay_of(runner, failing_at_b(does), SHORT)
    assert_ends_in_the_call_for_b(trace, "time_limit", 6)
    assert [call.error for call in trace.calls] == [None, None, trace.error]


@pytest.mark.parametrize(
    ("does", "line"),
    [
        ("sum(range(10**12))", 4),
        ("import re\nre.match('(a+)+$', 'a' * 64 + 'b')", 5),
        ("while True:\n    try: sum(range(10**12))\n    except BaseException: pass", 5),
    ],
    ids=["C code", "a regular expression", "C code that catches everything"],
)
def test_a_call_that_cannot_be_interrupted_is_killed_and_its_line_is_told(runner, does, line):
    assert_ends_in_the_call_for_b(replay_of(runner, failing_at_b(does), SHORT), "time_limit", line)


IGNORE_ALARMS = "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\n"


def test_a_function_that_switches_its_clock_off_is_asked_where_it_is_and_killed(runner):
    trace = replay_of(runner, failing_at_b(f"{IGNORE_ALARMS}while True: pass"), SHORT)
    assert_ends_in_the_call_for_b(trace, "time_limit", 6)


def test_a_function_that_heeds_no_signal_is_killed_all_the_same(runner):
    ignore_all = "for number in set(signal.Signals) - {9, 19}: signal.signal(number, signal.SIG_IGN)\n"
    does = f"{IGNORE_ALARMS}{ignore_all}while True: pass"
    assert_ends_in_the_call_for_b(replay_of(runner, failing_at_b(does), SHORT), "time_limit", None)


def test_a_long_replay_may_take_its_time_as_long_as_its_calls_do_not(runner):
    code = "import time\ndef updateState(key, values, state):\n    time.sleep(0.02)\n"
    words = " ".join(f"w{n}" for n in range(60))
    assert runner.run(scenario(code, (0, words)), Limits(call_time_ms=600)).ending == "completed"


def test_a_replay_of_many_calls_that_takes_too_long_is_stopped_too(runner):
    code = "import time\ndef updateState(key, values, state):\n    time.sleep(0.02)\n"
    words = " ".join(f"w{n}" for n in range(500))
    trace = runner.run(scenario(code, (0, words)), Limits(time_ms=1_000))
    assert (trace.ending, trace.error.line) == ("time_limit", 3)
    assert trace.error.message == "the replay took longer than the 1 s it may take"
    assert 0 < len(trace.calls) < 500


def test_a_module_that_never_loads_is_stopped_at_its_line(runner):
    trace = replay_of(runner, "x = 1\nwhile True:\n    x += 1\n", SHORT)
    assert (trace.ending, trace.error.batch_id, len(trace.batches)) == ("time_limit", None, 0)
    assert trace.error.line in (2, 3)


def test_output_without_end_is_told_by_the_line_that_yields_it(runner):
    trace = replay_of(runner, failing_at_b("while True:\n    yield key, 1").replace("return", "yield from"), Limits())
    assert trace.ending == "output_limit"
    assert trace.error.line in (4, 5)


@pytest.mark.parametrize(
    ("does", "line", "told"),
    [
        ("kept = bytearray(10 * 2**30)", 4, REFUSED),
        ("kept = [0] * (10 * 2**27)", 4, REFUSED),
        ("import numpy as np\nkept = np.zeros(10**10)", 5, REFUSED),
        ("kept = []\nwhile True: kept.append('a' * 100 + str(len(kept)))", 5, USED),
        ("kept = {}\nwhile True: kept[len(kept)] = [len(kept)]", 5, USED),
        ("kept = 'a'\nwhile True: kept += kept", 5, "the replay "),
    ],
    ids=["10 GB", "10 GB of list", "80 GB of numpy", "many texts", "many lists", "a text that doubles"],
)
def test_a_call_that_wants_too_much_memory_is_stopped_at_its_line(runner, does, line, told):
    trace = replay_of(runner, failing_at_b(does), SMALL)
    assert_ends_in_the_call_for_b(trace, "memory_limit", line)
    assert trace.error.message.startswith(told)
    assert "Keep less in memory" in trace.error.advice


CLAIMS = "from engine.model.user_objects import LimitReached\nraise LimitReached({!r}, 'it was too much')"


@pytest.mark.parametrize(
    ("does", "ending", "message"),
    [
        ("import os\nos._exit(81)", "worker_died", "the function ended the process of the replay with exit status 81"),
        ("import os\nos._exit(82)", "worker_died", "the function ended the process of the replay with exit status 82"),
        ("import os\nos._exit(84)", "worker_died", "the function ended the process of the replay with exit status 84"),
        ("import os\nos._exit(71)", "worker_died", "the function ended the process of the replay with exit status 71"),
        ("import signal\nsignal.raise_signal(24)", "worker_died", "the process of the replay crashed with SIGXCPU"),
        (CLAIMS.format("time_limit"), "user_error", "the program reported: it was too much"),
        (CLAIMS.format("memory_limit"), "memory_limit", "the program reported: it was too much"),
        (CLAIMS.format("output_limit"), "output_limit", "the program reported: it was too much"),
        (
            "import os\nos._exit(83)",
            "memory_limit",
            "the replay was refused memory beyond the 1,024 MiB that it may use (as",
        ),
        ("raise MemoryError", "memory_limit", "the replay was refused memory beyond the 1,024 MiB that it may use (as"),
    ],
)
def test_a_limit_that_nobody_saw_reached_is_at_most_the_programs_word(runner, does, ending, message):
    trace = replay_of(runner, failing_at_b(does), Limits())
    assert (trace.ending, trace.error.key) == (ending, ("b",))
    assert trace.error.message.startswith(message)


def test_a_memory_error_that_the_function_catches_is_its_own_affair(runner):
    does = "try: kept = bytearray(10 * 2**30)\nexcept MemoryError: pass"
    assert replay_of(runner, failing_at_b(does), SMALL).ending == "completed"


def test_a_few_hundred_megabytes_are_no_problem_by_default(runner):
    assert replay_of(runner, failing_at_b("kept = bytearray(400 * 2**20)"), Limits()).ending == "completed"


def test_what_was_recorded_before_the_output_limit_stays(runner):
    code = "def updateState(key, values, state):\n    print('x' * 15_000)\n    return [(key, 1)]\n"
    words = " ".join(f"w{n:03}" for n in range(200))
    trace = runner.run(scenario(code, (0, "a"), (1000, words)), Limits(output_bytes=MIB))
    assert trace.ending == "output_limit"
    assert trace.error.message == "the replay recorded more than the 1 MiB it may record"
    assert 50 < len(trace.calls) <= 70
    assert trace.error.key == trace.calls[-1].key == (f"w{len(trace.calls) - 2:03}",)
    assert (trace.error.batch_id, trace.batches[0].committed) == (1, True)


def test_a_call_that_prints_without_end_is_stopped_at_its_line(runner):
    trace = replay_of(runner, failing_at_b("while True: print(key)"), Limits())
    assert_ends_in_the_call_for_b(trace, "output_limit", 4)
    assert trace.calls[-1].printed.startswith("b\nb\nb\n")


def test_what_one_call_may_print_is_the_hosts_to_set(runner):
    trace = replay_of(runner, failing_at_b("for n in range(1000): print(key)"), Limits(printed_characters=1_000))
    assert_ends_in_the_call_for_b(trace, "output_limit", 4)
    words = "one call printed more than the 1,000 characters that it may print"
    assert trace.error.message == f"{words} (as the program reports)"
    assert trace.calls[-1].error.message == words
    assert trace.error.advice.startswith("Print less")


def test_rows_without_end_are_told_with_how_many_a_call_may_return(runner):
    trace = replay_of(runner, failing_at_b("while True:\n    yield key, 1").replace("return", "yield from"), Limits())
    assert trace.ending == "output_limit"
    assert trace.error.message == (
        "one call returned more than the 100,000 rows that it may return (as the program reports)"
    )


def test_what_numpy_was_refused_is_told_with_the_limit(runner):
    trace = replay_of(runner, failing_at_b("import numpy as np\nkept = np.zeros(10**10)"), SMALL)
    assert trace.error.message == (
        f"{REFUSED}: Unable to allocate 74.5 GiB for an array with shape (10000000000,) and data type float64"
        " (as the program reports)"
    )
    assert trace.calls[-1].error.message in trace.error.message


def test_state_that_is_too_large_to_be_recorded_is_a_limit_and_not_a_crash(runner):
    """The system refuses memory to what encodes the call, when the function is over."""
    trace = replay_of(runner, failing_at_b("state.update('x' * 110_000_000)"), SMALL)
    assert_ends_in_the_call_for_b(trace, "memory_limit", None)
    assert "192 MiB" in trace.error.message


def test_memory_that_ran_out_between_two_calls_is_not_blamed_on_the_line_that_comes_next(runner):
    too_much = "map(len, map('x'.__mul__, 3 * [210_000_000]))"  # whoever asks for its rows has it in memory
    code = f"def updateState(key, values, state):\n    return {too_much} if key == 'a' else [1]\n"
    trace = runner.run(scenario(code, (0, "a b c")), SMALL)
    assert (trace.ending, trace.error.key) == ("memory_limit", ("b",))
    assert trace.error.message.endswith("of memory it may use, before it came to this line")
    assert trace.error.advice == "Look at what the last call stored, returned or printed, and keep less of it"
