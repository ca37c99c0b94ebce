"""The store of floating-point keys: 0.0 and -0.0 are two keys in it, and plain numbers outside."""

from engine.model.schema import DataType
from engine.model.state import KeyState, StateEntry
from engine.replay.ordering import HashMapOrder
from engine.replay.store import StateStore
from engine.replay.store_of_floats import StoreOfFloats, store_for

DOUBLE = (DataType("double"),)


def state(value, *timers_ms, expires_ms=None):
    return KeyState((StateEntry(value, "v", expires_ms=expires_ms),), timers_ms, True)


def store(counts_entries=False):
    return store_for(StateStore(HashMapOrder(DOUBLE), counts_entries), DOUBLE)


def zeros(keys):
    return sorted(map(repr, keys))


def test_only_keys_with_a_floating_point_column_need_it():
    plain = StateStore(HashMapOrder((DataType("string"),)))
    assert store_for(plain, (DataType("string"),)) is plain
    assert isinstance(store(), StoreOfFloats)


def test_each_zero_has_a_state_of_its_own():
    kept = store()
    kept.put((0.0,), state(1))
    kept.put((-0.0,), state(2))
    assert (kept.get((0.0,)).value, kept.get((-0.0,)).value, len(kept)) == (1, 2, 2)
    kept.put((-0.0,), KeyState())
    assert (kept.get((0.0,)).value, kept.get((-0.0,)).stored, len(kept)) == (1, False, 1)


def test_each_zero_times_out_by_itself_and_is_a_plain_number_then():
    kept = store()
    kept.put((0.0,), state(1, 10))
    kept.put((-0.0,), state(2, 20))
    due = kept.due(15, when_equal=False)
    assert (zeros(due), type(due[0][0])) == (["(0.0,)"], float)
    assert zeros(kept.due(25, when_equal=False)) == ["(-0.0,)", "(0.0,)"]
    assert zeros(key for _, key in kept.due_timers(25, when_equal=False)) == ["(-0.0,)", "(0.0,)"]


def test_values_of_each_zero_expire_and_go_with_their_variable_by_themselves():
    kept = store(counts_entries=True)
    kept.put((0.0,), state(1, expires_ms=10))
    kept.put((-0.0,), state(2, expires_ms=20))
    assert zeros(key for key, _ in kept.remove_expired(10).over) == ["(0.0,)"]
    assert zeros(key for key, _ in kept.remove_variable("v")) == ["(-0.0,)"]
