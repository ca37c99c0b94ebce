"""Batches as text: what is written is read back the same, in the plainest notation that can say it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.events.text import read_text
from engine.events.to_text import write_text
from engine.model.rows import Rows
from engine.model.scenario import Batch


def batch(clock_ms: int, *rows: dict[str, Any]) -> Batch:
    return Batch(clock_ms, Rows.from_dicts(rows))


def words(text: str) -> list[dict[str, Any]]:
    return [{"word": word} for word in text.split()]


def test_simple_words_are_written_as_words() -> None:
    stream = [batch(0, *words("hello hello spark")), batch(60_000, *words("hello")), batch(720_000)]

    assert write_text(stream) == "hello hello spark\n---\nhello\n--- +11 minutes"


def test_a_few_columns_are_written_as_pairs() -> None:
    stream = [batch(0, {"user": "ann", "zip": "007", "n": 5}, {"user": "Bob B", "zip": "8001", "n": None})]

    assert write_text(stream) == 'user=ann zip=007 n=5\nuser="Bob B" zip="8001" n=null'


def test_many_columns_are_written_as_csv_with_the_header_once() -> None:
    row = {"at": "2013-01-01T05:17:00", "tail": "N1", "delay": -3, "note": "a, b"}

    assert write_text([batch(0), batch(60_000, row), batch(120_000, row)]).splitlines() == [
        "---",
        "---",
        "at,tail,delay,note",
        '2013-01-01T05:17:00,N1,-3,"a, b"',
        "---",
        '2013-01-01T05:17:00,N1,-3,"a, b"',
    ]


def test_values_that_a_cell_cannot_say_are_written_as_json() -> None:
    assert write_text([batch(0, {"a": 5}, {"a": "5"}, {"a": [1, None]})]) == '{"a": 5}\n{"a": "5"}\n{"a": [1, null]}'


def test_a_stream_that_begins_at_a_real_time_is_marked_with_times() -> None:
    start_ms = 1_704_103_200_000
    stream = [batch(start_ms, *words("a")), batch(start_ms + 3_600_123, *words("b")), batch(start_ms + 86_400_000)]

    assert write_text(stream, [2]) == "--- 2024-01-01 10:00\na\n--- 11:00:00.123\nb\n--- restart 2024-01-02 10:00"


@pytest.mark.parametrize("clocks_ms", [[0], [0, 60_000], [5], [-1, 0, 2**63 - 1], [-(2**62), 5], [10**15, 10**15 + 1]])
def test_triggers_without_data_are_kept_at_both_ends_and_at_any_time(clocks_ms: list[int]) -> None:
    stream = [batch(clock_ms) for clock_ms in clocks_ms]

    assert read_text(write_text(stream)).batches == stream


NAMES = st.one_of(st.sampled_from(["word", "a", "b_1", "größe"]), st.text(max_size=4))
TEXTS = st.one_of(
    st.sampled_from(
        ["hello", "007", "5", "true", "null", "", "#x", "---", "a=b", "two words", 'say "hi"', "a,b", "{", "'x'"]
    ),
    st.text(max_size=6),
)
SIMPLE = st.one_of(
    TEXTS, st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(
    SIMPLE,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=4,
)
ROWS = st.one_of(
    st.lists(st.fixed_dictionaries({"word": TEXTS}), max_size=4),
    st.lists(st.fixed_dictionaries(dict.fromkeys("abcde", SIMPLE)), max_size=3),
    st.lists(st.dictionaries(NAMES, VALUES, min_size=1, max_size=3), max_size=3),
)


@st.composite
def streams(draw: st.DrawFn) -> tuple[list[Batch], list[int]]:
    start_ms = draw(st.sampled_from([0, 1_704_103_200_000, 7]))
    steps_ms = draw(st.lists(st.sampled_from([60_000, 0, 1, 1_500, 660_000, 90_000_000]), max_size=4))
    batches = []
    for index in range(len(steps_ms)):
        batches.append(batch(start_ms + sum(steps_ms[:index]), *draw(ROWS)))
    restarts = sorted(draw(st.sets(st.integers(0, len(batches) - 1)))) if batches else []
    return batches, restarts


@given(streams())
def test_any_stream_of_plain_values_is_read_back_the_same(stream: tuple[list[Batch], list[int]]) -> None:
    batches, restart_before = stream

    read = read_text(write_text(batches, restart_before))

    assert read.problems == []
    assert repr(read.batches) == repr(batches)  # repr tells 1 from 1.0 and from true
    assert read.restart_before == restart_before
