"""One replay, as the server sees it: ordered, waited for, read, or called off. What the worker does is on the other side."""

import contextlib
import os
import select
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import IO, Final, Generic, Self, TypeVar

import msgspec

from engine.codec.lines import request_to_wire
from engine.model.lines import Question
from engine.model.scenario import Scenario
from engine.model.trace import Ending, ErrorRecord
from engine.sandbox.belief import believed
from engine.sandbox.buffers import read_batches_ended, read_frames, read_last_words, request_file, result_file
from engine.sandbox.channel import NEWS_BYTES, Descriptors, News, Order, pack_order, unpack_news
from engine.sandbox.verdict import verdict
from engine.sandbox.zygote_process import ZygoteProcess

#: The zygote kills what is overdue. When it has not done so by then, it is stuck itself.
_ZYGOTE_IS_STUCK_S: Final = 30.0
_NEVER: Final = float("inf")

Result = TypeVar("Result")


class ReplayCancelled(Exception):
    """Somebody called the replay off: it has no trace."""


class Progress(msgspec.Struct, frozen=True):
    """How far a replay is: `batches_ended` of at most `triggers`. `is_waiting` while it is not its turn.

    `place` is its place among those that wait, 1 for the next; 0 when it does not wait, or nobody has counted yet. It is
    `is_held` while it waits for nothing but other replays of the same visitor.
    """

    is_waiting: bool
    batches_ended: int
    triggers: int
    place: int = 0
    is_held: bool = False


class Replay(Generic[Result]):
    """A replay that has been ordered. Leaving its `with` block ends its worker, whether that is done or not.

    One thread waits for it; any thread may cancel it. With a `question` about the lines of its calls it results in the
    answer to that, else in a trace; `read` makes either of the worker's frames, and of how it ended when they do not say.
    """

    def __init__(
        self,
        zygote: ZygoteProcess,
        scenario: Scenario,
        order: Order,
        question: Question | None,
        read: Callable[[bytes, ErrorRecord, Ending], Result],
    ) -> None:
        self._zygote = zygote
        self._trigger_count = len(scenario.batches)
        self._sent = order
        self._limits = order.limits
        self._read_frames = read
        self._one_waits = threading.Lock()
        self._is_cancelled = self._is_started = self._is_over = False
        self._stuck_at_s = _NEVER
        self._last_news: News | None = None
        self._answer: Result | None = None
        self._place = 0
        self._is_held = False
        self._request = request_file(request_to_wire(scenario, question))
        self._result = result_file(order.limits)
        self._line, self._last_words = self._order()
        self._may_order_again = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.cancel()
        with self._one_waits:
            for held in (self._line, self._last_words, self._request, self._result):
                held.close()

    @property
    def progress(self) -> Progress:
        """How far it was when somebody last waited for it, and which batches have ended by now."""
        ended = min(read_batches_ended(self._result.fileno()), self._trigger_count)
        if self._is_started:
            return Progress(False, ended, self._trigger_count)
        return Progress(True, ended, self._trigger_count, self._place, self._is_held)

    def cancel(self) -> None:
        """Call the replay off: its worker is killed, and who waits for it waits no longer. Harmless when it is over."""
        self._is_cancelled = True
        _hang_up(self._line)

    def wait(self, timeout_s: float | None = None) -> bool:
        """Whether the replay is over, after at most `timeout_s` (None: however long it takes)."""
        until_s = _NEVER if timeout_s is None else time.monotonic() + timeout_s
        with self._one_waits:
            while not self._is_over:
                if _can_read(self._line, min(until_s, self._stuck_at_s)):
                    self._take_news()
                elif time.monotonic() < self._stuck_at_s:
                    return False
                else:
                    self._zygote.stop()  # which ends the line as well
        return True

    def result(self) -> Result:
        """The trace, what keeps the scenario from being replayed, or the answer; waits for it. Raises ReplayCancelled.

        A replay that failed, reached a limit or lost its process is a trace too: its ending and its error say so.
        """
        self.wait()
        with self._one_waits:
            if self._answer is None:
                self._answer = self._read()
            return self._answer

    def _order(self) -> tuple[socket.socket, IO[bytes]]:
        """Send the order; our ends of the line and of the pipe for last words."""
        ours, theirs = socket.socketpair()
        heard, said = os.pipe()
        with theirs, open(said, "wb", buffering=0):
            descriptors = Descriptors(self._request.fileno(), self._result.fileno(), said, theirs.fileno())
            self._zygote.send(pack_order(self._sent), descriptors)
        return ours, open(heard, "rb", buffering=0)

    def _take_news(self) -> None:
        data = self._line.recv(NEWS_BYTES)
        if len(data) < NEWS_BYTES:
            self._line_ended()
            return
        news = unpack_news(data)
        if news.event in ("waiting", "held"):
            self._place, self._is_held = news.number, news.event == "held"
        elif news.event == "started":
            self._is_started = True
            self._stuck_at_s = time.monotonic() + self._limits.time_ms / 1000 + _ZYGOTE_IS_STUCK_S
        else:
            self._last_news, self._is_over = news, True

    def _line_ended(self) -> None:
        """The zygote died. An order that it had not begun is given to a new one, once."""
        if self._is_started or self._is_cancelled or not self._may_order_again:
            self._is_over = True
            return
        self._may_order_again = False
        with self._line, self._last_words:
            self._line, self._last_words = self._order()
        if self._is_cancelled:  # meanwhile, on the old line
            _hang_up(self._line)

    def _read(self) -> Result:
        if self._is_cancelled:
            raise ReplayCancelled
        frames = read_frames(self._result.fileno(), self._limits)
        ending, error = verdict(self._last_news, read_last_words(self._last_words.fileno()), self._limits)
        seen = self._last_news.seen if self._last_news else frozenset()
        return believed(self._read_frames(frames, error, ending), seen, self._limits)


def _can_read(line: socket.socket, until_s: float) -> bool:
    """Wait until there is something to read, or nothing ever will be; False when the time comes first."""
    poll = select.poll()
    poll.register(line, select.POLLIN)
    patience_ms = None if until_s == _NEVER else max(0.0, until_s - time.monotonic()) * 1000
    return bool(poll.poll(patience_ms))


def _hang_up(line: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the other side did so before
        line.shutdown(socket.SHUT_RDWR)
