"""Attacks on the kernel: calls that have opened it before, and those by which a process becomes another."""

import ctypes
import os
import sys

from tests.attacks.catalog import attack
from tests.attacks.toolbox import NotOnThisMachine, path, syscall

_ALL = ("root", "nobody")


@attack("blocked", reaches=_ALL)
def keyring(t):
    return t.won(syscall("keyctl", 0, -3, 0))


@attack("blocked", reaches=_ALL)
def user_page_faults(t):
    return t.won(syscall("userfaultfd", 1))


@attack("blocked", reaches=_ALL)
def performance_counters(t):
    wanted = ctypes.create_string_buffer(128)
    wanted[0:8] = b"\1\0\0\0\x80\0\0\0"
    wanted[40] = b"\x62"
    return t.won(syscall("perf_event_open", wanted, 0, -1, -1, 0))


@attack("blocked", reaches=("root",))
def bpf(t):
    small_map = ctypes.create_string_buffer(b"\2\0\0\0\4\0\0\0\4\0\0\0\1\0\0\0", 72)
    return t.won(syscall("bpf", 0, small_map, 72))


@attack("blocked", reaches=_ALL)
def user_namespace(t):
    return t.won(syscall("unshare", 0x10000000))


@attack("blocked", reaches=("root",))
def make_file_system(t):
    return t.won(syscall("fsopen", path("tmpfs"), 0))


@attack("blocked", reaches=("root",))
def change_root(t):
    os.chroot("/tmp")
    return t.won()


@attack("blocked", reaches=_ALL)
def change_directory(t):
    os.chdir("/tmp")
    return t.won()


@attack("blocked", reaches=("root",))
def become_root(t):
    os.setuid(0)
    return t.won(os.getuid())


@attack("blocked", reaches=_ALL)
def process_control(t):
    """prctl, by which a process could make itself readable again, or outlive its zygote."""
    return t.won(syscall("prctl", 4, 1, 0, 0, 0))


@attack("blocked", reaches=_ALL)
def segment_table(t):
    return t.won(syscall("modify_ldt", 0, ctypes.create_string_buffer(64), 64))


@attack("blocked", reaches=_ALL)
def personality(t):
    return t.won(syscall("personality", 0xFFFFFFFF))


@attack("blocked", reaches=_ALL)
def system_v_shared_memory(t):
    """Outlives the process that made it, unless that takes it away, as this one does."""
    made = syscall("shmget", 0, 4096, 0o1600)
    syscall("shmctl", made, 0, 0)
    return t.won(made)


@attack("blocked", reaches=_ALL)
def message_queue(t):
    name = path(f"stateline_{t.server}")
    made = syscall("mq_open", name, 0o102, 0o600, 0)
    syscall("mq_unlink", name)
    return t.won(made)


@attack("stopped", "blocked")
def other_table_of_system_calls(t):
    """x86-64 has a second one (x32), with the same calls under other numbers."""
    if os.uname().machine != "x86_64":
        raise NotOnThisMachine
    return t.won(syscall(0x40000000 | 39))


@attack("blocked", reaches=_ALL)
def memory_to_write_and_execute(t):
    import mmap

    mmap.mmap(-1, 4096, prot=7, flags=0x22)
    return t.won()


@attack("blocked", reaches=_ALL)
def memory_made_executable(t):
    import mmap

    memory = mmap.mmap(-1, 4096, prot=3, flags=0x22)
    return t.won(syscall("mprotect", ctypes.addressof(ctypes.c_char.from_buffer(memory)), 4096, 5))


@attack("blocked", reaches=_ALL)
def system_calls_of_the_future(t):
    """Those that kernels have had since the last that Python knows, and those that none has yet."""
    answered = []
    for number in range(440, 480):
        try:
            syscall(number, -1, -1, -1, -1, -1)
        except OSError as error:
            if error.errno not in (1, 38):
                answered.append((number, error.errno))
    if not answered:
        raise PermissionError("all were refused")
    return t.won(answered)


@attack("blocked", reaches=_ALL)
def own_core_dumps_and_settings(t):
    """The worker's view of itself in /proc tells addresses, and would let it change its own memory's rights."""
    return t.won(open("/proc/self/maps").readline())


@attack("blocked", reaches=_ALL)
def new_pipe(t):
    return t.won(os.pipe())


@attack("blocked", reaches=_ALL)
def event_descriptors(t):
    return t.won(os.eventfd(0))


@attack("harmless", "blocked")
def python_level_escape(t):
    """The oldest trick: every class that there is, by way of an empty tuple. It finds doors; none of them opens."""
    for kind in ().__class__.__base__.__subclasses__():
        if kind.__name__ == "Popen":
            return t.won(kind(["/bin/true"]))
    return sys.version
