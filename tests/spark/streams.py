"""Random streams, and the queries around them: keys, times and late rows that meet Spark's borders."""

import datetime
from typing import Any

from hypothesis import strategies as st

from engine.model.rows import Rows
from engine.model.scenario import Batch, Watermark

TEXTS = ["", "a", "b", "B", "aa", "é", "日本", "😀", "\uffff", "12345678", "123456789", "10", "9", " a"]
TEXT = st.none() | st.sampled_from(TEXTS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
LONG = st.none() | st.sampled_from([0, 1, -1, 255, 256, 2**63 - 1, -(2**63)]) | st.integers(-99, 99)
INT = st.none() | st.sampled_from([0, 1, -1, 255, 256, 2**31 - 1, -(2**31)]) | st.integers(-99, 99)
DATE = st.none() | st.dates(datetime.date(1969, 12, 25), datetime.date(1970, 1, 5)).map(str)
TIMESTAMP = st.none() | st.sampled_from(
    ["1969-12-31T23:59:59.999999Z", "1970-01-01T00:00:00Z", "2024-01-02T03:04:05.000001Z"]
)
# -0.0 is no key here: Spark groups it with 0.0 but keeps its state apart, which the replay does not.
#: The grouping columns: their DDL, and the values of each.
KEYS: list[tuple[str, dict[str, st.SearchStrategy[Any]]]] = [
    ("k string", {"k": TEXT}),
    ("k bigint", {"k": LONG}),
    ("k int", {"k": INT}),
    ("k date", {"k": DATE}),
    ("k boolean", {"k": st.none() | st.booleans()}),
    ("k double", {"k": st.sampled_from([None, 0.0, 1.5, -1.5, "NaN", "Infinity", 5e-324])}),
    ("k timestamp", {"k": TIMESTAMP}),
    ("k decimal(30,2)", {"k": st.sampled_from([None, "0.00", "-1.25", "1.25", "99999999999999999999.99"])}),
    ("k string, j int", {"k": st.none() | st.sampled_from(TEXTS), "j": st.none() | st.integers(-2, 2)}),
    ("k boolean, j date, i bigint", {"k": st.none() | st.booleans(), "j": DATE, "i": st.none() | st.integers(0, 1)}),
]
GAPS_MS = st.sampled_from([0, 1, 999, 1000, 1001, 5000, 10_000])
LENGTHS_MS = st.sampled_from([1, 2, 999, 1000, 1001, 5000, 10_000])
TIMES_MS = st.sampled_from([1, 999, 1000, 1001, 2000, 5000, 5001, 10_000, 15_000])
#: Event times around whole seconds, to the microsecond: late rows are told from others there.
EVENT_TIMES = st.none() | st.builds(
    lambda second, micros: (
        f"{datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=second, microseconds=micros)}Z"
    ),
    st.integers(-1, 20),
    st.sampled_from([-1000, -1, 0, 0, 0, 1, 999, 1000]),
)
DELAYS = st.sampled_from(["0 seconds", "1 second", "1500 milliseconds"])
ROCKSDB = "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider"


@st.composite
def streams(draw: st.DrawFn, timeout_conf: str) -> dict[str, Any]:
    """The fields of a scenario that are not the function's: rows, key, clock, watermark, restarts, partitions."""
    ddl, keys = draw(st.sampled_from(KEYS))
    fields = draw(_fields(ddl, keys, timeout_conf == "EventTimeTimeout"))
    if draw(st.integers(0, 4)) == 4:
        fields["conf"]["spark.sql.streaming.stateStore.providerClass"] = ROCKSDB
    return {"timeout_conf": timeout_conf, **fields}


@st.composite
def processor_streams(draw: st.DrawFn, time_mode: str) -> tuple[dict[str, Any], tuple[Any, ...] | None]:
    """The same for a processor, and its initial state: schema, key and rows. Every second stream has NULL keys."""
    ddl, keys = draw(st.sampled_from(KEYS))
    if draw(st.booleans()):
        keys = {name: values.filter(_is_there) for name, values in keys.items()}
    fields = draw(_fields(ddl, keys, time_mode == "EventTime"))
    if draw(st.integers(0, 2)):
        return fields, None
    rows = draw(st.lists(st.fixed_dictionaries({**keys, "n": st.integers(0, 9)}), max_size=5))
    return fields, (f"{ddl}, n bigint", fields["key"], rows)


def _is_there(value: Any) -> bool:
    return value is not None


@st.composite
def _fields(draw: st.DrawFn, ddl: str, keys: dict[str, Any], needs_watermark: bool) -> dict[str, Any]:
    row = st.fixed_dictionaries(
        {**keys, "v": st.none() | st.integers(0, 9), "script": st.integers(0, 2), "ts": EVENT_TIMES}
    )
    gaps_ms = draw(st.lists(GAPS_MS, min_size=4, max_size=7))
    conf: dict[str, Any] = {}
    if draw(st.integers(0, 4)) == 4:
        conf["spark.sql.streaming.noDataMicroBatches.enabled"] = "false"
    return {
        "input_schema": f"{ddl}, v bigint, script int, ts timestamp",
        "key": draw(st.permutations(list(keys))),
        "watermark": Watermark("ts", draw(DELAYS)) if needs_watermark or draw(st.booleans()) else None,
        "shuffle_partitions": draw(st.integers(1, 3)),
        "conf": conf,
        "restart_before": draw(st.lists(st.integers(1, len(gaps_ms) - 1), max_size=2, unique=True)),
        "batches": [Batch(sum(gaps_ms[: i + 1]), draw(_rows(row, i))) for i in range(len(gaps_ms))],
    }


@st.composite
def _rows(draw: st.DrawFn, row: st.SearchStrategy[dict[str, Any]], trigger: int) -> Rows:
    """No rows, a few, or so many keys that the table of the state store must grow."""
    size = draw(st.sampled_from([3, 6, 40] if trigger == 0 else [0, 0, 3, 3, 6, 40]))
    return Rows.from_dicts(draw(st.lists(row, min_size=size // 2, max_size=size)))
