"""Fields of structs that rows are grouped by, as in `groupBy("s.a")`. Lives here: which field a name means, and its values.

In the schema of the rows such a field is a column of its own, in front, under the name that the query writes.
"""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from engine.model.columns import places_of
from engine.model.scenario import Scenario
from engine.model.schema import DataType, Schema

#: What takes a part out of a value of the type, by Spark's names.
_READERS: Final = {"struct": "GetStructField", "array": "GetArrayStructFields", "map": "GetMapValue"}


class KeyField(msgspec.Struct, frozen=True):
    """A field by which rows are grouped: the column at `place`, the names down to the field, as they are spelled there.

    `type` is that of the field, and `readers` are the expressions by which Spark takes it out, the innermost first.
    """

    name: str
    place: int
    path: tuple[str, ...]
    type: DataType
    readers: tuple[str, ...]

    @property
    def is_of_structs(self) -> bool:
        """Whether only structs are around it, not arrays or maps."""
        return set(self.readers) == {_READERS["struct"]}


class NoField(ValueError):
    """A name that means no field; the message is Spark's."""


def is_field(scenario: Scenario, name: str, columns: Sequence[str]) -> bool:
    """Whether the name means a part of one of the columns, and not a column."""
    outer = name.partition(".")[0]
    return outer != name and not places_of(scenario, name, columns) and bool(places_of(scenario, outer, columns))


def key_fields(scenario: Scenario, schema: Schema) -> tuple[KeyField, ...]:
    """The fields among the key columns, in order, where the columns are those of the schema. Names of no field are left out."""
    columns = [field.name for field in schema]
    found = []
    for name in scenario.key_columns:
        if is_field(scenario, name, columns):
            try:
                found.append(key_field(scenario, name, schema))
            except NoField:  # told before the replay: Spark refuses the query
                continue
    return tuple(found)


def key_field(scenario: Scenario, name: str, schema: Schema) -> KeyField:
    """The field that a name means. Raises NoField when there is none, in the words in which Spark refuses it."""
    outer, *parts = name.split(".")
    place = places_of(scenario, outer, [field.name for field in schema])[0]
    data_type, path, readers, base = schema[place].type, [], [], outer
    for part in parts:
        readers.append(_reader(data_type, base))
        spelled, data_type = _part_of(scenario, data_type, part)
        path.append(spelled)
        base = f"{base}.{part}"
    return KeyField(name, place, tuple(path), data_type, tuple(readers))


def _reader(data_type: DataType, base: str) -> str:
    if data_type.name not in _READERS:
        raise NoField(
            f'[INVALID_EXTRACT_BASE_FIELD_TYPE] Can\'t extract a value from "{base}". Need a complex type '
            f'[STRUCT, ARRAY, MAP] but got "{data_type.name.upper()}". SQLSTATE: 42000'
        )
    return _READERS[data_type.name]


def _part_of(scenario: Scenario, data_type: DataType, part: str) -> tuple[str, DataType]:
    """The name and the type of a part: a field, the value of a map, the fields of an array's structs."""
    if data_type.name == "map" and data_type.element:
        return part, data_type.element
    if data_type.name == "array" and data_type.element:
        spelled, inner = _part_of(scenario, data_type.element, part)
        return spelled, DataType("array", element=inner)
    names = [field.name for field in data_type.fields]
    places = places_of(scenario, part, names)
    if not places:
        known = ", ".join(f"`{name}`" for name in names)
        raise NoField(f"[FIELD_NOT_FOUND] No such struct field `{part}` in {known}. SQLSTATE: 42704")
    return names[places[0]], data_type.fields[places[0]].type


def value_at(value: Any, path: Sequence[str]) -> Any:
    """The field of a struct's value; NULL where a struct on the way is."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def last_name(name: str) -> str:
    """What Spark calls the column that it makes of a field."""
    return name.rpartition(".")[2]
