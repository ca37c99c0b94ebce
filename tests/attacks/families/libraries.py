"""Attacks by what the standard library, numpy and pandas do behind a harmless name: files, programs, threads, descriptors."""

import os
import sys

from tests.attacks.catalog import attack
from tests.attacks.toolbox import any_of, path, syscall


@attack("blocked", reaches=("root", "nobody"))
def run_a_file_as_a_module(t):
    import runpy

    return t.won(runpy.run_path(t.folder + "/stateline_secret.py")["SECRET"])


@attack("blocked", "harmless")
def time_zone_that_is_a_path(t):
    import zoneinfo

    with open(t.secret_file, "rb") as file:
        return t.won(zoneinfo.ZoneInfo.from_file(file))


@attack("blocked", reaches=("root", "nobody"))
def line_cache(t):
    import linecache

    lines = linecache.getlines(t.secret_file)
    if not lines:
        raise PermissionError("nothing was read")
    return t.won(lines)


@attack("blocked", reaches=("root", "nobody"))
def files_as_input(t):
    import fileinput

    return t.won(list(fileinput.input(t.secret_file)))


@attack("blocked")
def data_of_a_package(t):
    import pkgutil

    sys.path.insert(0, t.folder)
    data = pkgutil.get_data("stateline_secret", "secret.txt")
    if data is None:
        raise PermissionError("nothing was read")
    return t.won(data)


@attack("blocked", reaches=("root", "nobody"))
def shelf(t):
    import shelve

    with shelve.open(t.folder + "/shelf") as kept:
        kept["a"] = 1
    return t.won()


@attack("blocked", reaches=("root", "nobody"))
def profile_to_a_file(t):
    import cProfile

    cProfile.runctx("1", {}, {}, t.folder + "/profile")
    return t.won()


@attack("blocked", reaches=("root", "nobody"))
def snapshot_of_memory(t):
    import tracemalloc

    tracemalloc.start()
    tracemalloc.take_snapshot().dump(t.folder + "/snapshot")
    return t.won()


@attack("blocked", reaches=("root", "nobody"))
def log_settings_that_open_a_file(t):
    import logging.config

    handler = {"class": "logging.FileHandler", "filename": t.folder + "/log"}
    logging.config.dictConfig({"version": 1, "handlers": {"h": handler}, "root": {"handlers": ["h"]}})
    return t.won()


@attack("blocked", "harmless")
def log_settings_that_listen(t):
    """It starts a thread."""
    import logging.config

    logging.config.listen(0).start()
    return t.won()


@attack("blocked", reaches=("root", "nobody"))
def sqlite_copies_itself(t):
    import sqlite3

    memory = sqlite3.connect(":memory:")
    memory.execute("create table a (b)")
    memory.commit()
    return any_of(
        t,
        lambda: memory.execute(f"vacuum into '{t.folder}/copy'"),
        lambda: memory.backup(sqlite3.connect(t.folder + "/backup")),
    )


@attack("blocked", "harmless")
def sqlite_loads_a_library(t):
    import sqlite3

    memory = sqlite3.connect(":memory:")
    memory.execute("select load_extension(?)", (t.secret_file,))
    return t.won()


@attack("blocked", "harmless")
def entity_of_xml_that_is_a_file(t):
    import xml.sax

    class Kept(xml.sax.ContentHandler):
        text = ""

        def characters(self, content):
            self.text += content

    reader, kept = xml.sax.make_parser(), Kept()
    reader.setFeature(xml.sax.handler.feature_external_ges, True)
    reader.setContentHandler(kept)
    document = f'<!DOCTYPE a [<!ENTITY b SYSTEM "file://{t.secret_file}">]><a>&b;</a>'
    import io

    reader.parse(io.BytesIO(document.encode()))
    return t.won(kept.text) if "secret" in kept.text else "nothing"


@attack("stopped", "harmless", "blocked", takes_its_time=True)
def entities_of_xml_that_grow(t):
    from xml.etree import ElementTree

    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return len(ElementTree.fromstring(f'<!DOCTYPE a [<!ENTITY l0 "ha">{laughs}]><a>&l9;</a>').text)


@attack("stopped", "blocked", "harmless", takes_its_time=True)
def archive_that_grows(t):
    import zlib

    bomb = zlib.compress(zlib.compress(bytes(50_000_000), 9), 9)
    return len(zlib.decompress(zlib.decompress(bomb)) * 100)


@attack("blocked", reaches=("root", "nobody"))
def library_found_by_programs(t):
    """It runs the compiler, or the linker, to find one."""
    import ctypes.util
    import subprocess

    if ctypes.util.find_library("m") is None:
        raise PermissionError("none was found")
    return t.won(subprocess.check_output(["/bin/true"]))


@attack("blocked", reaches=("root", "nobody"))
def program_started_past_python(t):
    import _posixsubprocess

    read, write = os.pipe()
    arguments = ([b"/bin/true"], [b"/bin/true"], True, (write,), None, None, -1, -1, -1, -1, -1, -1, read, write)
    return t.won(_posixsubprocess.fork_exec(*arguments, False, False, -1, None, None, None, -1, None, False))


@attack("blocked", "harmless")
def thread_that_dumps_later(t):
    import faulthandler

    faulthandler.dump_traceback_later(0.01, repeat=True, file=3)
    faulthandler.cancel_dump_traceback_later()
    return "it has no thread" if len(sys._current_frames()) == 1 else t.won()


@attack("harmless", "blocked", "stopped")
def second_interpreter(t):
    """Another interpreter in the same process has the same kernel's filter."""
    import _xxsubinterpreters

    other = _xxsubinterpreters.create()
    source = f"try:\n    open({t.folder + '/second'!r}, 'w')\nexcept OSError:\n    pass"
    _xxsubinterpreters.run_string(other, source)
    return "ran"


@attack("blocked", "harmless", reaches=("root", "nobody"))
def memory_map_of_numpy(t):
    import numpy as np

    return any_of(
        t,
        lambda: np.memmap(t.secret_file, mode="r"),
        lambda: np.fromfile(t.secret_file, dtype="u1"),
        lambda: np.genfromtxt(t.secret_file, dtype=str),
        lambda: np.lib.npyio.DataSource(None).open(t.secret_file),
    )


@attack("blocked", "harmless")
def arrow_is_not_there(t):
    import pandas as pd

    return any_of(
        t,
        lambda: __import__("pyarrow"),
        lambda: pd.read_parquet(t.secret_file),
        lambda: pd.read_feather(t.secret_file),
    )


@attack("blocked", "harmless")
def expression_of_pandas_that_imports(t):
    """What it evaluates runs in this process, which has nothing to give."""
    import pandas as pd

    return t.won(pd.eval("opened(name)", local_dict={"opened": open, "name": t.secret_file}, engine="python"))


@attack("blocked", "harmless")
def pipe_made_larger(t):
    """The pipe for last words is of the host's memory."""
    import fcntl

    return t.won(fcntl.fcntl(3, fcntl.F_SETPIPE_SZ, 1 << 20))


@attack("blocked", "harmless")
def pipe_that_is_signalled(t):
    import fcntl

    return t.won((fcntl.fcntl(3, fcntl.F_SETOWN, t.server), fcntl.fcntl(3, fcntl.F_SETSIG, 23)))


@attack("blocked", "harmless")
def descriptor_copied(t):
    return any_of(t, lambda: os.dup(3), lambda: os.dup2(3, 200), lambda: os.fdopen(os.dup(0)))


@attack("blocked", "harmless")
def pages_given_to_the_pipe(t):
    return any_of(t, lambda: syscall("vmsplice", 3, 0, 0, 0), lambda: syscall("tee", 3, 3, 10, 0))


@attack("blocked", "harmless")
def secret_memory(t):
    return any_of(t, lambda: syscall("memfd_secret", 0))


@attack("blocked", "harmless")
def descriptor_of_the_server(t):
    return any_of(t, lambda: syscall("pidfd_getfd", 3, 0, 0), lambda: syscall("pidfd_open", t.server, 0))


@attack("blocked", "harmless")
def memory_of_the_server_given_back(t):
    return any_of(t, lambda: syscall("process_madvise", 3, 0, 0, 4, 0))


@attack("blocked", "harmless")
def timers_that_outlive_a_call(t):
    return any_of(t, lambda: syscall("timerfd_create", 1, 0), lambda: syscall("timer_create", 1, 0, 0))


@attack("blocked", "harmless")
def files_told_without_opening(t):
    return any_of(
        t,
        lambda: syscall("statx", -100, path(t.secret_file), 0, 0, 0),
        lambda: os.readlink("/proc/self/exe"),
        lambda: os.getcwd(),
        lambda: os.statvfs("/"),
        lambda: os.getxattr(t.secret_file, "user.a"),
    )


@attack("blocked", "harmless")
def semaphores_and_queues_of_the_system(t):
    return any_of(t, lambda: syscall("semget", 0, 1, 0o1666), lambda: syscall("msgget", 0, 0o1666))


@attack("blocked", "harmless")
def filter_on_top_of_the_filter(t):
    """One that lets all pass adds nothing; it is refused all the same."""
    return any_of(t, lambda: syscall("seccomp", 1, 0, 0), lambda: syscall("prctl", 22, 2, 0))


@attack("blocked", "harmless")
def memory_locked(t):
    return any_of(t, lambda: syscall("mlockall", 1), lambda: syscall("memfd_create", path("x"), 0))
