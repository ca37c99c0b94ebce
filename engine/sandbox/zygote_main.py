"""The life of the process that makes the workers: it imports everything, tests what it makes, and serves."""

import gc
import os
import socket
import sys
from typing import NoReturn

import msgspec

from engine.sandbox import kernel, rlimits
from engine.sandbox.layers import hardening_from_text
from engine.sandbox.selftest import self_test
from engine.sandbox.spares import Spares
from engine.sandbox.warm import warm_up
from engine.sandbox.zygote import Forks, Makes, Zygote


def main() -> NoReturn:
    """`zygote_main CONTROL REPORT MAX_WORKERS LAYERS forked|spare`, from engine.sandbox.zygote_process.

    The first two are descriptors: the socket on which orders come, and the pipe for the result of the self-test.
    """
    control, report = socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2])
    max_workers, hardening = int(sys.argv[3]), hardening_from_text(sys.argv[4])
    rlimits.allow_many_descriptors(kernel.ABOVE_ALL_DESCRIPTORS)
    kernel.adopt_orphans()
    workers: Makes = Spares(max_workers + 1) if sys.argv[5] == "spare" else _warm_forks()
    zygote = Zygote(max_workers, hardening, workers)
    found, hardening = self_test(zygote, os.getppid())
    with open(report, "wb") as server:
        server.write(msgspec.json.encode(found))
    zygote.serve(control, found.level, hardening)
    os._exit(0)


def _warm_forks() -> Forks:
    warm_up()
    kernel.require_one_thread()
    gc.collect()
    gc.freeze()
    return Forks()
