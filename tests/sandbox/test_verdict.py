"""From what the zygote says and what the worker left in its pipe to the error at the end of a trace."""

import signal

import pytest

from engine.sandbox import Limits
from engine.sandbox.channel import BROKEN, HARDENED, LIMIT_STATUSES, NOT_HARDENED, News, pack_news, unpack_news
from engine.sandbox.verdict import verdict

LIMITS = Limits(time_ms=2_500, call_time_ms=1_500, memory_bytes=2**20, output_bytes=2**20)
STACK = (
    b"Stack (most recent call first):\n"
    b'  File "/usr/lib/python3.11/json/decoder.py", line 337 in decode\n'
    b'  File "<your function>", line 7 in parse\n'
    b'  File "<your function>", line 12 in updateState\n'
    b'  File "/app/engine/apis/update_state.py", line 70 in call\n'
)


def exited(status: int, *seen: str) -> News:
    return News("ended", status << 8, frozenset(seen))


def killed(by: int, *seen: str) -> News:
    return News("ended", int(by), frozenset(seen))


@pytest.mark.parametrize(
    ("news", "ending", "message"),
    [
        (News("overdue", signal.SIGKILL), "time_limit", "the replay took longer than the 2.5 s it may take"),
        (killed(signal.SIGXCPU, "replay_time"), "time_limit", "the replay took longer than the 2.5 s it may take"),
        (killed(signal.SIGXCPU), "worker_died", "the process of the replay crashed with SIGXCPU"),
        (News("stuck", signal.SIGKILL), "time_limit", "the call took longer than the 1.5 s it may take"),
        (exited(LIMIT_STATUSES["memory"]), "memory_limit", "the replay was refused memory beyond the 1 MiB that"),
        (exited(LIMIT_STATUSES["memory"], "memory"), "memory_limit", "the replay needed more than the 1 MiB of memory"),
        (
            exited(LIMIT_STATUSES["output"], "memory", "output"),
            "output_limit",
            "the replay recorded more than the 1 MiB",
        ),
        (exited(LIMIT_STATUSES["call_time"], "call_time"), "time_limit", "the call took longer than the 1.5 s"),
        (exited(LIMIT_STATUSES["replay_time"], "call_time"), "worker_died", "the function ended the process of the"),
        (
            exited(LIMIT_STATUSES["output"], "memory"),
            "worker_died",
            "the function ended the process of the replay with",
        ),
        (exited(0), "worker_died", "the function ended the process of the replay with exit status 0"),
        (exited(7), "worker_died", "the function ended the process of the replay with exit status 7"),
        (killed(signal.SIGSEGV), "worker_died", "the process of the replay crashed with SIGSEGV (Segmentation fault)"),
        (killed(40), "worker_died", "the process of the replay crashed with signal 40"),
        (killed(signal.SIGKILL), "worker_died", "the process of the replay was killed"),
        (exited(NOT_HARDENED), "worker_died", "the sandbox could not be closed, so nothing of the function was run"),
        (
            News("refused", 1),
            "worker_died",
            "this computer cannot isolate code well enough, so nothing of the function",
        ),
        (News("crowded", 100), "worker_died", "too many replays are waiting, so this one was not begun"),
        (exited(BROKEN), "worker_died", "the replay itself failed: it could not say why"),
        (None, "worker_died", "the process that replays was lost"),
    ],
)
def test_how_a_worker_ended_is_how_its_trace_ends(news, ending, message):
    found, error = verdict(news, b"", LIMITS)
    assert found == ending
    assert error.message.startswith(message)
    assert error.advice
    assert error.line is None


def test_a_worker_that_could_not_be_hardened_says_at_which_step(caplog):
    _, error = verdict(exited(NOT_HARDENED), b"OSError: [Errno 1] Operation not permitted", LIMITS)
    assert error.message.endswith("was run: OSError: [Errno 1] Operation not permitted")
    assert "a worker could not be hardened: OSError" in caplog.text


@pytest.mark.parametrize("status", [NOT_HARDENED, BROKEN])
def test_a_strangers_words_neither_flood_the_log_nor_hide_anything_in_it(caplog, status):
    verdict(exited(status), b"\x1b[2J\xe2\x80\xae" + b"x" * 100_000 + b"\x1b[2J", LIMITS)
    assert len(caplog.text) < 5_000
    assert "\x1b" not in caplog.text
    assert "\u202e" not in caplog.text


def test_a_function_that_ran_cannot_claim_that_the_sandbox_was_not_closed(caplog):
    ending, error = verdict(exited(NOT_HARDENED), HARDENED + b"OSError: no Landlock", LIMITS)
    assert (ending, error.message) == (
        "worker_died",
        "the function ended the process of the replay with exit status 71",
    )
    assert caplog.text == ""


def test_a_worker_that_was_not_in_the_function_any_more_had_too_much_to_record():
    ours_alone = b"Stack (most recent call first):\n" + STACK.splitlines(keepends=True)[-1]
    ending, error = verdict(News("stuck", signal.SIGKILL), HARDENED + ours_alone, LIMITS)
    assert (ending, error.line) == ("time_limit", None)
    assert error.message == "what the call left took longer to record than the 1.5 s that a call may take"
    assert verdict(News("stuck", signal.SIGKILL), HARDENED + STACK, LIMITS)[1].message.startswith(
        "the call took longer"
    )


def test_the_limits_that_were_seen_come_through():
    for news in (exited(1), exited(83, "memory"), killed(24, "replay_time", "call_time", "memory", "output")):
        assert unpack_news(pack_news(news)) == news


def test_the_line_is_the_innermost_of_the_users_in_the_last_stack():
    words = STACK.replace(b"line 7", b"line 3") + STACK
    assert verdict(News("overdue", 9), words, LIMITS)[1].line == 7


def test_a_stack_that_was_cut_off_leaves_the_line_of_the_one_before():
    words = STACK + b'Stack (most recent call first):\n  File "<your func'
    assert verdict(News("overdue", 9), words, LIMITS)[1].line == 7


@pytest.mark.parametrize("words", [b"", b"\xff\x00" * 100, b'File "<your function>", line 99999999999999999999 in'])
def test_words_that_make_no_sense_name_no_line(words):
    assert verdict(News("overdue", 9), words, LIMITS)[1].line is None
