"""A scenario that another version of Spark treats differently is told so."""

import pytest

from engine.model.scenario import Scenario
from engine.model.versions import ARRAYS_AND_MAPS_IN_STATE, version_notes


def scenario(state_schema):
    return Scenario(api="applyInPandasWithState", code="", state_schema=state_schema, batches=[])


@pytest.mark.parametrize(
    "state_schema", ["seen array<long>", "n long, by map<string,long>", "s struct<a:long,b:struct<c:array<int>>>"]
)
def test_an_array_or_a_map_in_the_state_fails_on_some_versions(state_schema):
    assert version_notes(scenario(state_schema)) == [ARRAYS_AND_MAPS_IN_STATE]


@pytest.mark.parametrize("state_schema", ["n long", "s struct<a:long,b:string>", None, "not a schema at all"])
def test_other_schemas_are_treated_alike(state_schema):
    assert version_notes(scenario(state_schema)) == []
