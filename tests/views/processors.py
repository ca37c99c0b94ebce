"""Processors that several tests of the views replay. Lives here: their code; what is seen of them is in the tests."""

from typing import Final

#: Counts by key, remembers words by their length, and lets a timer move with every call.
COUNTS: Final = """\
from pyspark.sql import Row

class Counts(StatefulProcessor):
    def init(self, handle):
        print("made")
        self.handle = handle
        self.count = handle.getValueState("count", "n long")
        self.seen = handle.getListState("seen", "v long", 120_000)
        self.by_v = handle.getMapState("by_v", "v long", "n long")

    def handleInputRows(self, key, rows, timerValues):
        rows = list(rows)
        self.count.update(((self.count.get() or (0,))[0] + len(rows),))
        for row in rows:
            self.seen.appendValue((row.v,))
            self.by_v.updateValue((row.v,), (1,))
        for timer in list(self.handle.listTimers()):
            self.handle.deleteTimer(timer)
        now_ms = timerValues.getCurrentProcessingTimeInMs()
        self.handle.registerTimer(now_ms + 300_000)
        self.handle.registerTimer(now_ms + 600_000)
        yield Row(info=str(len(rows)))

    def handleExpiredTimer(self, key, timerValues, expiredTimerInfo):
        self.count.clear()
        yield Row(info="quiet")
"""
