"""StatefulProcessor, and the two times that its handlers are given. Lives here: the names that a user's class builds on."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any

_MODULE = "pyspark.sql.streaming.stateful_processor"


class TimerValues:
    """The times of the batch, in milliseconds; -1 under TimeMode None (SEMANTICS 5.5)."""

    def __init__(self, currentProcessingTimeInMs: int = -1, currentWatermarkInMs: int = -1) -> None:
        self._processing_time_ms = currentProcessingTimeInMs
        self._watermark_ms = currentWatermarkInMs

    def getCurrentProcessingTimeInMs(self) -> int:
        return self._processing_time_ms

    def getCurrentWatermarkInMs(self) -> int:
        return self._watermark_ms


class ExpiredTimerInfo:
    """The timer for which handleExpiredTimer is called."""

    def __init__(self, expiryTimeInMs: int = -1) -> None:
        self._expiry_ms = expiryTimeInMs

    def getExpiryTimeInMs(self) -> int:
        return self._expiry_ms


class StatefulProcessor(ABC):
    """The base class of transformWithState. `init` and `handleInputRows` must be there; the others do nothing."""

    @abstractmethod
    def init(self, handle: Any) -> None:
        """Declare the state variables; called anew in each batch and partition (SEMANTICS 5.1)."""

    @abstractmethod
    def handleInputRows(self, key: Any, rows: Any, timerValues: TimerValues) -> Iterable[Any]:
        """The rows of one key in a batch."""

    def handleExpiredTimer(
        self, key: Any, timerValues: TimerValues, expiredTimerInfo: ExpiredTimerInfo
    ) -> Iterable[Any]:
        """One timer that is due; it is deleted when the handler's output has been taken (SEMANTICS 5.43)."""
        return iter([])

    def close(self) -> None:
        """The last call of a partition."""
        return

    def handleInitialState(self, key: Any, initialState: Any, timerValues: TimerValues) -> None:
        """What was there before the first batch."""
        return


for _class in (TimerValues, ExpiredTimerInfo, StatefulProcessor):
    _class.__module__ = _MODULE
