"""Moments in time as a row writes them. Lives here: reading one, and counting it. What is compared with it does not."""

import datetime
from typing import Any, Final

#: Where times begin to count, a naive datetime in UTC.
EPOCH: Final = datetime.datetime(1970, 1, 1)
_MICROSECOND: Final = datetime.timedelta(microseconds=1)


def moment_of(value: Any) -> datetime.datetime:
    """The moment of a JSON value, as a naive datetime in UTC: milliseconds since the epoch, or ISO text.

    A time zone in the text is turned into UTC. Raises ValueError or OverflowError where the value is no moment.
    """
    if isinstance(value, str):
        time = datetime.datetime.fromisoformat(value.strip())
        return time.astimezone(datetime.UTC).replace(tzinfo=None) if time.tzinfo else time
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"{value!r} is not a time")
    return EPOCH + datetime.timedelta(milliseconds=value)


def micros_of(moment: datetime.datetime) -> int:
    """Microseconds since the epoch of a naive datetime in UTC."""
    return (moment - EPOCH) // _MICROSECOND
