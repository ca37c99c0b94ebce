"""The GroupState of the JVM's flatMapGroupsWithState, as Python. Lives here: its methods, their exact errors (SEMANTICS 3).

What a call leaves behind is decided in group_state.py; how the function is called, in update_state.py.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from engine.apis.group_state import Touched, frozen
from engine.apis.user_code import calling_line
from engine.model.intervals import Interval
from engine.model.state import KeyState
from engine.model.trace import Reason
from engine.replay.intake import micros_of
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
        return bool(self)

    def __repr__(self) -> str:
        return repr(bool(self))


_TRUE, _FALSE = _Flag(1), _Flag(0)


class GroupState:
    """The state of one key during one call (GroupStateImpl of Spark).

    Each call begins with no timeout set: a stored one is not visible here (SEMANTICS 1.4).
    """

    def __init__(self, stored: KeyState, reason: Reason, clock: BatchClock, conf: TimeoutConf) -> None:
        self._stored = stored
        self._clock = clock
        self._conf = conf
        self.touched = Touched()
        self._exists = stored.exists
        self._value_read = False
        self.operations: list[list[Any]] = []
        self.operation_lines: list[int] = []
        self.hasTimedOut = _TRUE if reason == "timeout" else _FALSE

    def __class_getitem__(cls, item: Any) -> type["GroupState"]:
        """`GroupState[int]` is a type hint, as in Scala."""
        return cls

    @property
    def exists(self) -> _Flag:
        return _TRUE if self._exists else _FALSE

    def get(self) -> Any:
        """The value. Raises NoSuchElementException when there is none (SEMANTICS 3.1)."""
        if not self._exists:
            raise _advised(
                NoSuchElementException("State is either not defined or has already been removed"),
                "Ask first: state.get() if state.exists else a value to start with",
            )
        return self._value()

    def getOption(self) -> Any:
        """The value, or None when there is none."""
        return self._value() if self._exists else None

    def update(self, newState: Any) -> None:
        with self._operation("update", newState):
            self._update(newState)

    def remove(self) -> None:
        with self._operation("remove"):
            self._remove()

    def setTimeoutDuration(self, duration: int | str) -> None:
        """A duration from the batch's processing time: milliseconds, or a string such as "10 minutes"."""
        with self._operation("setTimeoutDuration", duration) as arguments:
            duration_ms = _duration_ms(duration) if isinstance(duration, str) else int(duration)
            arguments[:] = [duration_ms]
            self._set_duration(duration_ms)

    def setTimeoutTimestamp(self, timestamp: Any, additionalDuration: str | None = None) -> None:
        """An event time in milliseconds (or a datetime in UTC), plus an optional duration string."""
        with self._operation("setTimeoutTimestamp", timestamp) as arguments:
            extra_ms = _duration_ms(additionalDuration) if additionalDuration is not None else 0
            arguments[:] = [_timestamp_ms(timestamp) + extra_ms]
            self._set_timestamp(arguments[0])

    def getCurrentProcessingTimeMs(self) -> int:
        return self._clock.processing_time_ms

    def getCurrentWatermarkMs(self) -> int:
        if not self._conf.has_watermark:
            raise _advised(
                SparkUnsupportedOperationException(
                    "Cannot get event time watermark timestamp without setting watermark before "
                    "[map|flatMap]GroupsWithState."
                ),
                "Choose the event-time column and the delay of the watermark",
            )
        return self._clock.watermark_for_eviction_ms

    def __repr__(self) -> str:
        return f"GroupState({self._value()!r})" if self._exists else "GroupState(<undefined>)"

    def _value(self) -> Any:
        if not (self.touched.updated or self._value_read):
            self.touched.value = frozen(self._stored.value)  # the function may change it: the store must not notice
            self._value_read = True
        return self.touched.value

    @contextmanager
    def _operation(self, name: str, *arguments: Any) -> Iterator[list[Any]]:
        """Keep the operation for the trace, with its line; a failing one says what it raised.

        Yields the arguments as the trace shows them, to be put into milliseconds where they are times.
        """
        kept = [frozen(argument) for argument in arguments]
        operation: list[Any] = [name, kept]
        self.operations.append(operation)
        self.operation_lines.append(calling_line())
        try:
            yield kept
        except Exception as error:
            operation.append({"raises": {"class": _class_of(error), "message": str(error)}})
            raise

    def _update(self, value: Any) -> None:
        if value is None:
            raise _advised(
                IllegalArgumentException("'null' is not a valid state value"), "To forget the key, call state.remove()"
            )
        self.touched.value, self.touched.updated, self.touched.removed = value, True, False
        self._exists = True

    def _remove(self) -> None:
        self.touched.value, self.touched.updated, self.touched.removed = None, False, True
        self._exists = False

    def _set_duration(self, duration_ms: int) -> None:
        if self._conf.name != "ProcessingTimeTimeout":
            raise _advised(
                SparkUnsupportedOperationException(
                    "Cannot set timeout duration without enabling processing time timeout in "
                    "[map|flatMap]GroupsWithState."
                ),
                f"The timeout conf is {self._conf.name}: choose ProcessingTimeTimeout"
                + (", or call setTimeoutTimestamp" if self._conf.name == "EventTimeTimeout" else ""),
            )
        if duration_ms <= 0:
            raise IllegalArgumentException("Timeout duration must be positive")
        self.touched.timeout_ms = self._clock.processing_time_ms + duration_ms

    def _set_timestamp(self, timestamp_ms: int) -> None:
        if self._conf.name != "EventTimeTimeout":
            raise _advised(
                SparkUnsupportedOperationException(
                    "Cannot set timeout timestamp without enabling event time timeout in [map|flatMapGroupsWithState."
                ),
                f"The timeout conf is {self._conf.name}: choose EventTimeTimeout"
                + (", or call setTimeoutDuration" if self._conf.name == "ProcessingTimeTimeout" else ""),
            )
        if timestamp_ms <= 0:
            raise IllegalArgumentException("Timeout timestamp must be positive")
        watermark_ms = self._clock.watermark_for_eviction_ms
        if timestamp_ms < watermark_ms:
            raise _advised(
                IllegalArgumentException(
                    f"Timeout timestamp ({timestamp_ms}) cannot be earlier than the current watermark ({watermark_ms})"
                ),
                "Set it no earlier than the watermark: max(timestamp, state.getCurrentWatermarkMs())",
            )
        self.touched.timeout_ms = timestamp_ms


def _duration_ms(duration: str) -> int:
    """As GroupStateImpl.parseDuration reads it (SEMANTICS 3.2)."""
    try:
        duration_ms = Interval.parse(duration).ms
    except ValueError as error:
        text = f"[INVALID_INTERVAL_FORMAT] Error parsing '{duration}' to interval."
        raise _advised(SparkIllegalArgumentException(text), str(error)) from None
    if duration_ms < 0:
        raise IllegalArgumentException(f"Provided duration ({duration}) is negative")
    return duration_ms


def _timestamp_ms(timestamp: Any) -> int:
    if not isinstance(timestamp, datetime.datetime):
        return int(timestamp)
    if timestamp.tzinfo is not None:
        timestamp = timestamp.astimezone(datetime.UTC).replace(tzinfo=None)
    return micros_of(timestamp) // 1000


def _class_of(error: Exception) -> str:
    return str(getattr(error, "spark_class", type(error).__name__))


def _advised(error: Exception, advice: str) -> Exception:
    """The error with our own sentence beside Spark's."""
    error.advice = advice  # type: ignore[attr-defined]
    return error
