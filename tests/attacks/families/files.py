"""Attacks on files: reading what the server can read, and leaving something behind."""

import ctypes
import os
import sys

from tests.attacks.catalog import attack
from tests.attacks.toolbox import path, syscall

_ALL = ("root", "nobody")


@attack("blocked", reaches=_ALL)
def read_passwd(t):
    return t.won(open("/etc/passwd").read(40))


@attack("blocked", reaches=_ALL)
def read_app_secret(t):
    return t.won(open(t.secret_file).read())


@attack("blocked", reaches=_ALL)
def server_command_line(t):
    return t.won(open(f"/proc/{t.server}/cmdline", "rb").read(100))


@attack("blocked", reaches=_ALL)
def server_environment(t):
    assert b"SECRET_OF_THE_SERVER" in open(f"/proc/{t.server}/environ", "rb").read()
    return t.won("the environment of the server")


@attack("blocked", reaches=_ALL)
def zygote_memory_map(t):
    return t.won(open(f"/proc/{os.getppid()}/maps").readline())


@attack("blocked", reaches=_ALL)
def server_working_directory(t):
    return t.won(os.listdir(f"/proc/{t.server}/cwd"))


@attack("blocked", reaches=_ALL)
def list_processes(t):
    return t.won([name for name in os.listdir("/proc") if name.isdigit()])


@attack("blocked", reaches=_ALL)
def stat_probe(t):
    return t.won(os.stat(t.secret_file).st_size)


@attack("blocked", reaches=_ALL)
def access_probe(t):
    if not os.access(t.secret_file, os.F_OK):
        raise PermissionError("cannot tell whether it is there")
    return t.won("it is there")


@attack("blocked", reaches=_ALL)
def create_file(t):
    open(t.folder + "/made", "w").write("x")
    return t.won()


@attack("blocked", reaches=_ALL)
def create_in_tmp(t):
    open(f"/tmp/stateline_made_{t.server}", "w").close()
    return t.won()


@attack("blocked", reaches=_ALL)
def create_in_shared_memory(t):
    open(f"/dev/shm/stateline_made_{t.server}", "w").close()
    return t.won()


@attack("blocked", reaches=_ALL)
def make_directory(t):
    os.mkdir(t.folder + "/made")
    return t.won()


@attack("blocked", reaches=_ALL)
def unlink(t):
    os.unlink(t.canary)
    return t.won()


@attack("blocked", reaches=_ALL)
def rename(t):
    os.rename(t.canary, t.canary + ".moved")
    return t.won()


@attack("blocked", reaches=_ALL)
def truncate(t):
    os.truncate(t.canary, 0)
    return t.won()


@attack("blocked", reaches=_ALL)
def chmod(t):
    os.chmod(t.canary, 0o711)
    return t.won()


@attack("blocked", reaches=_ALL)
def touch(t):
    os.utime(t.canary, (1, 1))
    return t.won()


@attack("blocked", reaches=_ALL)
def symbolic_link(t):
    os.symlink(t.secret_file, t.folder + "/link")
    return t.won()


@attack("blocked", reaches=_ALL)
def hard_link(t):
    os.link(t.canary, t.folder + "/hard")
    return t.won()


@attack("blocked", reaches=_ALL)
def make_fifo(t):
    os.mkfifo(t.folder + "/fifo")
    return t.won()


@attack("blocked", reaches=_ALL)
def sqlite_file(t):
    import sqlite3

    sqlite3.connect(t.folder + "/database").execute("create table t(a)")
    return t.won()


@attack("blocked", reaches=_ALL)
def sqlite_attach(t):
    import sqlite3

    memory = sqlite3.connect(":memory:")
    memory.execute("attach ? as other", (t.folder + "/attached",))
    memory.execute("create table other.t(a)")
    return t.won()


@attack("blocked", reaches=_ALL)
def pandas_read(t):
    import pandas as pd

    return t.won(pd.read_csv(t.secret_file, header=None).iloc[0, 0])


@attack("blocked", reaches=_ALL)
def numpy_save(t):
    import numpy as np

    np.save(t.folder + "/saved", np.zeros(1))
    return t.won()


@attack("blocked", reaches=_ALL)
def raw_open(t):
    return t.won(syscall("open", path(t.secret_file), 0))


@attack("blocked", reaches=_ALL)
def raw_openat2(t):

    return t.won(syscall("openat2", -100, path(t.secret_file), (ctypes.c_uint64 * 3)(), 24))


@attack("blocked", reaches=_ALL)
def inotify(t):
    return t.won(syscall("inotify_init1", 0))


@attack("blocked", reaches=_ALL)
def load_library(t):
    """One that Python has no need of is not there yet."""

    refused = None
    for name in ("libnsl.so.1", "libcrypt.so.1", "libBrokenLocale.so.1", "libanl.so.1"):
        try:
            return t.won(ctypes.CDLL(name))
        except OSError as error:
            refused = error
    raise refused


@attack("blocked")
def import_module_of_the_app(t):
    import importlib

    sys.path.insert(0, t.folder)
    importlib.invalidate_caches()
    import stateline_secret

    return t.won(stateline_secret.SECRET)


@attack("blocked", reaches=_ALL)
def source_of_the_app(t):
    """What an honest traceback reads, through the same door."""
    import linecache

    lines = linecache.getlines(t.secret_file)
    if not lines:
        raise PermissionError("no line of it can be read")
    return t.won(lines)


@attack("blocked", reaches=_ALL)
def log_to_file(t):
    import logging

    logging.basicConfig(filename=t.folder + "/log", force=True)
    logging.warning("x")
    return t.won()


@attack("blocked", reaches=_ALL)
def temporary_file(t):
    import tempfile

    with tempfile.NamedTemporaryFile() as made:
        return t.won(made.name)
