"""The columns of a frame that a function gives out, as arrays and as cells. Lives here: the one use of what pandas keeps for
itself. What Spark makes of the cells does not.
"""

from typing import Any

import pandas as pd


def column_array(frame: pd.DataFrame, place: int) -> Any:
    """A column as the frame keeps it, to be read only: a Series of it costs more than all that is done with its cells."""
    # Pandas keeps this method for itself, but has no other one that makes no Series.
    column_at: Any = frame._get_column_array
    return column_at(place)


def cells_of(array: Any) -> list[Any]:
    """The cells of a column as objects: numbers are Python's, times pandas', and what is an object already stays so."""
    if isinstance(array.dtype, pd.SparseDtype):
        array = array.to_dense()  # else its numbers stay numpy's
    cells: list[Any] = array.tolist()
    return cells
