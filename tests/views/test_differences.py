"""What a call changed in a state: told field by field, shortly, and in the order of the value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.state import NO_STATE, KeyState, StateEntry
from engine.views.differences import Change, Difference, difference, value_difference

plain_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner, max_size=5),
    max_leaves=20,
)


def holding(value):
    return KeyState((StateEntry(value),), (), True)


def told(before, after):
    """The changes as short lines: `count 2 -> 3 (↑ 1)`."""
    found = value_difference(before, after)
    lines = [
        f"{change.field} {change.before} -> {change.after}{f' ({change.delta})' if change.delta else ''}".strip()
        for change in found.changes
    ]
    return [*lines, f"{found.more} more"] if found.more else lines


def test_a_number_says_by_how_much_it_changed():
    assert told(2, 3) == ["2 -> 3 (↑ 1)"]
    assert told(0.3, 0.1) == ["0.3 -> 0.1 (↓ 0.2)"]


def test_the_first_value_of_a_key_is_added_and_a_forgotten_one_removed():
    assert difference(NO_STATE, holding(2)).changes == (Change("added", "", "", "2"),)
    assert difference(holding(2), NO_STATE).changes == (Change("removed", "", "2", ""),)


def test_equal_states_have_no_difference_whatever_their_timeouts():
    assert difference(holding({"a": 1}), KeyState((StateEntry({"a": 1}),), (5,), True)) == Difference()
    assert difference(NO_STATE, NO_STATE) == Difference()


def test_a_dict_is_compared_field_by_field():
    before = {"count": 2, "last": "a", "gone": True}
    after = {"count": 3, "last": "a", "new": [1]}
    assert told(before, after) == ["count 2 -> 3 (↑ 1)", "gone True ->", "new  -> [1]"]


def test_a_field_is_named_by_its_place():
    assert told({"user": {"a b": [{"n": 1}]}}, {"user": {"a b": [{"n": 2}]}}) == ['user["a b"][0].n 1 -> 2 (↑ 1)']


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ([1, 2], [1, 2, 3], ["[2]  -> 3"]),
        ([1, 2, 3], [2, 3, 4], ["[0] 1 ->", "[2]  -> 4"]),
        ([1, 2, 3, 4], [1, 3, 4], ["[1] 2 ->"]),
        ([1, 2, 3], [1, 9, 3], ["[1] 2 -> 9 (↑ 7)"]),
        ([1, 2], [], ["[0] 1 ->", "[1] 2 ->"]),
        ([], [1], ["[0]  -> 1"]),
    ],
)
def test_a_list_tells_what_came_what_left_and_what_changed(before, after, lines):
    assert told(before, after) == lines


def test_a_value_of_another_type_is_another_value():
    assert told(1, True) == ["1 -> True"]
    assert told({"a": 1}, {"a": 1.0}) == ["a 1 -> 1.0"]
    assert told([1], {"a": 1}) == ['[1] -> {"a": 1}']


def test_none_is_a_value_and_not_a_missing_one():
    assert told({"a": None}, {}) == ["a None ->"]


def test_variables_and_map_entries_are_fields_of_one_state():
    before = KeyState((StateEntry(1, "count"), StateEntry(5, "seen", "x", None, "map")), (), True)
    after = KeyState(
        (StateEntry(2, "count"), StateEntry(5, "seen", "x", None, "map"), StateEntry(6, "seen", "y", None, "map")),
        (),
        True,
    )
    found = difference(before, after).changes
    assert [(change.field, change.kind) for change in found] == [("count", "changed"), ("seen.y", "added")]


def test_only_the_first_changes_are_told_and_the_rest_counted():
    found = value_difference({}, {f"f{i}": i for i in range(100)})
    assert (len(found.changes), found.more) == (12, 88)


def test_names_of_fields_cannot_hide_anything():
    assert told({"a\u202e": 1}, {"a\u202e": 2}) == ['["a\\u202e"] 1 -> 2 (↑ 1)']


@given(plain_values)
def test_a_value_does_not_differ_from_itself(value):
    assert value_difference(value, value) == Difference()


@given(plain_values, plain_values)
def test_any_two_values_can_be_compared(before, after):
    found = value_difference(before, after)
    assert all(change.before != change.after or change.kind == "changed" for change in found.changes)
