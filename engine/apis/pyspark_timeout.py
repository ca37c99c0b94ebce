"""The timeout of a GroupState on its way to the JVM, as a word of JSON (SEMANTICS 2.5, 2.7). Lives here: only that."""

import math
from typing import Final

from engine.apis.advice import advised
from engine.apis.conversions.jvm_side import JvmRefused
from engine.apis.group_state import as_long
from engine.apis.pyspark_group_state import NO_TIMESTAMP, Held, Query, properties
from engine.replay.operator import Call

_NO_NUMBER: Final = (
    "class java.lang.Boolean cannot be cast to class java.lang.Number (java.lang.Boolean and java.lang.Number are in module "
    "java.base of loader 'bootstrap')"
)


def timeout_ms(call: Call, held: Held, query: Query) -> int | None:
    """The timeout as the JVM reads it: cut to whole milliseconds; None without one.

    Raises TypeError for what JSON has no word for, JvmRefused for what the JVM reads no number from.
    """
    timeout = held.timeout
    if type(timeout) is int:
        return None if timeout == NO_TIMESTAMP else as_long(timeout)
    if not isinstance(timeout, (int, float)):
        error = TypeError(f"Object of type {type(timeout).__name__} is not JSON serializable")
        raise advised(error, "Spark sends the timeout as JSON: turn it into Python's own number with int(…)")
    if timeout is True:
        raise JvmRefused("java.lang.ClassCastException", _NO_NUMBER)
    if not math.isfinite(timeout):
        raise JvmRefused("com.fasterxml.jackson.core.JsonParseException", _no_json(call, held, query))
    return as_long(int(timeout))


def _no_json(call: Call, held: Held, query: Query) -> str:
    """The parser's words for NaN and infinity, with the column at which they end."""
    text = properties(held, call.reason != "data", call.clock, query)
    token = "NaN" if math.isnan(held.timeout) else "Infinity"
    column = text.index(token) + len(token) + 1
    return (
        f"Non-standard token '{token}': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow\n"
        f" at [Source: UNKNOWN; line: 1, column: {column}]"
    )
