"""Structs, arrays, maps and bytes as keys of updateState, with and without a schema. PySpark's APIs are in the goldens."""

import msgspec
import pytest

from engine.codec.trace_json import trace_to_data
from engine.debugger.what_if import timing_out
from engine.model.key_cells import ArrayCell, StructCell
from engine.model.scenario import Watermark
from engine.views.words import key_text
from tests.helpers import replayed, scenario

COUNTS = """
def updateState(key, values, state):
    count = len(values) + (state.get() if state.exists else 0)
    state.update(count)
    shown = repr(key)
    if isinstance(key, dict):
        key.clear()  # what the function does to its key is nobody else's business
    return [(shown, count)]
"""


def rows(*values):
    return [{"s": value, "v": 1} for value in values]


def shown(trace):
    return [row for call in trace.calls for row in call.output]


@pytest.mark.parametrize("ddl", [None, "s struct<a: long, b: string>, v long"])
def test_a_struct_is_a_key_and_reaches_the_function_as_the_dict_that_it_is_in_a_row(ddl):
    batches = [(0, rows({"a": 2, "b": "x"}, {"a": 1}, None)), (1, rows({"b": "x", "a": 2}))]
    trace = replayed(COUNTS, *batches, key="s", input_schema=ddl)
    assert shown(trace) == [
        ["None", 1],
        ["{'a': 1, 'b': None}", 1],
        ["{'a': 2, 'b': 'x'}", 1],
        ["{'a': 2, 'b': 'x'}", 2],
    ]
    assert trace.calls[2].key == (StructCell(("a", "b"), (2, "x")),)
    assert trace_to_data(trace)["batches"][1]["calls"][0]["key"] == [{"a": 2, "b": "x"}]
    assert key_text(trace.calls[3].key) == '{"a": 2, "b": "x"}'


def test_an_array_is_a_key_beside_a_plain_one():
    trace = replayed(COUNTS, (0, rows([2, None], [1], [2, None], [])), key=["v", "s"])
    assert shown(trace) == [["(1, [])", 1], ["(1, [1])", 1], ["(1, [2, None])", 2]]
    assert trace.calls[2].key == (1, ArrayCell((2, None)))
    assert key_text(trace.calls[2].key) == "(1, [2, None])"


def test_values_that_are_no_one_nested_type_are_keys_as_text():
    trace = replayed(COUNTS, (0, rows({"a": 1}, [1], {"a": 1})), key="s")
    assert shown(trace) == [["'[1]'", 1], ["'{\"a\":1}'", 2]]


def test_objects_with_more_fields_than_a_row_should_have_are_keys_as_text():
    trace = replayed(COUNTS, (0, rows(*({f"f{i}": 1} for i in range(300)))), key="s")
    assert len(trace.calls) == 300
    assert shown(trace)[0] == ["'{\"f0\":1}'", 1]


def test_bytes_are_a_key():
    trace = replayed(COUNTS, (0, rows("YWI=", "YQ==", "YWI=")), key="s", input_schema="s binary, v long")
    assert shown(trace) == [["b'a'", 1], ["b'ab'", 2]]
    assert key_text(trace.calls[1].key) == "b'ab'"
    assert trace_to_data(trace)["batches"][0]["calls"][1]["key"] == ["6162"]


def test_a_map_is_a_key_whose_order_counts():
    batches = [(0, rows({"y": 2, "x": 1}, {"x": 1, "y": 2}, {})), (1, rows({"x": 1, "y": 2}))]
    trace = replayed(COUNTS, *batches, key="s", input_schema="s map<string, long>, v long", shuffle_partitions=3)
    assert sorted(shown(trace)) == [
        ["{'x': 1, 'y': 2}", 1],
        ["{'x': 1, 'y': 2}", 2],
        ["{'y': 2, 'x': 1}", 1],
        ["{}", 1],
    ]


@pytest.mark.parametrize("ddl", [None, "v long, s struct<a: struct<b: string>>"])
def test_a_field_of_a_struct_is_a_key_and_the_rows_stay_as_they_came(ddl):
    code = "def updateState(key, values, state):\n    return [(key, [sorted(row.asDict()) for row in values])]\n"
    events = [
        {"v": 1, "s": {"a": {"b": "x"}}},
        {"v": 2, "s": {"a": None}},
        {"v": 3, "s": None},
        {"v": 4, "s": {"a": {"b": "x"}}},
    ]
    trace = replayed(code, (0, events), key="s.a.b", input_schema=ddl)
    assert shown(trace) == [[None, [["s", "v"]] * 2], ["x", [["s", "v"]] * 2]]


def test_the_timeout_of_a_struct_fires_by_an_event_of_another_key():
    """What if: the event that moves the watermark is not one of the key that waits."""
    events = [{"s": {"a": number}, "at": 1000 * number} for number in (1, 2)]
    stream = scenario(COUNTS, (0, events), key="s", watermark=Watermark("at", "0 seconds"))
    changed = timing_out(stream, 0, 5000, "watermark", (StructCell(("a",), (2,)),))
    assert changed is not None
    assert changed.batches[1].rows[0]["s"] == {"a": 1}
    of_field = timing_out(msgspec.structs.replace(stream, key="s.a"), 0, 5000, "watermark", (2,))
    assert of_field is not None
    assert of_field.batches[1].rows[0]["s"] == {"a": 1}
