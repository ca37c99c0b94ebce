"""What the JVM says to what it cannot do, in its own words. Lives here: the texts that several methods share."""

from typing import Final

from engine.model.schema import SchemaError

_RESERVED_NAMES: Final = ("", "default")


def parse_failure(ddl: str, error: SchemaError) -> str:
    """Spark's message about DDL that it cannot read: what is wrong, and the place under the text."""
    if not ddl.strip():
        return "\n[PARSE_EMPTY_STATEMENT] Syntax error, unexpected empty statement. SQLSTATE: 42617" + _place(ddl, 0, 3)
    if error.spark_message:
        return error.spark_message
    if error.is_type and error.found.isidentifier():
        what = f'[UNSUPPORTED_DATATYPE] Unsupported data type "{error.found.upper()}". SQLSTATE: 0A000'
        return f"\n{what}{_place(ddl, error.position, max(3, len(error.found)))}"
    near = f"'{error.found}'" if error.found else "end of input"
    return f"\n[PARSE_SYNTAX_ERROR] Syntax error at or near {near}. SQLSTATE: 42601{_place(ddl, error.position, 3)}"


def _place(ddl: str, position: int, width: int) -> str:
    return f" (line 1, pos {position})\n\n== SQL ==\n{ddl}\n{'-' * position}{'^' * width}\n"


def name_failure(name: str) -> str:
    """Why the state store cannot have a variable of this name; "" when it can."""
    if name.strip() != name or name in _RESERVED_NAMES:
        return (
            "[STATE_STORE_CANNOT_USE_COLUMN_FAMILY_WITH_INVALID_NAME] Failed to perform column family "
            f"operation=create_col_family with invalid name={name}. Column family name cannot be empty or include "
            "leading/trailing spaces or use the reserved keyword=default SQLSTATE: 42802"
        )
    if name.startswith("$"):
        return (
            "[STATE_STORE_CANNOT_CREATE_COLUMN_FAMILY_WITH_RESERVED_CHARS] Failed to create column family with "
            f"unsupported starting character and name={name}. SQLSTATE: 42802"
        )
    return ""


def state_failure(operation: str, state: str) -> str:
    """A method was called when it may not be: in `init`, or only there."""
    return (
        "[STATEFUL_PROCESSOR_CANNOT_PERFORM_OPERATION_WITH_INVALID_HANDLE_STATE] Failed to perform stateful processor "
        f"operation={operation} with invalid handle state={state}. SQLSTATE: 42802"
    )


def key_failure(name: str) -> str:
    """State was asked for where no key is called."""
    return f"[INTERNAL_ERROR_TWS] Implicit key not found in state store for stateName={name} SQLSTATE: XX000"
