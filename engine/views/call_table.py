"""What the picture must know of all calls at once. Lives here: one pass over them; what a window shows is decoded later."""

import math

import msgspec

from engine.model.state import KeyState
from engine.model.trace import BatchRan, FunctionCalled, Key, Trace
from engine.views.once import once_per_trace
from engine.views.same_key import same_key
from engine.views.timeouts import EXPIRY_REASONS, TimeoutFate, TimeoutFold


class Lane(msgspec.Struct):
    """The calls of one key, by call index, in the order in which they were made.

    `changes` are those after which something else is remembered than before, in batches that were committed.
    `timeouts` point into `CallTable.timeouts`. `remembered` tells whether a value is there at the end.
    """

    key: Key
    calls: list[int] = []
    changes: list[int] = []
    timeouts: list[int] = []
    timed_out: int = 0
    failed: bool = False
    remembered: bool = False


class CallTable(msgspec.Struct, frozen=True):
    """All lanes, in order of first call; calls without a key (before and after all others) have none.

    `lane_of_call[i]` is the lane of call i, -1 without one. `timed_out` are the calls that a timeout or timer made, `failed`
    those that raised, both by call index. `least` and `most` are the range of all numbers that were
    ever remembered, None when none was.
    """

    lanes: list[Lane]
    lane_of_call: list[int]
    timeouts: list[TimeoutFate]
    timed_out: list[int]
    failed: list[int]
    least: float | None
    most: float | None


@once_per_trace
def call_table(trace: Trace) -> CallTable:
    """The table of a trace."""
    table = _Pass(trace)
    for index, call in enumerate(trace.calls):
        table.see(index, call, trace.batches[call.batch_index])
    return table.done()


def number_of(state: KeyState) -> float | None:
    """The one number that is remembered, alone or in a tuple of one; None when it is another value, or several."""
    if len(state.entries) != 1:
        return None
    value = state.entries[0].value
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    return float(value)


class _Pass:
    """The table while the calls come in."""

    def __init__(self, trace: Trace) -> None:
        self._timeouts = TimeoutFold(trace.expires_by)
        self._place_of_key: dict[Key, int] = {}
        self._lanes: list[Lane] = []
        self._lane_of_call: list[int] = []
        self._timed_out: list[int] = []
        self._failed: list[int] = []
        self._least, self._most = math.inf, -math.inf

    def see(self, index: int, call: FunctionCalled, batch: BatchRan) -> None:
        """Take in call `index`; calls come in order."""
        if call.key is None:
            self._lane_of_call.append(-1)
            return
        key = same_key(call.key)
        self._timeouts.see(index, key, call, batch)
        lane = self._lane(key)
        lane.calls.append(index)
        if call.reason in EXPIRY_REASONS:
            lane.timed_out += 1
            self._timed_out.append(index)
        if call.error is not None:
            lane.failed = True
            self._failed.append(index)
        if batch.committed:
            self._see_state(index, call, lane)

    def _lane(self, key: Key) -> Lane:
        place = self._place_of_key.get(key)
        if place is None:
            place = self._place_of_key[key] = len(self._lanes)
            self._lanes.append(Lane(key))
        self._lane_of_call.append(place)
        return self._lanes[place]

    def _see_state(self, index: int, call: FunctionCalled, lane: Lane) -> None:
        lane.remembered = call.after.exists
        if call.after.entries == call.before.entries and call.after.stored == call.before.stored:
            return
        lane.changes.append(index)
        number = number_of(call.after)
        if number is not None:
            self._least, self._most = min(self._least, number), max(self._most, number)

    def done(self) -> CallTable:
        timeouts = self._timeouts.fates()
        for place, timeout in enumerate(timeouts):
            self._lanes[self._lane_of_call[timeout.set_by]].timeouts.append(place)
        some = self._least <= self._most
        return CallTable(
            self._lanes,
            self._lane_of_call,
            timeouts,
            self._timed_out,
            self._failed,
            self._least if some else None,
            self._most if some else None,
        )
