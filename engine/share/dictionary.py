"""What scenarios have in common, so that a link need not say it. Part of the link's format: NEVER change version 1.

Deflate refers back to these bytes as if they stood before the payload; with other bytes every old link is broken. Better
words make a version 2, beside this one.
"""

import json
from typing import Final

# The likelier, the later: short distances cost fewer bits.
_JOB: Final = r"""
# COMMAND ----------
from pyspark.sql import Row, SparkSession, functions as F
from pyspark.sql.types import StructType, StructField, StringType, LongType, IntegerType, DoubleType, TimestampType
spark = SparkSession.builder.appName("stateful").getOrCreate()
events = spark.readStream.format("rate").option("rowsPerSecond", 10).load()
    .withWatermark("timestamp", "10 minutes")
    .groupBy("user_id")
    .applyInPandasWithState(func, output_schema, state_schema, "append", GroupStateTimeout.EventTimeTimeout)
    .transformWithStateInPandas(statefulProcessor=Processor(),
        outputStructType=output_schema, outputMode="Update", timeMode="ProcessingTime")
    .writeStream.format("memory").outputMode("update").option("checkpointLocation", "/tmp/checkpoint").start()
query.awaitTermination()
if __name__ == "__main__":
    main()
"""
_TRANSFORM_WITH_STATE: Final = r"""
from pyspark.sql.streaming import StatefulProcessor, StatefulProcessorHandle
class Processor(StatefulProcessor):
    def init(self, handle: StatefulProcessorHandle) -> None:
        self.handle = handle
        self.count = handle.getValueState("count", "value long")
        self.items = handle.getListState("items", "item string", ttlDurationMs=60000)
        self.seen = handle.getMapState("seen", "key string", "value long")

    def handleInputRows(self, key, rows, timerValues) -> Iterator[pd.DataFrame]:
        count = self.count.get()[0] if self.count.exists() else 0
        for pdf in rows:
            count += len(pdf)
        self.count.update((count,))
        for timer in self.handle.listTimers():
            self.handle.deleteTimer(timer)
        self.handle.registerTimer(timerValues.getCurrentProcessingTimeInMs() + 60000)
        self.handle.registerTimer(timerValues.getCurrentWatermarkInMs() + 60000)
        yield pd.DataFrame({"id": [key[0]], "count": [count]})
        yield Row(id=key[0], count=count)

    def handleExpiredTimer(self, key, timerValues, expiredTimerInfo) -> Iterator[pd.DataFrame]:
        self.count.clear()
        expiredTimerInfo.getExpiryTimeInMs()

    def handleInitialState(self, key, initialState, timerValues) -> None:
    def close(self) -> None:
        pass
"""
_APPLY_IN_PANDAS: Final = r'''
import json
import datetime
from dataclasses import dataclass
from collections import namedtuple
from typing import Any, Iterator, Tuple
import numpy as np
import pandas as pd
from pyspark.sql.streaming.state import GroupState, GroupStateTimeout

def count_fn(key: Tuple[str], pdf_iter: Iterator[pd.DataFrame], state: GroupState) -> Iterator[pd.DataFrame]:
    """Docstring"""
    (user,) = key
    if state.hasTimedOut:
        (count,) = state.get
        state.remove()
        yield pd.DataFrame({"user": [key[0]], "count": [count], "total": [total]})
    else:
        total = 0
        for pdf in pdfs:
            total += pdf["amount"].sum()
            for row in pdf.itertuples():
        pdf = pd.concat(list(pdfs)).sort_values("timestamp")
        if state.exists:
            (old_count,) = state.get
            count += old_count
        state.update((count,))
        state.setTimeoutDuration(10 * 60 * 1000)
        yield pd.DataFrame({"id": [key[0]], "countAsString": [str(count)]})
        last = max(int(ts.timestamp() * 1000) for ts in pdf["ts"])
        state.setTimeoutTimestamp(max(last, state.getCurrentWatermarkMs()) + 60000)
'''
_UPDATE_STATE: Final = r"""
class Alert:
    def __init__(self, name, value):
        self.name = name
from math import sqrt
    print("key", key, state.getOption())
    raise ValueError(f"unexpected {value!r}")
    elif value is not None and value != previous:
    while True:
    try:
    except Exception as error:
    with open(
    lambda row: row["time"]
    # the key was quiet for 30 minutes: its session is over
    now = state.getCurrentProcessingTimeMs()
    watermark = state.getCurrentWatermarkMs()
    state.setTimeoutTimestamp(
    events = sorted(values, key=lambda event: event.at)
    first, last = min(times), max(times)
    session = state.get() if state.exists else {"start": None, "end": None, "events": 0, "total": 0.0}
    total = sum(row.amount for row in values)
    output.append((key, "alert", total))
    for value in values:
    for row in rows:
        yield (key, count)
        return None
    if not state.exists:
    if state.exists:
    else:
    minutes = 60 * 1000
def updateState(key, rows, state):
    if state.hasTimedOut():
        state.remove()
        return [(key, total)]
    previous = state.get() if state.exists else None
    state.setTimeoutDuration("30 minutes")
    state.setTimeoutDuration("1 hour")
    return []
def updateState(key, values, state: GroupState[int]):
    if state.hasTimedOut():
        return []
    count = sum(1 for _ in values) + (state.get() if state.exists else 0)
    state.update(count)
    state.setTimeoutDuration("10 minutes")
    return [(key, count)]
"""
_VALUES: Final = (
    '["error","warning","info","login","logout","click","view","purchase","search","cart","checkout","/home","/product",'
    '"open","closed","active","ann","bob","eve","alice","carol","apple","banana","orange","the","and","of","to","stream",'
    '"state","timeout","watermark","batch","sensor","device","session","2026-01-01T12:00:00","2025-01-01T10:00:00",'
    '"2024-01-01T10:00:00","2024-01-01 10:01","2024-01-01 10:","u1","u2","u3","user1","user2","a","b","c","x","y",1.5,10,'
    "null,null,true,false,0,0,0,1,1,2,1,3,2,4,5,"
    '"event_time","timestamp","value","amount","price","name","time","count","item","page","type","action","status",'
    '"user_id","user","id","key","at","ts","k","v","n","hello","hello","spark","hello","word"]'
)
_FIELDS: Final = (
    '"conf":{"spark.sql.execution.arrow.maxRecordsPerBatch":10000,"spark.sql.streaming.noDataMicroBatches.enabled":false},'
    '"initial_state":{"schema":"k string, n long","key":"k","rows":[]},"restart_before":[2],"shuffle_partitions":2,'
    '"time_mode":"EventTime","time_mode":"ProcessingTime","event_time_column_name":"ts",'
    '"api":"transformWithState","api":"transformWithStateInPandas","api":"applyInPandasWithState",'
    '"entry":"func","state_schema":"n long","state_schema":"count long, last timestamp","output_mode":"append",'
    '"input_schema":"user string, amount double, ts timestamp","input_schema":"word string, at timestamp","key":["id"],'
    '"key":"user","output_schema":"user string, total double","output_schema":"word string, count long","key":"word",'
    '"watermark":{"column":"ts","delay":"10 seconds"},"watermark":{"column":"at","delay":"10 minutes"},'
    '"timeout_conf":"NoTimeout","timeout_conf":"EventTimeTimeout","timeout_conf":"ProcessingTimeTimeout"},'
    "[1704103200000,1767225600000,3600000,600000,1800000,660000,120000,60000,60000,60000,60000],[5,4,3,2,1,1,1,0],"
    ',[["word"],[0,60000,660000],[3,1,0],[["hello","hello","spark","hello"]]]]]'
    '[0,{"format":1,"title":"Word count that forgets quiet words","about":"Counts how often each word has come. The key '
    'that stays quiet for more than 10 minutes times out, and its state is forgotten. In Spark the function is called.",'
    '"api":"updateState","semantics":"spark","code":"","api":"updateState","semantics":"tutorial","code":"'
)

#: The words of links that begin with "1.".
VERSION_1: Final = "".join(
    [
        _VALUES,
        *(json.dumps(code)[1:-1] for code in (_JOB, _TRANSFORM_WITH_STATE, _APPLY_IN_PANDAS, _UPDATE_STATE)),
        _FIELDS,
    ]
).encode()
