"""Objects and JSON text in a column: their fields become columns when somebody wants it."""

import base64
import json

import pytest

from engine.events.guess import guess
from engine.events.json_file import read_json
from engine.events.nested import likely_opened, openable, opened
from engine.events.table import Table
from engine.model.schema import ddl_of


def table_of(*rows: dict[str, object]) -> Table:
    table = read_json("\n".join(map(json.dumps, rows)))
    assert isinstance(table, Table)
    return table


def likely(table: Table) -> Table:
    return opened(table, likely_opened(table))


def test_the_json_text_of_kafkas_value_becomes_columns():
    values = [{"user": "ann", "at": "2024-01-01T10:00:00"}, None, {"user": "bob", "n": 2**70}]
    table = table_of(*({"key": "k", "value": value and json.dumps(value), "offset": 1} for value in values))

    assert likely_opened(table) == ["value"]
    assert ddl_of(likely(table).schema) == "key string, user string, at timestamp, n string, offset long"
    assert likely(table).rows.column("n") == [None, None, str(2**70)]


def test_kafka_connect_and_debezium_envelopes_are_opened_down_to_the_row():
    rows = [
        {"schema": {"type": "struct"}, "payload": {"before": None, "after": {"id": n % 2, "op": "x"}, "op": "c"}}
        for n in range(4)
    ]
    table = table_of(*rows)

    assert likely_opened(table) == ["payload", "after"]
    assert likely(table).names == ("schema", "before", "id", "after_op", "op")
    assert guess(likely(table)).key == ("id",)


def test_fields_without_a_common_type_are_text_and_can_be_the_key():
    table = likely(table_of({"value": '{"a": {"b": 1}}'}, {"value": '{"a": "x"}'}))

    assert table.rows.column("a") == ['{"b": 1}', "x"]
    assert guess(table).key == ("a",)


def test_objects_that_spark_reads_as_structs_stay_so_until_somebody_opens_them():
    table = table_of({"user": "ann", "window": {"start": 1, "user": "x"}})

    assert likely_opened(table) == []
    assert openable(table) == ["window"]
    assert list(opened(table, ["window", "nowhere"]).rows) == [{"user": "ann", "start": 1, "window_user": "x"}]


def test_where_everything_is_nested_the_objects_are_opened_or_nothing_could_be_the_key():
    table = table_of({"user": {"id": 1}, "at": "2024-01-01"}, {"user": {"id": 2}, "at": "2024-01-02"})

    assert guess(likely(table)).key == ("id",)


@pytest.mark.parametrize("text", ["{not JSON", '{"a": 1} tail', "[1]", "{" * 3])
def test_text_that_is_no_object_is_text(text):
    assert openable(table_of({"value": text}, {"value": '{"a": 1}'})) == []


def test_an_object_of_more_columns_than_can_be_read_stays_one():
    table = table_of({"user": "ann", "wide": {f"c{n}": n for n in range(2_000)}})

    assert opened(table, ["wide"]) is table


def test_json_in_bytes_is_opened_as_json_in_a_text_is():
    packed = [base64.b64encode(json.dumps({"user": user}).encode()).decode() for user in ("ann", "bob")]
    table = table_of(*({"key": "a2V5", "value": value} for value in packed))
    assert likely_opened(table) == ["value"]
    assert list(opened(table, ["value"]).rows) == [{"key": "a2V5", "user": "ann"}, {"key": "a2V5", "user": "bob"}]


def test_bytes_that_are_no_json_stay_as_they_are():
    assert openable(table_of({"user": "ann", "value": "aGVsbG8="}, {"user": "bob", "value": "/wCA"})) == []


@pytest.mark.parametrize("envelope", ["value", "_source", "properties", "data"])
def test_what_carries_the_event_is_opened(envelope):
    assert likely_opened(table_of({"offset": 1, envelope: {"user": "ann"}, "other": {"a": 1}})) == [envelope]


def test_values_that_mongodb_wrote_with_their_type_are_values():
    table = table_of({"_id": {"$oid": "65a1"}, "at": {"$date": "2024-01-01T10:00:00Z"}, "n": {"$numberLong": "5"}})
    read = opened(table, likely_opened(table))
    assert list(read.rows) == [{"_id": "65a1", "at": "2024-01-01T10:00:00Z", "n": 5}]
    assert [field.type.name for field in read.schema] == ["string", "timestamp", "bigint"]
