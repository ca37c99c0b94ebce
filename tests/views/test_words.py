"""Values and times in words: short, exact, and harmless whatever users write."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.views import words
from tests.helpers import TUTORIAL, replayed

MINUTE_MS = 60_000
DAY_MS = 86_400_000
TEN_O_CLOCK_MS = 1_704_103_200_000  # 2024-01-01 10:00 UTC

plain_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("hello", '"hello"'),
        (2, "2"),
        (1.5, "1.5"),
        (None, "None"),
        (True, "True"),
        (["a", 1], '["a", 1]'),
        ({"count": 2, "last": None}, '{"count": 2, "last": None}'),
        ([], "[]"),
        ('say "hi"\\', '"say \\"hi\\"\\\\"'),
    ],
)
def test_a_value_is_written_as_python_would_write_it(value, text):
    assert words.value_text(value) == text


def test_a_long_list_is_cut_and_says_how_many_are_left():
    assert words.value_text(["hello"] * 100, limit=30) == '["hello", "hello", "hello", … 97 more]'


def test_a_long_text_is_cut_and_says_how_long_it_is():
    assert words.value_text("x" * 500, limit=10) == f'"{"x" * 10}…" (500 characters)'


def test_a_large_dict_is_cut_without_reading_all_of_it():
    assert words.value_text({i: i for i in range(100_000)}, limit=20).endswith("more}")


@given(plain_values)
def test_no_value_makes_a_long_or_an_unprintable_text(value):
    text = words.value_text(value, limit=60)
    assert text.isprintable()
    assert len(text) < 600


def test_a_deeply_nested_value_is_cut():
    value = []
    for _ in range(5_000):
        value = [value]
    assert "…" in words.value_text(value)


def test_an_integer_too_long_for_python_to_print_is_told_by_its_size():
    assert words.value_text(10 ** (sys.get_int_max_str_digits() + 1)).startswith("<an integer of ")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain é 語", "plain é 語"),
        ("ab\u202ecd", "ab\\u202ecd"),
        ("a\u200bb", "a\\u200bb"),
        ("a\xa0b", "a\\xa0b"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("\ud800", "\\ud800"),
        ("\U000e0001", "\\U000e0001"),
    ],
)
def test_what_cannot_be_seen_is_made_visible(text, seen):
    assert words.visible(text) == seen


def test_printed_lines_keep_their_breaks_and_nothing_else():
    assert words.visible_lines("a\r\n\tb\u202e\x00") == "a\n\tb\\u202e\\x00"


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (("hello",), "hello"),
        ((7,), "7"),
        ((None,), "None"),
        (("",), '""'),
        (("a ",), '"a "'),
        (("eu", 7), "(eu, 7)"),
        (None, ""),
        (("a\u202eb",), "a\\u202eb"),
    ],
)
def test_a_key_is_named_without_quotes_unless_it_needs_them(key, text):
    assert words.key_text(key) == text


def test_a_long_key_is_cut():
    assert words.key_text(("k" * 1000,), limit=20) == "k" * 19 + "…"
    assert len(words.key_text(("k" * 1000,) * 5, limit=20)) == 20


def test_a_row_is_written_as_pyspark_writes_it():
    assert words.row_text({"word": "a", "amount": 3}) == 'Row(word="a", amount=3)'


@pytest.mark.parametrize(
    ("time_ms", "text"),
    [
        (TEN_O_CLOCK_MS, "10:00"),
        (TEN_O_CLOCK_MS + 11 * MINUTE_MS + 30_000, "10:11:30"),
        (TEN_O_CLOCK_MS + 5, "10:00:00.005"),
        (TEN_O_CLOCK_MS + DAY_MS, "2 Jan 10:00"),
        (TEN_O_CLOCK_MS + 400 * DAY_MS, "4 Feb 2025 10:00"),
        (0, "1 Jan 1970 00:00"),
        (10**18, "1,000,000,000,000,000,000 ms (beyond the calendar)"),
    ],
)
def test_a_moment_says_its_date_only_where_it_differs(time_ms, text):
    assert words.moment_text(time_ms, beside_ms=TEN_O_CLOCK_MS) == text


def test_a_moment_on_its_own_says_its_date():
    assert words.moment_text(TEN_O_CLOCK_MS) == "1 Jan 2024 10:00"


@pytest.mark.parametrize(
    ("time_ms", "text"),
    [
        (0, "start"),
        (10 * MINUTE_MS, "+10 min"),
        (90 * MINUTE_MS, "+1 h 30 min"),
        (1_500, "+1.5 s"),
        (DAY_MS + 61_000, "+1 d 1 min"),
        (TEN_O_CLOCK_MS, "1 Jan 2024 10:00"),
        (-1000, "31 Dec 1969 23:59:59"),
    ],
)
def test_a_clock_that_was_started_at_0_counts_from_there(time_ms, text):
    assert words.moment_text(time_ms, beside_ms=MINUTE_MS) == text


def test_a_time_near_the_epoch_beside_a_time_of_today_shows_its_year():
    assert words.moment_text(MINUTE_MS, beside_ms=TEN_O_CLOCK_MS) == "1 Jan 1970 00:01"


@pytest.mark.parametrize(
    ("length_ms", "text"),
    [(600_000, "10 min"), (5_400_000, "1 h 30 min"), (250, "250 ms"), (-1_500, "-1.5 s"), (90_061_000, "1 d 1 h")],
)
def test_a_length_of_time_can_be_short(length_ms, text):
    assert words.short_duration_text(length_ms) == text


@pytest.mark.parametrize(
    ("length_ms", "text"),
    [
        (600_000, "10 minutes"),
        (60_000, "1 minute"),
        (5_400_000, "1 hour 30 minutes"),
        (1_500, "1.5 seconds"),
        (1_000, "1 second"),
        (250, "250 ms"),
        (0, "0 seconds"),
        (-60_000, "-1 minute"),
        (31 * DAY_MS, "31 days"),
        (DAY_MS + 61_001, "1 day 1 minute 1.001 seconds"),
    ],
)
def test_a_length_of_time_is_exact(length_ms, text):
    assert words.duration_text(length_ms) == text


@pytest.mark.parametrize(
    ("expires_by", "shape", "waits"),
    [
        ("watermark", "group_state", "the watermark to pass 10:42"),
        ("processing_time", "group_state", "the first trigger after 10:42"),
        ("watermark", "variables", "the watermark to reach 10:42"),
        ("processing_time", "variables", "the first trigger at or after 10:42"),
    ],
)
def test_a_pending_timeout_names_the_clock_it_waits_for_and_a_timer_fires_at_its_very_time(expires_by, shape, waits):
    trace = replace(replayed(TUTORIAL, (0, "hello")), expires_by=expires_by, state_shape=shape)
    assert words.waits_for_text(trace, TEN_O_CLOCK_MS + 42 * MINUTE_MS, TEN_O_CLOCK_MS) == waits


def test_counts_read_as_english():
    assert [words.count_text(count, "row") for count in (0, 1, 1234)] == ["0 rows", "1 row", "1,234 rows"]
    assert words.count_text(2, "batch", "batches") == "2 batches"


def test_calls_and_batches_are_counted_from_one_on_the_screen():
    assert (words.call_name(0), words.batch_name(999)) == ("call 1", "batch 1,000")
