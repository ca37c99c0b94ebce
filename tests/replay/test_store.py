"""The store of a partition: what is due is found again until it is gone."""

from engine.model.schema import DataType
from engine.model.state import NO_STATE, KeyState, StateEntry
from engine.replay.ordering import ByteOrder
from engine.replay.store import Expired, StateStore


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


def entry(value: int, expires_ms: int | None = None, **more: str) -> StateEntry:
    return StateEntry((value,), "v", expires_ms=expires_ms, **more)


def test_values_are_rows_and_a_list_is_one_however_long():
    store = StateStore(ByteOrder((DataType("string"),)), counts_entries=True)
    store.put(("a",), KeyState((entry(1), entry(2, kind="list"), entry(3, kind="list")), (), True))
    store.put(("b",), KeyState((), (10,), True))
    assert len(store) == 2
    store.put(("a",), KeyState())
    assert len(store) == 0


def test_what_expired_is_taken_out_at_its_very_time_and_told_once():
    store = StateStore(ByteOrder((DataType("string"),)), counts_entries=True)
    early, late = entry(1, 10, kind="list"), entry(2, 20, kind="list")
    store.put(("a",), KeyState((early, late), (), True))
    assert store.remove_expired(9) == Expired()
    assert store.remove_expired(10) == Expired(over=[(("a",), early)], count=1)
    assert store.remove_expired(10) == Expired()
    assert store.get(("a",)).entries == (late,)


def test_a_deleted_variable_is_gone_from_every_key():
    store = StateStore(ByteOrder((DataType("string"),)), counts_entries=True)
    other = StateEntry((1,), "other")
    store.put(("a",), KeyState((entry(1), other), (), True))
    store.put(("b",), KeyState((entry(2),), (5,), True))
    assert store.remove_variable("v") == [(("a",), entry(1)), (("b",), entry(2))]
    assert (store.get(("a",)).entries, store.get(("b",)).timers_ms) == ((other,), (5,))


def test_the_timers_of_all_keys_come_by_their_time_once_each():
    store = StateStore(ByteOrder((DataType("string"),)), counts_entries=True)
    store.put(("a",), KeyState((), (30, 10), True))
    store.put(("b",), KeyState((), (20,), True))
    assert store.due_timers(20, when_equal=True) == [(10, ("a",)), (20, ("b",))]
    assert store.due_timers(20, when_equal=True) == []


def test_an_expiry_that_a_removed_key_left_behind_takes_the_next_value_and_is_counted_each_time():
    store = StateStore(ByteOrder((DataType("string"),)), counts_entries=True)
    old, new = (StateEntry((n,), "m", ("x",), expires_ms, "map") for n, expires_ms in ((1, 10), (2, 15)))
    store.leave_expiry(("a",), old)
    store.put(("a",), KeyState((new,), (), True))
    assert store.remove_expired(9) == Expired()
    assert store.remove_expired(10) == Expired(early=[(("a",), new)], count=1)
    assert store.get(("a",)) == NO_STATE
    assert store.remove_expired(15) == Expired(count=1)


def test_an_expiry_that_was_left_behind_is_no_second_one_beside_a_value_that_has_the_same():
    store = StateStore(ByteOrder((DataType("string"),)), counts_entries=True)
    entry = StateEntry((1,), "m", ("x",), 10, "map")
    store.leave_expiry(("a",), entry)
    store.put(("a",), KeyState((entry,), (), True))
    assert store.remove_expired(10) == Expired(over=[(("a",), entry)], count=1)
