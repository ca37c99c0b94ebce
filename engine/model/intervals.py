"""Spark's calendar intervals ("10 minutes", "interval 1 day 2 hours"). Lives here: reading one. What it is for does not."""

import re
from typing import Final

import msgspec

MS_PER_DAY: Final = 86_400_000
#: Spark counts a month of a delay or of a duration as 31 days (GroupStateImpl.parseDuration, SEMANTICS 0.11, 3.2).
MS_PER_MONTH: Final = 31 * MS_PER_DAY

#: In the order in which Spark tries them; an "s" may follow each.
_MICROS_PER_UNIT: Final = {
    "year": 12 * MS_PER_MONTH * 1000,
    "week": 7 * MS_PER_DAY * 1000,
    "day": MS_PER_DAY * 1000,
    "hour": 3_600_000_000,
    "second": 1_000_000,
    "month": MS_PER_MONTH * 1000,
    "minute": 60_000_000,
    "millisecond": 1_000,
    "microsecond": 1,
}
_LONG_MAX: Final = 2**63 - 1
_INT_MAX: Final = 2**31 - 1
#: Spark counts months and days in 32 bits each, all else together in microseconds.
_MOST: Final = {
    **{unit: _LONG_MAX // micros for unit, micros in _MICROS_PER_UNIT.items()},
    "year": _INT_MAX // 12,
    "month": _INT_MAX,
    "week": _INT_MAX // 7,
    "day": _INT_MAX,
}
_PREFIX: Final = "interval"
_LONG_DIGITS: Final = len(str(_LONG_MAX))
_SPACE: Final = re.compile(r"[ \t-\r\x1c-\x1f]*")
_DIGITS: Final = re.compile(r"[0-9]*")
_TRIMMED: Final = "".join(map(chr, [*range(33), *range(127, 160)]))  # UTF8String.trimAll: white space and controls
#: Spark's sentence for each condition of INVALID_INTERVAL_FORMAT (error-conditions.json); `{}` is the word it names.
_SENTENCES: Final = {
    "ARITHMETIC_EXCEPTION": "Uncaught arithmetic exception while parsing '{}'.",
    "INPUT_IS_EMPTY": "Interval string cannot be empty.",
    "INVALID_FRACTION": "{} cannot have fractional part.",
    "INVALID_PRECISION": "Interval can only support nanosecond precision, {} is out of range.",
    "INVALID_PREFIX": "Invalid interval prefix {}.",
    "INVALID_UNIT": "Invalid unit {}.",
    "INVALID_VALUE": "Invalid value {}.",
    "MISSING_NUMBER": "Expect a number after {} but hit EOL.",
    "MISSING_UNIT": "Expect a unit name after {} but hit EOL.",
    "UNRECOGNIZED_NUMBER": "Unrecognized number {}.",
}


class NotAnInterval(ValueError):
    """A text that Spark reads no interval from: our sentence, and Spark's own in `spark_message`."""

    def __init__(self, text: str, condition: str, word: str) -> None:
        super().__init__(
            f"'{text}' is not a length of time; write a number and a unit, such as '10 minutes' or '1 hour 30 minutes'"
        )
        self.spark_message = (
            f"[INVALID_INTERVAL_FORMAT.{condition}] Error parsing '{text}' to interval. Please ensure that the value "
            "provided is in a valid format for defining an interval. You can reference the documentation for the "
            f"correct format. {_SENTENCES[condition].format(word)} SQLSTATE: 22006"
        )


class Interval(msgspec.Struct, frozen=True):
    """A length of time as Spark reads it from a string; `ms` may be negative."""

    ms: int

    @classmethod
    def parse(cls, text: str) -> "Interval":
        """Read "10 minutes", "1 hour 30 minutes", "-1 minute", "interval 5 seconds", "1.5 seconds".

        Raises NotAnInterval exactly where Spark does (SparkIntervalUtils.stringToInterval).
        """
        micros = _Reader(text).micros()
        return cls(micros // 1000 if micros >= 0 else -(-micros // 1000))


class _Reader:
    """Reads one text from left to right: `at` is the next character."""

    def __init__(self, text: str) -> None:
        self.given = text
        self.text = text.strip(_TRIMMED).lower()
        self.at = 0

    def micros(self) -> int:
        self.prefix()
        micros = 0
        while self.at < len(self.text):
            micros += self.term()
            self.skip(_SPACE)
        return micros

    def prefix(self) -> None:
        if self.text in ("", _PREFIX):
            raise self.wrong("INPUT_IS_EMPTY")
        if self.text.startswith(_PREFIX):
            if not _SPACE.match(self.text, len(_PREFIX)).group():  # type: ignore[union-attr]  # it matches nothing, too
                raise self.wrong("INVALID_PREFIX")
            self.at = len(_PREFIX)
        self.skip(_SPACE)

    def term(self) -> int:
        """One number with its unit, in microseconds."""
        first = self.next()
        if first in ("+", "-"):
            self.at += 1
            self.skip(_SPACE)
            if not self.next():
                raise self.wrong("MISSING_NUMBER")
        elif not (first.isascii() and first.isdigit()) and first != ".":
            raise self.wrong("UNRECOGNIZED_NUMBER")
        whole = self.whole_number()
        fraction = self.fraction(needs_digits=first == ".") if self.next() == "." else None
        if not self.next():
            raise self.wrong("MISSING_UNIT")
        if not self.skip(_SPACE):
            raise self.wrong("INVALID_VALUE")
        unit = self.unit(fraction is not None)
        if whole > _MOST[unit]:
            raise self.wrong("ARITHMETIC_EXCEPTION")
        micros = whole * _MICROS_PER_UNIT[unit] + int((fraction or "").ljust(6, "0")[:6])
        return -micros if first == "-" else micros

    def whole_number(self) -> int:
        digits = self.skip(_DIGITS).lstrip("0")
        if len(digits) > _LONG_DIGITS or int(digits or 0) > _LONG_MAX:
            raise self.wrong("ARITHMETIC_EXCEPTION")
        return int(digits or 0)

    def fraction(self, needs_digits: bool) -> str:
        """The digits after the point, at most nine: nanoseconds."""
        self.at += 1
        start = self.at
        digits = self.skip(_DIGITS)
        if len(digits) > 9:
            self.at = start + 9
            raise self.wrong("INVALID_PRECISION")
        if needs_digits and not digits and self.next():
            raise self.wrong("INVALID_VALUE")
        return digits

    def unit(self, has_fraction: bool) -> str:
        """The name of the unit; only seconds may have a fraction."""
        if has_fraction and self.next() != "s":
            raise self.wrong("INVALID_FRACTION")
        unit = next((unit for unit in _MICROS_PER_UNIT if self.text.startswith(unit, self.at)), None)
        if unit is None:
            raise self.wrong("INVALID_UNIT")
        self.at += len(unit)
        if self.next() == "s":
            self.at += 1
        if self.next() and not _SPACE.match(self.text, self.at).group():  # type: ignore[union-attr]
            raise self.wrong("INVALID_UNIT")
        return unit

    def next(self) -> str:
        return self.text[self.at : self.at + 1]

    def skip(self, pattern: re.Pattern[str]) -> str:
        """Pass what matches, and give it back."""
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return match.group() if match else ""

    def wrong(self, condition: str) -> NotAnInterval:
        """The error, naming the word in which the next character stands, or the last one."""
        words = re.split(r"[ \t-\r]+", self.text)
        right = re.split(r"[ \t-\r]+", self.text[self.at :])
        word = self.given if condition == "ARITHMETIC_EXCEPTION" else words[len(words) - len(right)]
        return NotAnInterval(self.given, condition, word)
