"""StatefulProcessors on real Spark: scenarios that anyone can read, their answer spelled out, and the replay's beside it."""

from typing import Any

import pytest

from engine.model.rows import Rows
from engine.model.scenario import Batch, InitialState, Scenario, Watermark
from engine.model.trace import Trace

HEAD = """\
class Processor(StatefulProcessor):
    def init(self, handle):
        self.handle = handle
        {declared}

    def said(self, key, *words):
        return {row}

"""
ROWS = {
    "transformWithState": "Row(said=' '.join(str(word) for word in (*key, *words)))",
    "transformWithStateInPandas": "pd.DataFrame({'said': [' '.join(str(word) for word in (*key, *words))]})",
}
APIS = pytest.mark.parametrize("api", list(ROWS))


def processor(
    api: str,
    declared: str,
    methods: str,
    *batches: tuple[int, list[Any]],
    time_mode: str = "ProcessingTime",
    **fields: Any,
) -> Scenario:
    """A scenario: what `init` declares, the other methods, and the rows (key, value, event time in ms) of each batch."""
    names = ("k", "v", "ts")
    made = [Batch(time_ms, Rows.from_dicts([dict(zip(names, row)) for row in rows])) for time_ms, rows in batches]  # noqa: B905
    usual = {"input_schema": "k string, v long, ts timestamp", "key": "k", "output_schema": "said string"}
    code = HEAD.format(declared=declared, row=ROWS[api]) + methods
    return Scenario(api=api, code=code, time_mode=time_mode, batches=made, **{**usual, **fields})


def said_in(trace: Trace) -> list[list[str]]:
    """What was said, batch by batch."""
    return [[row[0] for call in trace.calls_of(batch) for row in call.output] for batch in trace.batches]


def reasons(trace: Trace) -> list[list[str]]:
    return [[call.reason for call in trace.calls_of(batch)] for batch in trace.batches]


@APIS
def test_each_batch_and_partition_has_a_processor_of_its_own(judge, api):
    methods = """\
    def handleInputRows(self, key, rows, timerValues):
        self.seen = getattr(self, "seen", 0) + 1
        yield self.said(key, self.seen)

    def close(self):
        print("closing")
"""
    trace = judge(processor(api, "pass", methods, (1000, [("a", 1), ("b", 1)]), (2000, [("a", 1)]), restart_before=[1]))
    assert said_in(trace) == [["a 1", "b 2"], ["a 1"]]
    assert reasons(trace)[1] == ["init", "close", "init", "data", "close"]


TIMERS = """\
    def handleInputRows(self, key, rows, timerValues):
        for row in rows:
            for value in (row["v"].tolist() if hasattr(row, "columns") else [row.v]):
                self.handle.registerTimer(value)
        yield self.said(key, *self.handle.listTimers())

    def handleExpiredTimer(self, key, timerValues, expiredTimerInfo):
        self.handle.registerTimer(expiredTimerInfo.getExpiryTimeInMs() + 500)
        yield self.said(key, "fired", expiredTimerInfo.getExpiryTimeInMs())
"""


@APIS
def test_timers_fire_by_time_over_all_keys_and_those_of_a_handler_in_the_next_batch(judge, api):
    batches = [
        (1000, [("b", 2000), ("a", 1999), ("aa", 2000)]),
        (2000, [("c", -5), ("c", 2000)]),
        (2000, []),
        (2600, []),
    ]
    trace = judge(processor(api, "pass", TIMERS, *batches))
    assert said_in(trace) == [
        ["a 1999", "aa 2000", "b 2000"],
        ["c 2000 -5", "c fired -5", "a fired 1999", "b fired 2000", "c fired 2000", "aa fired 2000"],
        ["c fired 495"],
        ["c fired 995", "a fired 2499", "b fired 2500", "c fired 2500", "aa fired 2500"],
    ]


@APIS
def test_event_time_timers_and_late_rows_have_two_watermarks(judge, api):
    batches = [
        (1, [("a", 10_000, 10_000)]),
        (2, [("b", 1, 9_000)]),
        (3, [("b", 1, 10_000), ("c", 9_000, 10_001)]),
        (4, []),
    ]
    trace = judge(
        processor(api, "pass", TIMERS, *batches, time_mode="EventTime", watermark=Watermark("ts", "0 seconds"))
    )
    assert said_in(trace)[:2] == [["a 10000"], ["b 1", "b fired 1", "a fired 10000"]]
    assert [row.row_index for row in trace.batches[2].dropped] == [0]


TTL = """\
    def handleInputRows(self, key, rows, timerValues):
        yield self.said(
            key, self.value.get(), list(self.list.get()), [name for name, in self.map.keys()], self.value.exists()
        )
        for row in rows:
            for value in (row["v"].tolist() if hasattr(row, "columns") else [row.v]):
                self.value.update((value,))
                self.list.appendValue((value,))
                self.map.updateValue((str(value),), (value,))
"""


@APIS
def test_what_has_a_time_to_live_goes_by_itself(judge, api):
    declared = """\
self.value = handle.getValueState("value", "n long", 1000)
        self.list = handle.getListState("list", "n long", 1000)
        self.map = handle.getMapState("map", "name string", "n long", 1000)
"""
    batches = [
        (1000, [("a", 1)]),
        (1500, [("a", 2)]),
        (2000, [("a", 3)]),
        (2000, [("b", 4)]),
        (3000, [("a", 5)]),
        (9000, []),
    ]
    trace = judge(processor(api, declared, TTL, *batches, restart_before=[2]))
    assert said_in(trace) == [
        ["a None [] [] False"],
        ["a (1,) [(1,)] ['1'] True"],
        ["a (2,) [(2,)] ['2'] True"],
        ["b None [] [] False"],
        ["a None [] [] False"],
        [],
    ]
    assert [batch.metrics["numValuesRemovedDueToTTLExpiry"] for batch in trace.batches] == [0, 0, 2, 0, 7, 3]


@APIS
def test_initial_state_comes_before_the_first_rows_and_may_set_timers(judge, api):
    methods = """\
    def handleInitialState(self, key, initialState, timerValues):
        self.value.update((int(initialState["n"].sum() if hasattr(initialState, "columns") else initialState.n),))
        self.handle.registerTimer(2000)

    def handleInputRows(self, key, rows, timerValues):
        yield self.said(key, self.value.get())

    def handleExpiredTimer(self, key, timerValues, expiredTimerInfo):
        yield self.said(key, "fired", self.value.get())
"""
    initial = InitialState("k string, n long", "k", [{"k": "b", "n": 1}, {"k": "z", "n": 2}, {"k": "b", "n": 3}])
    declared = 'self.value = handle.getValueState("value", "n long")'
    trace = judge(processor(api, declared, methods, (1000, [("a", 1), ("b", 1)]), (2000, []), initial_state=initial))
    total = {"transformWithState": 3, "transformWithStateInPandas": 4}[api]
    assert said_in(trace) == [["a None", f"b ({total},)"], [f"b fired ({total},)", "z fired (2,)"]]


@APIS
@pytest.mark.parametrize("place", ["init", "handleInputRows", "handleExpiredTimer", "close"])
def test_what_fails_anywhere_kills_the_batch(judge, api, place):
    methods = """\
    def handleInputRows(self, key, rows, timerValues):
        self.handle.registerTimer(1)
        self.fail("handleInputRows")
        yield self.said(key)

    def handleExpiredTimer(self, key, timerValues, expiredTimerInfo):
        self.fail("handleExpiredTimer")
        return iter([])

    def close(self):
        self.fail("close")

    def fail(self, place):
        if place == PLACE:
            raise ValueError(place)
"""
    methods += f"\nPLACE = {place!r}\n"
    trace = judge(processor(api, 'self.fail("init")', methods, (1000, [("a", 1)])))
    assert (trace.ending, trace.batches[0].committed) == ("user_error", False)
