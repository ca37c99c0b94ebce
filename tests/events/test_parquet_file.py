"""Parquet files: every type of Arrow's becomes plain data that a scenario file can hold."""

import datetime
import decimal
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.events.parquet_file import read_parquet
from engine.events.table import Table
from engine.model.schema import ddl_of

MOMENT = datetime.datetime(2024, 1, 1, 10, 12, 0, 250_000)


def table_of(columns):
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    table = read_parquet(buffer.getvalue())
    assert isinstance(table, Table), [str(problem) for problem in table]
    return table


@pytest.mark.parametrize(
    ("array", "ddl", "values"),
    [
        (pa.array([1, None], pa.int64()), "long", [1, None]),
        (pa.array([1, None], pa.int16()), "short", [1, None]),
        (pa.array([2**63, 5], pa.uint64()), "decimal(20,0)", [str(2**63), 5]),
        (pa.array([1.5, float("nan"), float("inf"), None]), "double", [1.5, None, "Infinity", None]),
        (pa.array([True, None]), "boolean", [True, None]),
        (pa.array(["a", None, "a"]), "string", ["a", None, "a"]),
        (pa.array(["a", None, "a"]).dictionary_encode(), "string", ["a", None, "a"]),
        (pa.array([None, None], pa.null()), "string", [None, None]),
        (pa.array([MOMENT, None]), "timestamp", ["2024-01-01T10:12:00.250000", None]),
        (pa.array([MOMENT], pa.timestamp("ns", "Europe/Paris")), "timestamp", ["2024-01-01T10:12:00.250000"]),
        (pa.array([1_704_103_920_000_000_123], pa.timestamp("ns")), "timestamp", ["2024-01-01T10:12:00"]),
        (pa.array([MOMENT.date()]), "date", ["2024-01-01"]),
        (pa.array([MOMENT.time()]), "string", ["10:12:00.250000"]),
        (pa.array([decimal.Decimal("1.50")]), "decimal(3,2)", ["1.50"]),
        (pa.array([b"\x00\xff"]), "binary", ["AP8="]),
        (pa.array([datetime.timedelta(hours=1)]), "string", ["1:00:00"]),
        (pa.array([["a", None], None]), "array<string>", [["a", None], None]),
        (
            pa.array([{"at": MOMENT.date(), "n": [1]}]),
            "struct<at: date, n: array<long>>",
            [{"at": "2024-01-01", "n": [1]}],
        ),
        (pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int32())), "map<string, int>", [{"k": 1}]),
    ],
    ids=lambda value: str(value.type) if isinstance(value, pa.Array) else "",
)
def test_every_type_becomes_plain_data_with_sparks_type(array, ddl, values):
    table = table_of({"c": array})

    assert ddl_of(table.schema) == f"c {ddl}"
    assert table.rows.column("c") == values
    json.dumps(values, allow_nan=False)


def test_equal_values_are_one_object_in_memory():
    column = table_of({"word": pa.array(["hello there", "x", "hello there"])}).rows.column("word")

    assert column[0] is column[2]


def test_a_small_file_of_an_enormous_table_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr("engine.events.parquet_file.MAX_CELLS", 999)
    buffer = io.BytesIO()
    pq.write_table(pa.table({"a": pa.array([0] * 1000)}), buffer)

    (problem,) = read_parquet(buffer.getvalue())

    assert "1,000 rows of 1 columns" in problem.what
