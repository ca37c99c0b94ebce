"""What is said between server, zygote and worker: orders and news of fixed length, sent with descriptors. Both sides use it.

Nothing that a visitor wrote passes here; that is in the buffers.
"""

import signal
import struct
from typing import Final, Literal, NamedTuple, get_args

import msgspec

from engine.sandbox.levels import LEVELS, Level
from engine.sandbox.limits import Limit, Limits

_ORDER: Final = struct.Struct("<QQQQQBQB")
_NEWS: Final = struct.Struct("<ciB")

ORDER_BYTES: Final = _ORDER.size
NEWS_BYTES: Final = _NEWS.size

Event = Literal["waiting", "held", "started", "ended", "overdue", "stuck", "refused", "crowded", "replaced"]
_EVENTS: Final[dict[bytes, Event]] = {
    b"W": "waiting",
    b"H": "held",
    b"S": "started",
    b"E": "ended",
    b"O": "overdue",
    b"Q": "stuck",
    b"R": "refused",
    b"C": "crowded",
    b"N": "replaced",
}
_CODES: Final = {event: code for code, event in _EVENTS.items()}
_BITS: Final[dict[Limit, int]] = {limit: 1 << place for place, limit in enumerate(get_args(Limit))}

#: How a worker exits that wrote no ending: a limit was reached, or it failed in a way that it did not foresee.
LIMIT_STATUSES: Final[dict[Limit, int]] = {"replay_time": 81, "call_time": 82, "memory": 83, "output": 84}
BROKEN: Final = 85
#: It could not give up all that it must, so it ran nothing.
NOT_HARDENED: Final = 71
#: A worker's first words, once it has given up all that it must. What is in the pipe, a function cannot take back.
HARDENED: Final = b"hardened\n"
#: On this signal a worker says where it is, even from within C code.
WHERE_ARE_YOU: Final = signal.SIGUSR1


class Descriptors(NamedTuple):
    """What goes with an order: the scenario, room for its frames, a pipe for the worker's last words, and the zygote's
    end of the line on which the server hears how it went. When the server hangs up, the worker is killed."""

    scenario: int
    result: int
    last_words: int
    line: int


class News(NamedTuple):
    """What became of a replay. `number` is the wait status of a worker that is dead.

    While it is `waiting`, `number` is its place: 1 is the next; it is `held` while others of its visitor's have to end
    first. The zygote killed it when it was `overdue` (the replay took too long) or `stuck` (a call did). It made no worker
    when it `refused` (`number` is the level that this computer reaches), was too `crowded`, or a newer order `replaced`
    this one. `seen` are the limits that the zygote saw reached, from outside a worker that is dead.
    """

    event: Event
    number: int
    seen: frozenset[Limit] = frozenset()


class Order(NamedTuple):
    """What the server wants: a replay within these limits, by a worker that is held at least so well.

    For whom, and what for, are numbers that tell equal from different, and nothing else (turns.py).
    """

    limits: Limits
    least: Level
    visitor: int
    purpose: int


def pack_order(order: Order) -> bytes:
    least = LEVELS.index(order.least)
    return _ORDER.pack(*msgspec.structs.astuple(order.limits), least, order.visitor, order.purpose)


def unpack_order(data: bytes) -> Order:
    *limits, least, visitor, purpose = _ORDER.unpack(data)
    return Order(Limits(*limits), LEVELS[least], visitor, purpose)


def pack_news(news: News) -> bytes:
    return _NEWS.pack(_CODES[news.event], news.number, sum(_BITS[limit] for limit in news.seen))


def unpack_news(data: bytes) -> News:
    code, number, bits = _NEWS.unpack(data)
    return News(_EVENTS[code], number, frozenset(limit for limit, bit in _BITS.items() if bits & bit))
