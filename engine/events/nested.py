"""Columns that hold objects, or their JSON as Kafka's `value` does, and their fields as columns. Lives here: finding and opening
them. Which ones are opened is a person's choice.
"""

import base64
import json
from collections.abc import Sequence
from typing import Any, Final

from engine.events.json_lines import DECODER
from engine.events.table import MAX_COLUMNS, Table
from engine.events.values import as_type, column_type, plain_value, read_cells
from engine.model.rows import MAX_CELLS, Rows
from engine.model.schema import DataType, Field

#: What carries the event itself: Kafka Connect's envelope, Debezium's row after the change, the value of a message, a hit of
#: Elasticsearch, a feature of GeoJSON, a cloud event.
_ENVELOPES: Final = ("payload", "after", "value", "_source", "properties", "data")
#: How MongoDB writes a value with its type: {"$date": "2024-01-01T10:12:00Z"}.
_TYPED: Final = "$"
_TYPED_NUMBER: Final = "$number"
#: Types whose values are one thing: of one of them a key can be made.
_NESTED: Final = ("struct", "array", "map")


def likely_opened(table: Table) -> list[str]:
    """The columns that most people would open, those inside others after them: envelopes and JSON text.

    Where all columns but times are nested, nothing could be the key: then every object.
    """
    found: list[str] = []
    while True:
        name = _likely(table, found)
        if name is None:
            return found
        found.append(name)
        table = opened(table, [name])


def openable(table: Table) -> list[str]:
    """The columns that hold objects, or JSON of objects, as text or as bytes."""
    return [field.name for field in table.schema if _is_struct(field.type) or _objects_of_texts(table, field)]


def opened(table: Table, names: Sequence[str]) -> Table:
    """The table with the fields of these columns in their place, one after another; unknown names are passed over.

    A field whose name another column has is called after both, `source_ts_ms`.
    """
    for name in names:
        field = next((field for field in table.schema if field.name == name), None)
        if field is not None:
            table = _opened(table, field)
    return table


def _likely(table: Table, but: Sequence[str]) -> str | None:
    """The next column to open."""
    can_be = [name for name in openable(table) if name not in but]
    types = {field.name: field.type for field in table.schema}
    nothing_else = all(kind.name in (*_NESTED, "timestamp", "date") for kind in types.values())
    likely = (
        name
        for name in can_be
        if nothing_else or not _is_struct(types[name]) or name in _ENVELOPES or _is_typed(types[name])
    )
    envelopes = (name for name in can_be if name in _ENVELOPES)
    return next(envelopes, next(likely, None))


def _is_struct(kind: DataType) -> bool:
    return kind.name == "struct"


def _is_typed(kind: DataType) -> bool:
    return len(kind.fields) == 1 and kind.fields[0].name.startswith(_TYPED)


def _objects_of_texts(table: Table, field: Field) -> dict[str, dict[str, Any]]:
    """The object that each text of a column is, read once; empty unless all are objects."""
    known = table.objects_by_column
    if field.name not in known:
        is_text = field.type.name in ("string", "binary")
        known[field.name] = _objects(table.rows.column(field.name)) if is_text else {}
    return known[field.name]


def _objects(column: Sequence[str | None]) -> dict[str, dict[str, Any]]:
    first = next((text for text in column if text is not None), "")
    read = str if _is_object(first) else _from_base64
    if not _is_object(read(first)):
        return {}
    said = {text: read(text) for text in dict.fromkeys(column) if text is not None}
    try:
        return (
            {text: DECODER.decode(json_) for text, json_ in said.items()} if all(map(_is_object, said.values())) else {}
        )
    except (json.JSONDecodeError, RecursionError):
        return {}


def _from_base64(text: str) -> str:
    """What bytes say that stand in a file as base64, as those of Kafka's values do; "" when they are no text."""
    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError:
        return ""


def _is_object(text: str) -> bool:
    """Whether a text that is JSON is an object."""
    return text.lstrip().startswith("{")


def _opened(table: Table, field: Field) -> Table:
    """The table with one column opened; as it is where it would have more columns or cells than a table may."""
    objects = _objects_of_texts(table, field)
    column = table.rows.column(field.name)
    cells = [objects.get(value) for value in column] if objects else column
    names = list(dict.fromkeys(name for cell in cells if cell is not None for name in cell))
    width = len(table.names) + len(names) - 1
    if width > MAX_COLUMNS or width * len(column) > MAX_CELLS:
        return table
    parts = [[None if cell is None else plain_value(cell.get(name)) for cell in cells] for name in names]
    if _is_typed(field.type) and names[0].startswith(_TYPED_NUMBER):
        parts = [read_cells([None if cell is None else str(cell) for cell in parts[0]])]
        field = Field(field.name, DataType("struct", fields=(Field(names[0], column_type(parts[0])),)))
    known = {part.name: part.type for part in field.type.fields}
    types = [known.get(name) or column_type(part) for name, part in zip(names, parts, strict=True)]
    parts = [as_type(part, type_) for part, type_ in zip(parts, types, strict=True)]
    index = table.names.index(field.name)
    others = [*table.names[:index], *table.names[index + 1 :]]
    fields = map(Field, _free_names(field.name, names, others), types)
    schema = (*table.schema[:index], *fields, *table.schema[index + 1 :])
    columns = [*table.rows.columns[:index], *parts, *table.rows.columns[index + 1 :]]
    return Table(Rows([part.name for part in schema], columns), schema, table.problems)


def _free_names(outer: str, names: Sequence[str], others: Sequence[str]) -> list[str]:
    """Names that Spark takes for no other column's."""
    if len(names) == 1 and names[0].startswith(_TYPED):
        return [outer]
    taken = {name.lower() for name in others}
    free = []
    for name in names:
        given = name if name.strip() and name.lower() not in taken else f"{outer}_{name}"
        while given.lower() in taken:
            given += "_"
        taken.add(given.lower())
        free.append(given)
    return free
