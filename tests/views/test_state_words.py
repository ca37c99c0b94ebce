"""What a state remembers, in the few words of a line or of a bar."""

import pytest

from engine.model.state import KeyState, StateEntry
from engine.views.state_words import remembered, remembered_shortly


def test_several_variables_of_a_key_are_shown_in_one_line():
    entries = (StateEntry(3, "count"), StateEntry([1, 2], "last"), StateEntry("x", "seen", "a", None, "map"))
    assert remembered(KeyState(entries, (), stored=True)) == 'count = 3, last = [1, 2], seen = {"a": "x"}'


@pytest.mark.parametrize(
    ("value", "label"),
    [
        (3, "3"),
        ("open", "open"),
        ([5], "5"),
        ([3, "open"], "3, open"),
        ({"count": 3, "last": None}, "count=3, last=None"),
        ([], "[]"),
        ("", '""'),
    ],
)
def test_a_bar_says_its_value_without_the_signs_of_python(value, label):
    assert remembered_shortly(KeyState((StateEntry(value),), (), stored=True)).label == label
