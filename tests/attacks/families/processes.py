"""Attacks that start something: processes, programs, threads. Those that get through end by themselves."""

import ctypes
import os

from tests.attacks.catalog import attack
from tests.attacks.toolbox import syscall

_ALL = ("root", "nobody")


@attack("blocked", reaches=_ALL)
def fork(t):
    import time

    child = os.fork()
    if child == 0:
        time.sleep(3)
        os._exit(0)
    return t.won(child)


@attack("blocked", reaches=_ALL)
def survivor(t):
    """One that leaves the worker's session, so that no signal to its group finds it."""
    child = syscall("clone", 17, 0, 0, 0, 0)
    if child == 0:
        os.setsid()
        if syscall("clone", 17, 0, 0, 0, 0) == 0:
            ctypes.CDLL(None).sleep(2)
        ctypes.CDLL(None)._exit(0)
    return t.won("a survivor was started")


@attack("blocked", reaches=_ALL)
def fork_bomb_that_is_bounded(t):
    started = 0
    for _ in range(40):
        if syscall("clone", 17, 0, 0, 0, 0) == 0:
            ctypes.CDLL(None).sleep(1)
            ctypes.CDLL(None)._exit(0)
        started += 1
    return t.won(f"{started} processes")


@attack("blocked", reaches=_ALL)
def raw_clone(t):
    child = syscall("clone", 17, 0, 0, 0, 0)
    if child == 0:
        ctypes.CDLL(None)._exit(0)
    return t.won(child)


@attack("blocked", reaches=_ALL)
def raw_clone3(t):
    """Its arguments lie in memory, where a filter cannot look."""
    arguments = (ctypes.c_uint64 * 11)()
    arguments[4] = 17
    child = syscall("clone3", arguments, 88)
    if child == 0:
        ctypes.CDLL(None)._exit(0)
    return t.won(child)


@attack("blocked", "harmless", reaches=_ALL)
def posix_spawn(t):
    child = os.posix_spawn("/bin/sh", ["sh", "-c", f"echo x > {t.folder}/spawned"], {})
    return os.waitpid(child, 0)[1]


@attack("blocked", reaches=_ALL)
def execute(t):
    import signal

    signal.setitimer(signal.ITIMER_REAL, 0)  # the replay's clock, which would ring in the other program
    os.execv("/bin/sh", ["sh", "-c", f"echo x > {t.folder}/executed"])


@attack("blocked", reaches=_ALL)
def file_in_memory(t):
    """A program that is in no directory."""
    return t.won(os.memfd_create("x"))


@attack("blocked", reaches=_ALL)
def subprocess_run(t):
    import subprocess

    return t.won(subprocess.run(["/bin/echo", "x"], capture_output=True).stdout)


@attack("blocked", reaches=_ALL)
def multiprocessing_process(t):
    import multiprocessing

    multiprocessing.get_context("fork").Process(target=print).start()
    return t.won()


@attack("blocked", reaches=_ALL)
def thread(t):
    import threading

    threading.Thread(target=lambda: None).start()
    return t.won()


@attack("blocked", reaches=_ALL)
def thread_pool(t):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as pool:
        return t.won(pool.submit(os.getpid).result())


@attack("blocked", reaches=_ALL)
def pty(t):
    import pty

    return t.won(pty.openpty())


@attack("blocked", reaches=_ALL)
def shell(t):
    """system() forks inside the C library and says nothing but a number."""
    if os.system(f"echo x > {t.folder}/shell") != 0:
        raise PermissionError("the shell was not started")
    return t.won()
