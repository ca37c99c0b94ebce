"""A table of rows, column by column. Lives here: the noun. Reading rows from text and files does not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

#: How many cells the rows of one trigger may have; a small text of rows that share no column has their square.
MAX_CELLS: Final = 30_000_000
_FEW_NAMES: Final = 16


class Rows(Sequence[dict[str, Any]]):
    """The rows that arrived in one trigger, in order of arrival.

    `names` are the column names, `columns[i]` the values of column `names[i]`, all of one length. Columns, because a
    stream of a million rows costs a few lists that way, not a million dicts. Indexing gives one row as a dict.
    Treat as frozen: a trace points into it by row number.
    """

    __slots__ = ("_places", "columns", "names")

    def __init__(self, names: Sequence[str] = (), columns: Sequence[list[Any]] = ()) -> None:
        """Raises ValueError when a name is missing, appears twice, or the columns differ in length."""
        if len(names) != len(columns):
            raise ValueError(f"{len(names)} column names for {len(columns)} columns")
        if len(set(names)) != len(names):
            raise ValueError(f"a column name appears twice in {', '.join(names)}")
        if len({len(column) for column in columns}) > 1:
            raise ValueError("the columns differ in length")
        self.names = tuple(names)
        self.columns = tuple(columns)
        self._places: dict[str, int] | None = None

    @classmethod
    def from_dicts(cls, dicts: Iterable[Mapping[str, Any]]) -> "Rows":
        """Rows as a scenario file writes them; a column that a row does not have is NULL in it.

        Raises ValueError when they have so many different columns that the table would be enormous.
        """
        dicts = list(dicts)
        names: dict[str, None] = {}
        for row in dicts:
            names.update(dict.fromkeys(row))
        if len(names) * len(dicts) > MAX_CELLS:
            raise ValueError(f"{len(dicts):,} rows with {len(names):,} different columns are too many")
        return cls(tuple(names), [[row.get(name) for row in dicts] for name in names])

    def column(self, name: str) -> list[Any]:
        """The values of one column; a column that is not there is all NULL (a trigger may bring rows without it)."""
        place = self._place(name)
        return [None] * len(self) if place is None else self.columns[place]

    def _place(self, name: str) -> int | None:
        """Which column has this name. Many are looked up in a table: whoever asks for one asks for all of them."""
        if len(self.names) <= _FEW_NAMES:
            return self.names.index(name) if name in self.names else None
        if self._places is None:
            self._places = {known: place for place, known in enumerate(self.names)}
        return self._places.get(name)

    def take(self, indexes: Iterable[int]) -> "Rows":
        indexes = list(indexes)
        return Rows(self.names, [[column[i] for i in indexes] for column in self.columns])

    def tuples(self) -> Iterator[tuple[Any, ...]]:
        return zip(*self.columns, strict=True) if self.columns else iter(())

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return Rows(self.names, [column[index] for column in self.columns])
        if not self.columns:
            raise IndexError(f"row {index} of none")
        return {name: column[index] for name, column in zip(self.names, self.columns, strict=True)}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rows) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash((self.names, len(self)))

    def __repr__(self) -> str:
        return f"Rows({list(self)!r})"
