"""Attacks on other processes: the server, the zygote, the workers of others. Signals are harmless ones."""

import ctypes
import os

from tests.attacks.catalog import attack
from tests.attacks.toolbox import held, syscall

_ALL = ("root", "nobody")


@attack("blocked", reaches=_ALL)
def signal_the_server(t):
    import signal

    os.kill(t.server, signal.SIGURG)
    return t.won()


@attack("blocked", reaches=_ALL)
def signal_the_zygote(t):
    os.kill(os.getppid(), 0)
    return t.won()


@attack("blocked", reaches=_ALL)
def signal_everybody(t):
    os.kill(-1, 0)
    return t.won()


@attack("blocked", reaches=_ALL)
def signal_the_group_of_the_server(t):
    os.killpg(os.getpgid(t.server), 0)
    return t.won()


@attack("blocked", reaches=_ALL)
def process_descriptor(t):
    return t.won(syscall("pidfd_open", t.server, 0))


@attack("blocked", reaches=_ALL)
def thread_signal(t):
    return t.won(syscall("tgkill", t.server, t.server, 0))


@attack("blocked")
def queued_signal(t):
    return t.won(syscall("rt_sigqueueinfo", t.server, 0, ctypes.create_string_buffer(128)))


@attack("blocked", reaches=_ALL)
def signal_by_descriptor_owner(t):
    """fcntl(F_SETOWN): a descriptor that signals somebody when there is something to read."""
    return t.won(syscall("fcntl", 0, 8, t.server))


@attack("blocked", reaches=("root",))
def read_memory_of_the_server(t):
    there = ctypes.create_string_buffer(16)
    here, far = (ctypes.c_uint64 * 2)(ctypes.addressof(there), 16), (ctypes.c_uint64 * 2)(t.address, 16)
    return t.won(syscall("process_vm_readv", t.server, here, 1, far, 1, 0))


@attack("blocked", reaches=("root",))
def write_memory_of_the_server(t):
    there = ctypes.create_string_buffer(b"overwritten", 16)
    here, far = (ctypes.c_uint64 * 2)(ctypes.addressof(there), 16), (ctypes.c_uint64 * 2)(t.address, 16)
    return t.won(syscall("process_vm_writev", t.server, here, 1, far, 1, 0))


@attack("blocked", reaches=("root",))
def memory_file_of_the_server(t):
    with open(f"/proc/{t.server}/mem", "rb") as memory:
        memory.seek(t.address)
        return t.won(memory.read(8))


@attack("blocked", reaches=_ALL)
def limits_of_the_server(t):
    """Lowers one: the server may open fewer files."""
    return t.won(syscall("prlimit64", t.server, 7, (ctypes.c_uint64 * 2)(256, 4096), 0))


@attack("blocked", reaches=_ALL)
def own_limits(t):
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
    return t.won("its own limits can be set")


@attack("blocked", reaches=_ALL)
def priority_of_the_server(t):
    os.setpriority(os.PRIO_PROCESS, t.server, os.getpriority(os.PRIO_PROCESS, t.server) + 1)
    return t.won()


@attack("blocked", reaches=_ALL)
def affinity_of_the_server(t):
    os.sched_setaffinity(t.server, {0})
    return t.won()


@attack("blocked", reaches=_ALL)
def group_of_the_zygote(t):
    return t.won(os.getsid(t.server))


@attack("blocked", reaches=("root",))
def compare_with_the_server(t):
    return t.won(syscall("kcmp", t.server, os.getpid(), 0, 0, 0))


@attack("blocked", "harmless")
def control_socket_of_the_zygote(t):
    """The worker's stack still has the zygote's frames in it."""
    for control in held("socket"):
        try:
            if control.send(b"\0" * 32):
                return t.won("the control socket can be used")
        except OSError:
            continue


@attack("blocked", "harmless")
def lines_of_other_sessions(t):
    """What the zygote tells a server of its replays goes over sockets that it kept when it forked."""
    told = 0
    for job in held("Job"):
        try:
            told += job.line.send(b"E\0\0\0\0")
        except OSError:
            continue
    return t.won(told) if told else "none"


@attack("blocked", "harmless")
def scenarios_of_other_sessions(t):
    """Another visitor's scenario lies in a descriptor of the zygote."""
    for job in held("Job"):
        try:
            if os.pread(job.descriptors.scenario, 16, 0):
                return t.won("a scenario")
        except OSError:
            continue


@attack("blocked", "harmless")
def serve_as_a_second_zygote(t):
    """The zygote's loop is on the stack: go on with it."""
    for zygote in held("Zygote"):
        zygote._take_order()
        return t.won("an order was taken")
