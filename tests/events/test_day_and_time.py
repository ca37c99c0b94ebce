"""A day and its time of day in the next column are one time, and that is told."""

import pytest

from engine.events.csv_file import read_csv
from engine.events.day_and_time import with_day_and_time
from engine.events.guess import guess
from engine.events.local_forms import LocalForms, read_local
from engine.events.table import Table
from engine.model.schema import ddl_of


def table_of(text):
    table = read_csv(text)
    assert isinstance(table, Table)
    return with_day_and_time(read_local(table, LocalForms()))


@pytest.mark.parametrize(
    ("header", "row", "time"),
    [
        ("date,time,user", "2024-01-01,10:12:30.5,ann", "2024-01-01T10:12:30.500000"),
        ("user,time,date", "ann,5:06 PM,2024-01-01", "2024-01-01T17:06:00"),
        ("date,time,user", "13.2.2024,12:00 am,ann", "2024-02-13T00:00:00"),
    ],
)
def test_a_day_and_the_time_beside_it_are_one_time(header, row, time):
    table = table_of(f"{header}\n{row}\n{row}\n")
    name = table.names[-1]
    assert table.rows.column(name) == [time, time]
    assert guess(table).event_time == name
    assert guess(table).key == ("user",)
    assert f"in a new column {name} after the others" in table.problems[-1].what


def test_where_one_of_both_is_missing_there_is_no_time():
    table = table_of("date,time\n2024-01-01,10:12\n,10:13\n2024-01-02,\n")
    assert table.rows.column("date_time") == ["2024-01-01T10:12:00", None, None]


def test_the_new_column_takes_no_other_one_s_name():
    assert ddl_of(table_of("Date_Time,date,time\nx,2024-01-01,10:12\n").schema).endswith("date_time_ timestamp")


@pytest.mark.parametrize(
    "text",
    [
        "date,user\n2024-01-01,ann\n",
        "date,time\n2024-01-01,25:00\n",
        "date,time\n2024-01-01,10:12\n2024-01-01,soon\n",
        "date,user,time\n2024-01-01,ann,10:12\n",
        "date,time\n2024-01-01,13:00 pm\n",
        "at,time\n2024-01-01 10:00,10:12\n",
    ],
)
def test_all_else_stays_as_it_is(text):
    assert len(table_of(text).names) == len(text.partition("\n")[0].split(","))
