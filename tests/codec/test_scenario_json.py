"""Scenario files: what is written is read back, and what cannot be read is told by field."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.codec.scenario_json import (
    scenario_from_json,
    scenario_from_wire,
    scenario_to_json,
    scenario_to_wire,
)
from engine.model.rows import Rows
from engine.model.scenario import Batch, Scenario, Watermark

SMALL = {"api": "updateState", "code": "def updateState(key, values, state): pass", "batches": []}


def problem(**changes) -> str:
    found = scenario_from_json(json.dumps({**SMALL, **changes}))
    assert isinstance(found, list), "it was read"
    return str(found[0])


def test_all_fields_but_three_have_defaults():
    read = scenario_from_json(json.dumps(SMALL))
    assert isinstance(read, Scenario)
    assert (read.semantics, read.shuffle_partitions, read.watermark, read.output_mode) == (
        "tutorial",
        1,
        None,
        "update",
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"colour": "red"}, "there is no field 'colour'"),
        ({"code": 5}, "code: expected `str`, got `int`"),
        ({"format": 2}, "format"),
        ({"api": "mapGroups"}, "api"),
        ({"batches": [{"rows": []}]}, "the field 'processing_time_ms' is missing"),
        ({"batches": [{"processing_time_ms": 0, "rows": [1]}]}, "Expected a list of objects"),
        ({"watermark": {"column": "ts"}}, "watermark: the field 'delay' is missing"),
    ],
)
def test_what_cannot_be_read_is_told_by_field(changes, told):
    assert told.lower() in problem(**changes).lower()


def test_what_is_not_json_is_told_with_its_place():
    (found,) = scenario_from_json("{'api': 1}")
    assert "not JSON" in found.what


@pytest.mark.parametrize("place", ["clock", "row"])
def test_an_integer_that_no_column_can_hold_is_told(place):
    clock, value = (10**30, 1) if place == "clock" else (0, 10**30)
    text = '{"api": "updateState", "code": "", "batches": [{"processing_time_ms": %d, "rows": [{"n": %d}]}]}'
    (found,) = scenario_from_json(text % (clock, value))
    assert "more than 64 bits" in found.what


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.text(), st.floats(allow_nan=False, allow_infinity=False)
)
ROWS = st.lists(st.fixed_dictionaries({"k": VALUES, "v": VALUES}), max_size=5)


@given(st.lists(st.tuples(st.integers(0, 10**13), ROWS), max_size=4), st.text(), st.booleans())
def test_a_scenario_comes_back_from_file_and_wire_as_it_was(batches, code, with_watermark):
    made = Scenario(
        api="updateState",
        code=code,
        watermark=Watermark("v", "10 seconds") if with_watermark else None,
        batches=[Batch(time_ms, Rows.from_dicts(rows)) for time_ms, rows in batches],
    )
    assert scenario_from_json(scenario_to_json(made)) == made
    assert scenario_from_wire(scenario_to_wire(made)) == made


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_hostile_text_never_raises(text):
    assert isinstance(scenario_from_json(text), (list, Scenario))


def test_text_with_half_a_character_is_told():
    assert [problem.where for problem in scenario_from_json('{"title": "\ud800"}')] == ["file"]
