"""Values that silently became NULL, or others than were given, on their way into the state or the output. Lives here: those."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from engine.diagnostics.finding import CallDiagnostic, Case, Diagnostic, Finding, Kind, Tally
from engine.model.schema import Field, parse_ddl
from engine.model.trace import BatchRan, FunctionCalled
from engine.views.words import count_text, key_text, value_text, visible

_TEXT_LIMIT: Final = 40
#: Rows that bring the names of their fields; a tuple brings each cell on purpose, and a frame is asked for its columns.
_NAMED_ROWS: Final = r"\bRow\s*\(|(?:\byield|\breturn|[\[(])\s*\{"
#: What a cell without a value looks like when it is told as a text.
_NO_VALUES: Final = ("NaT", "<NA>", "nan")


class _Lost(msgspec.Struct, frozen=True):
    """A part of a value that was stored otherwise: what was given, the place of its field in the state, and the line."""

    given: Any
    field: int
    line: int = 0
    variable: str = ""


class StoredAsNull(CallDiagnostic):
    """`update` was given a value that its field of the state schema does not take (SEMANTICS 2.3)."""

    kind = Kind(
        "stored-as-null",
        "warning",
        "A value was stored as NULL (its type is not the state schema's), or a dict as its names: no error says so.",
    )

    def see(self, index: int, call: FunctionCalled, batch: BatchRan) -> None:
        if call.after.entries and call.error is None and next(_lost_in(call), None) is not None:
            self.seen.add(index)

    def told(self, call: FunctionCalled) -> Finding:
        lost = next(_lost_in(call))
        told = _of_a_dict if isinstance(lost.given, dict) else _of_a_value
        title, why, fix, code = told(self.case, lost)
        return self.of_first(
            title,
            why=f"The call for {key_text(call.key)} passed {value_text(lost.given, _TEXT_LIMIT)} to update(). {why}",
            fix=fix,
            code=code,
            line=lost.line,
        )


class ColumnIsNull(Diagnostic):
    """A frame lacks a column of the output schema, which is found by name (SEMANTICS 4.4)."""

    kind = Kind(
        "output-column-is-null",
        "warning",
        "A column of the output schema is not among the columns that the function gave: it is NULL, and no error says so.",
    )

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self._without = Tally()
        self._rows = Tally()
        #: The declared columns in which no row had a value so far.
        self._empty = set(range(len(case.trace.output_names))) if case.scenario.output_schema else set()

    def see(self, index: int, call: FunctionCalled, batch: BatchRan) -> None:
        if call.given_columns and call.error is None:
            self._without.add(index)
        if self._empty:
            for row in call.output:
                self._rows.add(index)
                self._empty.difference_update([place for place, cell in enumerate(row) if cell is not None])

    def findings(self) -> Iterable[Finding]:
        if self._without.count:
            yield self._of_frames(self._without.first)
        elif self._empty and self._rows.count > 1 and self._gives_named_rows():
            yield self._of_rows()

    def _gives_named_rows(self) -> bool:
        return self.case.trace.rows_as != "frames" and self.case.source.has(_NAMED_ROWS)

    def _of_rows(self) -> Finding:
        """Of rows with names it is not known which they brought: only that nothing ever came."""
        name = visible(self.case.trace.output_names[min(self._empty)])
        return self.finding(
            f"{name} is NULL in every row of the output",
            why=f"The output schema declares {name}, and none of {count_text(self._rows.count, 'row')} had a value for it. A Row "
            "or a dict without a field of that very name gives NULL, and no error says so.",
            fix="Give the field the name of the output schema, to the letter; or leave the column out of the schema.",
            call_index=self._rows.first,
            count=self._rows.count,
        )

    def _of_frames(self, index: int) -> Finding:
        call = self.case.trace.calls[index]
        declared = self.case.trace.output_names
        missing = [name for name in declared if name not in call.given_columns]
        ignored = [name for name in call.given_columns if name not in declared]
        instead = f" It gave {_names(ignored)}, which the schema does not name and Spark ignores." if ignored else ""
        what = (
            f"column {_names(missing)} in the output: it is"
            if len(missing) == 1
            else f"columns {_names(missing)} in the output: they are"
        )
        return self.finding(
            f"No {what} NULL ({count_text(self._without.count, 'time')})",
            why="Spark finds the columns of the output by their names. The output schema declares "
            f"{_names(list(declared))}, and the call for {key_text(call.key)} gave none of the name {_names(missing)}."
            f"{instead} No error says so.",
            fix="Give the columns the names of the output schema, to the letter.",
            code=_frame_with(declared) if self.case.trace.rows_as == "frames" else "",
            line=self.case.source.first_line(r"\byield\b|\breturn\s+\S"),
            call_index=index,
            count=self._without.count,
        )


def _lost_in(call: FunctionCalled) -> Iterator[_Lost]:
    """What the last update of each value that is stored now did not bring there."""
    stored = {
        entry.variable: entry.value
        for entry in call.after.entries
        if entry.kind == "value" and isinstance(entry.value, (list, tuple))
    }
    if not stored:
        return
    for operation, line in zip(reversed(call.operations), reversed(call.operation_lines), strict=True):
        variable, _, name = str(operation[0]).rpartition(".")
        if name == "update" and len(operation) == 2 and len(operation[1]) == 1 and variable in stored:
            yield from _lost(operation[1][0], stored.pop(variable), line, variable)


def _lost(given: Any, stored: list[Any] | tuple[Any, ...], line: int, variable: str) -> Iterator[_Lost]:
    """The parts of what was given that the stored value does not have."""
    if isinstance(given, dict):
        yield _Lost(given, 0, line, variable)
    elif isinstance(given, list | tuple):
        for field, (mine, kept) in enumerate(zip(given, stored, strict=False)):
            if _became_null(mine, kept):
                yield _Lost(mine, field, line, variable)


def _became_null(given: Any, stored: Any) -> bool:
    """Whether a value, or one inside a list, is NULL where something was given. NaN and NaT were none before."""
    if stored is None:
        return given is not None and given == given and given not in _NO_VALUES  # noqa: PLR0124 - NaN is not itself
    if isinstance(given, list | tuple) and isinstance(stored, list | tuple):
        return any(_became_null(mine, kept) for mine, kept in zip(given, stored, strict=False))
    return False


def _of_a_dict(case: Case, lost: _Lost) -> tuple[str, str, str, str]:
    names = [str(name) for name in lost.given]
    values = ", ".join(f'values["{name}"]' for name in names)
    return (
        "A dict was stored as its names",
        "update() takes the items of what it is given, one for each field, and the items of a dict are its names: they "
        "are in the state now, or NULL where a name does not fit its field.",
        "Give a tuple of the values, in the order of the state schema.",
        visible(f"{_owner(case, lost)}.update(({values}{',' if len(names) == 1 else ''}))"),
    )


def _of_a_value(case: Case, lost: _Lost) -> tuple[str, str, str, str]:
    fields = _fields(case)
    field = fields[lost.field] if lost.field < len(fields) else None
    name = visible(field.name if field else lost.variable) or "A value"
    declared = f"declares {name} as {field.type.name}" if field else f"of {name} declares another type"
    return (
        f"{name} was stored as NULL",
        f"The state schema {declared}, and this is of another type: Spark converts nothing here, not even a number, but "
        "keeps NULL, and no error says so. The next call gets None.",
        "Convert the value before it is stored, or declare the type that you store.",
        _converted(case, fields, field) if field and isinstance(lost.given, int | float | str) else "",
    )


def _owner(case: Case, lost: _Lost) -> str:
    """Whose `update` it is: the state's, or a state variable's of a processor."""
    return f"self.{lost.variable}" if lost.variable else case.source.state_name


#: How a value becomes what a field takes.
_CONVERSIONS: Final = {
    "bigint": "int",
    "int": "int",
    "smallint": "int",
    "tinyint": "int",
    "double": "float",
    "float": "float",
    "string": "str",
    "boolean": "bool",
}


def _converted(case: Case, fields: tuple[Field, ...], lost: Field) -> str:
    """The update with the one field converted."""
    convert = _CONVERSIONS.get(lost.type.name)
    if convert is None:
        return ""
    names = [f"{convert}({field.name})" if field is lost else field.name for field in fields]
    return visible(f"{case.source.state_name}.update(({', '.join(names)}{',' if len(names) == 1 else ''}))")


def _fields(case: Case) -> tuple[Field, ...]:
    """The fields of the state schema; the scenario was replayed, so it can be read."""
    return tuple(parse_ddl(case.scenario.state_schema)) if case.scenario.state_schema else ()


def _names(names: list[str]) -> str:
    return ", ".join(visible(name) for name in names)


def _frame_with(names: tuple[str, ...]) -> str:
    cells = ", ".join(f'"{visible(name)}": [{visible(name)}]' for name in names)
    return f"yield pd.DataFrame({{{cells}}})"
