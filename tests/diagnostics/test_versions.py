"""Differences between Spark's versions, told where a scenario meets one."""

import pytest

from tests.diagnostics.found import found
from tests.helpers import replayed_in_pandas

STORES = "def fn(key, pdfs, state):\n    state.update((None,))\n    return []\n"


@pytest.mark.parametrize("schema", ["n array<long>", "n map<string,long>", "n struct<a:array<long>>"])
def test_it_fires_for_an_array_or_a_map_in_the_state_of_a_function_that_is_replayed_all_the_same(schema):
    trace = replayed_in_pandas(STORES, (0, "a"), state_schema=schema)
    assert trace.ending == "completed"
    finding = found(trace)["spark-versions-differ"]
    assert "state_schema" in finding.title
    assert "4.2.1 to 4.3.0" in finding.why


def test_it_does_not_fire_for_a_state_that_all_versions_take():
    assert "spark-versions-differ" not in found(replayed_in_pandas(STORES, (0, "a"), state_schema="n struct<a:long>"))
