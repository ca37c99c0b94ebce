"""Attacks by excess: time, memory, depth, output. They end by a limit, and what was recorded before is kept."""

import sys

from tests.attacks.catalog import attack


@attack("stopped", takes_its_time=True)
def ignore_all_signals(t):
    import signal

    for number in range(1, 65):
        try:
            signal.signal(number, lambda *_: None)
        except (OSError, ValueError):
            continue
    while True:
        pass


@attack("stopped", takes_its_time=True)
def swallow_every_exception(t):
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue


@attack("stopped", takes_its_time=True)
def loop_in_c(t):
    return sum(range(10**12))


@attack("stopped", takes_its_time=True)
def large_power(t):
    return (9**9**8) % 7


@attack("stopped", takes_its_time=True)
def catastrophic_pattern(t):
    import re

    return bool(re.match(r"(a+)+$", "a" * 40 + "b"))


@attack("stopped", takes_its_time=True)
def sleep(t):
    import time

    time.sleep(10**6)


@attack("stopped", takes_its_time=True)
def wait_for_a_lock(t):
    import threading

    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


@attack("stopped", "blocked", takes_its_time=True)
def timer_of_the_watch_stopped(t):
    """Turns the clock of the replay off, then never ends."""
    import signal

    signal.setitimer(signal.ITIMER_REAL, 0)
    while True:
        pass


@attack("blocked", "stopped")
def memory_bomb(t):
    kept = []
    while True:
        kept.append(bytearray(1 << 20))


@attack("blocked", "stopped")
def numpy_is_asked_for_much(t):
    import numpy as np

    return t.won(np.ones(20 << 27).nbytes)


@attack("blocked", "stopped")
def numpy_reserves_much(t):
    import numpy as np

    return t.won(np.zeros(100 << 27).nbytes)


@attack("blocked", "stopped")
def endless_list(t):
    import itertools

    return list(itertools.count())


@attack("blocked")
def deep_recursion(t):
    def deeper():
        return deeper()

    return deeper()


@attack("stopped", "blocked")
def stack_overflow(t):
    sys.setrecursionlimit(10**8)

    class Again:
        def __repr__(self):
            return repr(self)

    return repr(Again())


@attack("blocked", "harmless", "stopped")
def large_value(t):
    return "x" * 10**8


@attack("blocked", "harmless", "stopped")
def many_rows(t):
    return list(range(10**6))


@attack("stopped", "harmless", "blocked")
def endless_output(t):
    while True:
        print("x" * 10**6)


@attack("stopped", takes_its_time=True)
def repr_never_ends(t):
    class Endless:
        def __repr__(self):
            while True:
                pass

    return Endless()


@attack("stopped", takes_its_time=True)
def text_of_the_error_never_ends(t):
    class Endless(Exception):
        def __str__(self):
            while True:
                pass

    raise Endless


@attack("blocked", "stopped", "harmless")
def nested_list(t):
    nested = []
    for _ in range(10**5):
        nested = [nested]
    return nested


@attack("blocked", "stopped", "harmless")
def list_in_itself(t):
    round_and_round = []
    round_and_round.append(round_and_round)
    t.state.update(round_and_round)
    return round_and_round


@attack("blocked", "stopped", "harmless")
def huge_integer(t):
    t.state.update(1 << 10**6)
    return 1 << 10**6


@attack("blocked", "stopped", "harmless")
def many_operations(t):
    for number in range(200_000):
        t.state.update(number)
    return "done"


@attack("stopped", "blocked", "harmless")
def iterator_without_end(t):
    def rows():
        while True:
            yield 1

    return rows()
