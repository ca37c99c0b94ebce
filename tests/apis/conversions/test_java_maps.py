"""The order of a map that comes back from the state store, beside what the JVM of Spark 4.3 gave back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.apis.conversions.java_maps import stored_map

#: Keys as a dict had them, and as Spark gave them back.
RECORDED = [
    (["v63", "y"], ["y", "v63"]),
    (["1450", "1964", "751"], ["1964", "1450", "751"]),
    (["v55", "v41", "2977", "v59"], ["2977", "v41", "v59", "v55"]),
    (["z", "😀e", "261", "1229", "AaBB"], ["z", "😀e", "261", "AaBB", "1229"]),
    (["bi", "z", "", "BBBB", "1536", "Aa", "v79", "v15"], ["", "Aa", "1536", "bi", "v79", "z", "v15", "BBBB"]),
    (
        ["BBAa", "tryß", "2945", "x", "v75", "ufhyvfuwb", "fb☃", "v14", "738", "rbn", "mvtcs", "v30", "-3"],
        ["fb☃", "-3", "mvtcs", "v30", "tryß", "v75", "v14", "x", "738", "ufhyvfuwb", "rbn", "2945", "BBAa"],
    ),
    (
        [
            "2835",
            "2969",
            "v12",
            "BBBB",
            "v67",
            "",
            "AaBB",
            "hlzz😀dbg",
            "c",
            "m",
            "k",
            "BB",
            "v74",
            "725",
            "v30",
            "rynfomysg",
            "A",
        ],
        [
            "",
            "BB",
            "A",
            "rynfomysg",
            "c",
            "k",
            "hlzz😀dbg",
            "m",
            "v74",
            "v30",
            "v12",
            "v67",
            "725",
            "2969",
            "2835",
            "AaBB",
            "BBBB",
        ],
    ),
]


@pytest.mark.parametrize(("keys", "came_back"), RECORDED, ids=[str(len(keys)) for keys, _ in RECORDED])
def test_a_map_comes_back_in_the_order_of_javas_hash_maps(keys, came_back):
    assert list(stored_map(dict.fromkeys(keys))) == came_back


@given(st.dictionaries(st.text(max_size=6), st.integers(), max_size=40))
def test_the_order_is_all_that_changes(entries):
    assert stored_map(entries) == entries
