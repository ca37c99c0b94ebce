"""Scenario files (docs/formats.md) and scenarios on the wire. Lives here: reading and writing them, with kind errors."""

import re
from typing import Any, Final

import msgspec

from engine.codec.caps import MAX_COLUMNS, MAX_DEPTH, is_too_deep
from engine.model.problems import Problem
from engine.model.rows import Rows
from engine.model.scenario import Scenario

_TOO_DEEP: Final = Problem(
    "file", f"it holds lists or objects nested more than {MAX_DEPTH} deep", "Write such a value as text"
)
_TOO_WIDE: Final = Problem(
    "file",
    f"its rows have more than {MAX_COLUMNS:,} different columns",
    "Leave out those that the function does not need",
)
_PATH = re.compile(r" - at `(.*)`$")


def scenario_from_json(text: str | bytes) -> Scenario | list[Problem]:
    """The scenario, or what keeps the text from being one: place, what is wrong, how to mend it. Never raises."""
    try:
        decoded: Any = msgspec.json.decode(_without_byte_order_mark(text))
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        return [Problem("file", f"this is not JSON: {error}", "Open a file that Stateline saved, or fix this one")]
    return scenario_from_data(decoded)


def _without_byte_order_mark(text: str | bytes) -> str | bytes:
    """Editors on Windows put one in front."""
    return text.removeprefix("\ufeff") if isinstance(text, str) else text.removeprefix(b"\xef\xbb\xbf")


def scenario_from_data(decoded: Any) -> Scenario | list[Problem]:
    """As `scenario_from_json`, from data that is already decoded; rows may be `Rows` already."""
    try:
        scenario = msgspec.convert(decoded, Scenario, dec_hook=_rows_from_json, strict=True)
        wire = scenario_to_wire(scenario)  # JSON has integers that no column, and no message to the sandbox, can hold
    except (msgspec.ValidationError, RecursionError) as error:
        return [_problem(str(error))]
    except OverflowError:
        return [Problem("file", "it holds an integer of more than 64 bits", 'Write it as text, such as "12345"')]
    if len(scenario.column_names) > MAX_COLUMNS:
        return [_TOO_WIDE]
    return [_TOO_DEEP] if is_too_deep(wire) else scenario


def scenario_to_json(scenario: Scenario) -> str:
    """The scenario as a file: one row a line, fields at their defaults left out, but `format` is always there."""
    data = msgspec.to_builtins(scenario, enc_hook=_rows_to_json)
    defaults = msgspec.to_builtins(Scenario(api="updateState", code="", batches=[]), enc_hook=_rows_to_json)
    always = ("format", "api", "semantics", "code")
    kept = {name: value for name, value in data.items() if name in always or value != defaults[name]}
    kept.pop("batches", None)
    fields = [f'  "{name}": {_json_text(value, indent=2)}' for name, value in kept.items()]
    fields.append(f'  "batches": [{",".join(map(_batch_text, data["batches"]))}\n  ]')
    return "{\n" + ",\n".join(fields) + "\n}\n"


def _batch_text(batch: dict[str, Any]) -> str:
    rows = ",".join(f"\n      {_json_text(row, indent=0)}" for row in batch["rows"])
    end = "\n    " if rows else ""
    return f'\n    {{"processing_time_ms": {batch["processing_time_ms"]}, "rows": [{rows}{end}]}}'


def _json_text(value: Any, indent: int) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=indent).decode().replace("\n", "\n  ")


def scenario_to_wire(scenario: Scenario) -> bytes:
    """The scenario as msgpack, its rows column by column: fast for a million rows."""
    return msgspec.msgpack.encode(scenario, enc_hook=_rows_to_wire)


def scenario_from_wire(data: bytes | memoryview) -> Scenario:
    """Raises msgspec.ValidationError or DecodeError for bytes that are no scenario."""
    return msgspec.msgpack.decode(data, type=Scenario, dec_hook=_rows_from_wire)


def _rows_from_json(kind: type, value: Any) -> Any:
    if kind is not Rows:
        raise NotImplementedError(f"no reader for {kind}")
    if isinstance(value, Rows):
        return value
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise ValueError("Expected a list of objects, one per row")
    return Rows.from_dicts(value)


def _rows_to_json(value: Any) -> Any:
    if not isinstance(value, Rows):
        raise NotImplementedError(f"no writer for {type(value)}")
    return list(value)


def _rows_to_wire(value: Any) -> Any:
    if not isinstance(value, Rows):
        raise NotImplementedError(f"no writer for {type(value)}")
    return [value.names, value.columns]


def _rows_from_wire(kind: type, value: Any) -> Any:
    if kind is not Rows:
        raise NotImplementedError(f"no reader for {kind}")
    return Rows(*value)


def _problem(message: str) -> Problem:
    """Msgspec's message with its path taken apart: where, what, and how to mend it."""
    match = _PATH.search(message)
    what, where = (message[: match.start()], match.group(1)) if match else (message, "file")
    where = where.removeprefix("$.").replace("[...]", "[…]").replace("$", "file")
    return Problem(where, _in_words(what), "docs/formats.md lists every field, its type and its default")


def _in_words(what: str) -> str:
    unknown = re.fullmatch(r"Object contains unknown field `(.*)`", what)
    if unknown:
        return f"there is no field '{unknown.group(1)}'"
    missing = re.fullmatch(r"Object missing required field `(.*)`", what)
    if missing:
        return f"the field '{missing.group(1)}' is missing"
    return what[:1].lower() + what[1:]
