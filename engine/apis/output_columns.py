"""The output of a function that returns plain rows. Lives here: naming its columns, and each row's cells in their order."""

from collections.abc import Generator, Iterable, Iterator
from typing import Any

from engine.apis.advice import advised
from engine.apis.group_state import ATOMS, frozen
from engine.apis.row import Row
from engine.apis.user_code import UserCode, returned_names
from engine.model.call_limits import MAX_ROWS_PER_CALL, RETURNED_TOO_MUCH
from engine.model.scenario import Scenario
from engine.model.schema import parse_ddl
from engine.model.user_objects import LimitReached


def rows_from(returned: Any, function_name: str) -> Iterable[Any]:
    """The rows that the function returned or yields, as they come.

    Raises TypeError for a bare row, or nothing that holds rows; LimitReached when rows never end.
    """
    if type(returned) is list:
        return returned
    if returned is None:
        return ()
    is_row = isinstance(returned, (str, bytes, dict, Row)) or (
        isinstance(returned, tuple) and not all(isinstance(item, (tuple, dict, list)) for item in returned)
    )
    if is_row or not isinstance(returned, Iterable):
        error = TypeError(
            f"{function_name} should return rows in a list, but returned a {type(returned).__name__}: {returned!r:.200}"
        )
        raise advised(error, f"Put the row into a list: return [{returned!r:.60}]")
    return _counted(returned)


def _counted(rows: Iterable[Any]) -> Iterator[Any]:
    for count, row in enumerate(rows):
        if count >= MAX_ROWS_PER_CALL:
            limit = LimitReached(
                "output_limit", RETURNED_TOO_MUCH, "Return fewer rows, or look for a loop that never ends"
            )
            if isinstance(rows, Generator):
                rows.throw(limit)  # raised at its own yield, so that the line is told
            raise limit
        yield row


def _named(row: Any) -> dict[str, Any] | None:
    """A row that brings its own names: a dict, a Row, a namedtuple; None for any other."""
    if isinstance(row, Row):
        return row.asDict() if hasattr(row, "__fields__") else None
    if isinstance(row, tuple) and hasattr(row, "_fields"):
        return dict(zip(row._fields, row, strict=True))
    return {str(name): cell for name, cell in row.items()} if isinstance(row, dict) else None


class OutputColumns:
    """Names the columns of the output and brings every row into their order.

    The names come from the output schema, else from the first row: its own (a dict, a Row, a namedtuple), those of
    the variables in the function's source (a tuple), `value` (a bare value).
    """

    def __init__(self, scenario: Scenario, code: UserCode) -> None:
        self._declared = scenario.output_schema is not None
        self._code = code
        self.names = [field.name for field in parse_ddl(scenario.output_schema)] if scenario.output_schema else []

    def cells(self, row: Any) -> list[Any]:
        """The cells of a row, copied; raises ValueError when it does not fit the declared columns."""
        if type(row) is tuple and len(row) == len(self.names):
            for cell in row:
                if type(cell) not in ATOMS:
                    return [frozen(cell) for cell in row]
            return list(row)
        named = _named(row)
        if named is not None:
            return self._by_name(named)
        cells = [frozen(cell) for cell in row] if isinstance(row, (tuple, list)) else [frozen(row)]
        self._reach(len(cells), isinstance(row, (tuple, list)))
        if len(cells) != len(self.names) and self._declared:
            raise ValueError(
                f"an output row has {len(cells)} values, but the output schema names {len(self.names)}: "
                f"{', '.join(self.names)}"
            )
        return cells

    def _by_name(self, row: dict[str, Any]) -> list[Any]:
        for name in row:
            if name not in self.names:
                if self._declared:
                    raise ValueError(f"an output row has the column '{name}', which the output schema does not name")
                self.names.append(name)
        return [frozen(row.get(name)) for name in self.names]

    def _reach(self, count: int, is_tuple: bool) -> None:
        if not self.names and not is_tuple:
            self.names = ["value"]
        elif not self.names:
            returned = returned_names(self._code.source, self._code.name)
            self.names = list(returned) if returned and len(returned) == count else []
        if not self._declared:
            self.names += [f"_{i}" for i in range(len(self.names) + 1, count + 1)]
