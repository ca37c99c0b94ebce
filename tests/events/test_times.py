"""Columns of times: text in ISO form, and numbers in any unit."""

import pytest

from engine.events.times import NotATime, filled, iso_time, times_us


def test_text_is_utc_unless_it_says_otherwise():
    assert times_us(["1970-01-01 00:00:01", "1970-01-01T01:00:01+01:00", None, "1970-01-02"]) == [
        1_000_000,
        1_000_000,
        None,
        86_400_000_000,
    ]


def test_the_unit_of_numbers_is_found_from_the_largest():
    assert times_us([0, 1_704_103_200]) == [0, 1_704_103_200_000_000]
    assert times_us([0, 1_704_103_200_000]) == [0, 1_704_103_200_000_000]
    assert times_us([1_704_103_200.25]) == [1_704_103_200_250_000]


@pytest.mark.parametrize("value", [True, "soon", [1], 1e30, 2**62 * 4_000])
def test_what_is_no_time_is_told_by_its_row(value):
    with pytest.raises(NotATime, match="is not a time") as caught:
        times_us([None, value])

    assert caught.value.row == 1


def test_a_time_is_written_as_a_row_writes_it():
    assert iso_time(1_704_103_200_250_000) == "2024-01-01T10:00:00.250000"


def test_a_gap_is_filled_from_before_and_the_first_from_after():
    assert filled([None, 3, None, 5]) == [3, 3, 3, 5]
    assert filled([None]) == [None]
    assert filled([]) == []
