"""What the picture must know of all calls at once. Lives here: one pass over them; what a window shows is decoded later."""

import math
from typing import Any

import msgspec

from engine.model.state import NO_STATE, KeyState
from engine.model.trace import BatchRan, EntryRemoved, FunctionCalled, Key, Trace
from engine.views.once import once_per_trace
from engine.views.same_key import same_key
from engine.views.timeouts import EXPIRY_REASONS, TimeoutFate, TimeoutFold


class Lane(msgspec.Struct):
    """The calls that had the state of one key, by call index, in the order in which they were made.

    `changes` are those after which something else is remembered than before, in batches that were committed;
    `removed_in` the batches that took out something when the calls were over (its time to live, a deleted variable).
    `timeouts` point into `CallTable.timeouts`. `remembered` tells whether a value is there at the end.
    """

    key: Key
    calls: list[int] = []
    changes: list[int] = []
    removed_in: list[int] = []
    timeouts: list[int] = []
    timed_out: int = 0
    failed: bool = False
    remembered: bool = False


class CallTable(msgspec.Struct, frozen=True):
    """All lanes, in order of first call; calls without a key (`init`, `close`) have none.

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
    for number, batch in enumerate(trace.batches):
        for index in range(batch.first_call, batch.first_call + batch.call_count):
            table.see(index, trace.calls[index], batch)
        for removed in batch.removed:
            table.see_removed(number, removed)
    return table.done()


def number_of(state: KeyState) -> float | None:
    """The one number by which a state can be measured; None when there is none, or several.

    That is the one number among its values, alone or in a tuple of one; of lists and maps, how much is in them.
    """
    items = sum(entry.kind != "value" for entry in state.entries)
    if items:
        return float(items)
    numbers = [number for entry in state.entries if (number := _number(entry.value)) is not None]
    return numbers[0] if len(numbers) == 1 else None


def _number(value: Any) -> float | None:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    return float(value)


class _Pass:
    """The table while the calls come in."""

    def __init__(self, trace: Trace) -> None:
        self._timeouts = TimeoutFold(trace.expires_by, trace.state_shape)
        self._place_of_key: dict[Key, int] = {}
        self._lanes: list[Lane] = []
        self._kept: dict[int, KeyState] = {}
        self._lane_of_call: list[int] = []
        self._timed_out: list[int] = []
        self._failed: list[int] = []
        self._least, self._most = math.inf, -math.inf

    def see(self, index: int, call: FunctionCalled, batch: BatchRan) -> None:
        """Take in call `index`; calls come in order."""
        if call.key is None:
            self._lane_of_call.append(-1)
            return
        key = same_key(call.stored_under)
        self._timeouts.see(index, key, call, batch)
        place = self._place(key)
        lane = self._lanes[place]
        self._lane_of_call.append(place)
        lane.calls.append(index)
        if call.reason in EXPIRY_REASONS:
            lane.timed_out += 1
            self._timed_out.append(index)
        if call.error is not None:
            lane.failed = True
            self._failed.append(index)
        if batch.committed:
            self._see_state(index, call, lane)

    def see_removed(self, batch_index: int, removed: EntryRemoved) -> None:
        """Take in a value that the end of a batch took out of the store."""
        place = self._place_of_key.get(same_key(removed.key))
        if place is None:
            return
        lane = self._lanes[place]
        if lane.removed_in[-1:] != [batch_index]:
            lane.removed_in.append(batch_index)
        kept = self._kept[place] = self._kept.get(place, NO_STATE).without(removed.entry)
        lane.remembered = kept.exists

    def _place(self, key: Key) -> int:
        place = self._place_of_key.get(key)
        if place is None:
            place = self._place_of_key[key] = len(self._lanes)
            self._lanes.append(Lane(key))
        return place

    def _see_state(self, index: int, call: FunctionCalled, lane: Lane) -> None:
        lane.remembered = call.after.exists
        self._kept[self._lane_of_call[index]] = call.after
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
