"""Values as a person looks at them: bounded, in Python's words, and never an exception of ours."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.lines.values import raised, shown

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
)


class Bare:
    def __init__(self) -> None:
        self.total = 3
        self.names = ["a"]


class Broken:
    def __repr__(self) -> str:
        raise RuntimeError("no")


class BrokenError(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no")


@settings(max_examples=40)
@given(PLAIN)
def test_any_value_is_short_text_that_can_be_sent(value):
    text = shown(value).text
    assert len(text) <= 600
    text.encode()


def test_a_dict_keeps_its_order_and_a_long_one_says_what_is_left():
    assert shown({"b": 1, "a": 2}).text == "{'b': 1, 'a': 2}"
    assert shown(dict.fromkeys(range(1000))).text.endswith("… 980 more}")


def test_an_object_without_words_of_its_own_shows_what_is_in_it():
    assert shown(Bare()).text == "Bare(total=3, names=['a'])"


def test_no_address_of_memory_is_shown_for_it_would_differ_every_time():
    assert "0x" not in shown(test_any_value_is_short_text_that_can_be_sent).text
    assert shown(n for n in ()).text == "<generator>"


def test_a_value_that_cannot_be_read_says_why():
    assert shown(Broken()).text == "<Broken: its repr raises RuntimeError>"
    assert raised(BrokenError()).message == "(its message cannot be read: RuntimeError)"


def test_a_text_of_another_class_is_read_as_the_text_that_it_is():
    class Lying(str):
        def __getitem__(self, _key):
            return 5

        __len__ = __format__ = __str__ = encode = __getitem__

    class Told:
        def __repr__(self) -> str:
            return Lying("what it says")

    class Worded:
        def __str__(self) -> str:
            return Lying("its words")

    assert [shown(Told()).text, shown(Worded()).text] == ["what it says", "its words"]
    assert shown(type(Lying("Named"), (), {})()).kind == "Named"


def test_a_frame_is_a_small_table_that_knows_how_large_it_is():
    frame = pd.DataFrame({"k": ["a"] * 100, "v": range(100)})
    table = shown(frame).table
    assert (table.columns, len(table.rows), table.row_count, table.column_count) == (["k", "v"], 6, 100, 2)
    assert table.rows[1] == ["'a'", "1"]
    assert shown(frame.v).table.columns == ["v"]
    assert shown([frame]).text == "[<DataFrame of 100 × 2>]"
