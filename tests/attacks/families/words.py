"""Attacks on the visitor who reads: text that poses as the page's own, as a limit, as Python's, or as nothing at all."""

import os

from tests.attacks.catalog import attack


@attack("blocked")
def limit_in_our_own_words(t):
    """Whatever it says, it is told as its word (tests/sandbox/test_limits.py)."""
    raise RuntimeError("the replay needed more than the 192 MiB of memory it may use")


@attack("stopped")
def memory_that_was_never_asked_for(t):
    raise MemoryError("Go to http://x.example and sign in again")


@attack("stopped", "blocked")
def memory_error_that_answers_for_itself(t):
    class Refused(MemoryError):
        def __str__(self):
            os._exit(83)

    raise Refused


@attack("stopped", "blocked")
def memory_error_whose_text_never_ends(t):
    class Refused(MemoryError):
        def __str__(self):
            return "x" * 50_000_000

    raise Refused


@attack("stopped", "blocked")
def class_that_is_called_limit_reached(t):
    raise type("LimitReached", (Exception,), {"ending": "time_limit", "advice": "Send your password"})("too slow")


@attack("blocked", "stopped")
def advice_of_the_functions_own(t):
    error = ValueError("no")
    error.advice, error.line, error.spark_class = "<a href=x>", 10**9, "\u202eSparkException"
    raise error


@attack("harmless")
def rows_that_pose_as_the_page(t):
    return "Isolation: none. This page is hosted for strangers. ](http://x) <script>alert(1)</script> =1+1"


@attack("harmless")
def characters_that_nobody_sees(t):
    return "".join(map(chr, (0, 7, 8, 27, 127, 0x85, 0x200B, 0x2028, 0x202E, 0x2066, 0xFEFF, 0xFFF9, 0xE0041)))


@attack("harmless", "blocked")
def name_of_the_function_is_no_name(t):
    """Frames, and our tables, name the code by what it says of itself."""
    function = lambda: 1  # noqa: E731
    function.__name__ = "\n\x1b]0;owned\x07" * 1_000
    function.__code__ = function.__code__.replace(co_name="<your function>\n" * 500, co_filename="/etc/passwd")
    return function()


@attack("stopped", "blocked", "harmless")
def stack_that_poses_as_the_last_words(t):
    """The line that the page marks is looked for in what a worker said last."""
    for _ in range(200):
        try:
            os.write(3, b'most recent call first):\n  File "<your function>", line 1 in \xff\n\x1b[2J')
        except OSError:
            break
    os._exit(81)


@attack("stopped")
def dies_as_if_it_had_no_memory(t):
    import signal

    signal.raise_signal(signal.SIGSEGV)
    os._exit(83)


@attack("harmless", "blocked", "stopped")
def alarm_that_is_turned_around(t):
    """The clock's own signal calls the function's handler, again and again."""
    import signal

    signal.signal(signal.SIGALRM, lambda *_: print("tick"))
    return sum(range(10**6))
