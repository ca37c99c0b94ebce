"""What an editor completes is what the objects have: every name, and what it takes."""

import inspect

import pytest

from engine.apis import jvm_group_state, offers, pyspark_group_state
from engine.apis.catalog import APIS
from engine.apis.stateful_processor import base, handle, variables

# What is there for the replay or for printing, and not for a function to call.
NOT_OFFERED = {
    *("value_now", "was_updated", "was_removed", "timeout_set_ms"),
    *("operations", "operation_lines", "NO_TIMESTAMP"),
}
OBJECTS = [
    (offers.JVM_GROUP_STATE[0], jvm_group_state.GroupState),
    (offers.PYSPARK_GROUP_STATE[0], pyspark_group_state.GroupState),
    *zip(
        offers.PROCESSOR,
        (
            handle.StatefulProcessorHandle,
            variables.ValueState,
            variables.ListState,
            variables.MapState,
            base.TimerValues,
            base.ExpiredTimerInfo,
        ),
        strict=True,
    ),
]


@pytest.mark.parametrize(("offered", "actual"), OBJECTS, ids=lambda found: getattr(found, "__module__", ""))
def test_an_editor_offers_what_the_object_has(offered, actual):
    names = {name for name in dir(actual) if not name.startswith("_")} - NOT_OFFERED
    assert {member.name for member in offered.members} == names
    assert offered.annotation == actual.__name__


@pytest.mark.parametrize(("offered", "actual"), OBJECTS, ids=lambda found: getattr(found, "__module__", ""))
def test_a_method_is_shown_with_its_own_parameters(offered, actual):
    for member in offered.members:
        found = getattr(actual, member.name)
        is_method = inspect.isfunction(found)
        assert (member.kind == "method") == is_method, member.name
        assert member.signature == (_written(found) if is_method else "")


def _written(method) -> str:
    """The parameters without self, and those that may be left out with what they are then."""
    named = [p for p in inspect.signature(method).parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD][1:]
    return f"({', '.join(p.name if p.default is p.empty else f'{p.name}={p.default}' for p in named)})"


def test_every_api_offers_something():
    assert all(row.offers for row in APIS.values())
