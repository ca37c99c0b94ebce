"""Which keys are one key, where Python and Spark's store see it differently. Lives here: that one question."""

import math
from typing import Any, Final, TypeVar, cast

from engine.model.key_cells import ArrayCell, MapCell, NestedCell, StructCell, with_cells
from engine.model.trace import Key

_Key = TypeVar("_Key", bound=Key)
#: What Python and the store may see differently: a number, or what may hold one.
_TOLD_APART: Final = (float, StructCell, ArrayCell, MapCell)


class _Zero(float):
    """One of the two zeros, equal to itself alone: Spark's store looks at the bits, Python holds 0.0 and -0.0 for equal."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    def __hash__(self) -> int:
        return 1 if self is _NEGATIVE else 2


_NEGATIVE: Final = _Zero(-0.0)
_POSITIVE: Final = _Zero(0.0)


def as_stored(key: _Key) -> _Key:
    """The key such that two are equal if they are one to Spark's store: every NaN is the same, 0.0 and -0.0 are not."""
    if key is None:
        return key
    for cell in key:
        if isinstance(cell, _TOLD_APART) and _is_told_apart(cell):
            return cast(_Key, tuple(map(_stored, key)))
    return key


def as_given(key: _Key) -> _Key:
    """A key that `as_stored` made, with Python's own numbers again."""
    if key is None:
        return key
    return cast(_Key, tuple(map(_given, key)))


def _is_told_apart(cell: Any) -> bool:
    return not isinstance(cell, float) or not cell or cell != cell  # noqa: PLR0124 (NaN is not itself)


def _given(cell: Any) -> Any:
    if type(cell) is _Zero:
        return float(cell)
    return with_cells(cell, _given) if isinstance(cell, NestedCell) else cell


def _stored(cell: Any) -> Any:
    if isinstance(cell, NestedCell):
        return with_cells(cell, _stored)
    if not isinstance(cell, float):
        return cell
    if cell == 0:
        return _NEGATIVE if math.copysign(1, cell) < 0 else _POSITIVE
    return math.nan if math.isnan(cell) else cell
