"""A scenario file or a link is a stranger's: it is a scenario that the page can hold, or it is told what is wrong with it."""

import json
import zlib
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import Problem, Scenario, events, scenario_from_json, scenario_to_json, share_decode, share_encode
from engine.codec.scenario_json import scenario_from_wire, scenario_to_wire
from engine.share import link
from tests.helpers import MINUTE_MS, TUTORIAL, scenario
from tests.hostile_traces import changed

WHOLE = {
    **json.loads(scenario_to_json(scenario(TUTORIAL, (0, "hello spark"), (MINUTE_MS, "hello")))),
    "title": "title",
    "key": ["word"],
    "input_schema": "word string",
    "watermark": {"column": "word", "delay": "10 seconds"},
    "conf": {"spark.sql.shuffle.partitions": "2"},
    "restart_before": [1],
}


def held(read: Scenario | list[Problem]) -> None:
    """What the page does with a scenario before anything is replayed; problems can be told."""
    if not isinstance(read, Scenario):
        assert [str(problem) for problem in read]
        return
    events.write_text(read.batches, read.restart_before)
    assert scenario_from_wire(scenario_to_wire(read)) == read
    assert isinstance(scenario_from_json(scenario_to_json(read)), Scenario)
    share_encode(read, 0)


def encodable(value: object) -> bytes | None:
    try:
        return msgspec.json.encode(value)
    except (TypeError, ValueError):
        return None


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_file_in_which_something_was_changed_is_a_scenario_or_is_told(data):
    text = encodable(changed(WHOLE, data.draw))
    if text is not None:
        held(scenario_from_json(text))


def from_deeper_down(levels: int, look: Callable[[], None]) -> None:
    """A server looks at what it has read from many calls deeper down than where it read it."""
    look() if levels == 0 else from_deeper_down(levels - 1, look)


def with_row(value: str) -> str:
    return f'{{"api": "updateState", "code": "", "batches": [{{"processing_time_ms": 0, "rows": [{value}]}}]}}'


HOSTILE = {
    "deep lists": with_row('{"a": ' + "[" * 900 + "]" * 900 + "}"),
    "lists deeper than any": with_row('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}"),
    "deep maps": with_row('{"a": ' + '{"a":' * 900 + "1" + "}" * 900 + "}"),
    "lists a little too deep": with_row('{"a": ' + "[" * 300 + "]" * 300 + "}"),
    "a lone surrogate": with_row('{"a": "\\ud800"}'),
    "a lone surrogate as a name": with_row('{"\\ud800": 1}'),
    "an integer without end": with_row('{"a": ' + "9" * 100_000 + "}"),
    "a number beyond numbers": with_row('{"a": 1e999}'),
    "no name": with_row('{"": 1}'),
    "names that look alike": with_row('{"a": 1, "a\\u200b": 2, "\\u0430": 3}'),
    "a clock beyond the calendar": with_row("{}").replace('_ms": 0', '_ms": 9223372036854775807'),
    "a NUL": with_row('{"a\\u0000": "\\u0000"}'),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_file_that_means_harm_is_a_scenario_or_is_told(text):
    read = scenario_from_json(text)
    from_deeper_down(200, lambda: held(read))


def test_a_file_of_more_columns_than_a_page_can_show_is_told():
    (problem,) = scenario_from_json(with_row(json.dumps({f"c{number}": 1 for number in range(2_001)})))
    assert problem.what == "its rows have more than 2,000 different columns"


def packed(data: bytes) -> str:
    """A link whose payload is this JSON."""
    return f"1.{link.base64.urlsafe_b64encode(link._checksum(data) + link._deflated(data)).decode().rstrip('=')}"


BOMBS = {
    "zeros": b"\0" * (link.MAX_BYTES * 4),
    "lists": b"[" * link.MAX_BYTES,
    "a million columns": b'[0,{"api":"updateState","code":""},[[[' + b'"",' * 10**6 + b'""],[0],[1],[]]]]',
    "empty batches": b'[0,{"api":"updateState","code":""},[[[],['
    + b"0," * 10**6
    + b"0],["
    + b"0," * 10**6
    + b"0],[]]]]",
    "counts that lie": b'[0,{"api":"updateState","code":""},[[["a"],[0],[9223372036854775807],[[1]]]]]',
    "a step beyond": b'[9223372036854775807,{"api":"updateState","code":""},[]]',
}


@pytest.mark.parametrize("data", BOMBS.values(), ids=BOMBS)
def test_a_link_that_unpacks_to_more_than_it_says_is_a_scenario_or_is_told(data):
    shared = share_decode(packed(data)[: link.MAX_CHARACTERS])
    held(shared if isinstance(shared, list) else shared.scenario)


def test_a_link_that_never_stops_unpacking_is_given_up_at_the_limit():
    deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    endless = deflater.compress(b" " * (64 * 1024 * 1024)) + deflater.flush()
    (problem,) = share_decode(f"1.{link.base64.urlsafe_b64encode(b'0000' + endless).decode().rstrip('=')}")
    assert "unpacks to more than" in problem.what


@given(st.binary(max_size=200), st.integers(0, 60))
def test_a_link_with_bytes_changed_never_raises(noise, place):
    whole = share_encode(scenario(TUTORIAL, (0, "hello")), 0)
    share_decode(whole[:place] + noise.hex() + whole[place + len(noise) :])


@pytest.mark.parametrize("depth", [49, 300, 600, 980, 5_000])
@pytest.mark.parametrize("shape", ['{{"a": {}1{}}}', '[{{"a": 1}}, {{"a": {}1{}}}]', '{{"a": {{"b": {}1{}}}}}'])
def test_events_of_any_depth_are_read_as_deep_as_a_schema_can_be_or_told(depth, shape):
    text = shape.format("[" * depth, "]" * depth)
    uploaded = events.read_upload(text.encode(), "a.json")
    typed = events.read_text(text)
    assert isinstance(uploaded, list) or uploaded.rows
    assert typed.problems or len(typed.batches) == 1
    if 49 < depth < 900:
        assert "<nested deeper than 50 levels>" in str(typed.batches[0].rows)


def test_a_header_of_very_many_columns_is_read_in_time_that_grows_with_it():
    """Comparing each name with all before it took the server more than a minute."""
    typed = events.read_text("|" * 100_000)
    assert typed.batches or typed.problems
