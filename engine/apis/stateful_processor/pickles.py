"""Python's own pickle, by which PySpark's client sends state values (SEMANTICS 5.21). Lives here: what that cannot write.

Unlike the pickle of applyInPandasWithState it finds a class by its module, and no worker of Spark's can import the job.
"""

import io
import pickle
import types
from typing import Any, Final

from engine.apis.entry import USER_MODULE
from engine.apis.group_state import ATOMS

_NAMED: Final = (type, types.FunctionType)


class _Pickler(pickle.Pickler):
    """Refuses what the user's own code defines, as a worker does that does not have it."""

    def reducer_override(self, value: Any) -> Any:
        named = value if isinstance(value, _NAMED) else type(value)
        if named.__module__ != USER_MODULE:
            return NotImplemented
        told = repr(named).replace(USER_MODULE, "__main__")
        raise pickle.PicklingError(f"Can't pickle {told}: attribute lookup {named.__qualname__} on __main__ failed")


def demand_pickle(values: tuple[Any, ...]) -> None:
    """Raise what `pickle.dumps` raises in Spark's worker: PicklingError for the user's own classes, TypeError, …"""
    if not all(type(value) in ATOMS for value in values):
        _Pickler(io.BytesIO()).dump(values)
