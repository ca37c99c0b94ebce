"""Where Spark's versions differ in a way that users meet. Lives here: the table, and which of it touches a scenario.

The replay follows one version (`FOLLOWED`); a scenario that another version treats differently is replayed all the same.
"""

from collections.abc import Callable
from typing import Final

import msgspec

from engine.model.scenario import Scenario
from engine.model.schema import SchemaError, parse_ddl

FOLLOWED: Final = "4.3.0"
_ARRAY_OR_MAP: Final = frozenset({"array", "map"})


class VersionNote(msgspec.Struct, frozen=True):
    """One difference: `id` never changes, `field` is the scenario's field that it is about, `sentence` says it all."""

    id: str
    field: str
    sentence: str


ARRAYS_AND_MAPS_IN_STATE: Final = VersionNote(
    "arrays-and-maps-in-the-state-schema",
    "state_schema",
    "PySpark 4.2.1 to 4.3.0 cannot start with an array or a map in the state schema: its worker dies with "
    "KeyError: 'elementType' (or 'keyType'). On 4.1 it works, and so it is replayed here. A struct works in all.",
)


def version_notes(scenario: Scenario) -> list[VersionNote]:
    """The differences that this scenario meets; empty when every version treats it alike."""
    return [note for applies, note in _NOTES if applies(scenario)]


def _has_array_or_map_in_state(scenario: Scenario) -> bool:
    # Only PySpark's operator has a state schema.
    try:
        fields = parse_ddl(scenario.state_schema or "")
    except SchemaError:
        return False
    return any(field.type.holds(_ARRAY_OR_MAP) for field in fields)


_NOTES: Final[tuple[tuple[Callable[[Scenario], bool], VersionNote], ...]] = (
    (_has_array_or_map_in_state, ARRAYS_AND_MAPS_IN_STATE),
)
