"""The `---` lines between micro-batches: what they say of the clock and of restarts. Lives here: both directions.

`---` ends a batch, `--- +10 minutes`, `--- 2024-01-01 10:12` and `--- 10:12` also set the clock of the next one, and
`--- restart` lets the query stop and restart before it. What is typed after ` #` is a comment.
"""

import datetime
import re
from typing import Final

import msgspec

from engine.events.lines import short
from engine.model.intervals import MS_PER_DAY, Interval
from engine.model.moments import EPOCH, micros_of, moment_of

#: The shortest mark: it only ends a batch.
BARE: Final = "---"
#: The clock of the first batch, unless a mark before it says otherwise.
FIRST_CLOCK_MS: Final = 0
#: How far a bare mark moves the clock, so that batches are distinct.
STEP_MS: Final = 60_000

# Programs that mend what is typed make long dashes of three short ones.
_MARK: Final = re.compile(r"\s*(?:-{3,}|(?:—|––)[-—–]*(?=\s*(?:$|[+0-9]|restart)))(.*)")
_COMMENT: Final = re.compile(r"(?:^|\s)#.*")
#: What says nothing: the number of a batch, and dashes on the other side.
_ORNAMENT: Final = re.compile(r"^\s*batch\s*[0-9]*:?(?=\s|$)|(?<!-)-{2,}\s*$", re.IGNORECASE)
_RESTART: Final = re.compile(r"\brestart\b", re.IGNORECASE)
_DATE_AND_TIME: Final = re.compile(r"[0-9]{4}-[0-9]")
_TIME_OF_DAY: Final = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?")
_SHORT_HOUR: Final = re.compile(r"(?<=[ T])([0-9]:)")
_MILLISECOND: Final = datetime.timedelta(milliseconds=1)
_SHORT_UNIT: Final = re.compile(r"([0-9])\s*(ms|secs?|s|mins?|m|hrs?|h|d)(?![a-z])", re.IGNORECASE)
_LONG_UNITS: Final = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_UNITS: Final = (("day", MS_PER_DAY), ("hour", 3_600_000), ("minute", 60_000), ("second", 1000), ("millisecond", 1))
_LONGS: Final = range(-(2**63), 2**63)
#: The clock may move further than Spark's intervals reach, whose days have 32 bits.
_INTERVALS_MS: Final = range(2**31 * MS_PER_DAY)
_MILLISECONDS: Final = re.compile(r"([+-]?[0-9]{1,20}) milliseconds?")


class Mark(msgspec.Struct, frozen=True):
    """One mark as written. `clock` is what it says of the clock, empty when nothing; `column` where that stands."""

    clock: str
    restart: bool
    column: int

    @property
    def opens_a_batch(self) -> bool:
        """A bare mark only ends a batch; one that says something speaks of the next, even if no event follows."""
        return bool(self.clock) or self.restart

    def clock_ms(self, before_ms: int | None) -> int:
        """The clock of the batch that the mark opens, in milliseconds since the epoch.

        `before_ms` is the clock of the batch before, None for the first. Raises ValueError, saying what was expected,
        for a clock that cannot be read or goes back.
        """
        if not self.clock:
            return FIRST_CLOCK_MS if before_ms is None else min(before_ms + STEP_MS, _LONGS[-1])
        clock_ms = _clock_ms(self.clock, FIRST_CLOCK_MS if before_ms is None else before_ms)
        if clock_ms not in _LONGS:
            raise ValueError(f"'{short(self.clock)}' is too far away for a clock")
        if before_ms is not None and clock_ms < before_ms:
            raise ValueError(f"the clock would go back by {interval_text(before_ms - clock_ms)}")
        return clock_ms


BARE_MARK: Final = Mark("", False, 1)


def read_mark(line: str) -> Mark | None:
    """The mark on a line of text, None when the line is no mark."""
    match = _MARK.fullmatch(line)
    if match is None:
        return None
    text = _ORNAMENT.sub("", _COMMENT.sub("", match.group(1)))
    clock = _RESTART.sub(" ", text)
    column = match.start(1) + 1 + len(text) - len(text.lstrip())
    return Mark(" ".join(clock.split()), clock != text, column)


def mark_text(clock_ms: int, before_ms: int | None, *, restart: bool, by_time: bool, must_open: bool) -> str:
    """The shortest mark that opens a batch at `clock_ms` after one at `before_ms` (None: it opens the first).

    `by_time` says the clock as a time, else as the length of time since the batch before. `must_open`: nothing follows,
    so that a bare mark would open no batch.
    """
    words = [BARE]
    if restart:
        words.append("restart")
    bare_ms = FIRST_CLOCK_MS if before_ms is None else before_ms + STEP_MS
    if clock_ms != bare_ms or (must_open and not restart):
        words.append(_clock_text(clock_ms, before_ms, by_time))
    return " ".join(words)


def _clock_text(clock_ms: int, before_ms: int | None, by_time: bool) -> str:
    if before_ms is None:
        return time_text(clock_ms) or _step_text(clock_ms - FIRST_CLOCK_MS)
    text = time_text(clock_ms) if by_time else ""
    if clock_ms // MS_PER_DAY == before_ms // MS_PER_DAY:
        text = text.partition(" ")[2]
    return text or _step_text(clock_ms - before_ms)


def _step_text(step_ms: int) -> str:
    return f"+{interval_text(step_ms)}" if step_ms in _INTERVALS_MS else f"{step_ms:+d} milliseconds"


def time_text(clock_ms: int) -> str:
    """A clock as a mark writes it, `2024-01-01 10:12`; empty for a clock outside the calendar."""
    try:
        time = EPOCH + clock_ms * _MILLISECOND
    except OverflowError:
        return ""
    exact_to = "milliseconds" if clock_ms % 1000 else "seconds" if clock_ms % 60_000 else "minutes"
    return time.isoformat(" ", exact_to)


def interval_text(length_ms: int) -> str:
    """A length of time that is not negative as Spark reads it, such as `1 hour 30 minutes`."""
    parts = []
    rest_ms = length_ms
    for unit, unit_ms in _UNITS:
        count, rest_ms = divmod(rest_ms, unit_ms)
        if count:
            parts.append(f"{count} {unit}{'s' if count > 1 else ''}")
    return " ".join(parts) or "0 seconds"


def _clock_ms(text: str, before_ms: int) -> int:
    if _DATE_AND_TIME.match(text):
        return _ms_of_iso(text)
    if _TIME_OF_DAY.fullmatch(text):
        return before_ms // MS_PER_DAY * MS_PER_DAY + _ms_of_iso(f"1970-01-01 {text}")
    exact = _MILLISECONDS.fullmatch(text)
    if exact:
        return before_ms + int(exact[1])
    try:
        return before_ms + Interval.parse(_with_long_units(text)).ms
    except ValueError as error:
        raise ValueError(f"'{short(text)}' is neither a length of time nor a time") from error


def _with_long_units(text: str) -> str:
    """`+1h30m` and `+ 10 min` as Spark reads them."""
    text = _SHORT_UNIT.sub(lambda m: f"{m[1]} {_LONG_UNITS['ms' if m[2].lower() == 'ms' else m[2][0].lower()]} ", text)
    return re.sub(r"^\+\s+", "+", text)


def _ms_of_iso(text: str) -> int:
    try:
        return micros_of(moment_of(_SHORT_HOUR.sub(r"0\1", text))) // 1000
    except (ValueError, OverflowError) as error:
        raise ValueError(f"'{short(text)}' is not a time: {short(str(error))}") from error
