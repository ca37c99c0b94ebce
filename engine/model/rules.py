"""The rules that a step of a replay can name: id, one sentence, where it is written. Lives here: the table, no rule's code.

The inspector shows the sentence, docs/semantics.md has each with a transcript; a test holds the two together.
"""

from typing import Final

import msgspec


class Rule(msgspec.Struct, frozen=True):
    """One of Spark's rules (or the tutorial's), under an id that never changes; `section` is SEMANTICS' own number."""

    id: str
    sentence: str
    section: str


EVERY_TRIGGER_RUNS: Final = Rule(
    "every-trigger-runs-a-batch",
    "With processing-time timeouts every trigger runs a batch, with data or without: a timeout might be due.",
    "0.3",
)
WATERMARK_MOVED: Final = Rule(
    "moved-watermark-runs-a-batch",
    "No data came, but the watermark moved since the last batch: one batch runs for the timeouts that it passed.",
    "0.3",
)
LATE_ROW: Final = Rule(
    "late-row-is-dropped",
    "The row's event time is at or before the watermark of the batch before: it never reaches the function.",
    "0.12",
)
TIMEOUT_FIRES: Final = Rule(
    "timeout-fires-strictly-later",
    "A timeout fires in the first batch whose clock is strictly later than the stored time; at the very time it waits.",
    "1.1",
)
TIMEOUT_FIRES_AFTER_DATA: Final = Rule(
    "timeout-fires-although-data-came",
    "The data call of this batch left the old timeout in the store, so the key is called a second time, timed out.",
    "1.2",
)
REMOVE_DELETES: Final = Rule(
    "remove-deletes-the-row",
    "remove() without a new timeout deletes the key's row: the next data starts afresh.",
    "1.9",
)
REMOVE_WITH_TIMEOUT: Final = Rule(
    "remove-with-timeout-keeps-a-row",
    "remove() together with a timeout keeps a row without a value: it still counts as state, and will time out.",
    "1.11",
)
TIMEOUT_WITHOUT_STATE: Final = Rule(
    "timeout-without-state-keeps-a-row",
    "A timeout without any state keeps a row without a value: it counts as state, and will time out.",
    "1.12",
)
TIMEOUT_WITHOUT_UPDATE: Final = Rule(
    "timeout-without-update-keeps-the-value",
    "Only a timeout was set: the value stays as it was, and the new timeout replaces the old one.",
    "1.8",
)
UPDATE_CLEARS_TIMEOUT: Final = Rule(
    "update-clears-the-timeout",
    "update() without setting a timeout in the same call clears the stored timeout: no later call comes by itself.",
    "1.7",
)
UNTOUCHED_KEEPS_TIMEOUT: Final = Rule(
    "untouched-state-keeps-its-timeout",
    "PySpark writes nothing when the call touches nothing: value and timeout stay, and once due it fires in every batch.",
    "1.6",
)
UNTOUCHED_CLEARS_TIMEOUT: Final = Rule(
    "untouched-state-loses-its-timeout",
    "The JVM clears the timeout when the call touches nothing: the value is kept for ever, and no later call comes.",
    "1.6",
)
TUTORIAL_FORGETS: Final = Rule(
    "tutorial-forgets-a-timed-out-key",
    "The tutorial deletes the state of a key that timed out. Spark does not: there it takes state.remove().",
    "1.14",
)
TIMER_FIRES: Final = Rule(
    "timer-fires-at-its-time",
    "A timer fires in the first batch whose clock has reached it: also at its very time, where a timeout still waits.",
    "5.41",
)
HANDLER_BY_NAME: Final = Rule(
    "handler-is-called-by-name",
    "Spark calls handleExpiredTimer with key=, timerValues= and expiredTimerInfo=: with other names the query dies there.",
    "5.43",
)
TTL_REMOVES: Final = Rule(
    "ttl-removes-when-the-batch-ends",
    "Its time to live was over: it was invisible at once, and the end of the batch takes it out of the store.",
    "5.33",
)
EXPIRY_LEFT_BEHIND: Final = Rule(
    "removed-key-leaves-its-expiry",
    "removeKey on a map with a time to live leaves the value's expiry behind: when it comes, the key's next value is removed.",
    "5.32",
)
NULL_KEY: Final = Rule(
    "null-key-loses-its-type",
    "In pandas a NULL makes all whole numbers of its column floats.",
    "5.4",
)
VARIABLE_DELETED: Final = Rule(
    "delete-if-exists-forgets-a-variable",
    "deleteIfExists forgets the state variable of all keys, not only of those with data.",
    "5.24",
)

RULES: Final = {
    rule.id: rule
    for rule in (
        EVERY_TRIGGER_RUNS,
        WATERMARK_MOVED,
        LATE_ROW,
        TIMEOUT_FIRES,
        TIMEOUT_FIRES_AFTER_DATA,
        REMOVE_DELETES,
        REMOVE_WITH_TIMEOUT,
        TIMEOUT_WITHOUT_STATE,
        TIMEOUT_WITHOUT_UPDATE,
        UPDATE_CLEARS_TIMEOUT,
        UNTOUCHED_KEEPS_TIMEOUT,
        UNTOUCHED_CLEARS_TIMEOUT,
        TUTORIAL_FORGETS,
        TIMER_FIRES,
        HANDLER_BY_NAME,
        TTL_REMOVES,
        EXPIRY_LEFT_BEHIND,
        NULL_KEY,
        VARIABLE_DELETED,
    )
}
