"""Links: what goes in comes out, they are short, and whatever else is put in their place is told kindly."""

import base64
import hashlib
import json
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Batch, Rows, Scenario, Watermark
from engine.share.dictionary import VERSION_1
from engine.share.link import MAX_BYTES, SharedView, share_decode, share_encode
from tests.helpers import MINUTE_MS, TUTORIAL, scenario

DICE = random.Random(7)
WORDS = ["hello", "spark", "stream", "flink", "kafka", "delta", "window", "late", "join", "lake"]
STREAM = scenario(TUTORIAL, (0, "hello hello spark"), (MINUTE_MS, "hello"), (12 * MINUTE_MS, ""))


def told(text):
    problems = share_decode(text)
    assert isinstance(problems, list)
    assert all(problem.mend for problem in problems)
    return "; ".join(problem.what for problem in problems)


def link_of(data, version="1", checksum=None):
    """A link made by hand: whatever data it holds, it is packed as ours are."""
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, VERSION_1)
    packed = deflater.compress(raw) + deflater.flush()
    checksum = zlib.crc32(raw).to_bytes(4, "big") if checksum is None else checksum
    return f"{version}.{base64.urlsafe_b64encode(checksum + packed).decode().rstrip('=')}"


def test_a_link_opens_the_scenario_at_its_step():
    assert share_decode(share_encode(STREAM, 4)) == SharedView(STREAM, 4)


def test_a_link_needs_no_escaping_and_survives_being_broken_into_lines():
    link = share_encode(STREAM, 0)

    assert set(link) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
    assert share_decode(f" {link[:20]}\n{link[20:]} ") == SharedView(STREAM, 0)


def test_links_of_the_first_version_open_for_ever():
    tutorial = "1.RJqMgos2Qg1K0k0Yrf2w1H7ArEW11A4A"

    assert share_decode(tutorial) == SharedView(STREAM, 2)
    assert hashlib.sha256(VERSION_1).hexdigest() == "d4025b78db4b372ec6e60ec653be2bbc85b4b91b8c936ae6e13a74b583b36e3a"


@pytest.mark.parametrize(("event_count", "most_characters"), [(20, 515), (120, 1500)])
def test_links_are_short(event_count, most_characters):
    function = "def updateState(user, rows, state):\n    total = state.get() if state.exists else 0.0\n" + "".join(
        f"    # {word} {WORDS[-i]} is what this line is about\n" for i, word in enumerate(WORDS)
    )
    events = [
        {"user": DICE.choice(WORDS), "amount": DICE.randrange(1000), "at": f"2024-01-01T10:{i // 3:02}:{i % 60:02}"}
        for i in range(event_count)
    ]
    batches = [(i * MINUTE_MS, events[i * 4 : i * 4 + 4]) for i in range(event_count // 4)]

    assert len(share_encode(scenario(function, *batches, key="user", title="Totals"), 17)) <= most_characters


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "not a Stateline link"),
        ("hello", "not a Stateline link"),
        ("1.", "not a Stateline link"),
        ("1.äöü", "not a Stateline link"),
        ("https://example.com/?s=1.abc", "not a Stateline link"),
        ("2.AAAA", "another version of Stateline (link version 2)"),
        ("1.A", "cut off"),
        ("1.AAAAAAAA", "cut off"),
        ("1." + "A" * 300_000, "longer than 200,000 characters"),
        (link_of(b"hello", checksum=b"oops"), "damaged"),
        (link_of(b"hello"), "holds no scenario"),
        (link_of({"a": 1}), "holds no scenario"),
        (link_of([0, {}, []]), "'api' is missing"),
        (link_of([-1, {"api": "updateState", "code": ""}, []]), "holds no scenario"),
        (link_of([0, {"api": "updateState", "code": "", "surprise": 1}, []]), "no field 'surprise'"),
        (link_of([0, {"api": "updateState", "code": ""}, [[["a"], [0], [2], [[1]]]]]), "1 rows for batches of 2"),
        (link_of([0, {"api": "updateState", "code": ""}, [[["a"], [0], [], [[1]]]]]), "holds no scenario"),
        (link_of([0, {"api": "updateState", "code": ""}, [[["a", "a"], [0], [1], [[1], [1]]]]]), "appears twice"),
        (link_of([0, {"api": "updateState", "code": ""}, [[[], [0] * 200_000, [0] * 200_000, []]]]), "100,000 batches"),
        (link_of([0, {"api": "updateState", "code": ""}, [[["a"], [0], [1], [[10**30]]]]]), "more than 64 bits"),
        (link_of([0, {"api": "updateState", "code": ""}, [[["a"], [10**30], [1], [[1]]]]]), "more than 64 bits"),
        (link_of(b"[0,{" + b'"a":[' * 5_000), "holds no scenario"),
    ],
    ids=lambda value: value if len(value) < 30 else "",
)
def test_what_is_no_link_is_told_kindly(text, part):
    assert part in told(text)


def test_a_link_that_was_cut_off_anywhere_is_told():
    link = share_encode(STREAM, 1)

    assert all(told(link[:length]) for length in range(len(link)))


def test_a_link_with_one_changed_character_is_told():
    link = share_encode(scenario(TUTORIAL, (0, "a b c"), title="Letters"), 1)

    for place in range(2, len(link) - 1):
        assert told(link[:place] + ("A" if link[place] != "A" else "B") + link[place + 1 :])


def test_a_small_link_that_unpacks_without_end_is_refused():
    bomb = link_of(b"[" * (MAX_BYTES * 3))

    assert len(bomb) < 200_000
    assert "unpacks to more than 8 MB" in told(bomb)


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
    st.lists(st.integers(0, 3), max_size=2),
)
ROWS = st.lists(st.dictionaries(st.sampled_from(["word", "a", "b"]), CELLS, min_size=1, max_size=2), max_size=3)


@given(
    st.lists(st.tuples(st.integers(-(2**40), 2**40), ROWS), max_size=5),
    st.text(max_size=50),
    st.integers(0, 10**6),
    st.booleans(),
)
def test_any_scenario_comes_back_from_its_link(batches, code, step, has_more):
    made = Scenario(
        api="updateState",
        code=code,
        key=["word", "a"] if has_more else None,
        watermark=Watermark("a", "10 seconds") if has_more else None,
        restart_before=[1] if has_more else [],
        batches=[Batch(clock_ms, Rows.from_dicts(rows)) for clock_ms, rows in batches],
    )
    view = share_decode(share_encode(made, step))

    assert view == SharedView(made, step)
    assert repr(view) == repr(SharedView(made, step))  # repr tells 1 from 1.0 and from true


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
)
FIELDS = st.dictionaries(
    st.sampled_from(["api", "code", "key", "watermark", "conf", "batches"]), JSON | st.just("updateState")
)
RUNS = st.lists(
    st.tuples(
        st.lists(st.text(max_size=1), max_size=2), st.lists(st.integers(0, 3)), st.lists(st.integers(0, 3)), JSON
    ),
    max_size=2,
)


@given(
    st.one_of(
        st.text(max_size=30),
        st.binary(max_size=60).map(link_of),
        st.tuples(st.integers(0, 3), FIELDS, RUNS | JSON).map(link_of),
    )
)
def test_hostile_links_never_raise(text):
    assert isinstance(share_decode(text), (SharedView, list))
    assert isinstance(share_decode(f"1.{text}"), (SharedView, list))
