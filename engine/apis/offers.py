"""What the objects that an API hands to a function offer, as an editor completes it. Lives here: that table, data only.

The classes themselves are the APIs' own; tests/apis/test_offers.py compares each with its row here.
"""

from typing import Final, Literal

import msgspec


class Member(msgspec.Struct, frozen=True):
    """One thing to write after the dot. `signature` is "" for a property; `doc` is one sentence."""

    name: str
    kind: Literal["method", "property"]
    signature: str
    doc: str


class StateObject(msgspec.Struct, frozen=True):
    """One kind of object: what functions usually call it, its class in a type hint, the method that makes it ("" for none)."""

    names: tuple[str, ...]
    annotation: str
    made_by: str
    members: tuple[Member, ...]


def _method(name: str, signature: str, doc: str) -> Member:
    return Member(name, "method", signature, doc)


def _property(name: str, doc: str) -> Member:
    return Member(name, "property", "", doc)


_SHARED: Final = (
    _method("getCurrentProcessingTimeMs", "()", "The processing time of the batch, in milliseconds since 1970."),
    _method("getCurrentWatermarkMs", "()", "The watermark in milliseconds since 1970; 0 in the first batch."),
    _method(
        "remove",
        "()",
        "Forget the state of this key. With a timeout set in the same call the key is still called again.",
    ),
)

_OF_THE_JVM: Final = StateObject(
    ("state",),
    "GroupState",
    "",
    (
        _property("exists", "Whether there is a state for this key; also written state.exists()."),
        _method("get", "()", "The value of the state. Fails when there is none: ask state.exists first."),
        _method("getOption", "()", "The value of the state, or None when there is none."),
        _method("update", "(newState)", "Store a value for this key when the call is over. None is refused."),
        _property(
            "hasTimedOut", "Whether this call is a timeout, and brings no rows; also written state.hasTimedOut()."
        ),
        _method(
            "setTimeoutDuration",
            "(duration)",
            'Call again when this much time has passed: "10 minutes", or milliseconds.',
        ),
        _method(
            "setTimeoutTimestamp",
            "(timestamp, additionalDuration=None)",
            "Call again when the watermark has passed this event time: milliseconds, or a datetime in UTC.",
        ),
        *_SHARED,
    ),
)

_OF_PYSPARK: Final = StateObject(
    ("state",),
    "GroupState",
    "",
    (
        _property("exists", "Whether there is a state for this key. A property: no brackets."),
        _property(
            "get", "The state as a tuple. A property: no brackets. Fails when there is none: ask state.exists first."
        ),
        _property("getOption", "The state as a tuple, or None when there is none. A property: no brackets."),
        _method("update", "(newValue)", "Store a tuple, one value for each field of the state schema."),
        _property("hasTimedOut", "Whether this call is a timeout, and brings no rows. A property: no brackets."),
        _method(
            "setTimeoutDuration",
            "(durationMs)",
            "Call again when this many milliseconds have passed. No strings in PySpark.",
        ),
        _method(
            "setTimeoutTimestamp",
            "(timestampMs)",
            "Call again when the watermark has passed this event time: milliseconds, or a datetime.",
        ),
        _property("oldTimeoutTimestamp", "Always -1 here: a timeout that was set in an earlier call is not seen."),
        _method("json", "()", "What PySpark sends back beside the value, as JSON: the flags and the timeout."),
        *_SHARED,
    ),
)

_HANDLE: Final = StateObject(
    ("handle",),
    "StatefulProcessorHandle",
    "",
    (
        _method(
            "getValueState", "(stateName, schema, ttlDurationMs=None)", "Declare a state of one value for each key."
        ),
        _method(
            "getListState", "(stateName, schema, ttlDurationMs=None)", "Declare a state that is a list for each key."
        ),
        _method(
            "getMapState",
            "(stateName, userKeySchema, valueSchema, ttlDurationMs=None)",
            "Declare a state that is a map, with keys of your own, for each key.",
        ),
        _method("deleteIfExists", "(stateName)", "Delete a state variable with all its values."),
        _method("registerTimer", "(expiryTimestampMs)", "Let handleExpiredTimer be called for this key at this time."),
        _method("deleteTimer", "(expiryTimestampMs)", "Forget a timer of this key."),
        _method("listTimers", "()", "The timers of this key, in milliseconds since 1970."),
    ),
)
_VALUE_STATE: Final = StateObject(
    (),
    "ValueState",
    "getValueState",
    (
        _method("exists", "()", "Whether there is a value for this key."),
        _method("get", "()", "The value as a tuple, or None when there is none."),
        _method("update", "(newValue)", "Store a tuple, one value for each field of the schema."),
        _method("clear", "()", "Forget the value."),
    ),
)
_LIST_STATE: Final = StateObject(
    (),
    "ListState",
    "getListState",
    (
        _method("exists", "()", "Whether the list has anything for this key."),
        _method("get", "()", "An iterator over the tuples of the list."),
        _method("put", "(newState)", "Replace the list; an empty one is refused."),
        _method("appendValue", "(newState)", "Append one tuple."),
        _method("appendList", "(newState)", "Append a list of tuples; an empty one is refused."),
        _method("clear", "()", "Forget the list."),
    ),
)
_MAP_STATE: Final = StateObject(
    (),
    "MapState",
    "getMapState",
    (
        _method("exists", "()", "Whether the map has anything for this key."),
        _method("getValue", "(key)", "The value as a Row, or None when there is none."),
        _method("containsKey", "(key)", "Whether the map has this key."),
        _method("updateValue", "(key, value)", "Store a tuple under a tuple."),
        _method("removeKey", "(key)", "Forget one key of the map."),
        _method("iterator", "()", "An iterator over pairs of key and value."),
        _method("keys", "()", "An iterator over the keys."),
        _method("values", "()", "An iterator over the values."),
        _method("clear", "()", "Forget the map."),
    ),
)
_TIMER_VALUES: Final = StateObject(
    ("timerValues", "timer_values"),
    "TimerValues",
    "",
    (
        _method("getCurrentProcessingTimeInMs", "()", "The processing time of the batch, in milliseconds since 1970."),
        _method("getCurrentWatermarkInMs", "()", "The watermark in milliseconds since 1970; 0 in the first batch."),
    ),
)
_EXPIRED_TIMER: Final = StateObject(
    ("expiredTimerInfo", "expired_timer_info"),
    "ExpiredTimerInfo",
    "",
    (_method("getExpiryTimeInMs", "()", "The time at which this timer was due, in milliseconds since 1970."),),
)

JVM_GROUP_STATE: Final = (_OF_THE_JVM,)
PYSPARK_GROUP_STATE: Final = (_OF_PYSPARK,)
PROCESSOR: Final = (_HANDLE, _VALUE_STATE, _LIST_STATE, _MAP_STATE, _TIMER_VALUES, _EXPIRED_TIMER)
