"""Values as Python prints them: what is read, and that nothing breaks the reader or makes it slow."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.events.literals import read_literal

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**62), 2**62)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(PLAIN)
def test_what_repr_writes_is_read_back(value):
    text = repr(value)
    assert read_literal(text, 0) == (value, len(text))


@given(PLAIN)
def test_what_json_writes_is_read_as_json_reads_it(value):
    text = json.dumps(value)
    assert read_literal(text, 0) == (json.loads(text), len(text))


@given(st.text(alphabet="[](){},:='\"\\\\ a1.-#/*\\nRow", max_size=30))
def test_any_other_text_is_an_error_at_its_place(text):
    assert 0 <= end_of(text) <= len(text)


def end_of(text: str) -> int:
    """Where the value ends, or is found to be none."""
    try:
        return read_literal(text, 0)[1]
    except json.JSONDecodeError as error:
        return error.pos


@pytest.mark.parametrize(
    "text", ["(" * 100_000, "9" * 100_000 + "x", "'" + "a" * 100_000, "/*" * 50_000, "[1" + " " * 100_000]
)
def test_long_nonsense_is_refused_at_once(text):
    with pytest.raises(json.JSONDecodeError):
        read_literal(text, 0)
