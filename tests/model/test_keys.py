"""Which keys are one to Spark's store: NaN with NaN, but 0.0 not with -0.0. Python's dicts see both the other way round."""

import math
import struct

from hypothesis import given
from hypothesis import strategies as st

from engine.model.keys import as_given, as_stored


def bits(cell):
    """A cell as Spark's store has it: one NaN, and numbers by their bits."""
    if isinstance(cell, float):
        return struct.pack("<d", math.nan if math.isnan(cell) else cell)
    return repr(cell)


NUMBERS = st.floats() | st.sampled_from([0.0, -0.0, math.nan])
CELLS = st.none() | st.text() | st.integers() | NUMBERS
#: Two cells of one column, and so of one type.
COLUMNS = st.one_of(*(st.tuples(cells, cells) for cells in (NUMBERS, st.text(), st.integers())))


@given(COLUMNS, COLUMNS)
def test_keys_are_equal_as_stored_when_their_bits_are(first, second):
    one, other = zip(first, second, strict=True)
    is_one_key = list(map(bits, one)) == list(map(bits, other))
    assert (as_stored(one) == as_stored(other)) == is_one_key
    assert (len({as_stored(one), as_stored(other)}) == 1) == is_one_key


@given(st.tuples(CELLS, CELLS))
def test_what_is_given_back_is_the_plain_key(key):
    given_back = as_given(as_stored(key))
    assert repr(given_back) == repr(key)
    assert list(map(type, given_back)) == list(map(type, key))


def test_calls_without_a_key_have_none_either_way():
    assert as_stored(None) is None
    assert as_given(None) is None
