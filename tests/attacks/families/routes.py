"""Attacks by whatever route is left: all that Python, its libraries and the kernel offer for one thing, tried in one go.

Each tells the routes that led somewhere, or failed of something else than a refusal.
"""

import ctypes
import os
import sys

from tests.attacks.catalog import attack
from tests.attacks.toolbox import NotOnThisMachine, any_of, path, syscall

_ALL = ("root", "nobody")


@attack("blocked", "stopped", reaches=_ALL)
def every_library_that_reads_a_file(t):
    import codecs
    import io
    import pathlib
    import runpy
    import sqlite3
    import tokenize
    import zoneinfo

    secret = t.secret_file
    return any_of(
        t,
        lambda: io.FileIO(secret).read(),
        lambda: io.open_code(secret).read(),
        lambda: __import__("_pyio").open(secret).read(),
        lambda: codecs.open(secret).read(),
        lambda: tokenize.open(secret).read(),
        lambda: pathlib.Path(secret).read_text(),
        lambda: runpy.run_path(t.folder + "/stateline_secret.py"),
        lambda: zoneinfo.ZoneInfo.from_file(open(secret, "rb")),
        lambda: sqlite3.connect(f"file:{t.canary}?mode=ro&immutable=1", uri=True).execute("pragma schema_version"),
        lambda: os.open(secret, os.O_PATH),
    )


@attack("blocked", "stopped", reaches=_ALL)
def every_library_that_writes_a_file(t):
    import bz2
    import dbm.dumb
    import gzip
    import lzma
    import pathlib
    import shelve
    import shutil
    import sqlite3
    import tarfile
    import tempfile
    import zipfile

    new = t.folder + "/made"
    return any_of(
        t,
        lambda: pathlib.Path(new).write_text("x"),
        lambda: shelve.open(new),
        lambda: dbm.dumb.open(new, "c"),
        lambda: zipfile.ZipFile(new, "w"),
        lambda: tarfile.open(new, "w"),
        lambda: gzip.open(new, "w"),
        lambda: bz2.open(new, "w"),
        lambda: lzma.open(new, "w"),
        lambda: shutil.copy(t.secret_file, new),
        lambda: tempfile.mkdtemp(dir=t.folder),
        lambda: sqlite3.connect(":memory:").execute("vacuum into ?", (new,)),
        lambda: sqlite3.connect(":memory:").backup(sqlite3.connect(new)),
        lambda: os.open(t.folder, os.O_TMPFILE | os.O_WRONLY),
    )


@attack("blocked", "stopped", reaches=_ALL)
def every_file_that_numpy_and_pandas_know(t):
    import numpy as np
    import pandas as pd

    secret, new, frame = t.secret_file, t.folder + "/made", pd.DataFrame({"a": [1]})
    return any_of(
        t,
        lambda: np.memmap(t.canary, mode="r+"),
        lambda: np.fromfile(secret),
        lambda: np.zeros(3).tofile(new),
        lambda: np.savez(new, 1),
        lambda: pd.read_fwf(secret),
        lambda: pd.read_csv(secret, memory_map=True),
        lambda: frame.to_csv(new),
        lambda: frame.to_pickle(new),
        lambda: frame.to_json(new),
        lambda: frame.to_html(new),
    )


@attack("blocked", reaches=_ALL)
def every_kind_of_socket(t):
    made = []
    for family in range(46):
        for kind in (1, 2, 3, 5):
            try:
                made.append((family, kind, syscall("socket", family, kind, 0)))
            except OSError as error:
                made += [(family, kind, error.errno)] if error.errno != 1 else []
    if not made:
        raise PermissionError("none can be made")
    return t.won(made)


@attack("stopped", "harmless")
def the_older_table_of_system_calls(t):
    """Jumps to bytes in the C library that happen to mean `int 0x80`, by which 32-bit programs ask."""
    if os.uname().machine != "x86_64":
        raise NotOnThisMachine
    place = ctypes.cast(ctypes.CDLL(None).getpid, ctypes.c_void_p).value & ~4095
    at = ctypes.string_at(place, 0x60000).find(b"\xcd\x80")
    return ctypes.CFUNCTYPE(ctypes.c_long)(place + at)() if at >= 0 else "there are none"


@attack("stopped", "blocked")
def dies_of_a_signal_without_a_name(t):
    import signal

    signal.raise_signal(signal.SIGRTMIN + 5)


@attack("stopped", takes_its_time=True)
def stops_itself(t):
    import signal

    signal.raise_signal(signal.SIGSTOP)


@attack("harmless", "blocked")
def settings_of_the_process(t):
    """Of no use to the next visitor, whose worker is forked from another process than this one."""
    import decimal
    import locale
    import random
    import time

    import numpy as np
    import pandas as pd

    os.environ["TZ"], os.environ["STATELINE_HOSTED"] = "Asia/Tokyo", "0"
    time.tzset()
    random.seed(1)
    np.random.seed(1)
    np.seterr(all="raise")
    decimal.DefaultContext.prec = decimal.getcontext().prec = 2
    pd.set_option("display.precision", 1)
    locale.setlocale(locale.LC_ALL, "C")
    sys.path.insert(0, t.folder)
    sys.setrecursionlimit(400)
    return "set"


@attack("blocked")
def executable_memory_twice(t):
    """Pages of the C library, mapped a second time: what is executable stays as it is, and cannot be written."""
    if os.uname().machine != "x86_64":
        raise NotOnThisMachine
    page = ctypes.cast(ctypes.CDLL(None).getpid, ctypes.c_void_p).value & ~4095
    moved = syscall(25, page, 4096, 8192, 1)
    return t.won(syscall("mprotect", moved, 4096, 7))


@attack("blocked", reaches=_ALL)
def name_to_handle(t):
    """A file by a handle in place of its name."""
    handle, mount = ctypes.create_string_buffer(b"\x80\0\0\0", 136), ctypes.c_int()
    number = 303 if os.uname().machine == "x86_64" else 264
    return t.won(syscall(number, -100, path(t.secret_file), handle, ctypes.byref(mount), 0))
