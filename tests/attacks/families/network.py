"""Attacks over the network: calling somebody, being called, and sockets that are no network at all."""

import ctypes

from tests.attacks.catalog import attack
from tests.attacks.toolbox import syscall

_ALL = ("root", "nobody")


@attack("blocked", reaches=_ALL)
def tcp_connect(t):
    import socket

    socket.create_connection(("127.0.0.1", t.tcp_port), timeout=1)
    return t.won()


@attack("blocked", reaches=_ALL)
def tcp_fast_open(t):
    """Connects without connect()."""
    import socket

    socket.socket().sendto(b"x", 0x20000000, ("127.0.0.1", t.tcp_port))
    return t.won()


@attack("blocked", reaches=_ALL)
def udp_send(t):
    import socket

    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", t.udp_port))
    return t.won()


@attack("blocked", reaches=_ALL)
def unix_path(t):
    import socket

    socket.socket(socket.AF_UNIX).connect(t.unix_path)
    return t.won()


@attack("blocked", reaches=_ALL)
def unix_abstract(t):
    import socket

    socket.socket(socket.AF_UNIX).connect("\0" + t.abstract)
    return t.won()


@attack("blocked", reaches=_ALL)
def listen(t):
    import socket

    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    return t.won(listening.getsockname())


@attack("blocked", reaches=_ALL)
def netlink(t):
    return t.won(syscall("socket", 16, 3, 0))


@attack("blocked", reaches=_ALL)
def vsock(t):
    return t.won(syscall("socket", 40, 1, 0))


@attack("blocked", reaches=("root",))
def raw_socket(t):
    return t.won(syscall("socket", 2, 3, 1))


@attack("blocked")
def kernel_crypto_socket(t):
    return t.won(syscall("socket", 38, 5, 0))


@attack("blocked", reaches=_ALL)
def socket_pair(t):
    import socket

    return t.won(socket.socketpair())


@attack("blocked", reaches=_ALL)
def io_uring(t):
    """Does everything that other system calls do, past a filter of those."""

    return t.won(syscall("io_uring_setup", 4, ctypes.create_string_buffer(120)))


@attack("blocked", reaches=_ALL)
def url(t):
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", t.tcp_port, timeout=1)
    connection.request("GET", "/")
    return t.won()


@attack("blocked", reaches=_ALL)
def pandas_reads_a_url(t):
    import pandas as pd

    try:
        pd.read_csv(f"http://127.0.0.1:{t.tcp_port}/")
    except TimeoutError:
        return t.won("it was asked for")


@attack("blocked", reaches=_ALL)
def event_loop(t):
    import asyncio

    return t.won(asyncio.new_event_loop())


@attack("blocked")
def name_lookup(t):
    import socket

    return t.won(socket.getaddrinfo("example.org", 80))
