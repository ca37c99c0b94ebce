"""Which type a column has that no schema declares. Lives here: what its values tell; how values become it is in intake.py."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from engine.model.key_cells import MAX_KEY_DEPTH
from engine.model.scenario import Scenario
from engine.model.schema import STRING, DataType, Field

#: Each row has every field of a struct in its key: with more of them the values are kept as text.
_MOST_FIELDS: Final = 200


def type_in_rows(scenario: Scenario, name: str, is_key: bool) -> DataType:
    """The type of a column as its values in all triggers say. Rows are sorted by a key: what is nested in it has a type."""
    found = _inferred(_kinds(scenario, name))
    if not is_key or found.name != "void":
        return found
    nested = _nested([value for batch in scenario.batches for value in batch.rows.column(name)])
    return nested if _field_count(nested) <= _MOST_FIELDS else STRING


def _kinds(scenario: Scenario, name: str) -> set[type]:
    """The Python types of a column's values in all triggers, NULL left out."""
    kinds: set[type] = set()
    for batch in scenario.batches:
        kinds.update(map(type, batch.rows.column(name)))
    return kinds - {type(None)}


def _inferred(kinds: set[type]) -> DataType:
    """The type Spark's JSON source would infer: the common one, or string where values disagree."""
    if kinds == {bool}:
        return DataType("boolean")
    if kinds == {int}:
        return DataType("bigint")
    if kinds and kinds <= {int, float}:
        return DataType("double")
    if kinds and kinds <= {list, dict}:
        return DataType("void")  # nested values are handed on as they are
    return STRING


def _nested(values: list[Any], depth: int = 0) -> DataType:
    """The type that Spark's JSON source would infer: an object is a struct, its fields sorted by name."""
    kinds = set(map(type, values)) - {type(None)}
    if kinds == {dict} and depth < MAX_KEY_DEPTH:
        by_name = _by_name(value for value in values if value is not None)
        fields = (Field(name, _nested(by_name[name], depth + 1)) for name in sorted(by_name))
        return DataType("struct", fields=tuple(fields))
    if kinds == {list} and depth < MAX_KEY_DEPTH:
        return DataType("array", element=_nested([item for value in values for item in value or ()], depth + 1))
    return STRING if kinds & {dict, list} else _inferred(kinds)


def _by_name(objects: Iterable[dict[str, Any]]) -> dict[str, list[Any]]:
    """The values of each field, those of all objects together."""
    by_name: defaultdict[str, list[Any]] = defaultdict(list)
    for value in objects:
        for name, item in value.items():
            by_name[name].append(item)
    return by_name


def _field_count(data_type: DataType) -> int:
    inner = _field_count(data_type.element) if data_type.element else 0
    return inner + len(data_type.fields) + sum(_field_count(field.type) for field in data_type.fields)
