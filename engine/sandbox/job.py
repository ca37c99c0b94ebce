"""One order as the zygote keeps it, from its arrival to the end of its worker. Lives here: its clock, what the server hears.

Of what the worker records only the length is looked at.
"""

import os
import socket
import time
from contextlib import suppress
from typing import Final

from engine.sandbox.buffers import read_complete_bytes
from engine.sandbox.channel import Descriptors, Event, News, pack_news
from engine.sandbox.layers import Hardening
from engine.sandbox.limits import Limits

#: How long after its time a worker may take to stop by itself.
_GRACE_S: Final = 1.0
#: How long a worker that is given up may take to say where it is.
_LAST_WORDS_S: Final = 0.2


class Job:
    """An order. `given_up` says why the worker has to be killed, once it has let its time pass."""

    def __init__(
        self, limits: Limits, descriptors: Descriptors, hardening: Hardening, grace_s: float = _GRACE_S
    ) -> None:
        self.limits = limits
        self.descriptors = descriptors
        self.hardening = hardening
        self._grace_s = grace_s
        self._place = 0
        self.line = socket.socket(fileno=descriptors.line)
        self.given_up: Event | None = None
        self._began_s = self._last_progress_s = self._given_up_s = 0.0
        self._seen_bytes = 0

    def wait_at(self, place: int) -> None:
        """All workers are busy; 1 is the next. The server is told when that has changed."""
        if place != self._place:
            self._place = place
            self._tell(News("waiting", place))

    def refuse(self, news: News) -> None:
        """There will be no worker."""
        self._tell(news)
        self.close()

    def begin(self) -> None:
        """Its worker has been forked."""
        self._began_s = self._last_progress_s = time.monotonic()
        self._tell(News("started", 0))

    def give_up_if_late(self) -> bool:
        """Whether it has to be given up now. The worker sees the same limits, and stops by itself when it can."""
        now_s, complete_bytes = time.monotonic(), read_complete_bytes(self.descriptors.result)
        if complete_bytes != self._seen_bytes:
            self._seen_bytes, self._last_progress_s = complete_bytes, now_s
        if now_s - self._began_s > self.limits.time_ms / 1000 + self._grace_s:
            self.given_up = "overdue"
        elif now_s - self._last_progress_s > 2 * self.limits.call_time_ms / 1000 + self._grace_s:
            self.given_up = "stuck"
        self._given_up_s = now_s
        return self.given_up is not None

    def has_had_its_last_words(self) -> bool:
        return self.given_up is not None and time.monotonic() - self._given_up_s > _LAST_WORDS_S

    def end(self, status: int) -> None:
        """Its worker is dead."""
        self._tell(News(self.given_up or "ended", status))
        self.close()

    def close(self) -> None:
        self.line.close()
        for descriptor in (self.descriptors.scenario, self.descriptors.result, self.descriptors.last_words):
            os.close(descriptor)

    def _tell(self, news: News) -> None:
        with suppress(OSError):  # the server hung up, so nobody wants to know
            self.line.send(pack_news(news), socket.MSG_DONTWAIT)
