"""What cannot be seen is written out, in one way, and what can be seen stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.problems import Problem
from engine.model.visible import visible, visible_lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\u202eabc\u2066", "\\u202eabc\\u2066"),
        ("\x1b[2J\x07", "\\x1b[2J\\x07"),
        ("a\tb\nc\rd", "a\\tb\\nc\\rd"),
        ("a\u200bb\ufeff\u00a0", "a\\u200bb\\ufeff\\xa0"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("\u3164\u2800", "\\u3164\\u2800"),
        ("naïve 東京 🚀 ‰", "naïve 東京 🚀 ‰"),
    ],
    ids=["bidirectional", "terminal", "lines", "no width", "lone surrogate", "tags", "blanks", "seen"],
)
def test_each_kind_of_unseen_character_has_its_escape(text, shown):
    assert visible(text) == shown


@given(st.text(st.characters(codec=None)))
def test_what_comes_out_can_be_printed_and_encoded(text):
    assert visible(text).isprintable()
    visible(text).encode()
    assert visible(visible(text)) == visible(text)


def test_lines_stay_lines():
    assert visible_lines("a\r\nb\tc\u202e\r") == "a\nb\tc\\u202e\\r"


def test_a_problem_that_quotes_a_strangers_text_hides_nothing():
    assert str(Problem("key", "there is no column '\u202e\x1b'", "Choose one")) == (
        "key: there is no column '\\u202e\\x1b'. Choose one"
    )
