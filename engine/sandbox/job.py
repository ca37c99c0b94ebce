"""One order as the zygote keeps it, from its arrival to the end of its worker. Lives here: its clock, what the server hears.

Of what the worker records only the length is looked at, and no limit is believed that cannot be seen from here.
"""

import os
import socket
import time
from contextlib import suppress
from typing import Final

from engine.sandbox.buffers import is_full, read_complete_bytes
from engine.sandbox.channel import Descriptors, Event, News, Order, pack_news
from engine.sandbox.layers import Hardening
from engine.sandbox.limits import Limit

#: How long after its time a worker may take to stop by itself.
_GRACE_S: Final = 1.0
#: How long a worker that is given up may take to say where it is.
_LAST_WORDS_S: Final = 0.2


class Job:
    """An order. `given_up` says why the worker has to be killed, once it has let its time pass."""

    def __init__(self, order: Order, descriptors: Descriptors, hardening: Hardening, grace_s: float = _GRACE_S) -> None:
        self.limits = order.limits
        self.visitor = order.visitor
        self.purpose = order.purpose
        self.descriptors = descriptors
        self.hardening = hardening
        self._grace_s = grace_s
        self._place: int | None = None
        self.line = socket.socket(fileno=descriptors.line)
        self.given_up: Event | None = None
        self._began_s = self._last_progress_s = self._given_up_s = 0.0
        self._looked_s = self._quiet_since_s = self._longest_quiet_s = 0.0
        self._seen_bytes = 0

    def wait_at(self, place: int) -> None:
        """It is not its turn; 1 is the next, and 0 waits for its own visitor's. The server is told when that has changed."""
        if place != self._place:
            self._place = place
            self._tell(News("waiting" if place else "held", place))

    def refuse(self, news: News) -> None:
        """There will be no worker."""
        self._tell(news)
        self.close()

    def start_clock(self) -> None:
        """Its worker is made now."""
        self._began_s = self._last_progress_s = self._looked_s = self._quiet_since_s = time.monotonic()

    def begin(self) -> None:
        """Its worker has been made."""
        self._tell(News("started", 0))

    def give_up_if_late(self) -> bool:
        """Whether it has to be given up now. The worker sees the same limits, and stops by itself when it can."""
        now_s = self._look()
        if now_s - self._began_s > self.limits.time_ms / 1000 + self._grace_s:
            self.given_up = "overdue"
        elif now_s - self._last_progress_s > 2 * self.limits.call_time_ms / 1000 + self._grace_s:
            self.given_up = "stuck"
        self._given_up_s = now_s
        return self.given_up is not None

    def has_had_its_last_words(self) -> bool:
        return self.given_up is not None and time.monotonic() - self._given_up_s > _LAST_WORDS_S

    def end(self, status: int, peak_memory_bytes: int) -> None:
        """Its worker is dead; so much memory it had at once."""
        self._tell(News(self.given_up or "ended", status, self._seen(peak_memory_bytes)))
        self.close()

    def close(self) -> None:
        self.line.close()
        for descriptor in (self.descriptors.scenario, self.descriptors.result, self.descriptors.last_words):
            os.close(descriptor)

    def _look(self) -> float:
        """See whether it has recorded anything since the last look; the time of this one."""
        now_s, complete_bytes = time.monotonic(), read_complete_bytes(self.descriptors.result)
        self._longest_quiet_s = max(self._longest_quiet_s, now_s - self._quiet_since_s)
        if complete_bytes != self._seen_bytes:
            self._seen_bytes, self._last_progress_s = complete_bytes, now_s
            self._quiet_since_s = self._looked_s  # it may have been as early as that
        self._looked_s = now_s
        return now_s

    def _seen(self, peak_memory_bytes: int) -> frozenset[Limit]:
        """The limits that it reached, as far as that can be seen without its word."""
        reached: dict[Limit, bool] = {
            "replay_time": self._look() - self._began_s >= self.limits.time_ms / 1000,
            "call_time": self._longest_quiet_s >= self.limits.call_time_ms / 1000,
            "memory": peak_memory_bytes >= self.limits.memory_bytes,
            "output": is_full(self.descriptors.result),
        }
        return frozenset(limit for limit, is_reached in reached.items() if is_reached)

    def _tell(self, news: News) -> None:
        with suppress(OSError):  # the server hung up, so nobody wants to know
            self.line.send(pack_news(news), socket.MSG_DONTWAIT)
