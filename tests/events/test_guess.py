"""The choices that stand there before anybody has chosen: what a newcomer would have picked."""

import random

import pytest

from engine.events.batching import ByColumn, ByRows, ByTime, Stream, to_batches
from engine.events.csv_file import read_csv
from engine.events.guess import guess, time_columns
from engine.events.upload import read_upload

HOUR_MS = 3_600_000
DICE = random.Random(1)


def departures(day_count, a_day=850):
    """Flights as an airport would write them: many aircraft, few carriers, departures in order, schedules not."""
    lines = ["departed,scheduled,tail,carrier,flight,delay"]
    for day in range(1, day_count + 1):
        for flight in range(a_day):
            minute = flight * 1440 // a_day
            delay = min(DICE.randrange(90), minute)
            departed, scheduled = (f"2013-01-{day:02}T{m // 60:02}:{m % 60:02}:00" for m in (minute, minute - delay))
            tail, carrier = f"N{DICE.randrange(a_day)}", f"C{DICE.randrange(16)}"
            lines.append(f"{departed},{scheduled},{tail},{carrier},{flight},{delay}")
    return read_csv("\n".join(lines))


@pytest.mark.parametrize("day_count", [1, 5])
def test_flights_are_keyed_by_aircraft_and_arrive_by_the_hour_of_their_departure(day_count):
    choices = guess(departures(day_count))

    assert choices.key == ("tail",)
    assert choices.event_time == "departed"
    assert choices.batching == ByTime("departed", HOUR_MS)
    assert choices.sort_by is None


@pytest.mark.parametrize(
    ("header", "rows", "key"),
    [
        ("userId,page", ["ann,a", "bob,b", "ann,c", "ann,d"], "userId"),
        ("event_id,device,temperature", ["1,d1,1.5", "2,d1,2.5", "3,d2,2.5"], "device"),
        ("event_id,page", ["1,home", "2,cart", "3,home"], "page"),
        ("amount,account", ["5,77", "6,78", "5,77"], "account"),
        ("word", ["hello", "hello", "spark"], "word"),
        ("message,level", ["it broke,info", "it is fine,info", "it broke,warn"], "level"),
        ("at", ["2024-01-01", "2024-01-02"], "at"),
        ("before,op", [",c", ",d"], "op"),
    ],
)
def test_the_key_is_the_column_that_names_who_comes_back(header, rows, key):
    assert guess(read_csv("\n".join([header, *rows]))).key == (key,)


def test_an_event_time_is_known_by_its_name_and_arrival_by_its_order():
    rows = [f"u{i % 3},2024-01-01 10:{60 - i:02},2024-01-01 11:{i:02}" for i in range(1, 50)]
    choices = guess(read_csv("\n".join(["user,event_time,received_at", *rows])))

    assert choices.event_time == "event_time"
    assert isinstance(choices.batching, ByTime)
    assert choices.batching.column == "received_at"


def test_a_day_or_a_constant_is_no_arrival_beside_a_time():
    rows = [f"2024-02-01,2024-01-01,u{i % 3},2024-01-01 10:{(i if i % 30 else i - 1) % 60:02}" for i in range(1, 59)]
    choices = guess(read_csv("\n".join(["exported,day,user,at", *rows])))

    assert choices.event_time == "at"


def test_a_batch_column_says_how_rows_become_batches():
    assert guess(read_csv("batch_id,word\n1,hello\n1,hello\n2,spark\n")).batching == ByColumn("batch_id")


@pytest.mark.parametrize(
    ("row_count", "rows_per_batch"), [(1, 1), (50, 1), (51, 1), (150, 2), (1_000, 10), (12_345, 200)]
)
def test_without_a_time_there_are_at_most_a_hundred_batches(row_count, rows_per_batch):
    assert guess(read_csv("word\n" + "hello\n" * row_count)).batching == ByRows(rows_per_batch)


def test_numbers_that_are_named_and_look_like_a_time_are_one():
    table = read_csv(
        "ts,order_date,count,user_time\n1704103200,20240101,1704103200,5\n1704103260,20240102,1704103201,6\n"
    )

    assert time_columns(table) == ["ts"]


def test_a_file_with_the_newest_rows_first_is_put_in_the_order_of_time():
    rows = [f"u{i % 3},2024-01-{31 - i:02} 10:00" for i in range(30)]

    assert guess(read_csv("\n".join(["user,at", *rows]))).sort_by == "at"


@pytest.mark.parametrize(
    "text", ["a\n\nx", "a,b\n,\n,\n", "at\n2024-01-01\n2024-01-01\n", "ok\ntrue\nfalse\n", "x\n1.5\n2.5\n"]
)
def test_what_is_guessed_can_be_done_with_any_table(text):
    table = read_csv(text)

    assert isinstance(to_batches(table, guess(table)), Stream)


def test_nobody_groups_by_what_spark_cannot_group_by():
    table = read_upload(
        b'[{"user": {"id": 1}, "tags": ["a"], "price": 1.5}, {"user": {"id": 2}, "price": 2.5}]', "a.json"
    )
    assert not isinstance(table, list)
    assert guess(table).key == ("price",)
