"""The GroupState of the JVM's flatMapGroupsWithState, as Python. Lives here: its methods, their exact errors (SEMANTICS 3).

What a call leaves behind is decided in group_state.py; how the function is called, in update_state.py.
"""

import datetime
import sys
from functools import lru_cache
from typing import Any

import msgspec

from engine.apis.advice import advised
from engine.apis.group_state import ATOMS, as_long, frozen
from engine.apis.operations import refused
from engine.apis.user_code import USER_FILE, line_of
from engine.model.intervals import Interval, NotAnInterval
from engine.model.moments import micros_of
from engine.model.state import KeyState
from engine.model.trace import Reason
from engine.replay.operator import BatchClock


class NoSuchElementException(LookupError):
    spark_class = "java.util.NoSuchElementException"


class IllegalArgumentException(ValueError):
    spark_class = "java.lang.IllegalArgumentException"


class SparkIllegalArgumentException(IllegalArgumentException):
    spark_class = "org.apache.spark.SparkIllegalArgumentException"


class SparkUnsupportedOperationException(RuntimeError):
    spark_class = "org.apache.spark.SparkUnsupportedOperationException"


class TimeoutConf(msgspec.Struct, frozen=True):
    """The query around the function, as far as its state object answers by it."""

    name: str
    has_watermark: bool


class _Flag(int):
    """True or False that may also be called, so that both `state.exists` and `state.exists()` tell the truth."""

    def __call__(self) -> bool:
        return self is _TRUE

    def __repr__(self) -> str:
        return repr(bool(self))


_TRUE, _FALSE = _Flag(1), _Flag(0)


class GroupState:
    """The state of one key during one call (GroupStateImpl of Spark).

    Each call begins with no timeout set: a stored one is not visible here (SEMANTICS 1.4).
    """

    __slots__ = (
        "_clock",
        "_conf",
        "_is_own",
        "exists",
        "hasTimedOut",
        "operation_lines",
        "operations",
        "timeout_set_ms",
        "value_now",
        "was_removed",
        "was_updated",
    )

    def __init__(self, stored: KeyState, reason: Reason, clock: BatchClock, conf: TimeoutConf) -> None:
        self._clock = clock
        self._conf = conf
        self._is_own = self.was_updated = self.was_removed = False
        self.timeout_set_ms: int | None = None
        if stored.entries:
            self.exists, self.value_now = _TRUE, stored.entries[0].value
        else:
            self.exists, self.value_now = _FALSE, None
        self.operations: list[list[Any]] = []
        self.operation_lines: list[int] = []
        self.hasTimedOut = _TRUE if reason == "timeout" else _FALSE

    def __class_getitem__(cls, item: Any) -> type["GroupState"]:
        """`GroupState[int]` is a type hint, as in Scala."""
        return cls

    def get(self) -> Any:
        """The value. Raises NoSuchElementException when there is none (SEMANTICS 3.1)."""
        if not self.exists:
            raise advised(
                NoSuchElementException("State is either not defined or has already been removed"),
                "Ask first: state.get() if state.exists else a value to start with",
            )
        value = self.value_now
        return value if self._is_own or type(value) in ATOMS else self._own_value()

    def getOption(self) -> Any:
        """The value, or None when there is none."""
        return self.get() if self.exists else None

    def update(self, newState: Any) -> None:
        """Store a value when the call is over. Raises IllegalArgumentException for None (SEMANTICS 3.1)."""
        operation = self._began("update", [newState if type(newState) in ATOMS else frozen(newState)])
        if newState is None:
            error = IllegalArgumentException("'null' is not a valid state value")
            raise refused(operation, error, "To forget the key, call state.remove()")
        self.value_now, self.exists = newState, _TRUE
        self._is_own = self.was_updated = True
        self.was_removed = False

    def remove(self) -> None:
        """Forget the value; without a timeout set in this call the key's row is deleted (SEMANTICS 1.9, 1.11)."""
        self._began("remove", [])
        self.value_now, self.exists = None, _FALSE
        self.was_updated, self.was_removed = False, True

    def setTimeoutDuration(self, duration: int | str) -> None:
        """A duration from the batch's processing time: milliseconds, or a string such as "10 minutes"."""
        operation = self._began("setTimeoutDuration", [duration])
        duration_ms = duration if type(duration) is int else _duration_ms(duration, operation)
        operation[1][0] = duration_ms
        if self._conf.name != "ProcessingTimeTimeout":
            raise refused(operation, *_needs_processing_time(self._conf.name))
        if duration_ms <= 0:
            error = IllegalArgumentException("Timeout duration must be positive")
            raise refused(operation, error, "Set a duration above 0")
        self.timeout_set_ms = as_long(self._clock.processing_time_ms + duration_ms)

    def setTimeoutTimestamp(self, timestamp: Any, additionalDuration: str | None = None) -> None:
        """An event time in milliseconds (or a datetime in UTC), plus an optional duration string."""
        operation = self._began("setTimeoutTimestamp", [timestamp])
        timestamp_ms = _timestamp_ms(timestamp)
        if self._conf.name != "EventTimeTimeout":
            raise refused(operation, *_needs_event_time(self._conf.name))
        if additionalDuration is not None:
            timestamp_ms = as_long(timestamp_ms + _duration_ms(additionalDuration, operation))
        operation[1][0] = timestamp_ms
        if timestamp_ms <= 0:
            error = IllegalArgumentException("Timeout timestamp must be positive")
            raise refused(operation, error, "Set an event time in milliseconds since 1970")
        if timestamp_ms < self._clock.watermark_for_eviction_ms:
            raise refused(operation, *_behind_watermark(timestamp_ms, self._clock.watermark_for_eviction_ms))
        self.timeout_set_ms = timestamp_ms

    def getCurrentProcessingTimeMs(self) -> int:
        return self._clock.processing_time_ms

    def getCurrentWatermarkMs(self) -> int:
        if not self._conf.has_watermark:
            raise advised(
                SparkUnsupportedOperationException(
                    "Cannot get event time watermark timestamp without setting watermark before "
                    "[map|flatMap]GroupsWithState."
                ),
                "Choose the event-time column and the delay of the watermark",
            )
        return self._clock.watermark_for_eviction_ms

    def __repr__(self) -> str:
        return f"GroupState({self.get()!r})" if self.exists else "GroupState(<undefined>)"

    def _own_value(self) -> Any:
        """The stored value as a copy of the function's own: what it changes in there, the store must not notice."""
        self.value_now, self._is_own = frozen(self.value_now), True
        return self.value_now

    def _began(self, name: str, arguments: list[Any]) -> list[Any]:
        """Keep an operation, with its line, for the trace; also one that is then refused."""
        operation: list[Any] = [name, arguments]
        self.operations.append(operation)
        frame = sys._getframe(2)  # not this function, nor the method that asks
        self.operation_lines.append(frame.f_lineno if frame.f_code.co_filename == USER_FILE else line_of(frame))
        return operation


def _needs_processing_time(conf: str) -> tuple[Exception, str]:
    text = "Cannot set timeout duration without enabling processing time timeout in [map|flatMap]GroupsWithState."
    or_else = ", or call setTimeoutTimestamp" if conf == "EventTimeTimeout" else ""
    advice = f"The timeout conf is {conf}: choose ProcessingTimeTimeout{or_else}"
    return SparkUnsupportedOperationException(text), advice


def _needs_event_time(conf: str) -> tuple[Exception, str]:
    # The missing bracket is Spark's.
    text = "Cannot set timeout timestamp without enabling event time timeout in [map|flatMapGroupsWithState."
    or_else = ", or call setTimeoutDuration" if conf == "ProcessingTimeTimeout" else ""
    return SparkUnsupportedOperationException(text), f"The timeout conf is {conf}: choose EventTimeTimeout{or_else}"


def _behind_watermark(timestamp_ms: int, watermark_ms: int) -> tuple[Exception, str]:
    text = f"Timeout timestamp ({timestamp_ms}) cannot be earlier than the current watermark ({watermark_ms})"
    advice = "Set it no earlier than the watermark: max(timestamp, state.getCurrentWatermarkMs() + 1)"
    return IllegalArgumentException(text), advice


def _duration_ms(duration: int | str, operation: list[Any]) -> int:
    """Milliseconds, or a string as GroupStateImpl.parseDuration reads it (SEMANTICS 3.2)."""
    if not isinstance(duration, str):
        return int(duration)
    try:
        duration_ms = _interval_ms(duration)
    except NotAnInterval as unreadable:
        raise refused(operation, SparkIllegalArgumentException(unreadable.spark_message), str(unreadable)) from None
    if duration_ms < 0:
        error = IllegalArgumentException(f"Provided duration ({duration}) is negative")
        raise refused(operation, error, "Set a duration above 0")
    return duration_ms


@lru_cache(maxsize=1024)  # a function sets the same duration in every call
def _interval_ms(text: str) -> int:
    return Interval.parse(text).ms


def _timestamp_ms(timestamp: Any) -> int:
    if not isinstance(timestamp, datetime.datetime):
        return int(timestamp)
    if timestamp.tzinfo is not None:
        timestamp = timestamp.astimezone(datetime.UTC).replace(tzinfo=None)
    return micros_of(timestamp) // 1000
