"""The store of a partition: what is due is found again until it is gone."""

from engine.model.schema import DataType
from engine.model.state import KeyState, StateEntry
from engine.replay.ordering import ByteOrder
from engine.replay.store import StateStore


def store_with(**timers_ms: int) -> StateStore:
    store = StateStore(ByteOrder((DataType("string"),)))
    for key, timer_ms in timers_ms.items():
        store.put((key,), KeyState((StateEntry(1),), (timer_ms,), True))
    return store


def test_a_timeout_is_due_below_the_threshold_and_a_timer_also_at_it():
    store = store_with(a=10, b=11)
    assert store.due(11, when_equal=False) == [("a",)]
    assert store.due(11, when_equal=True) == [("a",), ("b",)]


def test_a_timeout_that_nothing_changed_is_due_again():
    store = store_with(a=10)
    assert store.due(20, when_equal=False) == store.due(30, when_equal=False) == [("a",)]


def test_a_timeout_that_was_moved_or_removed_is_not_due_at_its_old_time():
    store = store_with(a=10, b=10)
    store.put(("a",), KeyState((StateEntry(1),), (50,), True))
    store.put(("b",), KeyState())
    assert store.due(20, when_equal=False) == []
    assert store.due(51, when_equal=False) == [("a",)]
    assert len(store) == 1
