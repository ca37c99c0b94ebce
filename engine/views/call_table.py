"""Which calls are of which key. Lives here: one light pass over all calls; what became of a key is in lane_story.py."""

import math
from array import array
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from engine.model.keys import as_stored
from engine.model.state import KeyState
from engine.model.trace import BatchRan, EntryRemoved, FunctionCalled, Key, Trace
from engine.views.once import once_per_trace
from engine.views.timeouts import EXPIRY_REASONS

#: What the pass reads of a call. All else is passed over: a picture of 500,000 calls decodes some hundreds of them whole.
_READ: Final = ("key", "reason", "after", "error", "state_key")


class Lane(msgspec.Struct):
    """The calls that had the state of one key, by call index, in the order in which they were made.

    `removed` is what the ends of batches took out of its state (its time to live was over, its variable was deleted),
    each with the index of the batch. `timed_out` is how many calls a timeout or timer made, `failed` whether one raised.
    """

    key: Key
    calls: "array[int]"
    removed: list[tuple[int, EntryRemoved]] = []
    timed_out: int = 0
    failed: bool = False


class CallTable(msgspec.Struct, frozen=True):
    """All lanes, in order of first call; calls without a key (`init`, `close`) have none.

    `lane_of_call[i]` is the lane of call i, -1 without one. `timed_out` are the calls that a timeout or timer made, `failed`
    those that raised, both by call index. `least` and `most` are the range of all numbers that were
    ever remembered, None when none was.
    """

    lanes: list[Lane]
    lane_of_call: "array[int]"
    timed_out: list[int]
    failed: list[int]
    least: float | None
    most: float | None


@once_per_trace
def call_table(trace: Trace) -> CallTable:
    """The table of a trace."""
    table = _Pass()
    for number, batch in enumerate(trace.batches):
        for index, call in _light_calls(trace, batch):
            table.see(index, call, batch.committed)
        for removed in batch.removed:
            table.see_removed(number, removed)
    return table.done()


def number_of(state: KeyState) -> float | None:
    """The one number by which a state can be measured; None when there is none, or several.

    That is the one number among its values, alone or in a tuple of one; of lists and maps, how much is in them.
    """
    numbers, items = [], 0
    for entry in state.entries:
        if entry.kind != "value":
            items += 1
        elif (number := _number(entry.value)) is not None:
            numbers.append(number)
    if items:
        return float(items)
    return numbers[0] if len(numbers) == 1 else None


def _number(value: Any) -> float | None:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    return float(value)


def _light_fields() -> Iterator[Any]:
    """The fields of a call up to the last one that is read; what is not read stays bytes."""
    unread = len(_READ)
    for field in msgspec.structs.fields(FunctionCalled):
        is_read = field.name in _READ
        unread -= is_read
        kind = field.type if is_read else msgspec.Raw
        yield (field.name, kind) if field.required else (field.name, kind, field.default)
        if not unread:
            return


_LightCall: Final = msgspec.defstruct("_LightCall", _light_fields(), array_like=True, frozen=True, gc=False)
_decode: Final = msgspec.msgpack.Decoder(_LightCall).decode


def _light_calls(trace: Trace, batch: BatchRan) -> Iterator[tuple[int, Any]]:
    """The calls of a batch, each with its index."""
    first, end = batch.first_call, batch.first_call + batch.call_count
    log = trace.calls
    places = zip(log.starts[first:end], log.ends[first:end], strict=True)
    return enumerate((_decode(log.data[begin:finish]) for begin, finish in places), first)


class _Pass:
    """The table while the calls come in."""

    def __init__(self) -> None:
        self._place_of_key: dict[Key, int] = {}
        self._lanes: list[Lane] = []
        self._lane_of_call = array("q")
        self._timed_out: list[int] = []
        self._failed: list[int] = []
        self._numbers = array("d")

    def see(self, index: int, call: Any, committed: bool) -> None:
        """Take in call `index`; calls come in order."""
        if call.key is None:
            self._lane_of_call.append(-1)
            return
        place = self._place(call.key if call.state_key is None else call.state_key)
        self._lane_of_call.append(place)
        lane = self._lanes[place]
        lane.calls.append(index)
        if call.reason in EXPIRY_REASONS:
            lane.timed_out += 1
            self._timed_out.append(index)
        if call.error is not None:
            lane.failed = True
            self._failed.append(index)
        if committed and (number := number_of(call.after)) is not None:
            self._numbers.append(number)

    def see_removed(self, batch_index: int, removed: EntryRemoved) -> None:
        """Take in a value that the end of a batch took out of the store."""
        place = self._place_of_key.get(as_stored(removed.key))
        if place is not None:
            self._lanes[place].removed.append((batch_index, removed))

    def _place(self, key: Key) -> int:
        place = self._place_of_key.get(key)
        return self._place_of_stored(key) if place is None else place

    def _place_of_stored(self, key: Key) -> int:
        """The lane of a key that is not known as it stands: it is new, or has a NaN or a zero of a double in it."""
        place = self._place_of_key.setdefault(as_stored(key), len(self._lanes))
        if place == len(self._lanes):
            self._lanes.append(Lane(key, array("Q")))
        return place

    def done(self) -> CallTable:
        least, most = min(self._numbers, default=None), max(self._numbers, default=None)
        return CallTable(self._lanes, self._lane_of_call, self._timed_out, self._failed, least, most)
