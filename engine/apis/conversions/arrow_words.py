"""What pyarrow says of a Python value in a list that it cannot take as an element (SEMANTICS 5.63). Lives here: those words."""

import decimal
from typing import Any, Final

import numpy as np

from engine.apis.conversions.arrow_values import Refused
from engine.model.schema import INTEGER_BITS, DataType

_HEAP_TYPE: Final = 1 << 9
#: By their own names in Python, pyarrow's types and these two are not the same.
_NAMES: Final = {"boolean": "boolean", "float": "float32"}
_PRECISIONS: Final = {"float": "single", "double": "double"}


def c_name(value: Any) -> str:
    """The name of the value's class as C code has it: with its module if it is written in C, and none of Python's own."""
    kind = type(value)
    is_bare = kind.__flags__ & _HEAP_TYPE or kind.__module__ == "builtins"
    return kind.__name__ if is_bare else f"{kind.__module__}.{kind.__name__}"


def said_of(refused: Refused, type_: DataType, arrow_name: str, value: Any) -> str:
    """The message about a value that was refused as one of the type, which pyarrow calls so."""
    is_whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if type_.name == "decimal":
        return _of_decimal(refused, type_, value, is_whole)
    if type_.name in INTEGER_BITS and is_whole and refused.kind == "invalid":
        return f"Value {value} too large to fit in C integer type"
    if type_.name in _PRECISIONS and is_whole:
        return f"{refused} by a IEEE 754 {_PRECISIONS[type_.name]} precision value"
    if refused.kind != "invalid" or (str(refused) and type_.name not in INTEGER_BITS):
        return str(refused)
    name = _NAMES.get(type_.name, arrow_name)
    return f"Could not convert {value!r} with type {c_name(value)}: tried to convert to {name}"


def _of_decimal(refused: Refused, type_: DataType, value: Any, is_whole: bool) -> str:
    if refused.kind == "type" and not isinstance(value, decimal.Decimal):
        return f"int or Decimal object expected, got {c_name(value)}"
    if isinstance(value, bool) or (isinstance(value, decimal.Decimal) and value.is_nan()):
        return f"The string '{value}' is not a valid decimal128 number"
    if is_whole:
        digits = len(str(abs(value)))
        inferred = f"does not fit into precision inferred from first array element: {type_.precision}"
        return f"Decimal type with precision {digits} {inferred}"
    return str(refused)
