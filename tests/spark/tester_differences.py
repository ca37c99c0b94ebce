"""Where PySpark's own TwsTester is not what Spark does: a sentence, a scenario, and what each of the two answers.

docs/tws-tester.md has the sentences. Nothing of pyspark is imported here.
"""

from typing import Any, NamedTuple

from engine.model.rows import Rows
from engine.model.scenario import Batch, InitialState, Scenario, Watermark


class Difference(NamedTuple):
    """What the processor says, one text a row, or the class of the error that ends it."""

    spark: str
    tester: str
    scenario: Scenario
    sparks: list[str]
    testers: list[str]


_HEAD = """\
class Processor(StatefulProcessor):
    def init(self, handle):
        self.handle = handle
        self.value = handle.getValueState("value", "n long")
        self.numbers = handle.getListState("numbers", "n long")
        self.names = handle.getMapState("names", "k string", "n long")
        self.calls = 0{init}

    def said(self, *words):
        return Row(said=" ".join(str(word) for word in words))

    def handleExpiredTimer(self, key, timerValues, expiredTimerInfo):
        yield self.said(key[0], expiredTimerInfo.getExpiryTimeInMs())

    def handleInitialState(self, key, initialState, timerValues):
        self.numbers.put([(initialState.n,), (timerValues.getCurrentProcessingTimeInMs(),)])

    def handleInputRows(self, key, rows, timerValues):
        number = [row.v for row in rows][0]
"""


def _of(body: str, *batches: tuple[int, list[dict[str, Any]]], init: str = "", **fields: Any) -> Scenario:
    """A scenario of transformWithState; `body` is the end of handleInputRows, which knows the `number` of its first row."""
    lines = "\n".join(f"        {line}" for line in body.strip().splitlines())
    usual = {"input_schema": "k string, v long, ts timestamp", "key": "k", "time_mode": "ProcessingTime"}
    return Scenario(
        api="transformWithState",
        code=_HEAD.format(init=init and f"\n        {init}") + lines + "\n",
        output_schema="said string",
        batches=[Batch(time_ms, Rows.from_dicts(rows)) for time_ms, rows in batches],
        **{**usual, **fields},
    )


def _row(key: str, number: int = 1, at_ms: int = 0) -> dict[str, Any]:
    return {"k": key, "v": number, "ts": at_ms}


_EVENT_TIME = {"time_mode": "EventTime", "watermark": Watermark("ts", "0 seconds")}
DIFFERENCES = (
    Difference(
        "a row is late by the watermark of the batch before",
        "by the current one",
        _of(
            "yield self.said(key[0], number)",
            *[(1000, [_row("a", 1, 10_000)]), (2000, [_row("b", 2, 9_000)])],
            **_EVENT_TIME,
        ),
        ["a 1", "b 2"],
        ["a 1", "IndexError"],
    ),
    Difference(
        "an event-time timer at or below the watermark may be registered, and fires in the same batch",
        "it raises IllegalArgumentException",
        _of(
            "self.handle.registerTimer(0)\nyield self.said(*self.handle.listTimers())",
            *[(1000, [_row("a", 1, 10_000)])],
            **_EVENT_TIME,
        ),
        ["0", "a 0"],
        ["IllegalArgumentException"],
    ),
    Difference(
        "`listTimers` has the order of the store's bytes",
        "it is ascending",
        _of(
            "for time_ms in (3000, 3500, 4000): self.handle.registerTimer(time_ms)\n"
            "yield self.said(*self.handle.listTimers())",
            (1000, [_row("a")]),
        ),
        ["4000 3500 3000"],
        ["3000 3500 4000"],
    ),
    Difference(
        "the timers of all keys fire in the order of their times",
        "key by key",
        _of(
            "for time_ms in (1500 + number, 1700 + number): self.handle.registerTimer(time_ms)\nreturn iter([])",
            *[(1000, [_row("a", 1), _row("b", 2)]), (2000, [])],
        ),
        ["a 1501", "b 1502", "a 1701", "b 1702"],
        ["a 1501", "a 1701", "b 1502", "b 1702"],
    ),
    Difference(
        "a map has the order of its keys' bytes",
        "that of insertion",
        _of(
            "for name in ('long', 'b', 'a'): self.names.updateValue((name,), (1,))\n"
            "yield self.said(*(name for name, in self.names.keys()))",
            (1000, [_row("a")]),
        ),
        ["a b long"],
        ["long b a"],
    ),
    Difference(
        "`getValue` of a map gives a Row",
        "the tuple that was put",
        _of(
            "self.names.updateValue(('a',), (1,))\nyield self.said(self.names.getValue(('a',)))",
            (1000, [_row("a")]),
        ),
        ["Row(n=1)"],
        ["(1,)"],
    ),
    Difference(
        "a value goes through its schema: what does not fit becomes NULL",
        "it is kept unchanged",
        _of("self.value.update((1.5,))\nyield self.said(self.value.get())", (1000, [_row("a")])),
        ["(None,)"],
        ["(1.5,)"],
    ),
    Difference(
        "a tuple of the wrong length is refused",
        "it is kept unchanged",
        _of("self.value.update((1, 2))\nyield self.said(self.value.get())", (1000, [_row("a")])),
        ["PySparkRuntimeError"],
        ["(1, 2)"],
    ),
    Difference(
        "an empty list cannot be put",
        "it can, and then exists",
        _of("self.numbers.put([])\nyield self.said(self.numbers.exists())", (1000, [_row("a")])),
        ["PySparkRuntimeError"],
        ["True"],
    ),
    Difference(
        "under TimeMode None a timer is a PySparkRuntimeError",
        "a PySparkValueError",
        _of("self.handle.registerTimer(1)\nreturn iter([])", (1000, [_row("a")]), time_mode="None"),
        ["PySparkRuntimeError"],
        ["PySparkValueError"],
    ),
    Difference(
        "`init` and `close` are called in each batch, on a new copy: attributes are gone in the next",
        "`init` is called once, `close` never",
        _of(
            "self.calls += 1\nyield self.said(self.calls)",
            *[(1000, [_row("a")]), (2000, [_row("a")])],
        ),
        ["1", "1"],
        ["1", "2"],
    ),
    Difference(
        "a TTL makes values disappear",
        "it is ignored",
        _of(
            "yield self.said(self.ages.get())\nself.ages.update((number,))",
            *[(1000, [_row("a")]), (2000, [_row("a")])],
            init='self.ages = handle.getValueState("ages", "n long", 1000)',
        ),
        ["None", "None"],
        ["None", "(1,)"],
    ),
    Difference(
        "under TimeMode ProcessingTime the watermark is given, 0 without one",
        "it is -1",
        _of("yield self.said(timerValues.getCurrentWatermarkInMs())", (1000, [_row("a")])),
        ["0"],
        ["-1"],
    ),
    Difference(
        "the timers of a batch fire after its data",
        "when its time is set, before its data",
        _of(
            "self.handle.registerTimer(2000) if number == 1 else self.handle.deleteTimer(2000)\nyield self.said(number)",
            *[(1000, [_row("a", 1)]), (2000, [_row("a", 2)])],
        ),
        ["1", "2"],
        ["1", "2", "a 2000"],
    ),
    Difference(
        "two batches may have the same time",
        "it raises IllegalArgumentException: time must move forward",
        _of("yield self.said(number)", *[(1000, [_row("a", 1)]), (1000, [_row("a", 2)])]),
        ["1", "2"],
        ["1", "IllegalArgumentException"],
    ),
    Difference(
        "a key of several columns is a tuple of them",
        "a tuple that holds the tuple",
        _of("yield self.said(key)", (1000, [_row("a", 7)]), key=["k", "v"]),
        ["('a', 7)"],
        ["(('a', 7),)"],
    ),
    Difference(
        "initial state arrives with the time of the first batch",
        "before any time was set: at 0",
        _of(
            "yield self.said(*(n for n, in self.numbers.get()))",
            (1000, [_row("a")]),
            initial_state=InitialState("k string, n long", "k", [{"k": "a", "n": 7}]),
        ),
        ["7 1000"],
        ["7 0"],
    ),
)

_THREE_KEYS = [(1000, [_row("a"), _row("b"), _row("a")]), (2000, [_row("b"), _row("c")]), (3000, [])]
#: Scenarios that the tester runs as Spark does.
AGREED = {
    "a count by key": _of(
        "count = (self.value.get() or (0,))[0] + 1\nself.value.update((count,))\nyield self.said(key[0], count)",
        *_THREE_KEYS,
    ),
    "a timer that is moved on": _of(
        "for time_ms in self.handle.listTimers(): self.handle.deleteTimer(time_ms)\n"
        "self.handle.registerTimer(timerValues.getCurrentProcessingTimeInMs() + 1000)\nyield self.said(key[0])",
        *[(1000, [_row("a")]), (1500, [_row("a"), _row("b")]), (2500, []), (2600, [_row("c")])],
    ),
    "lists and maps": _of(
        "self.numbers.appendValue((number,))\nself.numbers.appendList([(8,), (9,)])\n"
        "self.names.updateValue((key[0],), (number,))\nself.names.removeKey(('b',))\n"
        "yield self.said(list(self.numbers.get()), list(self.names.iterator()), self.names.containsKey(('a',)))",
        *_THREE_KEYS,
    ),
    "event time": _of(
        "self.handle.registerTimer(number * 1000)\nyield self.said(key[0], timerValues.getCurrentWatermarkInMs())",
        *[(1000, [_row("a", 15, 10_000)]), (2000, []), (3000, [_row("b", 30, 20_000)]), (4000, [])],
        **_EVENT_TIME,
    ),
    "state that was there before": _of(
        "yield self.said(next(self.numbers.get())[0], number)",
        (1000, [_row("a")]),
        initial_state=InitialState("k string, n long", "k", [{"k": "a", "n": 7}]),
    ),
}
