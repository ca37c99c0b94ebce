"""The grouping key on its way from Spark to a StatefulProcessor and back to the store (SEMANTICS 5.3, 5.4, 5.43).

Lives here: which key the state is kept under. What pandas makes of a key before is the pandas API's own.
"""

from typing import Any, Final

from engine.apis.row import Row
from engine.apis.stateful_processor.values import ValueSchema
from engine.model.columns import columns_of, places_in
from engine.model.key_cells import CELLS, StructCell, cell_maker, holds_nan, value_of, with_nan
from engine.model.key_fields import is_field, last_name
from engine.model.scenario import Scenario
from engine.model.schema import DataType, Schema
from engine.replay.intake import converter
from engine.replay.operator import Group

Key = tuple[Any, ...]
#: The one NaN by which a store finds its key: another one is not equal to it.
_NAN: Final = converter(DataType("double"))("NaN")


class KeySchema:
    """The schema of the grouping key; `indexes` are its columns among those of the rows."""

    def __init__(self, scenario: Scenario, schema: Schema, key_columns: tuple[str, ...]) -> None:
        self.indexes = places_in(schema, key_columns, scenario)
        columns = columns_of(scenario)  # as the query writes them, not as the columns are spelled
        self._names = tuple(last_name(name) if is_field(scenario, name, columns) else name for name in key_columns)
        self._schema = ValueSchema(tuple(schema[index] for index in self.indexes))
        self.has_cells = any(map(cell_maker, self._schema.types))

    def placed(self, group: Group, key: Key, place: int) -> Group:
        """The group as it is called, with the key whose state it has when that is another one than its own.

        The processor's key goes back to the JVM, which takes it through the schema: a float in place of a whole number
        becomes NULL, the NaN of a text the text "NaN", and the NULL of a double the key NaN.
        """
        if key is group.key:
            return Group(group.key, group.row_indexes, place=place)
        try:
            state_key = tuple(map(_found, self._stored(key), key))
        except Exception:  # told by `demand`, in the call
            state_key = group.key
        is_other = state_key != group.key
        return Group(group.key, group.row_indexes, state_key if is_other else None, place=place)

    def demand(self, key: Key) -> None:
        """Raises what PySpark raises for a key that cannot go back: NaT has no words for it."""
        self._stored(key)

    def _stored(self, key: Key) -> Key:
        return self._schema.stored(tuple(map(value_of, key)) if self.has_cells else key)

    def restored(self, key: Key) -> Row:
        """The key of a timer, as the store gives it back: a Row, and so are the structs in it."""
        return Row.of(self._names, tuple(map(_restored, key)) if self.has_cells else key)


def split_by_nan(groups: list[Group]) -> list[Group]:
    """The groups as Python makes them of the keys: no NaN is equal to another, so each row with one is a call of its own."""
    return [
        one
        for group in groups
        for one in (
            [Group(group.key, [index]) for index in group.row_indexes]
            if any(map(holds_nan, group.key or ()))
            else [group]
        )
    ]


def _found(stored: Any, cell: Any) -> Any:
    """What the store finds it by: what is nested comes back as it went."""
    return with_nan(cell if isinstance(cell, CELLS) else stored, lambda: _NAN)


def _restored(cell: Any) -> Any:
    return Row.of(cell.names, tuple(map(_restored, cell.cells))) if isinstance(cell, StructCell) else value_of(cell)
